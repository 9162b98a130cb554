package com.personalaichatbot.dr.core.recovery.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.personalaichatbot.dr.core.snapshot.RetentionDecision;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.Trust;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * A calendar of the snapshots, a square for each day of the last weeks: how far the best of the day
 * can be relied on, whether it is held, and whether all of it goes at the next prune.
 */
final class SnapshotCalendar {
  private static final int WEEKS = 13;
  private static final double COLUMN = 100.0 / (WEEKS + 1);
  private static final int ROW = 24;
  private static final int TOP = 18;

  private final LocalDate today;
  private final LocalDate monday;
  private final TreeMap<LocalDate, Day> days = new TreeMap<>();

  /** The snapshots of one day, and how many of them go. */
  private static final class Day {
    private final List<Snapshot> snapshots = new ArrayList<>();
    private int going;

    private Trust best() {
      return snapshots.stream()
          .map(Snapshot::trust)
          .max(Comparator.comparingInt(SnapshotCalendar::rank))
          .orElseThrow();
    }

    private long good() {
      return snapshots.stream().filter(s -> s.trust().isGood()).count();
    }

    private long suspect() {
      return snapshots.stream().filter(s -> s.trust() == Trust.SUSPECT).count();
    }

    private long held() {
      return snapshots.stream().filter(s -> s.hold().isPresent()).count();
    }

    private void add(Day other) {
      snapshots.addAll(other.snapshots);
      going += other.going;
    }
  }

  SnapshotCalendar(RetentionDecision retention, Instant now) {
    today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    monday = today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).minusWeeks(WEEKS - 1L);
    retention.kept().forEach(verdict -> day(verdict.snapshot()));
    retention.removed().forEach(verdict -> day(verdict.snapshot()).going++);
  }

  private Day day(Snapshot snapshot) {
    LocalDate date = LocalDate.ofInstant(snapshot.started(), ZoneOffset.UTC);
    Day day = days.computeIfAbsent(date, d -> new Day());
    day.snapshots.add(snapshot);
    return day;
  }

  private static int rank(Trust trust) {
    return switch (trust) {
      case SUSPECT -> 0;
      case UNVERIFIED -> 1;
      case VERIFIED -> 2;
      case PROVEN -> 3;
    };
  }

  private TreeMap<LocalDate, Day> weeks() {
    TreeMap<LocalDate, Day> weeks = new TreeMap<>();
    days.tailMap(monday, true)
        .forEach((date, day) -> weeks
            .computeIfAbsent(
                date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)), d -> new Day())
            .add(day));
    return weeks;
  }

  void write(Html html, String rules) {
    html.element("h2", "Snapshots, and how long they stay");
    html.element(
        "p",
        "Kept by: " + rules + ". What is held stays in any case; good is what is verified or"
            + " proven.",
        "class",
        "soft");
    draw(html);
    html.narrowTable("week from", "all", "good", "suspect", "held", "to go");
    weeks()
        .descendingMap()
        .forEach((date, week) -> html.row(
            date.toString(),
            Integer.toString(week.snapshots.size()),
            Long.toString(week.good()),
            Long.toString(week.suspect()),
            Long.toString(week.held()),
            Integer.toString(week.going)));
    html.endTable();
    long older = days.headMap(monday, false).values().stream()
        .mapToLong(d -> d.snapshots.size())
        .sum();
    if (older > 0) {
      html.element("p", older + " more are older than that.", "class", "soft");
    }
  }

  private void draw(Html html) {
    int bottom = TOP + 7 * ROW;
    Svg svg = Svg.begin(
        html,
        bottom,
        "Snapshots of the last " + WEEKS + " weeks",
        days.tailMap(monday, true).size() + " of " + (ChronoUnit.DAYS.between(monday, today) + 1)
            + " days have one");
    for (DayOfWeek day : DayOfWeek.values()) {
      svg.text(
          day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH).substring(0, 2),
          0,
          TOP + (day.getValue() - 1) * ROW + 15,
          Svg.Anchor.START);
    }
    for (LocalDate date = monday; !date.isAfter(today); date = date.plusDays(1)) {
      long week = ChronoUnit.WEEKS.between(monday, date);
      double x = COLUMN * (week + 1);
      int y = TOP + (date.getDayOfWeek().getValue() - 1) * ROW;
      if (date.getDayOfMonth() == 1 || date.equals(monday) && date.getDayOfMonth() < 20) {
        svg.text(
            date.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH),
            x,
            TOP - 6,
            Svg.Anchor.START);
      }
      square(svg, days.get(date), x, y);
    }
    svg.end(
        "proven",
        "P proven by a drill",
        "verified",
        "V verified",
        "unverified",
        "U not verified",
        "suspect",
        "S suspect",
        "goes",
        "goes at the next prune",
        "none",
        "H: held");
  }

  private static void square(Svg svg, Day day, double x, int y) {
    if (day == null) {
      svg.bar(x, y, COLUMN * 0.9, ROW - 3, "none");
      return;
    }
    boolean goes = day.going == day.snapshots.size();
    String trust = day.best().name();
    svg.bar(
        x,
        y,
        COLUMN * 0.9,
        ROW - 3,
        "day " + trust.toLowerCase(Locale.ROOT) + (goes ? " goes" : ""));
    svg.text(
        trust.charAt(0) + (day.held() > 0 ? "H" : ""),
        x + COLUMN * 0.45,
        y + 15,
        Svg.Anchor.MIDDLE);
  }

  void json(ArrayNode array) {
    days.forEach((date, day) -> array
        .addObject()
        .put("day", date.toString())
        .put("snapshots", day.snapshots.size())
        .put("best", day.best().name())
        .put("held", day.held())
        .put("removedByNextPrune", day.going));
  }
}
