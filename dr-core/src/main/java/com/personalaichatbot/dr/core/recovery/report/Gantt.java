package com.personalaichatbot.dr.core.recovery.report;

import com.personalaichatbot.dr.core.recovery.runbook.StepKind;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A chart of the steps over time, with the end that a recovery may take. */
final class Gantt {
  private static final int MOST_ROWS = 40;
  private static final int ROW = 34;
  private static final int LONGEST_TITLE = 36;

  /** Where the scale ends if the limit lies beyond it; the limit is drawn behind a gap. */
  private static final double CUT = 90;

  private static final double BEYOND = 98;

  private final Instant from;
  private final long span;
  private final double width;

  private Gantt(Instant from, long span, double width) {
    this.from = from;
    this.span = span;
    this.width = width;
  }

  static void draw(Html html, List<StepReport> steps, Instant from, Duration limit) {
    List<StepReport> shown =
        steps.stream().filter(s -> s.started().isPresent()).limit(MOST_ROWS).toList();
    if (shown.isEmpty()) {
      return;
    }
    long span = Math.max(1, shown.stream().mapToLong(s -> end(s, from)).max().orElse(1));
    boolean near = limit.toMillis() <= 2 * span;
    Gantt gantt = near
        ? new Gantt(from, Math.max(span, limit.toMillis()), BEYOND)
        : new Gantt(from, span, CUT);
    int bottom = shown.size() * ROW + 8;
    Svg svg = Svg.begin(
        html,
        bottom + 44,
        "Steps over time, and the objective",
        shown.size() + " steps in " + Html.words(Duration.ofMillis(span)) + "; objective "
            + Html.words(limit));
    gantt.scale(svg, bottom);
    for (int i = 0; i < shown.size(); i++) {
      gantt.step(svg, shown.get(i), i * ROW);
    }
    double at = near ? gantt.x(limit.toMillis()) : BEYOND;
    svg.line(at, 0, at, bottom, "limit");
    svg.text("RTO " + Html.words(limit), at > 50 ? 100 : at, bottom + 34, end(at));
    if (!near) {
      svg.text("⋯", (CUT + BEYOND) / 2, bottom + 5, Svg.Anchor.MIDDLE);
    }
    svg.end("bar", "by the program", "wait", "by a person", "failed", "failed or stopped");
  }

  private static Svg.Anchor end(double at) {
    return at > 50 ? Svg.Anchor.END : Svg.Anchor.START;
  }

  private static long end(StepReport step, Instant from) {
    return Duration.between(from, step.started().orElseThrow().plus(step.duration()))
        .toMillis();
  }

  private double x(long millis) {
    return width * Math.max(0, millis) / span;
  }

  private void scale(Svg svg, int bottom) {
    svg.line(0, bottom, width, bottom, "axis");
    for (int quarter = 0; quarter <= 4; quarter += 2) {
      double at = width * quarter / 4;
      svg.line(at, 0, at, bottom, "axis");
      svg.text(
          Html.words(Duration.ofMillis(span * quarter / 4)),
          at,
          bottom + 16,
          quarter == 0 ? Svg.Anchor.START : quarter == 4 ? Svg.Anchor.END : Svg.Anchor.MIDDLE);
    }
  }

  private void step(Svg svg, StepReport step, int y) {
    String title = step.title();
    String cut =
        title.length() <= LONGEST_TITLE ? title : title.substring(0, LONGEST_TITLE - 1) + "…";
    svg.text(cut + ", " + Html.words(step.duration()), 0, y + 13, Svg.Anchor.START);
    double begin = x(Duration.between(from, step.started().orElseThrow()).toMillis());
    double wide = Math.max(0.5, x(step.duration().toMillis()));
    svg.bar(Math.min(begin, width - 0.5), y + 18, wide, 11, type(step));
  }

  private static String type(StepReport step) {
    if (step.status() == StepStatus.FAILED || step.status() == StepStatus.STOPPED) {
      return "failed";
    }
    return step.kind() == StepKind.MANUAL || step.kind() == StepKind.APPROVE ? "wait" : "bar";
  }
}
