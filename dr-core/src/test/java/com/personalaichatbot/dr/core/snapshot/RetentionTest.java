package com.personalaichatbot.dr.core.snapshot;

import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.AUTOMATED_AGE;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.CLOCK_DOUBTFUL;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.DAILY;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.FUTURE;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.HOLD;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.LAST;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.LAST_VERIFIED;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.MANUAL_AGE;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.NO_RULE_KEEPS;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.ONLY_ONE;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.QUARANTINE;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.QUARANTINE_EXPIRED;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.TAG;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.WEEKLY;
import static com.personalaichatbot.dr.core.snapshot.RetentionReason.Code.WITHIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetentionTest {

  private static final RetentionPolicy LAST_ONE = RetentionPolicy.none().keepLast(1);

  /** Snapshots 1 to 4 on the first of four months; the newest is a day old. */
  private static final RetentionClock MAY =
      RetentionClock.at(Instant.parse("2024-05-02T00:00:00Z"));

  private static final String[] MONTHS = {
    "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z", "2024-05-01T00:00:00Z"
  };

  @Test
  void keepLast_moreThanThereAre_keepsAll_andFewer_theNewest() {
    assertThat(kept(RetentionPolicy.none().keepLast(9), MAY, Taken.allAt(MONTHS)))
        .containsExactly(1L, 2L, 3L, 4L);
    assertThat(kept(RetentionPolicy.none().keepLast(2), MAY, Taken.allAt(MONTHS)))
        .containsExactly(3L, 4L);
  }

  @Test
  void keepLast_datesAgainstTheHistory_goesByTheHistory() {
    List<Snapshot> snapshots =
        Taken.allAt("2024-04-03T00:00:00Z", "2024-04-02T00:00:00Z", "2024-04-01T00:00:00Z");

    assertThat(kept(LAST_ONE, MAY, snapshots)).containsExactly(3L);
  }

  @Test
  void decide_noSnapshots_decidesNothing() {
    RetentionDecision decision = LAST_ONE.decide(List.of(), MAY, Set.of());

    assertThat(decision.kept()).isEmpty();
    assertThat(decision.removed()).isEmpty();
    assertThat(decision.effectiveWindow()).isZero();
  }

  @Test
  void decide_unsorted_givesTheSame_oldestFirst() {
    List<Snapshot> shuffled = new ArrayList<>(Taken.allAt(MONTHS));
    Collections.shuffle(shuffled, new Random(5));
    RetentionPolicy policy = RetentionPolicy.none().keepMonthly(2);

    assertThat(policy.decide(shuffled, MAY, Set.of()))
        .isEqualTo(policy.decide(Taken.allAt(MONTHS), MAY, Set.of()));
    assertThat(policy.decide(shuffled, MAY, Set.of()).removed())
        .extracting(verdict -> verdict.snapshot().sequence())
        .containsExactly(1L, 2L);
  }

  @Test
  void decide_severalRules_keepsTheirUnion_withEveryReason() {
    RetentionDecision decision = RetentionPolicy.none()
        .keepLast(1)
        .keepDaily(2)
        .keepWeekly(2)
        .keepWithin(Duration.ofDays(40))
        .decide(Taken.allAt(MONTHS), MAY, Set.of());

    assertThat(codes(decision, 4)).containsExactly(LAST, DAILY, WEEKLY, WITHIN);
    assertThat(codes(decision, 3)).containsExactly(DAILY, WEEKLY, WITHIN);
    assertThat(codes(decision, 2)).containsExactly(NO_RULE_KEEPS);
    assertThat(reasons(decision, 4))
        .hasToString("[LAST (number 1 of the newest 1), DAILY (newest of day 2024-05-01, number 1"
            + " of 2), WEEKLY (newest of week 2024-W18, number 1 of 2), WITHIN (SCHEDULED within"
            + " 40 days)]");
    assertThat(reasons(decision, 1))
        .hasToString("[NO_RULE_KEEPS (SCHEDULED, 91 days old, not kept by last 1, 2 daily, 2"
            + " weekly, within 40 days)]");
  }

  @ParameterizedTest
  @CsvSource({
    "SCHEDULED, AUTOMATED_AGE",
    "SHUTDOWN, AUTOMATED_AGE",
    "MANUAL, MANUAL_AGE",
    "PRE_CHANGE, MANUAL_AGE"
  })
  void keepByPurpose_atAndAboveTheAge_keepsAndRemoves(Purpose purpose, RetentionReason.Code rule) {
    Instant now = Instant.parse("2024-05-31T12:00:00Z");
    Duration age = rule == AUTOMATED_AGE ? Duration.ofDays(30) : Duration.ofDays(90);
    Duration other = rule == AUTOMATED_AGE ? Duration.ofDays(90) : Duration.ofDays(30);
    List<Snapshot> snapshots = List.of(
        Taken.at(1, now.minus(age).minusNanos(1)).as(purpose).snapshot(),
        Taken.at(2, now.minus(age)).as(purpose).snapshot());
    RetentionPolicy policy = RetentionPolicy.none()
        .keepAutomated(rule == AUTOMATED_AGE ? age : other)
        .keepManual(rule == MANUAL_AGE ? age : other);

    RetentionDecision decision = policy.decide(snapshots, RetentionClock.at(now), Set.of());

    assertThat(codes(decision, 1)).containsExactly(NO_RULE_KEEPS);
    assertThat(codes(decision, 2)).containsExactly(rule);
  }

  @Test
  void keepTags_oneOfSeveral_keepsWhatBearsIt() {
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[0]).tagged("draft", "release").snapshot(),
        Taken.at(2, MONTHS[1]).tagged("Release", "releases").snapshot(),
        Taken.at(3, MONTHS[2]).tagged("audit").snapshot(),
        Taken.at(4, MONTHS[3]).snapshot());

    RetentionDecision decision = RetentionPolicy.none()
        .keepTags(Set.of("release", "audit"))
        .decide(snapshots, MAY, Set.of());

    assertThat(codes(decision, 1)).containsExactly(TAG);
    assertThat(codes(decision, 3)).containsExactly(TAG);
    assertThat(removed(decision)).containsExactly(2L, 4L);
  }

  @Test
  void decide_severalHostsAndSetsAndPlaces_countsEachByItself() {
    ComponentState config = Taken.component("config", BackupStatus.COMPLETE);
    ComponentState data = Taken.component("data", BackupStatus.COMPLETE);
    ComponentState moved = Taken.component("data", "/mnt/data", BackupStatus.COMPLETE);
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[0]).holding(data).snapshot(),
        Taken.at(2, MONTHS[0]).holding(data).of("twin").snapshot(),
        Taken.at(3, MONTHS[0]).holding(config, data).snapshot(),
        Taken.at(4, MONTHS[0]).holding(moved).snapshot(),
        Taken.at(5, MONTHS[1]).holding(data, config).snapshot(),
        Taken.at(6, MONTHS[1]).holding(data).of("twin").snapshot());

    assertThat(kept(LAST_ONE, MAY, snapshots)).containsExactly(1L, 4L, 5L, 6L);
  }

  @Test
  void hold_forEverOrUntilLater_staysAndFillsNoPlace() {
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[0]).snapshot(),
        Taken.at(2, MONTHS[1]).snapshot(),
        Taken.at(3, MONTHS[2]).held().snapshot(),
        Taken.at(4, MONTHS[3]).heldUntil("2024-05-02T00:00:01Z").snapshot());

    RetentionDecision decision = LAST_ONE.decide(snapshots, MAY, Set.of());

    assertThat(codes(decision, 4)).containsExactly(HOLD);
    assertThat(codes(decision, 3)).containsExactly(HOLD);
    assertThat(codes(decision, 2)).containsExactly(LAST);
    assertThat(removed(decision)).containsExactly(1L);
  }

  @Test
  void hold_thatEnded_countsAgain() {
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[2]).heldUntil("2024-05-02T00:00:00Z").snapshot(),
        Taken.at(2, MONTHS[3]).snapshot());

    assertThat(kept(LAST_ONE, MAY, snapshots)).containsExactly(2L);
  }

  @Test
  void hold_thatEndedByADoubtfulClock_stays() {
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[2]).heldUntil("2030-01-01T00:00:00Z").snapshot(),
        Taken.at(2, MONTHS[3]).snapshot());
    RetentionClock decadesOff = RetentionClock.at(Instant.parse("2064-01-01T00:00:00Z"));

    RetentionDecision decision = LAST_ONE.decide(snapshots, decadesOff, Set.of());

    assertThat(codes(decision, 1)).containsExactly(CLOCK_DOUBTFUL);
    assertThat(kept(LAST_ONE, decadesOff.accept(), snapshots)).containsExactly(2L);
  }

  @Test
  void hold_onAnOldOne_neverLetsTheNewestGo() {
    List<Snapshot> snapshots =
        List.of(Taken.at(1, MONTHS[0]).held().snapshot(), Taken.at(2, MONTHS[3]).snapshot());

    RetentionDecision decision =
        RetentionPolicy.none().keepWithin(Duration.ofHours(1)).decide(snapshots, MAY, Set.of());

    assertThat(codes(decision, 2)).containsExactly(ONLY_ONE);
  }

  @Test
  void quarantine_youngOrWithItsUndo_staysAndFillsNoPlace() {
    Instant now = Instant.parse("2024-05-31T00:00:00Z");
    Instant ninety = now.minus(Duration.ofDays(90));
    List<Snapshot> snapshots = List.of(
        Taken.at(1, ninety.minusNanos(1)).as(Purpose.QUARANTINE).snapshot(),
        Taken.at(2, ninety.minusNanos(1)).as(Purpose.QUARANTINE).tagged("keep").snapshot(),
        Taken.at(3, ninety).as(Purpose.QUARANTINE).snapshot(),
        Taken.at(4, ninety).snapshot(),
        Taken.at(5, now).as(Purpose.QUARANTINE).snapshot());
    RetentionPolicy policy = LAST_ONE.keepTags(Set.of("keep")).keepManual(Duration.ofDays(1000));

    RetentionDecision decision =
        policy.decide(snapshots, RetentionClock.at(now), Set.of(Taken.id(1)));

    assertThat(codes(decision, 1)).containsExactly(QUARANTINE);
    assertThat(codes(decision, 2)).containsExactly(QUARANTINE_EXPIRED);
    assertThat(codes(decision, 3)).containsExactly(QUARANTINE);
    assertThat(codes(decision, 4)).containsExactly(LAST);
    assertThat(codes(decision, 5)).containsExactly(QUARANTINE);
  }

  @Test
  void quarantine_heldOrDatedAfterNow_staysForThat() {
    List<Snapshot> snapshots = List.of(
        Taken.at(1, "2020-01-01T00:00:00Z").as(Purpose.QUARANTINE).held().snapshot(),
        Taken.at(2, MONTHS[3]).snapshot(),
        Taken.at(3, "2099-01-01T00:00:00Z").as(Purpose.QUARANTINE).snapshot());

    RetentionDecision decision = LAST_ONE.decide(snapshots, MAY.accept(), Set.of());

    assertThat(codes(decision, 1)).containsExactly(HOLD);
    assertThat(codes(decision, 3)).contains(FUTURE);
  }

  @Test
  void quarantine_thatAloneHoldsAComponent_staysUntilSomethingElseDoes() {
    Taken old = Taken.at(1, "2023-06-01T00:00:00Z").as(Purpose.QUARANTINE);
    Taken newer = Taken.at(2, "2023-07-01T00:00:00Z").as(Purpose.QUARANTINE);

    RetentionDecision alone =
        LAST_ONE.decide(List.of(old.snapshot(), newer.snapshot()), MAY, Set.of());
    RetentionDecision beside = LAST_ONE.decide(
        List.of(old.snapshot(), newer.snapshot(), Taken.at(3, MONTHS[3]).snapshot()),
        MAY,
        Set.of());

    assertThat(codes(alone, 2)).containsExactly(ONLY_ONE);
    assertThat(removed(alone)).containsExactly(1L);
    assertThat(removed(beside)).containsExactly(1L, 2L);
  }

  @Test
  void future_decadesAhead_staysAndFillsNoPlace() {
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[0]).snapshot(),
        Taken.at(2, MONTHS[1]).snapshot(),
        Taken.at(3, "2064-01-01T00:00:00Z").snapshot(),
        Taken.at(4, "2064-01-02T00:00:00Z").snapshot(),
        Taken.at(5, MONTHS[2]).snapshot());
    RetentionPolicy policy = RetentionPolicy.none().keepLast(1).keepDaily(2);

    RetentionDecision decision = policy.decide(snapshots, MAY.accept(), Set.of());

    assertThat(codes(decision, 3)).containsExactly(FUTURE);
    assertThat(codes(decision, 4)).containsExactly(FUTURE);
    assertThat(codes(decision, 5)).containsExactly(LAST, DAILY);
    assertThat(codes(decision, 2)).containsExactly(DAILY);
    assertThat(removed(decision)).containsExactly(1L);
  }

  @Test
  void past_decadesBack_takesNoPlaceFromThoseWithARightDate() {
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[1]).snapshot(),
        Taken.at(2, MONTHS[2]).snapshot(),
        Taken.at(3, MONTHS[3]).snapshot(),
        Taken.at(4, "1970-01-01T00:00:10Z").snapshot(),
        Taken.at(5, "1970-01-02T00:00:10Z").snapshot());

    assertThat(kept(RetentionPolicy.none().keepDaily(3), MAY, snapshots))
        .containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void decide_datesAtBothEndsOfTime_decides() {
    List<Snapshot> snapshots = List.of(
        Taken.at(1, Instant.MIN).snapshot(),
        Taken.at(2, Instant.MAX).snapshot(),
        Taken.at(3, MONTHS[3]).snapshot());
    RetentionPolicy policy = RetentionPolicy.none()
        .keepHourly(1)
        .keepDaily(1)
        .keepWeekly(1)
        .keepMonthly(1)
        .keepYearly(1)
        .keepWithin(Duration.ofDays(365_250));

    assertThat(kept(policy, MAY.accept(), snapshots)).containsExactly(1L, 2L, 3L);
    assertThat(kept(policy, RetentionClock.at(Instant.MAX).accept(), snapshots))
        .containsExactly(1L, 2L, 3L);
    assertThat(kept(policy, RetentionClock.at(Instant.MIN).accept(), snapshots))
        .containsExactly(1L, 2L, 3L);
  }

  @ParameterizedTest
  @EnumSource(
      value = Trust.class,
      names = {"VERIFIED", "PROVEN"})
  void lastVerified_noRuleKeepsIt_stays(Trust trust) {
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[0]).being(trust).snapshot(),
        Taken.at(2, MONTHS[1]).being(trust).snapshot(),
        Taken.at(3, MONTHS[2]).snapshot(),
        Taken.at(4, MONTHS[3]).being(Trust.SUSPECT).snapshot());

    RetentionDecision decision = LAST_ONE.decide(snapshots, MAY, Set.of());

    assertThat(codes(decision, 2)).containsExactly(LAST_VERIFIED);
    assertThat(removed(decision)).containsExactly(1L, 3L);
  }

  @Test
  void lastVerified_ofEachComponentOfEachHost_stays() {
    ComponentState config = Taken.component("config", BackupStatus.COMPLETE);
    ComponentState data = Taken.component("data", BackupStatus.COMPLETE);
    ComponentState half = Taken.component("data", BackupStatus.INCOMPLETE);
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[0]).holding(config, data).being(Trust.VERIFIED).snapshot(),
        Taken.at(2, MONTHS[1]).holding(config, half).being(Trust.VERIFIED).snapshot(),
        Taken.at(3, MONTHS[1]).holding(data).of("twin").being(Trust.VERIFIED).snapshot(),
        Taken.at(4, MONTHS[1])
            .holding(config, data)
            .as(Purpose.QUARANTINE)
            .being(Trust.VERIFIED)
            .snapshot(),
        Taken.at(5, MONTHS[2]).holding(data).of("twin").snapshot(),
        Taken.at(6, MONTHS[3]).holding(config, data).snapshot());

    RetentionDecision decision = LAST_ONE.decide(snapshots, MAY, Set.of());

    assertThat(reasons(decision, 1)).hasToString("[LAST_VERIFIED (of data)]");
    assertThat(reasons(decision, 2)).hasToString("[LAST_VERIFIED (of config)]");
    assertThat(reasons(decision, 3)).hasToString("[LAST_VERIFIED (of data)]");
    assertThat(codes(decision, 4)).containsExactly(QUARANTINE);
    assertThat(removed(decision)).isEmpty();
  }

  @Test
  void lastComplete_newestIsIncompleteOrSuspect_stays() {
    Taken half = Taken.at(3, MONTHS[2]).holding(Taken.component("data", BackupStatus.INCOMPLETE));
    Taken suspect = Taken.at(4, MONTHS[3]).being(Trust.SUSPECT);
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[0]).snapshot(),
        Taken.at(2, MONTHS[1]).snapshot(),
        half.snapshot(),
        suspect.snapshot());

    RetentionDecision decision = LAST_ONE.decide(snapshots, MAY, Set.of());

    assertThat(reasons(decision, 2)).hasToString("[LAST_COMPLETE (of data)]");
    assertThat(codes(decision, 4)).containsExactly(LAST);
    assertThat(removed(decision)).containsExactly(1L, 3L);
  }

  @Test
  void beforeShrunk_nobodyAccepted_staysForNinetyDays() {
    ComponentState shrunk = Taken.component("data", BackupStatus.SHRUNK);
    List<Snapshot> snapshots = List.of(
        Taken.at(1, "2026-01-01T00:00:00Z").being(Trust.VERIFIED).snapshot(),
        Taken.at(2, "2026-01-02T00:00:00Z").snapshot(),
        Taken.at(3, "2026-01-03T00:00:00Z").holding(shrunk).snapshot(),
        Taken.at(4, "2026-02-03T00:00:00Z").holding(shrunk).snapshot());
    RetentionPolicy within = RetentionPolicy.none().keepWithin(Duration.ofDays(1));
    RetentionClock last = RetentionClock.at(Instant.parse("2026-04-03T00:00:00Z"));
    RetentionClock later = RetentionClock.at(Instant.parse("2026-04-03T00:00:01Z"));

    RetentionDecision decision = within.decide(snapshots, last, Set.of());
    assertThat(reasons(decision, 2)).hasToString("[BEFORE_SHRUNK (of data)]");
    assertThat(codes(decision, 1)).containsExactly(LAST_VERIFIED);
    assertThat(removed(decision)).containsExactly(3L, 4L);
    assertThat(removed(within.decide(snapshots, later, Set.of()))).containsExactly(2L, 3L, 4L);
  }

  @Test
  void beforeShrunk_acceptedOrBack_isJudgedByTheRules() {
    ComponentState shrunk = Taken.component("data", BackupStatus.SHRUNK);
    List<Snapshot> back = List.of(
        Taken.at(1, MONTHS[0]).snapshot(),
        Taken.at(2, MONTHS[1]).holding(shrunk).snapshot(),
        Taken.at(3, MONTHS[2]).snapshot());
    assertThat(kept(RetentionPolicy.none().keepTags(Set.of("none")), MAY, back))
        .containsExactly(3L);
  }

  @Test
  void rules_shrunkOnes_takeNoPlaceOfOthers() {
    ComponentState shrunk = Taken.component("data", BackupStatus.SHRUNK);
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[0]).snapshot(),
        Taken.at(2, MONTHS[1]).snapshot(),
        Taken.at(3, MONTHS[2]).holding(shrunk).snapshot(),
        Taken.at(4, MONTHS[3]).holding(shrunk).snapshot());
    assertThat(kept(LAST_ONE, MAY, snapshots)).containsExactly(2L, 4L);
  }

  @Test
  void onlyOne_rulesKeepNothing_newestOfEachSetStays() {
    ComponentState config = Taken.component("config", BackupStatus.COMPLETE);
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[0]).snapshot(),
        Taken.at(2, MONTHS[1]).snapshot(),
        Taken.at(3, MONTHS[0]).of("twin").snapshot(),
        Taken.at(4, MONTHS[1]).holding(config).snapshot());

    RetentionDecision decision =
        RetentionPolicy.none().keepTags(Set.of("none")).decide(snapshots, MAY, Set.of());

    assertThat(reasons(decision, 2))
        .hasToString("[ONLY_ONE (nothing else stays of these components of bot)]");
    assertThat(codes(decision, 3)).containsExactly(ONLY_ONE);
    assertThat(codes(decision, 4)).containsExactly(ONLY_ONE);
    assertThat(removed(decision)).containsExactly(1L);
  }

  @Test
  void onlyOne_aTaggedOneStays_newestMayGo() {
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[0]).tagged("a").snapshot(), Taken.at(2, MONTHS[1]).snapshot());

    assertThat(kept(RetentionPolicy.none().keepTags(Set.of("a")), MAY, snapshots))
        .containsExactly(1L);
  }

  @Test
  void effectiveWindow_heldAndGuardedOnes_areNotCounted() {
    List<Snapshot> snapshots = List.of(
        Taken.at(1, MONTHS[0]).held().snapshot(),
        Taken.at(2, MONTHS[1]).being(Trust.VERIFIED).snapshot(),
        Taken.at(3, MONTHS[2]).snapshot(),
        Taken.at(4, MONTHS[3]).snapshot());

    RetentionDecision decision =
        RetentionPolicy.none().keepLast(2).decide(snapshots, MAY, Set.of());

    assertThat(decision.kept()).hasSize(4);
    assertThat(decision.effectiveWindow()).isEqualTo(Duration.ofDays(31));
  }

  @Test
  void recommended_dailyForAYear_keepsThirtyDays_andReachesThem() {
    Instant now = Instant.parse("2024-12-31T12:00:00Z");
    List<Snapshot> snapshots = new ArrayList<>();
    for (int day = 365; day >= 0; day--) {
      snapshots.add(Taken.at(366 - day, now.minus(Duration.ofDays(day))).snapshot());
    }

    RetentionDecision decision =
        RetentionPolicy.recommended().decide(snapshots, RetentionClock.at(now), Set.of());

    assertThat(decision.kept()).hasSize(31);
    assertThat(decision.effectiveWindow()).isEqualTo(Duration.ofDays(30));
  }

  @Test
  void recommended_machineThatWasOffForMonths_keepsDaysAndWeeks() {
    Instant now = Instant.parse("2024-12-31T12:00:00Z");
    List<Snapshot> snapshots = new ArrayList<>();
    for (int day = 0; day < 60; day++) {
      Instant started = now.minus(Duration.ofDays(300 - day));
      snapshots.add(Taken.at(day + 1, started).snapshot());
    }

    RetentionDecision decision =
        RetentionPolicy.recommended().decide(snapshots, RetentionClock.at(now), Set.of());

    assertThat(decision.clockDoubt()).isEmpty();
    // 28 April to 4 May, and the Sundays before; 28 April is one of both
    assertThat(decision.kept()).filteredOn(v -> v.has(DAILY)).hasSize(7);
    assertThat(decision.kept()).filteredOn(v -> v.has(WEEKLY)).hasSize(4);
    assertThat(decision.kept()).hasSize(9);
  }

  @Test
  void code_isRule_isTrueOfRulesAlone() {
    assertThat(EnumSet.allOf(RetentionReason.Code.class))
        .filteredOn(RetentionReason.Code::isRule)
        .hasSize(10)
        .doesNotContain(HOLD, ONLY_ONE, NO_RULE_KEEPS);
  }

  private static List<Long> kept(
      RetentionPolicy policy, RetentionClock clock, List<Snapshot> snapshots) {
    return policy.decide(snapshots, clock, Set.of()).kept().stream()
        .map(verdict -> verdict.snapshot().sequence())
        .toList();
  }

  private static List<Long> removed(RetentionDecision decision) {
    return decision.removed().stream()
        .map(verdict -> verdict.snapshot().sequence())
        .toList();
  }

  private static List<RetentionReason> reasons(RetentionDecision decision, long sequence) {
    List<RetentionDecision.Verdict> all = new ArrayList<>(decision.kept());
    all.addAll(decision.removed());
    return all.stream()
        .filter(verdict -> verdict.snapshot().sequence() == sequence)
        .findFirst()
        .orElseThrow()
        .reasons();
  }

  private static List<RetentionReason.Code> codes(RetentionDecision decision, long sequence) {
    return reasons(decision, sequence).stream().map(RetentionReason::code).toList();
  }
}
