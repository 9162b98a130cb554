package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.PruneReport;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RemovedSnapshot;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A removal can be taken back until its grace is over, and what that means for everything else. */
class RemovalStoryTest {
  private static final RetentionPolicy ONE = RetentionPolicy.none().keepLast(1);
  private static final PruneOptions DEFAULT = PruneOptions.DEFAULT;

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-01T00:00:00Z"));
  private final MemoryStorage disk = new MemoryStorage();
  private final List<SnapshotId> ids = new ArrayList<>();

  @AutoClose
  private BackupRepository repository;

  private Path data;

  @BeforeEach
  void backUpThreeTimes() throws IOException {
    data = Files.createDirectories(temp.resolve("data"));
    repository = builder(disk).create(root);
    for (int i = 0; i < 3; i++) {
      backUp(repository, i);
    }
  }

  private BackupRepository.Builder builder(Storage storage) {
    return BackupRepository.builder(storage).clock(clock).host("here").executor(Runnable::run, 1);
  }

  private void backUp(BackupRepository to, int seed) throws IOException {
    clock.advance(Duration.ofHours(1));
    byte[] bytes = new byte[300_000];
    new Random(seed).nextBytes(bytes);
    Files.write(data.resolve("file"), bytes);
    ids.add(to.backUp(
            List.of(Component.directory("data", Kind.CUSTOM, data)),
            BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id());
  }

  private List<SnapshotId> listed() throws IOException {
    return repository.snapshots().stream().map(Snapshot::id).toList();
  }

  private List<SnapshotId> removed() throws IOException {
    return repository.removedSnapshots().stream().map(r -> r.snapshot().id()).toList();
  }

  private PruneReport prune(PruneOptions options) throws IOException {
    return repository.prune(repository.planPrune(ONE, false, options));
  }

  private PruneReport forget(SnapshotId id, PruneOptions options) throws IOException {
    return repository.prune(repository.planForget(Set.of(id), options));
  }

  private void assertRestores(SnapshotId id, int seed) throws IOException {
    Path target = temp.resolve("target-" + id + clock.instant().getEpochSecond());
    repository.restore(
        repository.planRestore(RestoreRequest.to(Selector.of(id), target)), List.of());
    byte[] bytes = new byte[300_000];
    new Random(seed).nextBytes(bytes);
    assertThat(target.resolve("data/file")).hasBinaryContent(bytes);
  }

  private long stored() throws IOException {
    return disk.list("packs").stream().mapToLong(StoredFile::length).sum();
  }

  @Test
  void prune_withinTheGrace_takesOutOfTheListAndDeletesNothing() throws IOException {
    List<StoredFile> packs = disk.list("packs");
    PrunePlan plan = repository.planPrune(ONE, false, DEFAULT);
    assertThat(plan.swept()).isEmpty();
    assertThat(plan.bytesFreed()).isZero();
    assertThat(plan.waiting().snapshots()).isEqualTo(2);
    assertThat(plan.waiting().bytes()).isBetween(600_000L, 650_000L);
    assertThat(plan.waiting().nextEnd()).contains(clock.instant().plus(Duration.ofDays(7)));

    PruneReport report = repository.prune(plan);
    assertThat(report.removed()).containsExactly(ids.get(0), ids.get(1));
    assertThat(report.swept()).isEmpty();
    assertThat(report.waiting()).isEqualTo(plan.waiting());
    assertThat(report.head()).isEqualTo(repository.head());
    assertThat(disk.list("packs")).isEqualTo(packs);
    assertThat(listed()).containsExactly(ids.get(2));
    assertThat(removed()).containsExactly(ids.get(0), ids.get(1));
    RemovedSnapshot first = repository.removedSnapshots().get(0);
    assertThat(first.removed()).contains(clock.instant());
    assertThat(first.graceEnds()).contains(clock.instant().plus(Duration.ofDays(7)));
    assertThat(first.reasons()).containsExactly("NO_RULE_KEEPS");
    assertRestores(ids.get(0), 0);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    assertThat(prune(DEFAULT).removed()).as("removed twice").isEmpty();
  }

  @Test
  void prune_afterTheGrace_deletesAndTheOthersAreWhole() throws IOException {
    prune(DEFAULT);
    clock.advance(Duration.ofDays(7).minusSeconds(1));
    assertThat(prune(DEFAULT).swept()).isEmpty();
    backUp(repository, 9);
    clock.advance(Duration.ofSeconds(1));
    PruneReport report = prune(DEFAULT);
    assertThat(report.swept()).containsExactly(ids.get(0), ids.get(1));
    assertThat(report.removed()).containsExactly(ids.get(2));
    assertThat(report.bytesFreed()).isPositive();
    assertThat(removed()).containsExactly(ids.get(2));
    assertThat(stored()).isBetween(600_000L, 650_000L);
    assertRestores(ids.get(2), 2);
    assertRestores(ids.get(3), 9);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    assertThatExceptionOfType(SnapshotNotFoundException.class)
        .isThrownBy(() -> repository.unforget(ids.get(0)));
  }

  /** A PRUNE entry repeats when each removal was. */
  @Test
  void prune_sweepsSome_theOthersKeepTheirGrace() throws IOException {
    forget(ids.get(0), DEFAULT);
    clock.advance(Duration.ofDays(5));
    forget(ids.get(1), DEFAULT);
    clock.advance(Duration.ofDays(2));
    assertThat(prune(DEFAULT).swept()).containsExactly(ids.get(0));
    clock.advance(Duration.ofDays(4));
    assertThat(prune(DEFAULT).swept()).isEmpty();
    assertRestores(ids.get(1), 1);
    clock.advance(Duration.ofDays(1));
    assertThat(prune(DEFAULT).swept()).containsExactly(ids.get(1));
  }

  @Test
  void unforget_withinTheGrace_isListedAndHeldAndNoPruneRemovesIt() throws IOException {
    prune(DEFAULT);
    repository.unforget(ids.get(0));
    assertThat(listed()).containsExactly(ids.get(0), ids.get(2));
    assertThat(repository.snapshots().get(0).hold()).isPresent();
    clock.advance(Duration.ofDays(8));
    assertThat(prune(DEFAULT).swept()).containsExactly(ids.get(1));
    assertThat(listed()).containsExactly(ids.get(0), ids.get(2));
    assertRestores(ids.get(0), 0);
    assertThatExceptionOfType(SnapshotNotFoundException.class)
        .isThrownBy(() -> repository.unforget(ids.get(0)))
        .withMessageContaining("was not removed");
  }

  @Test
  void removed_countsForNothing() throws IOException {
    forget(ids.get(2), DEFAULT);
    assertThat(repository.choose(Selector.LATEST, List.of("data"))).containsValue(ids.get(1));
    assertThatExceptionOfType(SnapshotNotFoundException.class)
        .isThrownBy(() -> repository.hold(ids.get(2), Optional.empty()))
        .satisfies(e -> assertThat(e.action()).contains("dr unforget " + ids.get(2)));
    PrunePlan plan = repository.planPrune(ONE, false, DEFAULT);
    assertThat(plan.kept()).extracting(PrunePlan.Decision::id).containsExactly(ids.get(1));
    assertThat(plan.removed()).extracting(PrunePlan.Decision::id).containsExactly(ids.get(0));
  }

  @Test
  void now_ofAForget_takesOnlyWhatIsNamed_ofAPruneAll() throws IOException {
    forget(ids.get(0), DEFAULT);
    assertThat(forget(ids.get(1), PruneOptions.NOW).swept()).containsExactly(ids.get(1));
    assertThat(removed()).containsExactly(ids.get(0));
    assertThat(prune(DEFAULT).swept()).as("nothing waives itself").isEmpty();
    assertThat(forget(ids.get(0), PruneOptions.NOW).swept()).containsExactly(ids.get(0));
    backUp(repository, 5);
    prune(DEFAULT);
    assertThat(prune(PruneOptions.NOW).swept()).containsExactly(ids.get(2));
    assertThat(removed()).isEmpty();
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
  }

  @Test
  void removalGrace_ofTheBuilder_holdsUnlessAnOperationSaysOtherwise() throws IOException {
    try (BackupRepository hasty =
        builder(disk.crash()).removalGrace(Duration.ZERO).open(root)) {
      PrunePlan plan = hasty.planPrune(ONE, false, DEFAULT);
      assertThat(plan.swept()).containsExactly(ids.get(0), ids.get(1));
      assertThat(
              hasty.planPrune(ONE, false, DEFAULT.withGrace(Duration.ofDays(1))).swept())
          .isEmpty();
      hasty.prune(plan);
      assertThat(hasty.removedSnapshots()).isEmpty();
    }
    prune(DEFAULT.withGrace(Duration.ofDays(1)));
    clock.advance(Duration.ofDays(2));
    assertThat(prune(DEFAULT).swept()).isEmpty();
    assertThat(prune(DEFAULT.withGrace(Duration.ofDays(1))).swept()).hasSize(2);
  }

  /** The clock is decades back at the removal, and right again a month later. */
  @Test
  void removal_underADoubtfulClock_beginsItsGraceUnderABelievedOne() throws IOException {
    Instant real = clock.instant();
    clock.set(Instant.parse("1970-01-02T00:00:00Z"));
    forget(ids.get(0), DEFAULT);
    assertThat(repository.removedSnapshots().get(0).graceEnds()).isEmpty();
    clock.set(real.plus(Duration.ofDays(30)));
    PruneReport begins = prune(DEFAULT);
    assertThat(begins.swept()).isEmpty();
    assertThat(begins.waiting().notBegun()).isEqualTo(1);
    assertThat(repository.removedSnapshots().get(0).removed()).contains(clock.instant());
    clock.advance(Duration.ofDays(6));
    assertThat(prune(DEFAULT).swept()).isEmpty();
    clock.advance(Duration.ofDays(1));
    assertThat(prune(DEFAULT).swept()).contains(ids.get(0));
  }

  /** A PRUNE entry under the wrong clock keeps that a grace has not begun. */
  @Test
  void removal_underADoubtfulClockAndAPrune_stillBeginsLater() throws IOException {
    Instant real = clock.instant();
    clock.set(Instant.parse("1970-01-02T00:00:00Z"));
    forget(ids.get(0), DEFAULT);
    forget(ids.get(1), PruneOptions.NOW);
    clock.set(real.plus(Duration.ofDays(30)));
    assertThat(prune(DEFAULT).swept()).isEmpty();
    assertThat(removed()).containsExactly(ids.get(0));
    assertThat(repository.removedSnapshots().get(0).removed()).contains(clock.instant());
  }

  @Test
  void grace_endsOnlyUnderABelievedClock() throws IOException {
    prune(DEFAULT);
    clock.advance(Duration.ofDays(5_000));
    assertThat(prune(DEFAULT).swept()).isEmpty();
    assertThat(repository.prune(repository.planPrune(ONE, true, DEFAULT)).swept())
        .hasSize(2);
  }

  @Test
  void unforget_aPruneSweepsInBetween_isRefused() throws IOException {
    prune(DEFAULT);
    FaultyStorage storage = FaultyStorage.over(ConcurrencyTest.unclosed(disk));
    storage.loseLock();
    try (BackupRepository other = builder(storage).open(root)) {
      Fault meanwhile = storage
          .fail(StorageCall.COMMIT)
          .of("catalog")
          .once()
          .meanwhile(() -> prune(PruneOptions.NOW));
      assertThatExceptionOfType(RepositoryLockedException.class)
          .isThrownBy(() -> other.unforget(ids.get(0)));
      assertThat(meanwhile.fired()).isTrue();
      assertThat(listed()).containsExactly(ids.get(2));
      assertThat(removed()).isEmpty();
    }
  }

  @Test
  void copy_ofWhatWasRemoved_knowsItToo() throws IOException {
    prune(DEFAULT);
    MemoryStorage place = new MemoryStorage();
    assertThat(repository.copies().copyTo(place, VerifyOptions.structure()).isWhole())
        .isTrue();
    try (BackupRepository copy = builder(place.crash()).open(root)) {
      assertThat(copy.removedSnapshots()).extracting(r -> r.snapshot().id()).hasSize(2);
      assertThat(copy.verify(VerifyOptions.readAll())).isClean();
    }
  }
}
