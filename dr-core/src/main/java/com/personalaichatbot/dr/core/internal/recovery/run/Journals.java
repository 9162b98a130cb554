package com.personalaichatbot.dr.core.internal.recovery.run;

import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.internal.store.DurableFile;
import com.personalaichatbot.dr.core.internal.store.PathRules;
import com.personalaichatbot.dr.core.operation.RunRefusedException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journals of one client's runs against one repository, a file each, and the locks of the data
 * that runs work on. Thread-safe.
 */
public final class Journals {
  private static final Logger log = LoggerFactory.getLogger(Journals.class);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern INCIDENT = Pattern.compile("[0-9]{8}-[0-9]{6}-[0-9a-f]{4}");
  private static final String SUFFIX = ".journal";

  private final Path directory;
  private final BackupRepository repository;
  private final SecureRandom random;

  public Journals(Path directory, BackupRepository repository, SecureRandom random) {
    this.directory = directory;
    this.repository = repository;
    this.random = random;
  }

  public Path directory() {
    return directory;
  }

  /** A name for a new incident. */
  public String newIncident(Instant now) throws IOException {
    while (true) {
      byte[] digits = new byte[2];
      random.nextBytes(digits);
      String incident = TIME.format(now) + "-" + HexFormat.of().formatHex(digits);
      if (!Directories.holds(file(incident))) {
        return incident;
      }
    }
  }

  private Path file(String incident) {
    return directory.resolve(incident + SUFFIX);
  }

  /** Begins a journal. */
  RunJournal create(String incident) throws IOException {
    makeDirectory(directory);
    return RunJournal.create(file(incident), repository);
  }

  private static void makeDirectory(Path directory) throws IOException {
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode = posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
    DurableFile.makeDirectories(directory, mode);
  }

  /** What the journal of an incident says. */
  RunJournal.Contents read(String incident) throws IOException {
    Path file = file(incident);
    if (!INCIDENT.matcher(incident).matches() || !Directories.holds(file)) {
      throw new RunRefusedException(
          "run " + incident, "there is no journal of it", "list the runs to see their names");
    }
    return RunJournal.read(file, repository);
  }

  /** Goes on with a journal. */
  RunJournal open(String incident, RunJournal.Contents contents) throws IOException {
    return RunJournal.open(file(incident), repository, contents);
  }

  /** The state of every run, oldest first. A journal without a first line is not one. */
  public List<RunRecord> all() throws IOException {
    List<String> incidents = new ArrayList<>();
    try {
      for (Path file : Directories.list(directory)) {
        String name = file.getFileName().toString();
        if (name.endsWith(SUFFIX)
            && INCIDENT
                .matcher(name.substring(0, name.length() - SUFFIX.length()))
                .matches()) {
          incidents.add(name.substring(0, name.length() - SUFFIX.length()));
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    List<RunRecord> records = new ArrayList<>();
    for (String incident : incidents.stream().sorted().toList()) {
      RunRecord record = RunRecord.of(read(incident));
      if (record.isEmpty()) {
        log.warn("The journal of run {} is empty and is ignored", incident);
      } else {
        records.add(record);
      }
    }
    return records;
  }

  /**
   * Has data for one run alone, among all processes of this client.
   *
   * @return empty if another run has it
   */
  Optional<StorageLock> tryLock(Path data) throws IOException {
    Path place = directory.resolve("locks").resolve(tag(data));
    makeDirectory(place);
    return LocalStorage.at(place).tryLock(true);
  }

  /** Names data without showing its path. */
  private String tag(Path data) {
    String text = repository.id() + PathRules.name(data);
    return HexFormat.of().formatHex(Sha256.of(text.getBytes(StandardCharsets.UTF_8)), 0, 8);
  }
}
