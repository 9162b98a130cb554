package com.personalaichatbot.dr.core.recovery.report;

import com.personalaichatbot.dr.core.recovery.StepKind;
import com.personalaichatbot.dr.core.recovery.StepReport;
import com.personalaichatbot.dr.core.recovery.StepStatus;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Charts as inline SVG, each with a title and a description for who cannot see it. */
final class Charts {
  private static final int WIDTH = 720;
  private static final int LABELS = 190;
  private static final int ROW = 22;
  private static final int MOST_ROWS = 40;
  private static final int HEIGHT = 180;

  private Charts() {}

  /**
   * When each step ran, and how long.
   *
   * @param limit the time that the recovery may take, drawn where it falls into the chart
   */
  static void gantt(Html html, List<StepReport> steps, Instant from, Duration limit) {
    List<StepReport> shown =
        steps.stream().filter(s -> s.started().isPresent()).limit(MOST_ROWS).toList();
    if (shown.isEmpty()) {
      return;
    }
    long span = 1;
    for (StepReport step : shown) {
      span = Math.max(
          span,
          Duration.between(from, step.started().get().plus(step.duration())).toMillis());
    }
    int height = shown.size() * ROW + 26;
    begin(
        html,
        height,
        "Steps over time",
        shown.size() + " steps in " + Html.words(Duration.ofMillis(span)));
    int y = 4;
    for (StepReport step : shown) {
      double begin = x(Duration.between(from, step.started().get()).toMillis(), span);
      double wide = Math.max(2, x(step.duration().toMillis(), span) - LABELS);
      label(html, 0, y + 15, cut(step.title()));
      html.empty(
          "rect",
          "x",
          number(begin),
          "y",
          number(y + 3.0),
          "width",
          number(wide),
          "height",
          "15",
          "rx",
          "2",
          "class",
          type(step));
      double end = begin + wide + 5;
      boolean inside = end > WIDTH - 60;
      html.element(
          "text",
          Html.words(step.duration()),
          "x",
          number(inside ? begin - 5 : end),
          "y",
          number(y + 15.0),
          "text-anchor",
          inside ? "end" : "start");
      y += ROW;
    }
    if (limit.toMillis() <= span) {
      double at = x(limit.toMillis(), span);
      html.empty(
          "line", "x1", number(at), "x2", number(at), "y1", "0", "y2", number(y), "class", "limit");
      html.element(
          "text",
          "objective " + Html.words(limit),
          "x",
          number(at - 4),
          "y",
          number(y + 16.0),
          "text-anchor",
          "end");
    } else {
      html.element(
          "text",
          "objective " + Html.words(limit) + ", far to the right",
          "x",
          number(WIDTH),
          "y",
          number(y + 16.0),
          "text-anchor",
          "end");
    }
    html.close();
  }

  private static String type(StepReport step) {
    if (step.status() == StepStatus.FAILED || step.status() == StepStatus.STOPPED) {
      return "failed";
    }
    return step.kind() == StepKind.MANUAL || step.kind() == StepKind.APPROVE ? "wait" : "bar";
  }

  private static double x(long millis, long span) {
    return LABELS + (WIDTH - LABELS - 2.0) * Math.min(millis, span) / span;
  }

  /** How old the newest verified snapshot was, over the last 30 days. */
  static void staircase(Html html, List<Snapshot> verified, Instant now, Duration limit) {
    Instant since = now.minus(Duration.ofDays(30));
    List<Snapshot> seen =
        verified.stream().filter(s -> s.started().isBefore(now)).toList();
    long highest = limit.toMillis() * 2;
    List<double[]> points = new ArrayList<>();
    Instant newest = null;
    for (Snapshot snapshot : seen) {
      if (newest != null && snapshot.started().isAfter(since)) {
        Instant from = newest.isBefore(since) ? since : newest;
        points.add(point(from, newest, since, now, highest));
        points.add(point(snapshot.started(), newest, since, now, highest));
      }
      newest = snapshot.started();
    }
    if (newest == null) {
      return;
    }
    points.add(point(newest.isBefore(since) ? since : newest, newest, since, now, highest));
    points.add(point(now, newest, since, now, highest));
    begin(
        html,
        HEIGHT + 24,
        "Age of the newest verified snapshot over 30 days",
        "now " + Html.words(Duration.between(newest, now)) + ", objective " + Html.words(limit));
    StringBuilder path = new StringBuilder();
    for (double[] point : points) {
      path.append(path.length() == 0 ? "M" : "L")
          .append(number(point[0]))
          .append(' ')
          .append(number(point[1]));
    }
    double at = HEIGHT - HEIGHT * limit.toMillis() / (double) highest;
    html.empty(
        "line",
        "x1",
        "0",
        "x2",
        number(WIDTH),
        "y1",
        number(at),
        "y2",
        number(at),
        "class",
        "limit");
    html.element("text", "objective " + Html.words(limit), "x", "4", "y", number(at - 4));
    html.empty("path", "d", path.toString(), "class", "curve");
    html.empty(
        "line",
        "x1",
        "0",
        "x2",
        number(WIDTH),
        "y1",
        number(HEIGHT),
        "y2",
        number(HEIGHT),
        "class",
        "axis");
    html.element("text", "30 days ago", "x", "0", "y", number(HEIGHT + 16.0));
    html.element(
        "text", "now", "x", number(WIDTH), "y", number(HEIGHT + 16.0), "text-anchor", "end");
    html.close();
  }

  private static double[] point(
      Instant at, Instant newest, Instant since, Instant now, long highest) {
    double x = WIDTH
        * (double) Duration.between(since, at).toMillis()
        / Duration.between(since, now).toMillis();
    double age = Math.min(highest, Duration.between(newest, at).toMillis());
    return new double[] {x, HEIGHT - HEIGHT * age / highest};
  }

  /** How long each drill or recovery took, oldest first. */
  static void trend(Html html, List<Duration> times) {
    if (times.size() < 2) {
      return;
    }
    long highest = times.stream().mapToLong(Duration::toMillis).max().orElse(1);
    begin(
        html,
        HEIGHT + 4,
        "Time of each drill and recovery",
        times.size() + " runs, the last " + Html.words(times.get(times.size() - 1)));
    double step = WIDTH / (double) times.size();
    for (int i = 0; i < times.size(); i++) {
      double height = Math.max(2, (HEIGHT - 20.0) * times.get(i).toMillis() / Math.max(1, highest));
      html.empty(
          "rect",
          "x",
          number(i * step + step * 0.15),
          "y",
          number(HEIGHT - height),
          "width",
          number(step * 0.7),
          "height",
          number(height),
          "class",
          "bar");
      if (times.size() <= 12) {
        html.element(
            "text",
            Html.words(times.get(i)),
            "x",
            number(i * step + step / 2),
            "y",
            number(HEIGHT - height - 4),
            "text-anchor",
            "middle");
      }
    }
    html.close();
  }

  private static void begin(Html html, int height, String title, String description) {
    html.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "viewBox",
        "0 0 " + WIDTH + " " + height,
        "role",
        "img");
    html.element("title", title);
    html.element("desc", description);
  }

  private static void label(Html html, int x, int y, String text) {
    html.element("text", text, "x", number(x), "y", number(y));
  }

  private static String cut(String text) {
    return text.length() <= 28 ? text : text.substring(0, 27) + "…";
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }
}
