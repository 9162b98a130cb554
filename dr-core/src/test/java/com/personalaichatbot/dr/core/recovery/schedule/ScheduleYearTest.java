package com.personalaichatbot.dr.core.recovery.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.docs.Checkout;
import com.personalaichatbot.dr.core.recovery.schedule.ScheduledYear.Event;
import com.personalaichatbot.dr.core.recovery.schedule.ScheduledYear.Run;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A year under the recommended schedule. The tables of docs/schedule.md are what comes out. */
class ScheduleYearTest {
  private static final LocalTime NIGHT = LocalTime.of(2, 0);

  private static List<Run> runs;
  private static List<Event> notices;
  private static List<Event> findings;
  private static List<String> jobs;
  private static int logs;
  private static int faults;

  @BeforeAll
  static void liveThroughTheYear() throws IOException {
    try (ScheduledYear year = new ScheduledYear()) {
      year.live();
      runs = year.runs;
      notices = year.notices;
      findings = year.findings;
      jobs = year.jobs();
      logs = year.logs();
      faults = year.faults;
    }
  }

  private static List<Run> runs(Predicate<Run> wanted) {
    return runs.stream().filter(wanted).toList();
  }

  private static List<LocalDateTime> done(String job) {
    return runs(run -> run.job().equals(job) && run.passed()).stream()
        .map(Run::time)
        .toList();
  }

  @Test
  void year_eachDayThatTheMachineRuns_dataIsBackedUp() {
    for (LocalDate day = LocalDate.of(ScheduledYear.YEAR, 1, 1);
        day.getYear() == ScheduledYear.YEAR;
        day = day.plusDays(1)) {
      boolean off = day.isAfter(ScheduledYear.OFF.toLocalDate())
          && day.isBefore(ScheduledYear.ON.toLocalDate());
      LocalDate today = day;
      assertThat(runs(run -> List.of("full", "data").contains(run.job())
              && run.passed()
              && run.time().toLocalDate().equals(today)))
          .as("backups on %s", day)
          .hasSizeBetween(
              off || day.equals(ScheduledYear.BROKEN) ? 0 : 1,
              day.equals(ScheduledYear.WRONG.toLocalDate()) ? 3 : 2);
    }
  }

  @Test
  void year_ordinaryDeletion_isNeverTakenForALoss() {
    assertThat(runs).noneMatch(run -> run.run().message().contains("SHRUNK"));
  }

  @Test
  void year_clocksAreChanged_oneRunInEachOfTheseNights() {
    for (LocalDate night : List.of(LocalDate.of(2026, 3, 29), LocalDate.of(2026, 10, 25))) {
      assertThat(done("full").stream().filter(t -> t.toLocalDate().equals(night)))
          .singleElement()
          .satisfies(time -> assertThat(time.toLocalTime()).isBetween(NIGHT, LocalTime.of(3, 20)));
    }
  }

  @Test
  void year_afterThreeDaysOff_isMadeUpForOnce_andTheRestWaitsForTheEndOfQuietHours() {
    LocalDate back = ScheduledYear.ON.toLocalDate();
    List<Run> that = runs(run -> run.time().toLocalDate().equals(back));

    assertThat(that.stream().filter(run -> run.time().equals(ScheduledYear.ON)).map(Run::job))
        .containsExactly("full");
    assertThat(that.stream()
            .filter(run -> run.time().toLocalTime().equals(LocalTime.of(18, 0)))
            .map(Run::job))
        .containsExactly("verification", "retention", "log-cleanup");
    assertThat(that).hasSize(4);
  }

  @Test
  void year_storageGoneForADay_isTriedLessAndLessOften_andDoneWhenItIsBack() {
    List<Run> failed = runs(run -> !run.passed());

    assertThat(faults).isPositive();
    assertThat(failed).allMatch(run -> run.time().toLocalDate().equals(ScheduledYear.BROKEN));
    assertThat(failed.stream().filter(run -> run.job().equals("data"))).hasSizeBetween(8, 20);
    LocalDateTime back = ScheduledYear.BROKEN.plusDays(1).atStartOfDay();
    assertThat(done("data")).anyMatch(t -> t.isAfter(back) && t.isBefore(back.plusHours(2)));
  }

  @Test
  void year_clockFallsBackForHours_onlyBackupsAreMade() {
    List<String> repeated = runs(run -> !run.time().isBefore(ScheduledYear.WRONG)
            && run.time().isBefore(ScheduledYear.WRONG.plus(ScheduledYear.WRONG_FOR)))
        .stream()
        .map(Run::job)
        .toList();

    assertThat(repeated).containsExactly("full", "data");
  }

  @Test
  void year_drills_areHeldMonthlyQuarterlyAndYearly() {
    assertThat(months(done("drill-restore")))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    assertThat(months(done("drill-simulation"))).containsExactly(1, 4, 7, 10);
    assertThat(months(done("drill-complete"))).containsExactly(1);
  }

  @Test
  void year_changedSettings_areBackedUpWithinAQuarterOfAnHour() {
    for (Month month : Month.values()) {
      LocalDateTime changed = LocalDate.of(ScheduledYear.YEAR, month, 10).atTime(11, 10);
      assertThat(done("configuration"))
          .anyMatch(time -> !time.isBefore(changed) && !time.isAfter(changed.plusMinutes(20)));
    }
  }

  @Test
  void year_fullAndVerifiedAndPruned_everyWeek() {
    for (String job : List.of("full", "verification", "retention")) {
      List<LocalDateTime> times = done(job);
      for (int i = 1; i < times.size(); i++) {
        assertThat(Duration.between(times.get(i - 1), times.get(i)))
            .isLessThan(Duration.ofDays(10));
      }
      assertThat(times).hasSizeGreaterThanOrEqualTo(51);
    }
  }

