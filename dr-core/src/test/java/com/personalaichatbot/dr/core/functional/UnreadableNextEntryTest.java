package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A regular file that cannot be read is where the next entry belongs, or above it. It may be an
 * entry of another client, so that nothing is added; the failure names the file and what to do.
 */
class UnreadableNextEntryTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final PruneOptions NOW = new PruneOptions(0, Long.MAX_VALUE).now();

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path data = files.getPath("/data");
  private final Path archive = files.getPath("/archive.tar.gz");
  private final Secret one = Secret.ofPassphrase("one".toCharArray());
  private final Secret two = Secret.ofPassphrase("two".toCharArray());
  private final MemoryStorage disk = new MemoryStorage();
  private final FaultyStorage storage = FaultyStorage.over(disk);
  private BackupRepository repository;
  private SnapshotId first;
  private SnapshotId removed;

  /** A verb that adds an entry. */
  private enum Verb {
    BACKUP,
    FORGET,
    PRUNE,
    HOLD,
    UNFORGET,
    ADD_KEY,
    IMPORT
  }

  @BeforeEach
  void make() throws IOException {
    Files.createDirectory(data);
    repository = BackupRepository.builder(storage)
        .executor(Runnable::run, 1)
        .host("host")
        .kdf(TestKeys.cheapKdf())
        .state(files.getPath("/state"))
        .create(one);
    first = backUp();
    backUp();
    removed = backUp();
    repository.prune(repository.planForget(Set.of(removed), new PruneOptions(0, Long.MAX_VALUE)));
    repository.exportTo(Selector.of(first), List.of(), archive);
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
    one.close();
    two.close();
    files.close();
  }

  private SnapshotId backUp() throws IOException {
    Files.writeString(data.resolve("file"), "" + System.nanoTime());
    return repository
        .backUp(List.of(Component.directory("data", Kind.CUSTOM, data)), MANUAL)
        .snapshot()
        .orElseThrow()
        .id();
  }

  private void run(Verb verb) throws IOException {
    switch (verb) {
      case BACKUP -> backUp();
      case FORGET ->
        repository.prune(repository.planForget(Set.of(first), new PruneOptions(0, Long.MAX_VALUE)));
      case PRUNE -> repository.prune(repository.planForget(Set.of(first), NOW));
      case HOLD -> repository.hold(first, Optional.empty());
      case UNFORGET -> repository.unforget(removed);
      case ADD_KEY -> repository.keys().add(one, two);
      case IMPORT -> repository.importFrom(archive, ImportOptions.DEFAULT);
      default -> throw new AssertionError(verb);
    }
  }

  private static String entry(long position) {
    return String.format(Locale.ROOT, "catalog/%020d", position);
  }

  private long head() throws IOException {
    List<StoredFile> entries = disk.list("catalog");
    return Long.parseLong(entries.get(entries.size() - 1).name().substring("catalog/".length()));
  }

  private String plantAt(long position) throws IOException {
    String file = entry(position);
    Tampering.on(disk).replace(file, new byte[] {1, 2, 3});
    storage
        .fail(StorageCall.READ)
        .of(file)
        .with(() -> new AccessDeniedException("/repository/" + file));
    return file;
  }

  private void requireNamed(Throwable failure, String file) {
    assertThat(failure).isInstanceOf(CorruptRepositoryException.class);
    CorruptRepositoryException named = (CorruptRepositoryException) failure;
    assertThat(named.object()).isEqualTo(file);
    assertThat(named).hasMessageContaining("cannot be read").hasMessageContaining("/repository/");
    assertThat(named.action()).contains("rights of the file", "dr heal COPY", "Take it away only");
    assertThat(named).hasCauseInstanceOf(IOException.class);
  }

  /** Whoever takes the file away, and did not need it, goes on. */
  private void requireGoesOnWithout(String file, Verb verb) throws IOException {
    storage.heal();
    Tampering.on(disk).delete(file);
    run(verb);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
  }

  @ParameterizedTest
  @EnumSource
  void rightAboveTheHead_isRefusedAndNamed(Verb verb) throws IOException {
    String file = plantAt(head() + 1);
    List<StoredFile> before = disk.list("catalog");
    requireNamed(catchThrowable(() -> run(verb)), file);
    assertThat(disk.list("catalog")).isEqualTo(before);
    assertThat(repository.verify(VerifyOptions.readAll())).isDamaged().namesObject(file);
    requireGoesOnWithout(file, verb);
  }

  @ParameterizedTest
  @EnumSource
  void comesBeforeTheCreate_isRefusedAndNamed(Verb verb) throws IOException {
    String file = entry(head() + 1);
    storage.fail(StorageCall.COMMIT).of("catalog").once().meanwhile(() -> plantAt(head() + 1));
    requireNamed(catchThrowable(() -> run(verb)), file);
    assertThat(head()).isEqualTo(Long.parseLong(file.substring("catalog/".length())));
    requireGoesOnWithout(file, verb);
  }

  /** The own entry is written, and it is not known whether it counts. */
  @ParameterizedTest
  @EnumSource
  void comesAboveTheOwnEntry_saysThatThisIsWritten(Verb verb) throws IOException {
    String own = entry(head() + 1);
    String file = entry(head() + 2);
    storage
        .fail(StorageCall.SYNC)
        .of(name -> name.equals("catalog") && hasEntry(own))
        .once()
        .meanwhile(() -> plantAt(head() + 1));
    Throwable failure = catchThrowable(() -> run(verb));
    requireNamed(failure, file);
    assertThat(failure)
        .hasMessageContaining("was written to " + own)
        .hasMessageContaining("not known whether that counts");
    storage.heal();
    Tampering.on(disk).delete(file);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    backUp();
  }

  private boolean hasEntry(String name) {
    try {
      return disk.list("catalog").stream().anyMatch(file -> file.name().equals(name));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the verify found is told, whatever becomes of its record. */
  @Test
  void comesWhileAVerifyIsRecorded_isDamageInTheReport() throws IOException {
    String own = entry(head() + 1);
    String file = entry(head() + 2);
    storage
        .fail(StorageCall.SYNC)
        .of(name -> name.equals("catalog") && hasEntry(own))
        .once()
        .meanwhile(() -> plantAt(head() + 1));
    VerifyReport report = repository.verify(VerifyOptions.readAll());
    assertThat(report).isDamaged().namesObject(file);
    assertThat(report.damages().get(0).detail()).contains("was written to " + own);
  }

  /** A file of a stranger above the head is described by the next entry, and cannot be any more. */
  @Test
  void strangersFile_thatIsNotReadASecondTime_isNamed() throws IOException {
    String file = entry(head() + 1);
    Tampering.on(disk).replace(file, new byte[] {1, 2, 3});
    storage
        .fail(StorageCall.LENGTH)
        .of(file)
        .with(() -> new AccessDeniedException("/repository/" + file));
    requireNamed(catchThrowable(() -> run(Verb.HOLD)), file);
    requireGoesOnWithout(file, Verb.HOLD);
  }

  @Test
  void copy_entryIsNotReadAnyMore_isNamed() throws IOException {
    MemoryStorage target = new MemoryStorage();
    repository.copies().copyTo(target, VerifyOptions.structure());
    backUp();
    String file = entry(head());
    storage
        .fail(StorageCall.READ)
        .of(file)
        .after(1)
        .with(() -> new AccessDeniedException("/repository/" + file));
    assertThatThrownBy(() -> repository.copies().copyTo(target, VerifyOptions.structure()))
        .isInstanceOfSatisfying(CorruptRepositoryException.class, e -> {
          assertThat(e.object()).isEqualTo(file);
          assertThat(e.action()).contains("next run goes on");
        });
    storage.heal();
    repository.copies().copyTo(target, VerifyOptions.structure());
    assertThat(repository.copies().state(target).entriesBehind()).isZero();
  }

  /** Far above the head it counts as nothing, and stops nobody. */
  @Test
  void farAboveTheHead_stopsNothing() throws IOException {
    plantAt(head() + 5);
    run(Verb.HOLD);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
  }
}
