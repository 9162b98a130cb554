package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine whose clock leaps by decades, between backups of five days. */
class ClockStoryTest {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration DECADES = Duration.ofDays(40 * 365);
  private static final RetentionPolicy POLICY = RetentionPolicy.none().keepWithin(DAY);

  @TempDir
  Path data;

  private final SettableClock clock = SettableClock.at(Instant.parse("2024-05-01T00:00:00Z"));

  @AutoClose
  private BackupRepository repository;

  private List<SnapshotId> fiveDays;

  @BeforeEach
  void backUpForFiveDays() throws IOException {
    try (RootKey root = TestKeys.root()) {
      repository = BackupRepository.builder(new MemoryStorage()).clock(clock).create(root);
    }
    for (int day = 0; day < 5; day++) {
      backUp();
      clock.advance(DAY);
    }
    fiveDays = repository.snapshots().stream().map(Snapshot::id).toList();
  }

  private void backUp() throws IOException {
    Files.writeString(data.resolve("now"), clock.instant().toString());
    repository.backUp(
        List.of(Component.directory("data", Kind.CUSTOM, data)),
        BackupOptions.of(Purpose.SCHEDULED));
  }

  private PrunePlan plan(boolean acceptClock) throws IOException {
    return repository.planPrune(POLICY, acceptClock, PruneOptions.NOW);
  }

  private static List<SnapshotId> ids(List<PrunePlan.Decision> decisions) {
    return decisions.stream().map(PrunePlan.Decision::id).toList();
  }

  @Test
  void prune_clockRight_removesWhatIsOld() throws IOException {
    repository.prune(plan(false));

    assertThat(repository.snapshots()).extracting(Snapshot::id).containsExactly(fiveDays.get(4));
  }

  @Test
  void planPrune_clockDecadesAhead_keepsAllAndSaysWhy_unlessAccepted() throws IOException {
    clock.advance(DECADES);

    PrunePlan doubtful = plan(false);

    assertThat(ids(doubtful.kept())).isEqualTo(fiveDays);
    assertThat(doubtful.kept()).allMatch(d -> d.reasons().equals(List.of("CLOCK_DOUBTFUL")));
    assertThat(doubtful.toString()).contains("the clock is doubtful: nothing is recorded between");
    assertThat(plan(true).clockDoubt()).isEmpty();
    assertThat(ids(plan(true).removed())).isEqualTo(fiveDays.subList(0, 4));
  }

  @Test
  void planPrune_backupsUnderTheWrongClock_doNotMakeItRight() throws IOException {
    clock.advance(DECADES);
    backUp();
    clock.advance(DAY);
    backUp();

    assertThat(plan(false).removed()).isEmpty();
  }

  @Test
  void planPrune_forgetUnderTheWrongClock_doesNotMakeItRight() throws IOException {
    clock.advance(DECADES);
    repository.prune(repository.planForget(Set.of(fiveDays.get(0)), PruneOptions.NOW));
    clock.advance(DAY);
    repository.prune(repository.planForget(Set.of(fiveDays.get(1)), PruneOptions.NOW));
    clock.advance(DAY);

    assertThat(plan(false).clockDoubt()).isPresent();
    assertThat(plan(false).removed()).isEmpty();
  }

  @Test
  void planPrune_clockSetRightAgain_isBelievedAgain() throws IOException {
    clock.advance(DECADES);
    repository.prune(repository.planForget(Set.of(fiveDays.get(0)), PruneOptions.NOW));
    clock.advance(DECADES.negated());

    assertThat(plan(false).clockDoubt()).isEmpty();
    assertThat(ids(plan(false).removed())).isEqualTo(fiveDays.subList(1, 4));
  }

  @Test
  void prune_clockAccepted_isBelievedFromThenOn() throws IOException {
    clock.advance(DECADES);
    repository.prune(plan(true));
    backUp();
    clock.advance(DAY.plusSeconds(1));
    backUp();

    assertThat(plan(false).clockDoubt()).isEmpty();
    assertThat(plan(false).removed()).hasSize(2);
  }

  @Test
  void planPrune_clockDecadesBack_keepsAll() throws IOException {
    clock.advance(DECADES.negated());

    assertThat(plan(false).clockDoubt()).isPresent();
    assertThat(ids(plan(false).kept())).isEqualTo(fiveDays);
    assertThat(ids(plan(true).kept())).isEqualTo(fiveDays);
    assertThat(plan(true).kept()).allMatch(d -> d.reasons().contains("FUTURE"));
  }
}
