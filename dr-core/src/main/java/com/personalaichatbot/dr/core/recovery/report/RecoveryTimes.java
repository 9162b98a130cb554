package com.personalaichatbot.dr.core.recovery.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import java.time.Duration;
import java.util.List;

/** The duration of each drill and recovery, oldest first. */
final class RecoveryTimes {
  private static final int MOST = 24;
  private static final int MOST_LABELS = 6;
  private static final int TOP = 40;
  private static final int HEIGHT = 120;

  private final List<RunReport> runs;
  private final Duration limit;

  /**
   * @param history oldest first; what did not recover has no time
   * @param limit how long it may take
   */
  RecoveryTimes(List<RunReport> history, Duration limit) {
    List<RunReport> timed = history.stream()
        .filter(r -> r.status() == RunStatus.RECOVERED && r.recoveryTime().isPresent())
        .toList();
    this.runs = timed.subList(Math.max(0, timed.size() - MOST), timed.size());
    this.limit = limit;
  }

  private static Duration time(RunReport run) {
    return run.recoveryTime().orElseThrow();
  }

  void write(Html html) {
    if (runs.isEmpty()) {
      return;
    }
    html.element("h2", "Recovery times: drills and recoveries so far");
    draw(html);
    html.narrowTable("when", "what", "mode", "time");
    for (RunReport run : runs) {
      html.row(
          Html.day(run.started()),
          run.title(),
          run.mode() == RunMode.DRILL ? "drill" : "live",
          Html.words(time(run)));
    }
    html.endTable();
  }

  private void draw(Html html) {
    long highest = runs.stream().mapToLong(r -> time(r).toMillis()).max().orElse(1);
    boolean near = limit.toMillis() <= 2 * highest;
    double top = Math.max(1, near ? Math.max(highest, limit.toMillis()) : highest);
    Svg svg = Svg.begin(
        html,
        TOP + HEIGHT + 22,
        "Time of each drill and recovery",
        runs.size() + " runs, the last " + Html.words(time(runs.get(runs.size() - 1)))
            + "; objective " + Html.words(limit));
    double at = near ? TOP + HEIGHT - HEIGHT * limit.toMillis() / top : 16;
    svg.line(0, at, 100, at, "limit");
    svg.text(
        "RTO " + Html.words(limit) + (near ? "" : ", far above this scale"),
        0,
        at - 4,
        Svg.Anchor.START);
    double step = 100.0 / Math.max(4, runs.size());
    for (int i = 0; i < runs.size(); i++) {
      RunReport run = runs.get(i);
      double height = Math.max(2, HEIGHT * time(run).toMillis() / top);
      svg.bar(
          i * step + step * 0.15,
          TOP + HEIGHT - height,
          step * 0.7,
          height,
          time(run).compareTo(limit) > 0 ? "failed" : run.mode() == RunMode.DRILL ? "wait" : "bar");
      if (runs.size() <= MOST_LABELS) {
        svg.text(
            Html.words(time(run)),
            i * step + step / 2,
            TOP + HEIGHT - height - 4,
            Svg.Anchor.MIDDLE);
      }
    }
    svg.line(0, TOP + HEIGHT, 100, TOP + HEIGHT, "axis");
    svg.text(Html.day(runs.get(0).started()), 0, TOP + HEIGHT + 16, Svg.Anchor.START);
    if (runs.size() > 1) {
      svg.text(
          Html.day(runs.get(runs.size() - 1).started()),
          Math.min(100, runs.size() * step),
          TOP + HEIGHT + 16,
          Svg.Anchor.END);
    }
    svg.end("wait", "drill", "bar", "live", "failed", "longer than the objective");
  }

  void json(ArrayNode array) {
    for (RunReport run : runs) {
      array
          .addObject()
          .put("incident", run.incident())
          .put("runbook", run.runbook())
          .put("mode", run.mode().name())
          .put("started", run.started().toString())
          .put("rtoMillis", time(run).toMillis())
          .put("targetMillis", limit.toMillis());
    }
  }
}
