package com.personalaichatbot.dr.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.docs.Checkout;
import com.personalaichatbot.dr.core.snapshot.RetentionReason.Code;
import java.io.IOException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Month;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A year of an application under the recommended policy, day by day, in a zone with summer time.
 * The tables of docs/retention.md are what comes out.
 */
class RetentionYearTest {

  private static final int YEAR = 2024;
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
  private static final RetentionPolicy POLICY = RetentionPolicy.recommended().withZone(ZONE);
  private static final LocalDate INCIDENT = LocalDate.of(YEAR, Month.MAY, 14);
  private static final LocalDate AUDIT = LocalDate.of(YEAR, Month.JUNE, 15);

  /** The reasons that occur in such a year. */
  private static final Set<Code> COLUMNS = EnumSet.of(
      Code.DAILY,
      Code.WEEKLY,
      Code.AUTOMATED_AGE,
      Code.MANUAL_AGE,
      Code.HOLD,
      Code.QUARANTINE,
      Code.LAST_VERIFIED);

  private static final List<ComponentState> CONVERSATIONS = components("conversations");
  private static final List<ComponentState> CONFIGURATION = components("config", "secrets");
  private static final List<ComponentState> EVERYTHING =
      components("config", "conversations", "logs", "secrets");

  /** The backups of the year; their names are columns of the document. */
  private enum Backup {
    DAILY("daily", Purpose.SCHEDULED, CONVERSATIONS),
    WEEKLY("weekly", Purpose.SCHEDULED, EVERYTHING),
    ON_CHANGE("on change", Purpose.SCHEDULED, CONFIGURATION),
    SHUTDOWN("shutdown", Purpose.SHUTDOWN, EVERYTHING),
    MANUAL("manual", Purpose.MANUAL, EVERYTHING),
    BEFORE_CHANGE("before a change", Purpose.PRE_CHANGE, EVERYTHING),
    CORRUPT("corrupt", Purpose.QUARANTINE, CONVERSATIONS);

    final String title;
    final Purpose purpose;
    final List<ComponentState> components;

    Backup(String title, Purpose purpose, List<ComponentState> components) {
      this.title = title;
      this.purpose = purpose;
      this.components = components;
    }

    boolean took(Snapshot snapshot) {
      return purpose == snapshot.purpose() && components.equals(snapshot.components());
    }

    static Backup of(Snapshot snapshot) {
      return Stream.of(values()).filter(b -> b.took(snapshot)).findFirst().orElseThrow();
    }
  }

  /** The decision of each morning at six, by day. */
  private static final TreeMap<LocalDate, RetentionDecision> MORNINGS = new TreeMap<>();

  /** How many were taken up to each morning. */
  private static final TreeMap<LocalDate, Integer> TAKEN = new TreeMap<>();

  @BeforeAll
  static void liveThroughTheYear() {
    List<Taken> present = new ArrayList<>();
    Instant lastRun = instant(LocalDate.of(YEAR, 1, 1), 0, 0);
    int taken = 0;
    for (LocalDate day = LocalDate.of(YEAR, 1, 1);
        !day.isAfter(LocalDate.of(YEAR + 1, 1, 1));
        day = day.plusDays(1)) {
      Instant morning = instant(day, 6, 0);
      for (Taken next : takenOn(day.minusDays(1), taken)) {
        present.add(next);
        taken++;
      }
      if (day.getDayOfWeek() == DayOfWeek.SUNDAY) {
        present.replaceAll(each -> each.being(Trust.VERIFIED));
      }
      RetentionDecision decision = POLICY.decide(
          present.stream().map(Taken::snapshot).toList(),
          RetentionClock.at(morning).withLastRun(lastRun),
          undos(day));
      Set<Long> kept = decision.kept().stream()
          .map(verdict -> verdict.snapshot().sequence())
          .collect(Collectors.toSet());
      present.removeIf(each -> !kept.contains(each.sequence()));
      MORNINGS.put(day, decision);
      TAKEN.put(day, taken);
      lastRun = morning;
    }
  }

