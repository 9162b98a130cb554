package com.personalaichatbot.dr.core.recovery.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.personalaichatbot.dr.core.recovery.objective.Objective;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The age of the newest verified snapshot of each component over the last 30 days: a staircase that
 * climbs with the time and falls when a snapshot is there. Components with the same snapshots and
 * the same objective share one.
 */
final class RecoveryPoints {
  private static final Duration SHOWN = Duration.ofDays(30);
  private static final int HEIGHT = 96;

  private final List<Series> all;
  private final Instant now;
  private final Instant since;

  /**
   * The ages of one component.
   *
   * @param good its good snapshots, oldest first
   */
  private record Series(String component, Duration limit, List<Snapshot> good) {}

  /** One tooth: from when to when a snapshot was the newest, and from when its data is. */
  private record Tooth(Instant from, Instant to, Instant captured) {
    Duration highest() {
      return Duration.between(captured, to);
    }
  }

  RecoveryPoints(List<ObjectiveResult> objectives, List<Snapshot> snapshots, Instant now) {
    this.now = now;
    this.since = now.minus(SHOWN);
    this.all = objectives.stream()
        .map(ObjectiveResult::objective)
        .filter(objective -> objective.kind() == Objective.Kind.RPO)
        .map(objective -> new Series(
            objective.scope(),
            objective.target(),
            snapshots.stream()
                .filter(s -> s.isGoodFor(objective.scope()) && s.finished().isBefore(now))
                .toList()))
        .toList();
  }

  private List<Tooth> teeth(Series series) {
    List<Tooth> teeth = new ArrayList<>();
    for (int i = 0; i < series.good.size(); i++) {
      Instant to = i + 1 < series.good.size() ? series.good.get(i + 1).finished() : now;
      Instant from = series.good.get(i).finished();
      if (to.isAfter(since)) {
        teeth.add(new Tooth(
            from.isBefore(since) ? since : from, to, series.good.get(i).started()));
      }
    }
    return teeth;
  }

  private Optional<Duration> age(Series series) {
    return series.good.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.between(series.good.get(series.good.size() - 1).started(), now));
  }

  /** The oldest that the newest verified snapshot ever was. */
  private Optional<Duration> highest(Series series) {
    return teeth(series).stream().map(Tooth::highest).max(Duration::compareTo);
  }

  /** How much of the time since the first snapshot shown the objective was missed. */
  private double missed(Series series) {
    long missed = 0;
    long known = 0;
    for (Tooth tooth : teeth(series)) {
      known += Duration.between(tooth.from, tooth.to).toMillis();
      Instant limit = tooth.captured.plus(series.limit);
      Instant from = limit.isBefore(tooth.from) ? tooth.from : limit;
      missed += Math.max(0, Duration.between(from, tooth.to).toMillis());
    }
    return known == 0 ? 1 : (double) missed / known;
  }

  void write(Html html) {
    if (all.isEmpty()) {
      return;
    }
    html.element("h2", "Recovery points: how old is what could be restored");
    Map<List<?>, List<Series>> alike = new LinkedHashMap<>();
    all.forEach(series -> alike
        .computeIfAbsent(List.of(series.limit, teeth(series)), key -> new ArrayList<>())
        .add(series));
    alike.values().forEach(same -> draw(html, same));
    html.narrowTable("component", "age now", "target", "oldest", "missed");
    for (Series series : all) {
      html.row(
          series.component,
          age(series).map(Html::words).orElse("none"),
          Html.words(series.limit),
          highest(series).map(Html::words).orElse("–"),
          Html.percent(missed(series)));
    }
    html.endTable();
  }

  private void draw(Html html, List<Series> same) {
    Series series = same.get(0);
    List<Tooth> teeth = teeth(series);
    if (teeth.isEmpty()) {
      return;
    }
    long limit = series.limit.toMillis();
    long top = Math.max(
        limit * 5 / 4, Math.min(limit * 3, highest(series).orElseThrow().toMillis()));
    Svg svg = Svg.begin(
        html,
        HEIGHT + 22,
        String.join(", ", same.stream().map(Series::component).toList())
            + ": age of the newest verified snapshot",
        "now " + Html.words(age(series).orElseThrow()) + ", objective " + Html.words(series.limit));
    double at = HEIGHT - (double) HEIGHT * limit / top;
    svg.canvas(0, HEIGHT);
    StringBuilder within = new StringBuilder();
    StringBuilder over = new StringBuilder();
    for (Tooth tooth : teeth) {
      Instant crossing = tooth.captured.plus(series.limit);
      Instant turn = crossing.isBefore(tooth.from)
          ? tooth.from
          : crossing.isBefore(tooth.to) ? crossing : tooth.to;
      rise(within, tooth, tooth.from, turn, top);
      rise(over, tooth, turn, tooth.to, top);
    }
    svg.path(within, "area").path(over, "area over").endCanvas();
    svg.line(0, at, 100, at, "limit");
    svg.line(0, HEIGHT, 100, HEIGHT, "axis");
    svg.text("30 days ago", 0, HEIGHT + 16, Svg.Anchor.START);
    svg.text("now", 100, HEIGHT + 16, Svg.Anchor.END);
    svg.end(
        "area", "held", "area over", "missed", "limit", "objective " + Html.words(series.limit));
  }

  /** One climb, as a surface down to the ground. */
  private void rise(StringBuilder path, Tooth tooth, Instant from, Instant to, long top) {
    if (from.isBefore(to)) {
      path.append('M').append(x(from)).append(' ').append(Svg.SIDE);
      path.append('V').append(y(tooth, from, top));
      path.append('L').append(x(to)).append(' ').append(y(tooth, to, top));
      path.append('V').append(Svg.SIDE).append('Z');
    }
  }

  private String x(Instant time) {
    double share = (double) Duration.between(since, time).toMillis() / SHOWN.toMillis();
    return Svg.number(Svg.SIDE * share);
  }

  private String y(Tooth tooth, Instant time, long top) {
    double age = Math.min(top, Duration.between(tooth.captured, time).toMillis());
    return Svg.number(Svg.SIDE * (1 - age / top));
  }

  void json(ArrayNode array) {
    for (Series series : all) {
      array
          .addObject()
          .put("component", series.component)
          .put("targetMillis", series.limit.toMillis())
          .put("ageMillis", Json.millis(age(series)))
          .put("highestMillis", Json.millis(highest(series)))
          .put("missedShare", missed(series));
    }
  }
}
