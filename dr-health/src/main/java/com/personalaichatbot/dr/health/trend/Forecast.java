package com.personalaichatbot.dr.health.trend;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The trend of a figure. The slope is that of Theil and Sen, the median of the slopes between all
 * pairs of days, taken over the daily minima: neither an outlier nor the saw teeth of log rotation
 * and retention bend it. Its band is the usual 95 % interval by rank (Sen, "Estimates of the
 * regression coefficient based on Kendall's tau", 1968). A single jump, larger by far than any
 * other change from one day to the next, is no slope: the history before it does not count. The
 * level is the highest of the last week, each day carried on to today, because it is the tip of a
 * tooth that hits the limit first.
 *
 * @param outlook what can be said
 * @param level the level today
 * @param perDay the likely change in a day
 * @param perDayLow the lower end of its band
 * @param perDayHigh the upper end of its band
 * @param days how many days of history it rests on
 */
public record Forecast(
    Outlook outlook, double level, double perDay, double perDayLow, double perDayHigh, int days) {

  private static final int MIN_DAYS = 5;
  private static final int MAX_DAYS = 90;
  private static final int WEEK = 7;
  private static final double JUMP = 5;
  private static final double Z95 = 1.96;
  private static final long DAY_SECONDS = Duration.ofDays(1).toSeconds();

  /** The prospect of a figure. */
  public enum Outlook {
    /** Fewer than five days of history, or fewer since the last jump. */
    NOT_ENOUGH_DATA,
    /** No growth that can be told from none. */
    STEADY,
    /** It grows. */
    GROWING,
    /** It shrinks. */
    SHRINKING
  }

  /**
   * The days until a limit is reached.
   *
   * @param earliest in how many days at the earliest
   * @param likely in how many days most likely
   * @param latest in how many days at the latest
   */
  public record Days(double earliest, double likely, double latest) {}

  /**
   * Draws the line through a history.
   *
   * @param samples the history in any order; only the last 90 days count
   * @param now the present
   * @return the forecast
   */
  public static Forecast of(List<Sample> samples, Instant now) {
    long today = Math.floorDiv(now.getEpochSecond(), DAY_SECONDS);
    TreeMap<Long, Sample> days = new TreeMap<>();
    for (Sample sample : samples) {
      long day = Math.floorDiv(sample.start().getEpochSecond(), DAY_SECONDS);
      if (day <= today && day > today - MAX_DAYS) {
        days.merge(day, sample, Sample::and);
      }
    }
    double[] x = days.keySet().stream().mapToDouble(day -> day).toArray();
    double[] y = days.values().stream().mapToDouble(Sample::minimum).toArray();
    int from = afterJump(x, y);
    x = Arrays.copyOfRange(x, from, x.length);
    y = Arrays.copyOfRange(y, from, y.length);
    OptionalDouble peak =
        days.values().stream().skip(from).mapToDouble(Sample::maximum).reduce((a, b) -> b);
    if (x.length < MIN_DAYS) {
      return new Forecast(Outlook.NOT_ENOUGH_DATA, peak.orElse(0), 0, 0, 0, x.length);
    }
    double[] slopes = slopes(x, y);
    double slope = median(slopes);
    double margin = margin(x.length);
    double low = slopes[(int) Math.max(0, Math.round((slopes.length - margin) / 2) - 1)];
    double high =
        slopes[(int) Math.min(slopes.length - 1, Math.round((slopes.length + margin) / 2))];
    Outlook outlook = low > 0 ? Outlook.GROWING : high < 0 ? Outlook.SHRINKING : Outlook.STEADY;
    double level = level(days, today, slope);
    return new Forecast(outlook, level, slope, low, high, x.length);
  }

  /**
   * In how many days a limit is reached, if things go on as they do.
   *
   * @param limit the limit, above which is too much
   * @return zero days if it is passed already; empty if there is not enough data or nothing grows
   */
  public Optional<Days> daysTo(double limit) {
    if (outlook == Outlook.NOT_ENOUGH_DATA) {
      return Optional.empty();
    }
    if (level >= limit) {
      return Optional.of(new Days(0, 0, 0));
    }
    double left = limit - level;
    return outlook == Outlook.GROWING
        ? Optional.of(new Days(left / perDayHigh, left / perDay, left / perDayLow))
        : Optional.empty();
  }

  private static double level(TreeMap<Long, Sample> days, long today, double slope) {
    double level = Double.NEGATIVE_INFINITY;
    for (Map.Entry<Long, Sample> day :
        days.tailMap(days.lastKey() - WEEK, false).entrySet()) {
      level = Math.max(level, day.getValue().maximum() + slope * (today - day.getKey()));
    }
    return level;
  }

  /** The index of the first day after the last jump, or 0. */
  private static int afterJump(double[] x, double[] y) {
    int jump = 0;
    double largest = 0;
    double second = 0;
    for (int i = 1; i < y.length; i++) {
      double change = Math.abs(y[i] - y[i - 1]) / (x[i] - x[i - 1]);
      if (change > largest) {
        second = largest;
        largest = change;
        jump = i;
      } else {
        second = Math.max(second, change);
      }
    }
    return y.length > 2 && largest > JUMP * second ? jump : 0;
  }

  private static double[] slopes(double[] x, double[] y) {
    List<Double> slopes = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      for (int j = i + 1; j < x.length; j++) {
        slopes.add((y[j] - y[i]) / (x[j] - x[i]));
      }
    }
    return slopes.stream().mapToDouble(slope -> slope).sorted().toArray();
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double margin(int n) {
    return Z95 * Math.sqrt(n * (n - 1.0) * (2.0 * n + 5) / 18);
  }
}