  /** What a day brings from six in the morning to six in the next. */
  private static List<Taken> takenOn(LocalDate day, int before) {
    List<Taken> taken = new ArrayList<>();
    LocalDate night = day.plusDays(1);
    if (day.getYear() < YEAR) {
      return taken;
    }
    DayOfWeek weekday = day.getDayOfWeek();
    if (day.equals(day.with(TemporalAdjusters.firstInMonth(DayOfWeek.TUESDAY)))) {
      take(taken, before, instant(day, 9, 0), Backup.BEFORE_CHANGE);
    }
    if (weekday == DayOfWeek.MONDAY || weekday == DayOfWeek.THURSDAY) {
      take(taken, before, instant(day, 10, 15), Backup.ON_CHANGE);
    }
    if (day.equals(INCIDENT)) {
      take(taken, before, instant(day, 11, 0), Backup.CORRUPT);
    }
    if (day.getDayOfMonth() == 15) {
      take(taken, before, instant(day, 12, 0), Backup.MANUAL);
    }
    if (day.equals(AUDIT)) {
      taken.add(taken.remove(taken.size() - 1).held());
    }
    if (weekday == DayOfWeek.FRIDAY) {
      take(taken, before, instant(day, 22, 0), Backup.SHUTDOWN);
    }
    take(taken, before, instant(night, 2, 0), Backup.DAILY);
    if (night.getDayOfWeek() == DayOfWeek.SUNDAY) {
      take(taken, before, instant(night, 3, 30), Backup.WEEKLY);
    }
    return taken;
  }

  private static void take(List<Taken> taken, int before, Instant started, Backup backup) {
    taken.add(Taken.at(before + taken.size() + 1L, started)
        .as(backup.purpose)
        .holding(backup.components.toArray(ComponentState[]::new)));
  }

  /** The undo of the incident's restore is discarded a week after it. */
  private static Set<SnapshotId> undos(LocalDate day) {
    if (!day.isAfter(INCIDENT) || day.isAfter(INCIDENT.plusWeeks(1))) {
      return Set.of();
    }
    return MORNINGS.values().stream()
        .flatMap(decision -> decision.kept().stream())
        .map(RetentionDecision.Verdict::snapshot)
        .filter(snapshot -> snapshot.purpose() == Purpose.QUARANTINE)
        .map(Snapshot::id)
        .collect(Collectors.toSet());
  }

  private static Instant instant(LocalDate day, int hour, int minute) {
    return day.atTime(LocalTime.of(hour, minute)).atZone(ZONE).toInstant();
  }

  @Test
  void year_everyMorning_keepsWhatThePolicyPromises() {
    MORNINGS.forEach((day, decision) -> {
      assertThat(decision.clockDoubt()).as("clock on %s", day).isEmpty();
      assertThat(decision.removed()).as("removed on %s", day).allSatisfy(verdict -> {
        Snapshot snapshot = verdict.snapshot();
        int days = snapshot.purpose().isAutomated() ? 30 : 90;
        assertThat(snapshot.started()).isBefore(instant(day, 6, 0).minus(Duration.ofDays(days)));
        assertThat(snapshot.hold()).isEmpty();
      });
    });
  }

  @Test
  void year_everyMorningInFullSwing_hasSevenDaysAndFourWeeks() {
    MORNINGS.tailMap(LocalDate.of(YEAR, Month.FEBRUARY, 15)).forEach((day, decision) -> {
      for (List<ComponentState> set : List.of(CONVERSATIONS, CONFIGURATION, EVERYTHING)) {
        assertThat(count(decision, set, Code.DAILY)).as("days on %s", day).isEqualTo(7);
        assertThat(count(decision, set, Code.WEEKLY)).as("weeks on %s", day).isEqualTo(4);
      }
    });
  }

  /** Manual ones are a few weeks apart, so the oldest of ninety days is not far off. */
  @Test
  void year_everyMorningInFullSwing_reachesBackAlmostNinetyDays() {
    MORNINGS
        .tailMap(LocalDate.of(YEAR, Month.MAY, 1))
        .forEach((day, decision) -> assertThat(decision.effectiveWindow().toDays())
            .as("window %s", day)
            .isBetween(60L, 90L));
  }

  @Test
  void year_quarantine_staysNinetyDays() {
    Set<LocalDate> present = MORNINGS.entrySet().stream()
        .filter(morning -> count(morning.getValue(), CONVERSATIONS, Code.QUARANTINE) == 1)
        .map(morning -> morning.getKey())
        .collect(Collectors.toSet());

    assertThat(present)
        .hasSize(90)
        .contains(INCIDENT.plusDays(1), INCIDENT.plusDays(90))
        .doesNotContain(INCIDENT.plusDays(91));
  }

