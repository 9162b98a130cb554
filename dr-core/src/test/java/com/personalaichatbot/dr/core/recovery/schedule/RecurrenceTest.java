package com.personalaichatbot.dr.core.recovery.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecurrenceTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /**
   * Changes by an hour, half an hour, two hours, at midnight, a day that was left out, and none.
   */
  private static final List<ZoneId> ZONES = List.of(
      BERLIN,
      ZoneOffset.UTC,
      ZoneId.of("Australia/Lord_Howe"),
      ZoneId.of("Antarctica/Troll"),
      ZoneId.of("America/Havana"),
      ZoneId.of("Pacific/Apia"),
      ZoneId.of("Asia/Kathmandu"));

  private static List<Instant> dueTimes(Recurrence rhythm, ZoneId zone, String from, int count) {
    List<Instant> times = new ArrayList<>();
    Instant last = Instant.parse(from);
    for (int i = 0; i < count; i++) {
      last = rhythm.next(last, zone);
      times.add(last);
    }
    return times;
  }

  @Test
  void next_timeThatTheClocksSkip_isWhenTheyAreSetForward() {
    Recurrence rhythm = Recurrence.daily(LocalTime.of(2, 30));

    assertThat(dueTimes(rhythm, BERLIN, "2026-03-28T00:00:00Z", 3))
        .containsExactly(
            Instant.parse("2026-03-28T01:30:00Z"),
            Instant.parse("2026-03-29T01:00:00Z"),
            Instant.parse("2026-03-30T00:30:00Z"));
  }

  @Test
  void next_timeThatTheClocksShowTwice_isTheFirst() {
    Recurrence rhythm = Recurrence.daily(LocalTime.of(2, 30));

    assertThat(dueTimes(rhythm, BERLIN, "2026-10-24T12:00:00Z", 2))
        .containsExactly(
            Instant.parse("2026-10-25T00:30:00Z"), Instant.parse("2026-10-26T01:30:00Z"));
  }

  @Test
  void next_dayThatTheZoneLeftOut_isTheBeginningOfTheNext() {
    Recurrence rhythm = Recurrence.daily(LocalTime.of(2, 0));

    assertThat(dueTimes(rhythm, ZoneId.of("Pacific/Apia"), "2011-12-29T00:00:00Z", 3))
        .containsExactly(
            Instant.parse("2011-12-29T12:00:00Z"),
            Instant.parse("2011-12-30T10:00:00Z"),
            Instant.parse("2011-12-30T12:00:00Z"));
  }

  @Test
  void next_shortMonth_isItsLastDay() {
    Recurrence rhythm = Recurrence.monthly(31, LocalTime.NOON);

    assertThat(dueTimes(rhythm, ZoneOffset.UTC, "2024-01-31T11:59:59Z", 4))
        .extracting(due -> LocalDate.ofInstant(due, ZoneOffset.UTC))
        .containsExactly(
            LocalDate.of(2024, 1, 31),
            LocalDate.of(2024, 2, 29),
            LocalDate.of(2024, 3, 31),
            LocalDate.of(2024, 4, 30));
  }

  @Test
  void next_leapDay_isTheDayBeforeInOtherYears() {
    Recurrence rhythm = Recurrence.yearly(MonthDay.of(Month.FEBRUARY, 29), LocalTime.NOON);

    assertThat(dueTimes(rhythm, ZoneOffset.UTC, "2023-01-01T00:00:00Z", 3))
        .extracting(due -> LocalDate.ofInstant(due, ZoneOffset.UTC))
        .containsExactly(
            LocalDate.of(2023, 2, 28), LocalDate.of(2024, 2, 29), LocalDate.of(2025, 2, 28));
  }

  @Test
  void next_quarter_isInItsFirstMonth() {
    Recurrence rhythm = Recurrence.quarterly(15, LocalTime.NOON);

    assertThat(dueTimes(rhythm, ZoneOffset.UTC, "2026-01-15T12:00:00Z", 4))
        .extracting(due -> LocalDate.ofInstant(due, ZoneOffset.UTC))
        .containsExactly(
            LocalDate.of(2026, 4, 15),
            LocalDate.of(2026, 7, 15),
            LocalDate.of(2026, 10, 15),
            LocalDate.of(2027, 1, 15));
  }

  @Test
  void next_interval_countsFromTheLastRun() {
    assertThat(Recurrence.every(Duration.ofHours(1))
            .next(Instant.parse("2026-03-29T00:30:00Z"), BERLIN))
        .isEqualTo("2026-03-29T01:30:00Z");
  }

  @Test
  void next_centuriesAgo_isFoundAtOnce() {
    Instant last = Instant.parse("1600-05-05T05:05:05Z");

    assertThat(Recurrence.yearly(MonthDay.of(1, 1), LocalTime.MIDNIGHT).next(last, ZoneOffset.UTC))
        .isEqualTo("1601-01-01T00:00:00Z");
  }

  static List<Long> seeds() {
    return LongStream.range(0, 200).boxed().toList();
  }

  /** One of its days, as a rule of its own: whether a date is one. */
  private record Drawn(Recurrence rhythm, LocalTime time, Predicate<LocalDate> isDay) {
    static Drawn of(Random random) {
      LocalTime time = LocalTime.of(random.nextInt(5), random.nextInt(60));
      int day = 1 + random.nextInt(31);
      Month month = Month.of(1 + random.nextInt(12));
      DayOfWeek weekday = DayOfWeek.of(1 + random.nextInt(7));
      Predicate<LocalDate> inMonth = d -> d.getDayOfMonth() == Math.min(day, d.lengthOfMonth());
      switch (random.nextInt(5)) {
        case 0:
          return new Drawn(Recurrence.daily(time), time, d -> true);
        case 1:
          return new Drawn(
              Recurrence.weekly(weekday, time), time, d -> d.getDayOfWeek() == weekday);
        case 2:
          return new Drawn(Recurrence.monthly(day, time), time, inMonth);
        case 3:
          return new Drawn(
              Recurrence.quarterly(day, time),
              time,
              inMonth.and(d -> List.of(1, 4, 7, 10).contains(d.getMonthValue())));
        default:
          int valid = Math.min(day, month.maxLength());
          return new Drawn(
              Recurrence.yearly(MonthDay.of(month, valid), time),
              time,
              d ->
                  d.getMonth() == month && d.getDayOfMonth() == Math.min(valid, d.lengthOfMonth()));
      }
    }

    /** Whether it is due at a minute: the first that shows its time, or that comes after it. */
    boolean isDue(Instant minute, ZoneId zone) {
      LocalDate today = LocalDate.ofInstant(minute, zone);
      LocalDate before = LocalDate.ofInstant(minute.minusSeconds(60), zone);
      if (isDay.test(today)
          && !isReached(today, minute.minusSeconds(60), zone)
          && isReached(today, minute, zone)) {
        return !wasReachedEarlier(today, minute, zone);
      }
      // A day that was left out.
      return today.equals(before.plusDays(2)) && isDay.test(before.plusDays(1));
    }

    private boolean isReached(LocalDate day, Instant minute, ZoneId zone) {
      return !minute.atZone(zone).toLocalDateTime().isBefore(day.atTime(time));
    }

    private boolean wasReachedEarlier(LocalDate day, Instant minute, ZoneId zone) {
      for (int ago = 2; ago <= 180; ago++) {
        if (isReached(day, minute.minusSeconds(60L * ago), zone)) {
          return true;
        }
      }
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void next_anything_isTheFirstMinuteThatTheRuleNames(long seed) {
    Random random = new Random(seed);
    Drawn drawn = Drawn.of(random);
    ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
    LocalDate around = LocalDate.of(2008, 1, 1).plusDays(random.nextInt(12_000));
    if (random.nextBoolean()) {
      var change = zone.getRules().nextTransition(around.atStartOfDay(zone).toInstant());
      if (change != null) {
        around = change.getDateTimeBefore().toLocalDate();
        LocalTime time =
            change.getDateTimeBefore().toLocalTime().plusMinutes(random.nextInt(90) - 30);
        drawn = random.nextBoolean() ? drawn : new Drawn(Recurrence.daily(time), time, d -> true);
      }
    }
    Instant last = around.atStartOfDay(zone).toInstant().plusSeconds(60L * random.nextInt(2000));

    Instant due = drawn.rhythm.next(last, zone);

    assertThat(due).isAfter(last);
    assertThat(drawn.isDue(due, zone))
        .as("%s due %s", drawn.rhythm, due.atZone(zone))
        .isTrue();
    Instant end = due.isAfter(last.plus(Duration.ofDays(3))) ? last.plus(Duration.ofDays(3)) : due;
    for (Instant minute = last.plusSeconds(60);
        minute.isBefore(end);
        minute = minute.plusSeconds(60)) {
      assertThat(drawn.isDue(minute, zone))
          .as("%s in between: %s", drawn.rhythm, minute.atZone(zone))
          .isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void longest_anything_isNotExceeded(long seed) {
    Random random = new Random(seed);
    Recurrence rhythm = Drawn.of(random).rhythm;
    ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
    Instant last = rhythm.next(Instant.parse("2026-06-01T00:00:00Z"), zone);

    for (int i = 0; i < 400; i++) {
      Instant next = rhythm.next(last, zone);
      assertThat(Duration.between(last, next)).isLessThanOrEqualTo(rhythm.maxInterval(zone));
      last = next;
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "32"})
  void monthly_dayThatNoMonthHas_isRefused(int day) {
    assertThatThrownBy(() -> Recurrence.monthly(day, LocalTime.NOON))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void every_lessThanASecond_isRefused() {
    assertThatThrownBy(() -> Recurrence.every(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toString_isForPeople() {
    assertThat(List.of(
                Recurrence.every(Duration.ofHours(1)),
                Recurrence.daily(LocalTime.of(2, 0)),
                Recurrence.weekly(DayOfWeek.SUNDAY, LocalTime.of(2, 0)),
                Recurrence.monthly(1, LocalTime.NOON),
                Recurrence.quarterly(15, LocalTime.NOON),
                Recurrence.yearly(MonthDay.of(1, 15), LocalTime.NOON))
            .toString())
        .isEqualTo(
            "[every 1H, daily at 02:00, weekly on Sunday at 02:00, monthly on day 1 at 12:00,"
                + " quarterly on day 15 at 12:00, yearly on 15 January at 12:00]");
  }

  @Test
  void equals_sameRhythm_isEqual() {
    assertThat(Recurrence.daily(LocalTime.NOON))
        .isEqualTo(Recurrence.daily(LocalTime.NOON))
        .hasSameHashCodeAs(Recurrence.daily(LocalTime.NOON))
        .isNotEqualTo(Recurrence.daily(LocalTime.MIDNIGHT))
        .isNotEqualTo(Recurrence.every(Duration.ofDays(1)));
  }
}
