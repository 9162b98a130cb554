package com.personalaichatbot.dr.core.snapshot;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;

/**
 * A stretch of the calendar of which the newest snapshot stays. Stretches are those of a wall
 * calendar in a zone: a day has 23 to 25 hours where clocks are changed, and the hour that then
 * comes twice is two hours. Weeks are those of ISO 8601, from Monday on.
 */
enum Period {
  HOURLY("hour", Duration.ofHours(1), RetentionReason.Code.HOURLY) {
    @Override
    long number(OffsetDateTime time) {
      return time.truncatedTo(ChronoUnit.HOURS).toEpochSecond();
    }

    @Override
    String name(OffsetDateTime time) {
      return time.truncatedTo(ChronoUnit.HOURS).toString();
    }
  },
  DAILY("day", Duration.ofDays(1), RetentionReason.Code.DAILY) {
    @Override
    long number(OffsetDateTime time) {
      return time.toLocalDate().toEpochDay();
    }

    @Override
    String name(OffsetDateTime time) {
      return time.toLocalDate().toString();
    }
  },
  WEEKLY("week", Duration.ofDays(7), RetentionReason.Code.WEEKLY) {
    @Override
    long number(OffsetDateTime time) {
      return time.toLocalDate()
          .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
          .toEpochDay();
    }

    @Override
    String name(OffsetDateTime time) {
      String day = time.toLocalDate().format(DateTimeFormatter.ISO_WEEK_DATE);
      return day.substring(0, day.lastIndexOf('-'));
    }
  },
  MONTHLY("month", Duration.ofDays(31), RetentionReason.Code.MONTHLY) {
    @Override
    long number(OffsetDateTime time) {
      return time.getLong(ChronoField.PROLEPTIC_MONTH);
    }

    @Override
    String name(OffsetDateTime time) {
      String day = time.toLocalDate().toString();
      return day.substring(0, day.lastIndexOf('-'));
    }
  },
  YEARLY("year", Duration.ofDays(366), RetentionReason.Code.YEARLY) {
    @Override
    long number(OffsetDateTime time) {
      return time.getYear();
    }

    @Override
    String name(OffsetDateTime time) {
      return Integer.toString(time.getYear());
    }
  };

  /** The calendar ends a year before {@link Instant} does. */
  private static final Duration MARGIN = Duration.ofDays(800);

  private final String noun;
  private final Duration longest;
  private final RetentionReason.Code code;

  Period(String noun, Duration longest, RetentionReason.Code code) {
    this.noun = noun;
    this.longest = longest;
    this.code = code;
  }

  /** A number for the stretch that a time lies in; a later stretch has a greater one. */
  abstract long number(OffsetDateTime time);

  /** What people call the stretch that a time lies in. */
  abstract String name(OffsetDateTime time);

  /** Hour, day, week, month or year. */
  String noun() {
    return noun;
  }

  /** How long such a stretch can be, changes of clocks left out. */
  Duration longest() {
    return longest;
  }

  RetentionReason.Code code() {
    return code;
  }

  /** What the wall clock shows; a time that no calendar reaches counts as the last that it does. */
  static OffsetDateTime wallClock(Instant time, ZoneId zone) {
    Instant first = Instant.MIN.plus(MARGIN);
    Instant last = Instant.MAX.minus(MARGIN);
    Instant shown = time.isBefore(first) ? first : time.isAfter(last) ? last : time;
    return shown.atZone(zone).toOffsetDateTime();
  }
}