  @Test
  void document_tableOfTheKeptByMonth_isWhatTheYearGives() throws IOException {
    assertThat(Checkout.table("retention.md", "months")).isEqualTo(keptByMonth());
  }

  @Test
  void document_tableOfTheReasonsByMonth_isWhatTheYearGives() throws IOException {
    assertThat(Checkout.table("retention.md", "reasons")).isEqualTo(reasonsByMonth());
  }

  @Test
  void document_tableOfTheKept_isWhatTheYearGives() throws IOException {
    assertThat(Checkout.table("retention.md", "kept")).isEqualTo(keptAtTheEnd());
  }

  private static long count(
      RetentionDecision decision, List<ComponentState> components, Code code) {
    return decision.kept().stream()
        .filter(verdict -> verdict.snapshot().components().equals(components) && verdict.has(code))
        .count();
  }

  /** One line a month: what was taken and removed in it, and what its last run left. */
  private static String keptByMonth() {
    List<String> titles = new ArrayList<>(List.of("end of", "taken", "removed", "kept"));
    Stream.of(Backup.values()).map(backup -> backup.title).forEach(titles::add);
    return byMonth(titles, end -> {
      LocalDate start = end.minusMonths(1);
      List<RetentionDecision.Verdict> kept = MORNINGS.get(end).kept();
      int removed = MORNINGS.subMap(start, false, end, true).values().stream()
          .mapToInt(morning -> morning.removed().size())
          .sum();
      List<Number> line = new ArrayList<>();
      line.add(TAKEN.get(end) - TAKEN.get(start));
      line.add(removed);
      line.add(kept.size());
      for (Backup backup : Backup.values()) {
        line.add(
            kept.stream().filter(verdict -> backup.took(verdict.snapshot())).count());
      }
      return line;
    });
  }

  /** One line a month: how many each reason keeps after its last run. */
  private static String reasonsByMonth() {
    List<String> titles = new ArrayList<>(List.of("end of"));
    COLUMNS.forEach(code -> titles.add(code.name()));
    return byMonth(titles, end -> {
      List<RetentionDecision.Verdict> kept = MORNINGS.get(end).kept();
      assertThat(kept)
          .flatExtracting(RetentionDecision.Verdict::reasons)
          .extracting(RetentionReason::code)
          .isSubsetOf(COLUMNS);
      return COLUMNS.stream()
          .map(code -> kept.stream().filter(verdict -> verdict.has(code)).count())
          .toList();
    });
  }

  private static String byMonth(
      List<String> titles, Function<LocalDate, List<? extends Number>> figures) {
    StringBuilder table = new StringBuilder("| " + String.join(" | ", titles) + " |\n");
    table.append("|---|").append("--:|".repeat(titles.size() - 1));
    for (Month month : Month.values()) {
      YearMonth of = YearMonth.of(YEAR, month);
      StringJoiner line = new StringJoiner(" | ", "\n| ", " |").add(of.toString());
      figures.apply(of.plusMonths(1).atDay(1)).forEach(figure -> line.add(figure.toString()));
      table.append(line);
    }
    return table.toString();
  }

  /** What is left when the year is over, by the month it was taken in. */
  private static String keptAtTheEnd() {
    TreeMap<String, Integer> lines = new TreeMap<>();
    for (RetentionDecision.Verdict verdict : MORNINGS.lastEntry().getValue().kept()) {
      Snapshot snapshot = verdict.snapshot();
      String reasons = verdict.reasons().stream()
          .map(reason -> reason.code().name())
          .collect(Collectors.joining(", "));
      YearMonth month = YearMonth.from(snapshot.started().atZone(ZONE));
      String line = month + " | " + Backup.of(snapshot).title + " | " + reasons;
      lines.merge(line, 1, Integer::sum);
    }
    StringBuilder table = new StringBuilder("| taken in | backup | reasons | snapshots |\n");
    table.append("|---|---|---|--:|");
    lines.forEach((line, number) ->
        table.append("\n| ").append(line).append(" | ").append(number).append(" |"));
    return table.toString();
  }

  private static List<ComponentState> components(String... names) {
    return Stream.of(names)
        .map(name -> Taken.component(name, BackupStatus.COMPLETE))
        .toList();
  }
}
