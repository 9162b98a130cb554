package com.personalaichatbot.dr.core.snapshot;

import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.CLOCK_DOUBTFUL;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.FUTURE;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.LAST;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.ONLY_ONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionClockTest {

  private static final Instant NEWEST = Instant.parse("2024-05-01T00:00:00Z");
  private static final RetentionPolicy DAY = RetentionPolicy.none().keepWithin(Duration.ofDays(1));

  /** Snapshots 1 to 10, a day apart, the last of them at {@link #NEWEST}. */
  private static List<Snapshot> tenDays() {
    List<Snapshot> snapshots = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      snapshots.add(Taken.at(i, NEWEST.minus(Duration.ofDays(10 - i))).snapshot());
    }
    return snapshots;
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z", "2025-06-05T00:00:00Z"})
  void doubt_nowAtTheNewestOrUpTo400DaysLater_isNone(Instant now) {
    assertThat(RetentionClock.at(now).doubt(tenDays())).isEmpty();
    assertThat(DAY.decide(tenDays(), RetentionClock.at(now), Set.of()).removed())
        .isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-06-05T00:00:00.000000001Z", // 400 days and a little
        "2054-05-01T00:00:00Z",
        "2038-01-19T03:14:07Z",
        "+1000000000-12-31T23:59:59.999999999Z"
      })
  void decide_clockFarAhead_removesNothingByTime_unlessAccepted(Instant now) {
    RetentionClock clock = RetentionClock.at(now);

    RetentionDecision decision = DAY.decide(tenDays(), clock, Set.of());

    assertThat(decision.clockDoubt())
        .hasValue("nothing is recorded between " + NEWEST + " and " + now);
    assertThat(decision.kept()).hasSize(10).allMatch(verdict -> verdict.has(CLOCK_DOUBTFUL));
    RetentionDecision accepted = DAY.decide(tenDays(), clock.accept(), Set.of());
    assertThat(accepted.clockDoubt()).isEmpty();
    assertThat(accepted.kept()).hasSize(1).allMatch(verdict -> verdict.has(ONLY_ONE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2024-04-25T00:00:00Z",
        "2024-04-30T23:59:59.999999999Z",
        "1994-05-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "-1000000000-01-01T00:00:00Z"
      })
  void decide_clockBehind_removesNothingByTime(Instant now) {
    RetentionPolicy policy = DAY.keepDaily(1);

    RetentionDecision decision = policy.decide(tenDays(), RetentionClock.at(now), Set.of());

    assertThat(decision.removed()).isEmpty();
    assertThat(decision.clockDoubt())
        .hasValue("now is " + now + ", but " + NEWEST + " is already recorded");
    assertThat(decision.kept())
        .allSatisfy(verdict -> assertThat(verdict.has(FUTURE))
            .isEqualTo(verdict.snapshot().started().isAfter(now)));
  }

  @Test
  void decide_doubtfulClock_rulesThatReadNoClockStillRemove() {
    RetentionClock clock = RetentionClock.at(Instant.parse("2064-01-01T00:00:00Z"));

    RetentionDecision byNumber =
        RetentionPolicy.none().keepLast(3).decide(tenDays(), clock, Set.of());
    RetentionDecision byBoth =
        RetentionPolicy.none().keepLast(3).keepDaily(1).decide(tenDays(), clock, Set.of());

    assertThat(byNumber.clockDoubt()).isPresent();
    assertThat(byNumber.kept()).hasSize(3).allMatch(verdict -> verdict.has(LAST));
    assertThat(byBoth.removed()).isEmpty();
    assertThat(byBoth.kept().get(0).reasons())
        .extracting(RetentionReason::code)
        .containsExactly(CLOCK_DOUBTFUL);
  }

  @Test
  void decide_quarantineUnderADoubtfulClock_stays() {
    List<Snapshot> snapshots = tenDays();
    snapshots.set(0, Taken.at(1, NEWEST.minusSeconds(9)).as(Purpose.QUARANTINE).snapshot());
    RetentionPolicy byNumber = RetentionPolicy.none().keepLast(20);
    RetentionClock ahead = RetentionClock.at(Instant.parse("2064-01-01T00:00:00Z"));

    assertThat(byNumber.decide(snapshots, ahead, Set.of()).kept().get(0).has(CLOCK_DOUBTFUL))
        .isTrue();
    assertThat(byNumber.decide(snapshots, ahead.accept(), Set.of()).removed()).hasSize(1);
  }

  @Test
  void doubt_nowBeforeAnotherEntryOfTheCatalog_isSaid() {
    RetentionClock clock = RetentionClock.at(NEWEST.plusSeconds(60));

    assertThat(clock.withRecorded(Map.of(20L, NEWEST.plusSeconds(60))).doubt(tenDays()))
        .isEmpty();
    assertThat(clock.withRecorded(Map.of(20L, NEWEST.plusSeconds(61))).doubt(tenDays()))
        .isPresent();
    assertThat(clock.withLastRun(NEWEST.plusSeconds(61)).doubt(tenDays())).isPresent();
  }

  @Test
  void doubt_seldomRunButOftenBackedUp_isNone() {
    RetentionClock clock = RetentionClock.at(NEWEST).withLastRun(NEWEST.minus(days(1500)));
    List<Snapshot> yearly = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      yearly.add(Taken.at(i, NEWEST.minus(days(1500 - 300L * i))).snapshot());
    }

    assertThat(clock.doubt(yearly)).isEmpty();
    yearly.remove(2);
    assertThat(clock.doubt(yearly)).isPresent();
  }

  @Test
  void doubt_snapshotsTakenUnderTheWrongClock_doNotHideIt() {
    Instant wrong = NEWEST.plus(days(40 * 365));
    List<Snapshot> snapshots = tenDays();
    snapshots.add(Taken.at(11, wrong).snapshot());
    snapshots.add(Taken.at(12, wrong.plusSeconds(60)).snapshot());
    RetentionClock clock = RetentionClock.at(wrong.plusSeconds(120));

    RetentionDecision decision =
        DAY.decide(snapshots, clock.withLastRun(NEWEST.minus(days(5))), Set.of());

    assertThat(decision.clockDoubt()).isPresent();
    assertThat(decision.removed()).isEmpty();
  }

  @Test
  void doubt_historyThinnedByEarlierRuns_isNone() {
    List<Snapshot> yearly = List.of(
        Taken.at(1, NEWEST.minus(days(2000))).snapshot(),
        Taken.at(2, NEWEST.minus(days(1200))).snapshot(),
        Taken.at(3, NEWEST).snapshot());
    RetentionClock clock = RetentionClock.at(NEWEST.plusSeconds(1));

    assertThat(clock.doubt(yearly)).isEmpty();
    assertThat(clock.withLastRun(NEWEST.minus(days(7))).doubt(yearly)).isEmpty();
  }

  /** Three under a clock that starts over, between two under the right one. */
  private static List<Snapshot> takenUnder(String wrong) {
    Instant first = Instant.parse(wrong);
    return List.of(
        Taken.at(1, NEWEST.minus(days(100))).snapshot(),
        Taken.at(2, first).snapshot(),
        Taken.at(3, first.plus(days(1))).as(Purpose.QUARANTINE).snapshot(),
        Taken.at(4, first.plus(days(2))).snapshot(),
        Taken.at(5, NEWEST).snapshot());
  }

  private static List<Long> keptOf(RetentionPolicy policy, List<Snapshot> snapshots, Instant now) {
    return policy.decide(snapshots, RetentionClock.at(now), Set.of()).kept().stream()
        .map(verdict -> verdict.snapshot().sequence())
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "2000-01-01T00:00:00Z",
        "2015-06-01T00:00:00Z",
        "2023-01-01T00:00:00Z",
        "-1000000000-01-01T00:00:00Z"
      })
  void decide_takenUnderAClockThatWasBehind_stayAsLongAsTheyMayBeYoung(String wrong) {
    List<Snapshot> snapshots = takenUnder(wrong);

    for (RetentionPolicy policy : List.of(
        DAY,
        RetentionPolicy.none().keepDaily(1),
        RetentionPolicy.none().keepLast(1).keepWithin(days(7)))) {
      assertThat(keptOf(policy, snapshots, NEWEST.plusSeconds(60)))
          .as("%s", policy)
          .containsExactly(2L, 3L, 4L, 5L);
      assertThat(keptOf(policy, snapshots, NEWEST.plus(days(90))))
          .as("%s", policy)
          .containsExactly(2L, 3L, 4L, 5L);
      assertThat(keptOf(policy, snapshots, NEWEST.plus(days(91))))
          .as("%s", policy)
          .containsExactly(5L);
    }
    RetentionDecision decision = RetentionPolicy.none()
        .keepDaily(1)
        .decide(snapshots, RetentionClock.at(NEWEST.plusSeconds(60)), Set.of());
    assertThat(decision.clockDoubt()).isEmpty();
    assertThat(decision.kept().get(0).has(CLOCK_DOUBTFUL)).isTrue();
  }

  @Test
  void decide_allTakenUnderADeadClock_stayUntilAnotherOneTellsTheTime() {
    List<Snapshot> snapshots =
        Taken.allAt("1970-01-01T00:00:00Z", "1970-01-01T00:01:00Z", "1970-01-01T00:02:00Z");

    assertThat(keptOf(DAY, snapshots, NEWEST)).containsExactly(1L, 2L, 3L);
    assertThat(keptOf(RetentionPolicy.none().keepLast(1), snapshots, NEWEST)).containsExactly(3L);
    assertThat(keptOf(DAY, snapshots, Instant.parse("1970-01-03T00:02:00Z")))
        .as("a clock of tests, in which nothing is contradicted")
        .containsExactly(3L);
  }

  @Test
  void decide_whatContradictedADateWasPruned_theRestOfTheHistoryStillDoes() {
    List<Snapshot> snapshots = Taken.allAt("2023-01-01T00:00:00Z", "2023-01-02T00:00:00Z");
    RetentionClock clock = RetentionClock.at(NEWEST);

    assertThat(DAY.decide(snapshots, clock.withRecorded(Map.of(0L, NEWEST)), Set.of())
            .removed())
        .isEmpty();
    assertThat(DAY.decide(snapshots, clock.withRecorded(Map.of(3L, NEWEST)), Set.of())
            .removed())
        .hasSize(1);
  }

  @Test
  void decide_importedOrOfAHostThatIsAnHourBehind_goesByItsDate() {
    List<Snapshot> snapshots = List.of(
        Taken.at(1, NEWEST.minus(days(10))).snapshot(),
        Taken.at(2, NEWEST.minus(days(5000))).of("imported").snapshot(),
        Taken.at(3, NEWEST.minus(days(10)).minusSeconds(3600)).snapshot(),
        Taken.at(4, NEWEST.minus(days(4000))).of("imported").snapshot(),
        Taken.at(5, NEWEST).snapshot());

    assertThat(keptOf(DAY, snapshots, NEWEST)).containsExactly(4L, 5L);
  }

  @Test
  void doubt_nothingRecorded_isNone() {
    assertThat(RetentionClock.at(Instant.MAX).doubt(List.of())).isEmpty();
  }

  private static Duration days(long days) {
    return Duration.ofDays(days);
  }
}
