package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.operation.ListedEntry;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Repositories of format 1 as they were written once ({@link GoldenRepositoryMaker}), and never
 * again once the format is released: whatever is released reads them for ever. They hold a
 * dictionary, two key slots, holes, two names of one file, a name that is no text, marks and a
 * hold; in the second one the first snapshot was pruned.
 */
class GoldenRepositoryTest {
  static final Path GOLDEN = Path.of("src/test/resources/golden");

  @TempDir
  Path directory;

  private BackupRepository open(String name, String passphrase) throws IOException {
    Path to = directory.resolve(name);
    copy(GOLDEN.resolve(name), to);
    try (Secret secret = Secret.ofPassphrase(passphrase.toCharArray())) {
      return BackupRepository.builder(LocalStorage.at(to)).open(secret);
    }
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  @Test
  void snapshots_areAllThere_withWhatIsKnownOfThem() throws IOException {
    try (BackupRepository repository = open("format-1", "golden passphrase")) {
      List<Snapshot> snapshots = repository.snapshots();
      assertThat(snapshots)
          .extracting(Snapshot::purpose)
          .containsExactly(Purpose.MANUAL, Purpose.SCHEDULED, Purpose.PRE_CHANGE);
      assertThat(snapshots)
          .extracting(Snapshot::trust)
          .containsExactly(Trust.VERIFIED, Trust.VERIFIED, Trust.UNVERIFIED);
      assertThat(snapshots).allMatch(s -> s.host().equals("golden-host"));
      assertThat(snapshots.get(1).tags()).containsExactly("kept");
      assertThat(snapshots.get(1).hold()).isPresent();
    }
  }

  @Test
  void content_isWhatItWas_inEverySnapshot() throws IOException {
    try (BackupRepository repository = open("format-1", "second passphrase")) {
      assertThat(describe(repository))
          .containsExactlyElementsOf(Files.readAllLines(GOLDEN.resolve("format-1.txt")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"format-1", "format-1-pruned"})
  void verify_isClean(String name) throws IOException {
    try (BackupRepository repository = open(name, "golden passphrase")) {
      VerifyReport report = repository.verify(VerifyOptions.readAll());
      assertThat(report.damages()).isEmpty();
      assertThat(report.status()).isEqualTo(VerifyReport.Status.CLEAN);
    }
  }

  @Test
  void snapshots_afterThePrune_areTheOthers_asTheyWere() throws IOException {
    try (BackupRepository repository = open("format-1-pruned", "golden passphrase")) {
      List<Snapshot> snapshots = repository.snapshots();
      assertThat(snapshots)
          .extracting(Snapshot::purpose)
          .containsExactly(Purpose.SCHEDULED, Purpose.PRE_CHANGE);
      assertThat(snapshots.get(0).trust()).isEqualTo(Trust.VERIFIED);
      assertThat(snapshots.get(0).hold()).isPresent();
    }
  }

  /** The repository, its head, and all that its snapshots hold. */
  static List<String> describe(BackupRepository repository) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("repository " + repository.id());
    lines.add("head " + repository.head());
    for (Snapshot snapshot : repository.snapshots()) {
      lines.add("snapshot " + snapshot.id());
      List<ListedEntry> entries = new ArrayList<>();
      repository.list(snapshot.id(), "", entries::add);
      for (ListedEntry entry : entries) {
        lines.add(line(repository, snapshot.id(), entry));
      }
    }
    return lines;
  }

  private static String line(BackupRepository repository, SnapshotId snapshot, ListedEntry entry)
      throws IOException {
    String last = switch (entry.type()) {
      case FILE -> sha256(repository, snapshot, entry.path());
      case SYMLINK -> entry.linkTarget().orElseThrow().replace(" ", "%20");
      case DIRECTORY -> "-";
    };
    return String.format(
        Locale.ROOT,
        "%s %04o %d.%09d %d %s %s",
        entry.type(),
        entry.mode(),
        entry.modified().getEpochSecond(),
        entry.modified().getNano(),
        entry.size(),
        last,
        entry.path());
  }

  private static String sha256(BackupRepository repository, SnapshotId snapshot, String path)
      throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    repository.read(snapshot, path, content);
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.toByteArray());
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
