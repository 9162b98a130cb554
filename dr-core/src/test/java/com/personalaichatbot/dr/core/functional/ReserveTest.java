package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.PruneReport;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A disk that is full to the last byte can be pruned: that is what the reserve is for. */
class ReserveTest {
  private static final String RESERVE = "reserve";

  /** Rewrites every pack of which anything is dead. */
  private static final PruneOptions EAGER = new PruneOptions(0, Long.MAX_VALUE).now();

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final MemoryStorage disk = new MemoryStorage();
  private final FaultyStorage storage = FaultyStorage.over(disk);
  private final List<SnapshotId> ids = new ArrayList<>();
  private BackupRepository repository;

  /** Three states: of the first all is dead once it goes, of the second one file of two. */
  @BeforeEach
  void backUpThreeTimes() throws IOException {
    try (RootKey root = TestKeys.root()) {
      repository = BackupRepository.builder(storage)
          .executor(Runnable::run, 1)
          .host("host")
          .create(root);
    }
    write("a", 1);
    backUp();
    write("a", 2);
    write("b", 3);
    backUp();
    write("a", 4);
    backUp();
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
    files.close();
  }

  private void write(String name, int seed) throws IOException {
    byte[] bytes = new byte[400_000];
    new Random(seed).nextBytes(bytes);
    Files.write(Files.createDirectories(files.getPath("/data")).resolve(name), bytes);
  }

  private void backUp() throws IOException {
    Path data = files.getPath("/data");
    ids.add(repository
        .backUp(
            List.of(Component.directory("data", Kind.CUSTOM, data)),
            BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id());
  }

  private long stored() throws IOException {
    return disk.list("").stream().mapToLong(StoredFile::length).sum();
  }

  private PrunePlan planWithoutTheFirstTwo() throws IOException {
    return repository.planForget(Set.copyOf(ids.subList(0, 2)), EAGER);
  }

  private void requireReserve() throws IOException {
    byte[] reserve = Tampering.on(disk).read(RESERVE);
    assertThat(reserve).hasSize(256 << 10).containsOnly(0);
  }

  private void requireOnlyTheLast() throws IOException {
    assertThat(repository.snapshots()).extracting(Snapshot::id).containsExactly(ids.get(2));
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
  }

  @Test
  void prune_diskFull_deletesWhatIsDeadAndRewritesWhenThereIsRoom() throws IOException {
    requireReserve();
    long before = stored();
    PrunePlan plan = planWithoutTheFirstTwo();
    assertThat(plan.packsRewritten()).isPositive();
    Fault full = storage.fullAt(before);

    PruneReport report = repository.prune(plan);

    assertThat(full.fired()).isTrue();
    assertThat(report.packsWritten()).isZero();
    assertThat(report.bytesFreed()).isGreaterThan(200_000);
    assertThat(stored()).isLessThan(before - 200_000);
    requireOnlyTheLast();
    requireReserve();
    report = repository.prune(repository.planForget(Set.of(), EAGER));
    assertThat(report.packsWritten()).isPositive();
    assertThat(report.bytesFreed()).isGreaterThan(200_000);
    requireOnlyTheLast();
    requireReserve();
  }

  /**
   * A removal that can be taken back gives no room, and must not take the reserve of one that does.
   */
  @Test
  void prune_diskFullWithinTheGrace_failsAndLeavesTheReserveToOneWithout() throws IOException {
    PrunePlan plan = repository.planForget(Set.copyOf(ids.subList(0, 2)), new PruneOptions(100, 0));
    assertThat(plan.waiting().bytes()).isGreaterThan(400_000);
    Fault full = storage.fullAt(stored());
    assertThatIOException().isThrownBy(() -> repository.prune(plan));
    assertThat(full.fired()).isTrue();
    assertThat(repository.snapshots()).hasSize(3);
    requireReserve();
    repository.prune(planWithoutTheFirstTwo());
    requireOnlyTheLast();
  }

  @Test
  void prune_diskFullAndNothingInReserve_failsAndNothingIsRemoved() throws IOException {
    disk.delete(RESERVE);
    PrunePlan plan = planWithoutTheFirstTwo();
    Fault full = storage.fullAt(stored());
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> repository.prune(plan))
        .withMessageContaining("No space left");
    assertThat(full.fired()).isTrue();
    storage.heal();
    assertThat(repository.snapshots()).hasSize(3);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();

    repository.prune(planWithoutTheFirstTwo());
    requireOnlyTheLast();
    requireReserve();
  }

  @Test
  void verify_reserveMissingOrChanged_isNotedAndReplacedByThePrune() throws IOException {
    disk.delete(RESERVE);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    repository.prune(repository.planForget(Set.of(), PruneOptions.NOW));
    requireReserve();

    Tampering.on(disk).flip(RESERVE, 70_000);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNote("something else");
    repository.prune(repository.planForget(Set.of(ids.get(0)), PruneOptions.NOW));
    requireReserve();

    Tampering.on(disk).resize(RESERVE, 100);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNote("another length");
    Tampering.on(disk).copy("FORMAT", RESERVE);
    assertThat(repository.verify(VerifyOptions.readAll())).isDamaged().namesObject(RESERVE);
  }

  @Test
  void create_diskFullBehindTheCommit_isARepositoryWithoutReserve() throws IOException {
    MemoryStorage small = new MemoryStorage();
    FaultyStorage full = FaultyStorage.over(small);
    Fault noRoom = full.fullAt(10_000);
    try (RootKey root = TestKeys.root();
        BackupRepository created = BackupRepository.builder(full).create(root)) {
      assertThat(noRoom.fired()).isTrue();
      assertThat(created.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    }
  }
}
