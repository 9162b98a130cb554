package com.personalaichatbot.dr.core.recovery.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneOffsetTransitionRule;
import java.time.zone.ZoneRules;
import java.util.Locale;
import java.util.Objects;

/**
 * The rule by which something is due again: at an interval, or at a time of day on certain days. It
 * knows nothing of now: given when something was last done, it says when it is due again.
 * Immutable; two of the same rhythm are equal.
 *
 * <p>A time of day that the clocks skip in spring is due at the moment when they are set forward.
 * One that they show twice in autumn is due the first time. So every day has its run, and none has
 * two.
 */
public final class Recurrence {
  private enum Unit {
    INTERVAL,
    DAY,
    WEEK,
    MONTH,
    QUARTER,
    YEAR
  }

  private final Unit unit;
  private final Duration interval;
  private final DayOfWeek weekday;
  private final MonthDay day;
  private final LocalTime time;

  private Recurrence(
      Unit unit, Duration interval, DayOfWeek weekday, MonthDay day, LocalTime time) {
    this.unit = unit;
    this.interval = interval;
    this.weekday = weekday;
    this.day = day;
    this.time = time;
  }

  /**
   * Each time that so much has passed since the last run began.
   *
   * @throws IllegalArgumentException if it is less than a second
   */
  public static Recurrence every(Duration interval) {
    if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("an interval is a second or more: " + interval);
    }
    return new Recurrence(Unit.INTERVAL, interval, null, null, null);
  }

  /** Each day at a time. */
  public static Recurrence daily(LocalTime time) {
    return new Recurrence(Unit.DAY, null, null, null, Objects.requireNonNull(time, "time"));
  }

  /** Each week on a day at a time. */
  public static Recurrence weekly(DayOfWeek day, LocalTime time) {
    return new Recurrence(
        Unit.WEEK,
        null,
        Objects.requireNonNull(day, "day"),
        null,
        Objects.requireNonNull(time, "time"));
  }

  /**
   * Each month on a day at a time.
   *
   * @param dayOfMonth 1 to 31; in a shorter month its last day
   * @throws IllegalArgumentException if no month has that day
   */
  public static Recurrence monthly(int dayOfMonth, LocalTime time) {
    return months(Unit.MONTH, dayOfMonth, time);
  }

  /**
   * Each January, April, July and October on a day at a time.
   *
   * @param dayOfMonth 1 to 31; in a shorter month its last day
   * @throws IllegalArgumentException if no month has that day
   */
  public static Recurrence quarterly(int dayOfMonth, LocalTime time) {
    return months(Unit.QUARTER, dayOfMonth, time);
  }

  /** Each year on a day at a time; the 29th of February is the 28th in other years. */
  public static Recurrence yearly(MonthDay day, LocalTime time) {
    return new Recurrence(
        Unit.YEAR,
        null,
        null,
        Objects.requireNonNull(day, "day"),
        Objects.requireNonNull(time, "time"));
  }

  private static Recurrence months(Unit unit, int dayOfMonth, LocalTime time) {
    if (dayOfMonth < 1 || dayOfMonth > 31) {
      throw new IllegalArgumentException("no month has a day " + dayOfMonth);
    }
    return new Recurrence(
        unit, null, null, MonthDay.of(1, dayOfMonth), Objects.requireNonNull(time, "time"));
  }

  /**
   * When it is due again.
   *
   * @param last when it was last done, or any other time
   * @param zone in which days begin and clocks are changed
   * @return the first time after that; as quick however long ago that is
   */
  public Instant next(Instant last, ZoneId zone) {
    if (unit == Unit.INTERVAL) {
      return last.plus(interval);
    }
    // Where the clocks are changed a day's time may come a little later: look from the day before.
    LocalDate date = firstDate(last.atZone(zone).toLocalDate().minusDays(1));
    Instant due = at(date, zone.getRules());
    while (!due.isAfter(last)) {
      date = firstDate(date.plusDays(1));
      due = at(date, zone.getRules());
    }
    return due;
  }

  /** The first of its days that is not before a day. */
  private LocalDate firstDate(LocalDate from) {
    switch (unit) {
      case DAY:
        return from;
      case WEEK:
        return from.with(TemporalAdjusters.nextOrSame(weekday));
      default:
        YearMonth month = YearMonth.from(from);
        int step = monthsBetween();
        while (Math.floorMod(month.getMonthValue() - day.getMonthValue(), step) != 0
            || inMonth(month).isBefore(from)) {
          month = month.plusMonths(1);
        }
        return inMonth(month);
    }
  }

  private int monthsBetween() {
    return unit == Unit.YEAR ? 12 : unit == Unit.QUARTER ? 3 : 1;
  }

  private LocalDate inMonth(YearMonth month) {
    return month.atDay(Math.min(day.getDayOfMonth(), month.lengthOfMonth()));
  }

  private Instant at(LocalDate date, ZoneRules rules) {
    return instant(date.atTime(time), rules);
  }

  /** The first moment at which clocks show a time, or would if they did not skip it. */
  static Instant instant(LocalDateTime local, ZoneRules rules) {
    ZoneOffsetTransition transition = rules.getTransition(local);
    return transition != null && transition.isGap()
        ? transition.getInstant()
        : local.toInstant(rules.getValidOffsets(local).get(0));
  }

  /**
   * The longest time that can lie between two due times, by the present rules of the zone. It
   * counts in a leap year, and the hour that a day is longer in autumn.
   *
   * @param zone in which days begin and clocks are changed
   */
  public Duration maxInterval(ZoneId zone) {
    return switch (unit) {
      case INTERVAL -> interval;
      case DAY -> Duration.ofDays(1).plus(longestChange(zone));
      case WEEK -> Duration.ofDays(7).plus(longestChange(zone));
      case MONTH -> Duration.ofDays(31).plus(longestChange(zone));
      case QUARTER -> Duration.ofDays(92).plus(longestChange(zone));
      case YEAR -> Duration.ofDays(366).plus(longestChange(zone));
    };
  }

  private static Duration longestChange(ZoneId zone) {
    Duration longest = Duration.ZERO;
    for (ZoneOffsetTransitionRule rule : zone.getRules().getTransitionRules()) {
      Duration change = Duration.ofSeconds(Math.abs(
          rule.getOffsetAfter().getTotalSeconds() - rule.getOffsetBefore().getTotalSeconds()));
      longest = change.compareTo(longest) > 0 ? change : longest;
    }
    return longest;
  }

  /** Whether it counts from the last run and knows no time of day. */
  boolean isInterval() {
    return unit == Unit.INTERVAL;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Recurrence that
        && unit == that.unit
        && weekday == that.weekday
        && Objects.equals(interval, that.interval)
        && Objects.equals(day, that.day)
        && Objects.equals(time, that.time);
  }

  @Override
  public int hashCode() {
    return Objects.hash(unit, interval, weekday, day, time);
  }

  /** The rhythm for people: {@code weekly on Sunday at 02:00}. */
  @Override
  public String toString() {
    return switch (unit) {
      case INTERVAL -> "every " + interval.toString().substring(1).replace("T", "");
      case DAY -> "daily at " + time;
      case WEEK -> "weekly on " + capitalised(weekday.name()) + " at " + time;
      case MONTH -> "monthly on day " + day.getDayOfMonth() + " at " + time;
      case QUARTER -> "quarterly on day " + day.getDayOfMonth() + " at " + time;
      case YEAR ->
        "yearly on " + day.getDayOfMonth() + " " + capitalised(day.getMonth().name()) + " at "
            + time;
    };
  }

  private static String capitalised(String name) {
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }
}
