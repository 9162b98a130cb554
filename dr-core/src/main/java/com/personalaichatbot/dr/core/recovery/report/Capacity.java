package com.personalaichatbot.dr.core.recovery.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.health.trend.Forecast;
import com.personalaichatbot.dr.health.trend.Forecast.Outlook;
import com.personalaichatbot.dr.health.trend.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The use of the repository's volume over the last 30 days and the next 30, with the band in which
 * that is likely; and the size of the repository itself.
 */
final class Capacity {
  private static final int DAYS = 30;
  private static final int TOP = 18;
  private static final int HEIGHT = 200;
  private static final int[] LIMITS = {80, 90, 100};
  private static final int[] AHEAD = {0, 7, 14, 30};

  private final List<Sample> space;
  private final Forecast percent;
  private final Forecast size;
  private final Instant now;

  /**
   * @param space how full the volume is, in per cent
   * @param size how large the repository is, in bytes; may be empty
   */
  Capacity(List<Sample> space, List<Sample> size, Instant now) {
    this.space = space;
    this.percent = Forecast.of(space, now);
    this.size = Forecast.of(size, now);
    this.now = now;
  }

  void write(Html html) {
    html.element("h2", "Room for backups");
    if (space.isEmpty()) {
      html.element(
          "p", "Nothing was measured yet: give the checks of the repository a trend" + " store.");
      return;
    }
    draw(html);
    html.element("p", outlook());
    boolean known = percent.outlook() != Outlook.NOT_ENOUGH_DATA;
    html.narrowTable("in", "volume", "at least", "at most", "backups");
    for (int days : known ? AHEAD : new int[] {0}) {
      html.row(
          days == 0 ? "now" : days + " days",
          full(percent.level() + percent.perDay() * days),
          full(percent.level() + percent.perDayLow() * days),
          full(percent.level() + percent.perDayHigh() * days),
          size.days() == 0 ? "–" : Html.bytes(size.level() + size.perDay() * days));
    }
    html.endTable();
    if (percent.outlook() == Outlook.GROWING) {
      html.narrowTable("full to", "likely in", "earliest", "latest");
      for (int limit : LIMITS) {
        percent
            .daysTo(limit)
            .ifPresent(days -> html.row(
                limit + " %", words(days.likely()), words(days.earliest()), words(days.latest())));
      }
      html.endTable();
    }
  }

  private String outlook() {
    return switch (percent.outlook()) {
      case NOT_ENOUGH_DATA ->
        "There are " + percent.days()
            + " days of history, too few for a forecast: five are needed.";
      case STEADY -> "It does not grow in a way that could be told from none.";
      case SHRINKING -> "It shrinks.";
      case GROWING ->
        String.format(Locale.ROOT, "It grows by %.2f %% of the volume a day.", percent.perDay());
    };
  }

  private static String full(double percent) {
    return String.format(Locale.ROOT, "%.1f %%", Math.min(100, Math.max(0, percent)));
  }

  private static String words(double days) {
    return days > 3650 ? "over 10 years" : Math.round(days) + " days";
  }

  private void draw(Html html) {
    int bottom = TOP + HEIGHT;
    Svg svg = Svg.begin(
        html,
        bottom + 22,
        "How full the volume of the repository is",
        "now " + full(percent.level()) + ", "
            + percent.outlook().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    svg.canvas(TOP, HEIGHT);
    if (percent.outlook() != Outlook.NOT_ENOUGH_DATA) {
      svg.path(
          "M" + at(0, percent.level()) + "L" + at(DAYS, ahead(percent.perDayLow())) + "L"
              + at(DAYS, ahead(percent.perDayHigh())) + "Z",
          "band");
      svg.path("M" + at(0, percent.level()) + "L" + at(DAYS, ahead(percent.perDay())), "ahead");
    }
    svg.path(history(), "curve").endCanvas();
    for (int limit : LIMITS) {
      double y = bottom - HEIGHT * limit / 100.0;
      svg.line(0, y, 100, y, limit == 80 ? "axis" : "limit");
      svg.text(limit + " %", 0, y - 3, Svg.Anchor.START);
    }
    svg.line(0, bottom, 100, bottom, "axis").line(50, TOP, 50, bottom, "axis");
    svg.text("30 days ago", 0, bottom + 16, Svg.Anchor.START);
    svg.text("now", 50, bottom + 16, Svg.Anchor.MIDDLE);
    svg.text("in 30 days", 100, bottom + 16, Svg.Anchor.END);
    svg.end("curve", "measured", "ahead", "likely", "band", "95 % of what may be");
  }

  private double ahead(double perDay) {
    return percent.level() + perDay * DAYS;
  }

  private String history() {
    StringBuilder path = new StringBuilder();
    for (Sample sample : space) {
      double day = Duration.between(now, sample.start()).toMinutes() / 1440.0;
      if (day >= -DAYS) {
        path.append(path.length() == 0 ? 'M' : 'L').append(at(day, sample.maximum()));
      }
    }
    return path.toString();
  }

  /** A place on the canvas; now is in its middle. */
  private static String at(double day, double percent) {
    double y = Math.min(100, Math.max(0, percent));
    return Svg.number(Svg.SIDE * (day + DAYS) / (2.0 * DAYS)) + " "
        + Svg.number(Svg.SIDE * (1 - y / 100));
  }

  void json(ObjectNode json) {
    json.put("outlook", percent.outlook().name()).put("days", percent.days());
    if (space.isEmpty()) {
      return;
    }
    json.put("usedPercent", percent.level())
        .put("percentPerDay", percent.perDay())
        .put("percentPerDayLow", percent.perDayLow())
        .put("percentPerDayHigh", percent.perDayHigh());
    if (size.days() > 0) {
      json.put("repositoryBytes", size.level()).put("bytesPerDay", size.perDay());
    }
    ArrayNode limits = json.putArray("limits");
    for (int limit : LIMITS) {
      Optional<Forecast.Days> days = percent.daysTo(limit);
      limits
          .addObject()
          .put("percent", limit)
          .put("earliestDays", days.map(Forecast.Days::earliest).orElse(null))
          .put("likelyDays", days.map(Forecast.Days::likely).orElse(null))
          .put("latestDays", days.map(Forecast.Days::latest).orElse(null));
    }
  }
}