  @Test
  void year_nothingHeavy_beginsInQuietHours() {
    List<String> allowed = List.of(
        "full",
        "data",
        "configuration",
        "channel-test",
        "security-updates",
        "system-audit",
        "document-review");
    assertThat(runs(run -> run.time().getHour() >= 8 && run.time().getHour() < 18))
        .extracting(Run::job)
        .isSubsetOf(allowed);
  }

  @Test
  void year_oldLogs_areRemoved() {
    assertThat(logs).isBetween(30, 32);
  }

  private static List<Integer> months(List<LocalDateTime> times) {
    return times.stream().map(LocalDateTime::getMonthValue).toList();
  }

  @Test
  void document_tableOfTheRunsByMonth_isWhatTheYearGives() throws IOException {
    assertThat(Checkout.table("schedule.md", "runs")).isEqualTo(runsByMonth());
  }

  @Test
  void document_tableOfTheDrills_isWhatTheYearGives() throws IOException {
    assertThat(Checkout.table("schedule.md", "drills")).isEqualTo(drills());
  }

  @Test
  void document_tableOfTheNotices_isWhatTheYearGives() throws IOException {
    assertThat(Checkout.table("schedule.md", "notices")).isEqualTo(noticesByMonth());
  }

  @Test
  void document_tableOfTheFindings_isWhatTheYearGives() throws IOException {
    assertThat(Checkout.table("schedule.md", "findings")).isEqualTo(findings());
  }

  @Test
  void document_tableOfTheTroubledDays_isWhatTheYearGives() throws IOException {
    assertThat(Checkout.table("schedule.md", "days")).isEqualTo(troubledDays());
  }

  private static String runsByMonth() {
    StringBuilder table =
        new StringBuilder("| month | " + String.join(" | ", jobs) + " | failed |\n");
    table.append("|---|").append("--:|".repeat(jobs.size() + 1));
    for (Month month : Month.values()) {
      List<Object> line = new ArrayList<>(List.of(YearMonth.of(ScheduledYear.YEAR, month)));
      jobs.forEach(job ->
          line.add(done(job).stream().filter(time -> time.getMonth() == month).count()));
      line.add(runs(run -> !run.passed() && run.time().getMonth() == month).size());
      table.append(line(line.toArray()));
    }
    return table.toString();
  }

  private static String drills() {
    StringBuilder table = new StringBuilder("| drill | held and passed |\n|---|---|");
    for (String drill : List.of("drill-restore", "drill-simulation", "drill-complete")) {
      table.append(line(
          drill,
          done(drill).stream().map(ScheduleYearTest::text).collect(Collectors.joining(", "))));
    }
    return table.toString();
  }

  private static String noticesByMonth() {
    Map<String, TreeSet<String>> days = new LinkedHashMap<>();
    for (Event notice : notices) {
      String what = notice.what().replaceFirst("Due by [0-9-]+: ", "");
      days.computeIfAbsent(what, w -> new TreeSet<>()).add(text(notice.time()));
    }
    StringBuilder table = new StringBuilder("| notice | sent by chat and mail |\n|---|---|");
    days.forEach((what, times) -> table.append(line(what, String.join(", ", times))));
    return table.toString();
  }

  /** Looks are at 7 and at 19 o'clock; those in a row that found the same are one line. */
  private static String findings() {
    Map<String, List<LocalDateTime>> spans = new LinkedHashMap<>();
    Map<String, String> open = new TreeMap<>();
    for (Event finding : findings) {
      String before = open.get(finding.what());
      List<LocalDateTime> span = before == null ? null : spans.get(before);
      boolean goesOn =
          span != null && !span.get(span.size() - 1).isBefore(finding.time().minusHours(13));
      if (!goesOn) {
        open.put(finding.what(), finding.what() + "#" + finding.time());
      }
      spans.computeIfAbsent(open.get(finding.what()), k -> new ArrayList<>()).add(finding.time());
    }
    StringBuilder table = new StringBuilder("| from | until | check and finding |\n|---|---|---|");
    spans.forEach((key, times) -> table.append(line(
        text(times.get(0)),
        text(times.get(times.size() - 1)),
        key.substring(0, key.indexOf('#')))));
    return table.toString();
  }

  private static String troubledDays() {
    StringBuilder table = new StringBuilder("| day | time | what was done |\n|---|---|---|");
    for (LocalDate day : List.of(
        LocalDate.of(ScheduledYear.YEAR, 3, 29),
        ScheduledYear.ON.toLocalDate(),
        ScheduledYear.BROKEN,
        ScheduledYear.BROKEN.plusDays(1),
        LocalDate.of(ScheduledYear.YEAR, 10, 25),
        ScheduledYear.WRONG.toLocalDate())) {
      Map<LocalTime, List<String>> times = new TreeMap<>();
      runs(run -> run.time().toLocalDate().equals(day))
          .forEach(run -> times
              .computeIfAbsent(run.time().toLocalTime(), t -> new ArrayList<>())
              .add(run.job() + (run.passed() ? "" : " (failed)")));
      times.forEach((time, what) -> table.append(line(day, time, String.join(", ", what))));
    }
    return table.toString();
  }

  private static String line(Object... cells) {
    return Stream.of(cells).map(Object::toString).collect(Collectors.joining(" | ", "\n| ", " |"));
  }

  private static String text(LocalDateTime time) {
    return time.toString().substring(5).replace('T', ' ');
  }
}
