package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.HeadChangedException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A storage that shows an old or another state of itself: every seal fits, only memory tells. */
class RollbackTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  @AutoClose
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());

  private final Path data = files.getPath("/data");
  private final Path state = files.getPath("/state");

  @AutoClose
  private final RootKey root = TestKeys.root();

  private MemoryStorage lastWeek;
  private MemoryStorage today;

  @BeforeEach
  void backUpLastWeekAndToday() throws IOException {
    Files.createDirectory(data);
    Files.writeString(data.resolve("a"), "last week");
    MemoryStorage disk = new MemoryStorage();
    try (BackupRepository repository = builder(disk).create(root)) {
      repository.backUp(components(), MANUAL);
      lastWeek = disk.crash();
      Files.writeString(data.resolve("a"), "today");
      repository.backUp(components(), MANUAL);
      today = disk.crash();
    }
  }

  private List<Component> components() {
    return List.of(Component.directory("data", Kind.CUSTOM, data));
  }

  private BackupRepository.Builder builder(MemoryStorage storage) {
    return builder(storage, state);
  }

  private static BackupRepository.Builder builder(MemoryStorage storage, Path state) {
    return BackupRepository.builder(storage)
        .executor(Runnable::run, 1)
        .host("host")
        .state(state);
  }

  private void requireRefusedUntilAccepted(BackupRepository repository, VerifyReport.Status status)
      throws IOException {
    List<StoredFile> before = lastWeek.list("");
    VerifyReport report = repository.verify(VerifyOptions.readAll());
    assertThat(report).hasStatus(status);
    assertThatExceptionOfType(HeadChangedException.class)
        .isThrownBy(() -> repository.backUp(components(), MANUAL))
        .satisfies(e -> assertThat(e.action()).contains(report.head()));
    assertThat(lastWeek.list("")).as("nothing was written").isEqualTo(before);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> repository.acceptHead("0".repeat(64)))
        .withMessageContaining(report.head());
    assertThat(repository.verify(VerifyOptions.readAll())).hasStatus(status);

    repository.acceptHead(report.head());
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    assertThat(repository.backUp(components(), MANUAL)).isComplete();
  }

  @Test
  void storageOfLastWeek_isReported_andRefusedUntilAccepted() throws IOException {
    try (BackupRepository repository = builder(lastWeek).open(root)) {
      requireRefusedUntilAccepted(repository, VerifyReport.Status.ROLLED_BACK);
    }
    try (BackupRepository repository = builder(today).open(root)) {
      assertThat(repository.verify(VerifyOptions.readAll()))
          .as("who went on with the old one has seen more than the right one holds")
          .hasStatus(VerifyReport.Status.ROLLED_BACK);
    }
  }

  @Test
  void storageThatWentAnotherWay_isReported_andRefusedUntilAccepted() throws IOException {
    try (BackupRepository stranger = BackupRepository.builder(lastWeek).open(root)) {
      Files.writeString(data.resolve("a"), "another way");
      assertThat(stranger.backUp(components(), MANUAL)).isComplete();
      assertThat(stranger.backUp(components(), MANUAL)).isComplete();
    }
    lastWeek = lastWeek.crash();
    try (BackupRepository repository = builder(lastWeek).open(root)) {
      requireRefusedUntilAccepted(repository, VerifyReport.Status.FORKED);
    }
  }

  @Test
  void entryOfAnotherWay_inTheMiddle_isMisplacedAndItsSnapshotIsNotThere() throws IOException {
    MemoryStorage other = lastWeek.crash();
    SnapshotId strange;
    try (BackupRepository stranger = BackupRepository.builder(other).open(root)) {
      strange = stranger.backUp(components(), MANUAL).snapshot().orElseThrow().id();
    }
    MemoryStorage disk;
    try (BackupRepository repository = builder(today).open(root)) {
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      disk = today.crash();
    }
    String second = "catalog/00000000000000000002";
    Tampering.on(disk).replace(second, Tampering.on(other.crash()).read(second));
    try (BackupRepository repository = builder(disk).open(root)) {
      assertThat(repository.verify(VerifyOptions.readAll())).isDamaged().namesObject(second);
      assertThat(repository.snapshots()).hasSize(2).noneMatch(s -> s.id().equals(strange));
    }
  }

  @Test
  void memoryOfTheOpenObject_isEnough_withoutAStateDirectory() throws IOException {
    MemoryStorage disk = new MemoryStorage();
    try (BackupRepository repository = BackupRepository.builder(disk).create(root)) {
      repository.backUp(components(), MANUAL);
      Tampering.on(disk).delete("catalog/00000000000000000001");
      assertThat(repository.verify(VerifyOptions.readAll()))
          .hasStatus(VerifyReport.Status.ROLLED_BACK);
    }
  }

  @Test
  void firstContact_knowsNoBetter_andSaysWhichHeadItSaw() throws IOException {
    try (BackupRepository repository = BackupRepository.builder(lastWeek).open(root)) {
      VerifyReport report = repository.verify(VerifyOptions.readAll());
      assertThat(report).isClean();
      assertThat(report.head()).isEqualTo(repository.head()).matches("[0-9a-f]{64}");
    }
  }

  @Test
  void stateFileDamaged_isSeenAsFirstContact() throws IOException {
    try (var all = Files.walk(state)) {
      for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length / 2] ^= 1;
        Files.write(path, bytes);
      }
    }
    try (BackupRepository repository = builder(today).open(root)) {
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
    }
  }

  @Test
  void stateDirectoryFails_theSnapshotIsThereAllTheSame() throws IOException {
    FaultyFileSystem faulty = new FaultyFileSystem(files);
    try (BackupRepository repository = builder(today, faulty.path(state)).open(root)) {
      Fault unwritable = faulty.fail(FileCall.FORCE);
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      assertThat(unwritable.fired()).isTrue();
      assertThatIOException().isThrownBy(() -> repository.acceptHead(repository.head()));
    }
    try (BackupRepository repository = builder(today.crash()).open(root)) {
      assertThat(repository.snapshots()).hasSize(3);
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    }
  }

  @Test
  void headDamaged_isDamageAndNoRollback_andBackupsGoOn() throws IOException {
    Tampering.on(today).flip("catalog/00000000000000000002", 200);
    try (BackupRepository repository = builder(today).open(root)) {
      assertThat(repository.verify(VerifyOptions.readAll()))
          .isDamaged()
          .namesObject("catalog/00000000000000000002");
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThat(repository.snapshots()).hasSize(2);
      assertThat(repository.snapshots().get(1).sequence()).isEqualTo(3);
    }
  }

  @Test
  void everyEntryDamaged_theNextSnapshotCanBeReadAllTheSame() throws IOException {
    for (StoredFile entry : today.list("catalog")) {
      Tampering.on(today).flip(entry.name(), 200);
    }
    try (BackupRepository repository = builder(today).open(root)) {
      var report = repository.backUp(components(), MANUAL);
      assertThat(report).isComplete();
      assertThat(repository.snapshots()).containsExactly(report.snapshot().orElseThrow());
    }
  }
}
