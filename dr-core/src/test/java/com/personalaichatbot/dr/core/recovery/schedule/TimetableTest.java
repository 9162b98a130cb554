package com.personalaichatbot.dr.core.recovery.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimetableTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");
  private static final Timetable PLAIN =
      new Timetable(ZoneOffset.UTC, Optional.empty(), Duration.ZERO, "host");
  private static final Job DAILY = job(Recurrence.daily(LocalTime.of(2, 0)));

  private static Job job(Recurrence rhythm) {
    return Job.of("job", rhythm, () -> "done");
  }

  private static Timetable quiet(int from, int to) {
    return new Timetable(
        BERLIN,
        Optional.of(new QuietHours(LocalTime.of(from, 0), LocalTime.of(to, 0))),
        Duration.ZERO,
        "host");
  }

  private static Instant time(String text) {
    return Instant.parse(text);
  }

  @Test
  void due_missedForWeeks_isTheFirstThatWasMissed() {
    assertThat(PLAIN.due(
            DAILY, List.of(time("2026-03-01T02:00:05Z")), SINCE, time("2026-03-20T10:00:00Z")))
        .isEqualTo("2026-03-02T02:00:00Z");
  }

  @Test
  void due_neverDone_isCountedFromTheBeginning() {
    Instant now = time("2026-01-01T12:00:00Z");

    assertThat(PLAIN.due(DAILY, List.of(), SINCE, now)).isEqualTo("2026-01-01T02:00:00Z");
    assertThat(PLAIN.due(DAILY.withComponents(List.of("config")), List.of(), SINCE, now))
        .as("a backup is due immediately")
        .isEqualTo(SINCE);
  }

  @Test
  void due_clockLeaptAheadAndBack_isAsIfItHadNot() {
    List<Instant> runs = List.of(time("2026-05-05T02:00:00Z"), time("2061-05-05T13:00:00Z"));

    assertThat(PLAIN.due(DAILY, runs, SINCE, time("2061-05-05T13:01:00Z")))
        .as("done once under the wrong clock")
        .isEqualTo("2061-05-06T02:00:00Z");
    assertThat(PLAIN.due(DAILY, runs, SINCE, time("2026-05-05T14:00:00Z")))
        .isEqualTo("2026-05-06T02:00:00Z");
  }

  @Test
  void due_clockFellBack_countsFromNow() {
    Instant now = time("1970-01-01T00:00:10Z");

    assertThat(PLAIN.due(DAILY, List.of(time("2026-05-05T02:00:00Z")), SINCE, now))
        .isEqualTo("1970-01-01T02:00:00Z");
    assertThat(PLAIN.due(
            DAILY.withComponents(List.of("config")),
            List.of(time("2026-05-05T02:00:00Z")),
            SINCE,
            now))
        .as("a backup does not wait 56 years")
        .isEqualTo(now);
  }

  @Test
  void due_changedSince_isNow() {
    Instant now = time("2026-05-05T01:00:00Z");

    assertThat(PLAIN.due(DAILY, List.of(Instant.EPOCH), SINCE, now)).isEqualTo(now);
  }

  @Test
  void due_withJitter_isLaterByTheSameEachTimeAndAnotherOnAnotherHost() {
    List<Duration> delays = new ArrayList<>();
    for (int host = 0; host < 50; host++) {
      Timetable table =
          new Timetable(ZoneOffset.UTC, Optional.empty(), Duration.ofMinutes(10), "host-" + host);
      Instant first = table.due(
          DAILY, List.of(time("2026-03-01T12:00:00Z")), SINCE, SINCE.plus(365, ChronoUnit.DAYS));
      Instant second = table.due(DAILY, List.of(first), SINCE, SINCE.plus(365, ChronoUnit.DAYS));
      assertThat(Duration.between(first, second)).isEqualTo(Duration.ofDays(1));
      delays.add(Duration.between(time("2026-03-02T02:00:00Z"), first));
    }
    assertThat(delays)
        .allSatisfy(delay -> assertThat(delay).isBetween(Duration.ZERO, Duration.ofMinutes(10)));
    assertThat(delays.stream().distinct().count()).isGreaterThan(30);
    assertThat(delays).anyMatch(delay -> delay.compareTo(Duration.ofMinutes(8)) > 0);
  }

  @Test
  void start_inQuietHours_isTheirEnd_unlessTheJobMayNotWait() {
    Timetable table = quiet(8, 18);
    Instant now = time("2026-06-09T08:00:00Z");

    assertThat(table.start(DAILY, SINCE, 0, Optional.empty(), now))
        .isEqualTo("2026-06-09T16:00:00Z");
    assertThat(table.start(DAILY.allowInQuietHours(), SINCE, 0, Optional.empty(), now))
        .isEqualTo(now);
  }

  @Test
  void start_afterFailures_waitsLongerEachTime_upToAnEighthOfTheRhythm() {
    Instant failed = time("2026-06-09T02:00:00Z");
    List<Duration> pauses = new ArrayList<>();
    for (int failures = 1; failures <= 12; failures++) {
      Instant start = PLAIN.start(DAILY, SINCE, failures, Optional.of(failed), failed);
      pauses.add(Duration.between(failed, start));
    }
    assertThat(pauses).isSorted();
    assertThat(pauses.get(0)).isBetween(Duration.ofMinutes(1), Duration.ofMinutes(2));
    assertThat(pauses.get(11)).isEqualTo(Duration.ofHours(3));
  }

  @Test
  void start_failureInTheFuture_countsForNothing() {
    Instant now = time("2026-06-09T02:00:00Z");

    assertThat(PLAIN.start(DAILY, SINCE, 5, Optional.of(time("2061-01-01T00:00:00Z")), now))
        .isEqualTo(now);
  }

  @Test
  void isOverdue_aQuarterOfTheRhythmLate_isSo() {
    Instant due = time("2026-06-09T02:00:00Z");

    assertThat(PLAIN.isOverdue(DAILY, due, due.plus(Duration.ofHours(6)))).isFalse();
    assertThat(PLAIN.isOverdue(DAILY, due, due.plus(Duration.ofHours(6)).plusSeconds(1)))
        .isTrue();
  }

  @Test
  void isOverdue_jobThatWaitsForTheEndOfQuietHours_isNotYet() {
    Timetable table = quiet(2, 20);
    Instant due = time("2026-06-09T01:00:00Z");

    assertThat(table.isOverdue(DAILY, due, time("2026-06-09T17:00:00Z"))).isFalse();
    assertThat(table.isOverdue(DAILY, due, time("2026-06-10T02:00:00Z"))).isTrue();
  }

  static List<Long> seeds() {
    return LongStream.range(0, 100).boxed().toList();
  }

  /** Against a look at each minute, around changes of the clock. */
  @ParameterizedTest
  @MethodSource("seeds")
  void quietHours_anyMoment_endAtTheFirstMinuteThatIsNotQuiet(long seed) {
    Random random = new Random(seed);
    ZoneId zone = List.of(BERLIN, ZoneId.of("Australia/Lord_Howe"), ZoneId.of("America/Havana"))
        .get(random.nextInt(3));
    LocalTime from = LocalTime.of(random.nextInt(24), random.nextInt(60));
    LocalTime to = LocalTime.of(random.nextInt(4), random.nextInt(60));
    if (from.equals(to)) {
      to = to.plusMinutes(1);
    }
    QuietHours quiet = new QuietHours(from, to);
    Instant change = zone.getRules()
        .nextTransition(SINCE.plus(random.nextInt(400), ChronoUnit.DAYS))
        .getInstant();
    Instant moment = change.plusSeconds(60L * (random.nextInt(2880) - 1440));

    Instant expected = moment;
    while (isQuiet(from, to, LocalTime.ofInstant(expected, zone))) {
      expected = expected.plusSeconds(60);
    }
    assertThat(quiet.end(moment, zone)).as("%s in %s", quiet, zone).isEqualTo(expected);
  }

  private static boolean isQuiet(LocalTime from, LocalTime to, LocalTime time) {
    for (LocalTime t = from; !t.equals(to); t = t.plusMinutes(1)) {
      if (t.equals(time)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void quietHours_thatEndWhenTheyBegin_areRefused() {
    assertThatThrownBy(() -> new QuietHours(LocalTime.NOON, LocalTime.NOON))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
