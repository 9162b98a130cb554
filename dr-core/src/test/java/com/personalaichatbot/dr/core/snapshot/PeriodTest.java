package com.personalaichatbot.dr.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodTest {

  @ParameterizedTest
  @CsvSource({
    // one hour: 02:00 to 03:00 in summer, and again in winter
    "Europe/Berlin,       2024-10-27T00:00:00Z, 2024-10-27T00:59:59Z, true,  02:00+02:00",
    "Europe/Berlin,       2024-10-27T00:59:59Z, 2024-10-27T01:00:00Z, false, 02:00+01:00",
    "Europe/Berlin,       2024-03-31T00:59:59Z, 2024-03-31T01:00:00Z, false, 03:00+02:00",
    "America/New_York,    2024-11-03T05:30:00Z, 2024-11-03T06:30:00Z, false, 01:00-05:00",
    "America/New_York,    2024-11-03T06:00:00Z, 2024-11-03T06:59:59Z, true,  01:00-05:00",
    // zones whose hours do not start with those of UTC
    "Asia/Kolkata,        2024-06-01T10:29:59Z, 2024-06-01T10:30:00Z, false, 16:00+05:30",
    "Asia/Kolkata,        2024-06-01T10:30:00Z, 2024-06-01T11:29:59Z, true,  16:00+05:30",
    "Asia/Kathmandu,      2024-06-01T10:14:59Z, 2024-06-01T10:15:00Z, false, 16:00+05:45",
    // clocks are moved by half an hour here
    "Australia/Lord_Howe, 2024-04-06T14:30:00Z, 2024-04-06T15:00:00Z, false, 01:00+10:30"
  })
  void hourly_zonesAndClockChanges_goByTheWallClock(
      String zone, Instant one, Instant other, boolean same, String name) {
    assertThat(number(Period.HOURLY, one, zone) == number(Period.HOURLY, other, zone))
        .isEqualTo(same);
    assertThat(Period.HOURLY.name(wallClock(other, zone))).endsWith("T" + name);
  }

  @ParameterizedTest
  @CsvSource({
    // days of 23 and of 25 hours
    "Europe/Berlin,    2024-03-30T22:59:59Z, 2024-03-30T23:00:00Z, false, 2024-03-31",
    "Europe/Berlin,    2024-03-30T23:00:00Z, 2024-03-31T21:59:59Z, true,  2024-03-31",
    "Europe/Berlin,    2024-03-31T21:59:59Z, 2024-03-31T22:00:00Z, false, 2024-04-01",
    "Europe/Berlin,    2024-10-26T22:00:00Z, 2024-10-27T22:59:59Z, true,  2024-10-27",
    "Europe/Berlin,    2024-10-27T22:59:59Z, 2024-10-27T23:00:00Z, false, 2024-10-28",
    "America/New_York, 2024-03-10T05:00:00Z, 2024-03-11T03:59:59Z, true,  2024-03-10",
    "America/New_York, 2024-03-11T03:59:59Z, 2024-03-11T04:00:00Z, false, 2024-03-11",
    "America/New_York, 2024-11-03T04:00:00Z, 2024-11-04T04:59:59Z, true,  2024-11-03",
    "America/New_York, 2024-11-04T04:59:59Z, 2024-11-04T05:00:00Z, false, 2024-11-04",
    "Asia/Kolkata,     2024-02-28T18:29:59Z, 2024-02-28T18:30:00Z, false, 2024-02-29",
    "Asia/Kolkata,     2024-02-28T18:30:00Z, 2024-02-29T18:29:59Z, true,  2024-02-29",
    // a day that this zone never had
    "Pacific/Apia,     2011-12-30T09:59:59Z, 2011-12-30T10:00:00Z, false, 2011-12-31",
    // leap years and none
    "UTC,              2024-02-28T23:59:59Z, 2024-02-29T00:00:00Z, false, 2024-02-29",
    "UTC,              2100-02-28T23:59:59Z, 2100-03-01T00:00:00Z, false, 2100-03-01"
  })
  void daily_zonesAndClockChanges_goByTheWallCalendar(
      String zone, Instant one, Instant other, boolean same, String name) {
    assertThat(number(Period.DAILY, one, zone) == number(Period.DAILY, other, zone))
        .isEqualTo(same);
    assertThat(Period.DAILY.name(wallClock(other, zone))).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    // 2020 has a week 53 that ends in 2021
    "2020-12-28T00:00:00Z, 2021-01-03T23:59:59Z, true,  2020-W53",
    "2021-01-03T23:59:59Z, 2021-01-04T00:00:00Z, false, 2021-W01",
    "2020-12-27T23:59:59Z, 2020-12-28T00:00:00Z, false, 2020-W53",
    // the last days of 2024 are in the first week of 2025
    "2024-12-30T00:00:00Z, 2025-01-05T23:59:59Z, true,  2025-W01",
    "2024-12-29T23:59:59Z, 2024-12-30T00:00:00Z, false, 2025-W01",
    // before 1970, and around a Thursday that is day 0
    "1969-12-29T00:00:00Z, 1970-01-04T23:59:59Z, true,  1970-W01",
    "1970-01-04T23:59:59Z, 1970-01-05T00:00:00Z, false, 1970-W02"
  })
  void weekly_turnOfTheYear_isThatOfIso(Instant one, Instant other, boolean same, String name) {
    assertThat(number(Period.WEEKLY, one, "UTC") == number(Period.WEEKLY, other, "UTC"))
        .isEqualTo(same);
    assertThat(Period.WEEKLY.name(wallClock(other, "UTC"))).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "MONTHLY, 2024-02-01T00:00:00Z, 2024-02-29T23:59:59Z, true,  2024-02",
    "MONTHLY, 2024-02-29T23:59:59Z, 2024-03-01T00:00:00Z, false, 2024-03",
    "MONTHLY, 2023-06-15T00:00:00Z, 2024-06-15T00:00:00Z, false, 2024-06",
    "MONTHLY, 1969-12-31T23:59:59Z, 1970-01-01T00:00:00Z, false, 1970-01",
    "YEARLY,  2024-01-01T00:00:00Z, 2024-12-31T23:59:59Z, true,  2024",
    "YEARLY,  2024-12-31T23:59:59Z, 2025-01-01T00:00:00Z, false, 2025",
    "YEARLY,  -0001-12-31T23:59:59Z, 0000-01-01T00:00:00Z, false, 0"
  })
  void monthlyAndYearly_leapYearsAndTurns_goByTheCalendar(
      Period period, Instant one, Instant other, boolean same, String name) {
    assertThat(number(period, one, "UTC") == number(period, other, "UTC")).isEqualTo(same);
    assertThat(period.name(wallClock(other, "UTC"))).isEqualTo(name);
  }

  @ParameterizedTest
  @EnumSource(Period.class)
  void number_laterPeriod_isGreater_toBothEndsOfTime(Period period) {
    List<Instant> ascending = List.of(
        Instant.MIN,
        Instant.parse("-9999-01-01T00:00:00Z"),
        Instant.EPOCH.minusSeconds(1),
        Instant.EPOCH.plusSeconds(1),
        Instant.parse("2024-02-29T12:00:00Z"),
        Instant.parse("+9999999-01-01T00:00:00Z"),
        Instant.MAX);

    for (String zone : List.of("UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin")) {
      assertThat(ascending.stream().map(time -> number(period, time, zone)).toList())
          .isSorted()
          .first()
          .isNotEqualTo(number(period, Instant.MAX, zone));
    }
  }

  /** At noon, local time, every day of a year: neither a day lost nor one counted twice. */
  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"})
  void keepDaily_aYearAcrossClockChanges_keepsExactlyThatManyDays(String zone) {
    ZoneId zoneId = ZoneId.of(zone);
    OffsetDateTime start = OffsetDateTime.parse("2024-01-01T23:30:00Z");
    List<Snapshot> snapshots = LongStream.range(0, 366 * 2)
        .mapToObj(i -> Taken.at(
                i + 1,
                start
                    .toLocalDate()
                    .plusDays(i / 2)
                    .atTime(i % 2 == 0 ? 0 : 23, 30)
                    .atZone(zoneId)
                    .toInstant())
            .snapshot())
        .toList();
    Instant now = snapshots.get(snapshots.size() - 1).started();

    RetentionDecision decision = RetentionPolicy.none()
        .keepDaily(300)
        .withZone(zoneId)
        .decide(snapshots, RetentionClock.at(now), Set.of());

    assertThat(decision.kept()).hasSize(300).allMatch(v -> v.snapshot().sequence() % 2 == 0);
  }

  @Test
  void keepHourly_theHourThatComesTwice_keepsBoth() {
    List<Snapshot> snapshots = Taken.allAt(
        "2024-10-26T23:30:00Z",
        "2024-10-27T00:10:00Z",
        "2024-10-27T00:50:00Z",
        "2024-10-27T01:10:00Z",
        "2024-10-27T01:50:00Z");

    RetentionDecision decision = RetentionPolicy.none()
        .keepHourly(2)
        .withZone(ZoneId.of("Europe/Berlin"))
        .decide(snapshots, RetentionClock.at(Instant.parse("2024-10-27T02:00:00Z")), Set.of());

    assertThat(decision.kept()).extracting(v -> v.snapshot().sequence()).containsExactly(3L, 5L);
  }

  private static long number(Period period, Instant time, String zone) {
    return period.number(wallClock(time, zone));
  }

  private static OffsetDateTime wallClock(Instant time, String zone) {
    return Period.wallClock(time, ZoneId.of(zone));
  }
}
