package com.personalaichatbot.dr.health.trend;

import static java.util.Objects.requireNonNull;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.trend.Forecast.Days;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/**
 * Another check with a memory: it runs that check, records one of its figures and adds where the
 * figure is going. For a percentage it adds the days to 80, 90 and 100 %, and a check that is UP
 * becomes DEGRADED when 90 % is likely within 14 days.
 *
 * <pre>{@code
 * monitor.register("disk", TrendCheck.percent(trends, "disk", DiskCheck.of(data), "usedPercent", clock));
 * }</pre>
 */
public final class TrendCheck implements HealthCheck {

  private static final double SOON_DAYS = 14;
  private static final int[] LIMITS = {80, 90, 100};

  private final TrendStore store;
  private final String series;
  private final HealthCheck check;
  private final String figure;
  private final boolean percent;
  private final Clock clock;

  private TrendCheck(
      TrendStore store,
      String series,
      HealthCheck check,
      String figure,
      boolean percent,
      Clock clock) {
    this.store = requireNonNull(store, "store");
    this.series = requireNonNull(series, "series");
    this.check = requireNonNull(check, "check");
    this.figure = requireNonNull(figure, "figure");
    this.percent = percent;
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * Remembers a percentage.
   *
   * @param store where to remember it
   * @param series under which name
   * @param check the check that finds it
   * @param figure the name of the figure in the details of that check's results
   * @param clock the present; the same as the store's
   * @return the check
   */
  public static TrendCheck percent(
      TrendStore store, String series, HealthCheck check, String figure, Clock clock) {
    return new TrendCheck(store, series, check, figure, true, clock);
  }

  /**
   * Remembers a figure without a limit, such as a size.
   *
   * @param store where to remember it
   * @param series under which name
   * @param check the check that finds it
   * @param figure the name of the figure in the details of that check's results
   * @param clock the present; the same as the store's
   * @return the check
   */
  public static TrendCheck figure(
      TrendStore store, String series, HealthCheck check, String figure, Clock clock) {
    return new TrendCheck(store, series, check, figure, false, clock);
  }

  /** Those of the other check. */
  @Override
  public CheckSettings settings() {
    return check.settings();
  }

  @Override
  public CheckResult check() throws Exception {
    CheckResult result = check.check();
    if (result == null || !(result.details().get(figure) instanceof Number value)) {
      return result;
    }
    String saved = "";
    try {
      store.record(series, value.doubleValue());
    } catch (IOException failure) {
      saved = failure.getClass().getSimpleName();
    }
    Forecast forecast = Forecast.of(store.samples(series), clock.instant());
    CheckResult told = soon(result, forecast).with("outlook", forecast.outlook());
    if (forecast.outlook() != Forecast.Outlook.NOT_ENOUGH_DATA) {
      told = told.with("perDay", round(forecast.perDay()));
    }
    if (percent) {
      for (int limit : LIMITS) {
        Optional<Days> days = forecast.daysTo(limit);
        if (days.isPresent()) {
          told = told.with("daysTo" + limit, round(days.get().likely()))
              .with("daysTo" + limit + "Earliest", round(days.get().earliest()))
              .with("daysTo" + limit + "Latest", round(days.get().latest()));
        }
      }
    }
    return saved.isEmpty() ? told : told.with("trendNotSaved", saved);
  }

  private CheckResult soon(CheckResult result, Forecast forecast) {
    Optional<Days> days = percent ? forecast.daysTo(LIMITS[1]) : Optional.empty();
    if (result.status() != Status.UP || days.isEmpty() || days.get().likely() > SOON_DAYS) {
      return result;
    }
    String text =
        "90 % in about " + Math.round(days.get().likely()) + " days. " + result.description();
    CheckResult warning = CheckResult.degraded("FULL_SOON", text, "free space or add some in time");
    return new CheckResult(
        warning.status(), warning.code(), text.strip(), warning.action(), result.details());
  }

  private static double round(double value) {
    return Math.abs(value) >= 1000 ? Math.rint(value) : Math.rint(value * 1000) / 1000;
  }
}
