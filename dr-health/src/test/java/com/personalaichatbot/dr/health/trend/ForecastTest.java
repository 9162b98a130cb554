package com.personalaichatbot.dr.health.trend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.personalaichatbot.dr.health.trend.Forecast.Days;
import com.personalaichatbot.dr.health.trend.Forecast.Outlook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Synthetic histories of which the truth is known. */
class ForecastTest {

  private static final Instant NOW = Instant.parse("2026-11-23T23:00:00Z");

  /** Hourly values over the last days; hour 0 is the first. */
  private static List<Sample> hourly(int days, IntToDoubleFunction value) {
    List<Sample> samples = new ArrayList<>();
    for (int hour = 0; hour < days * 24; hour++) {
      Instant time = NOW.minus(Duration.ofHours(days * 24L - 1 - hour));
      double v = value.applyAsDouble(hour);
      samples.add(new Sample(time, Duration.ofHours(1), v, v));
    }
    return samples;
  }

  private static Days daysTo(Forecast forecast, double limit) {
    return forecast.daysTo(limit).orElseThrow();
  }

  @Test
  void linear_withNoise_isRightWithinAFewPercent() {
    Random noise = new Random(1);
    Forecast forecast =
        Forecast.of(hourly(40, h -> 40 + 0.5 * h / 24 + noise.nextGaussian() * 0.2), NOW);
    assertThat(forecast.outlook()).isEqualTo(Outlook.GROWING);
    assertThat(forecast.perDay()).isCloseTo(0.5, within(0.01));
    // Truth: 60 % today, so 40 days to 80 %, 60 to 90 %, 80 to 100 %.
    assertThat(daysTo(forecast, 80).likely()).isCloseTo(40, within(2.0));
    assertThat(daysTo(forecast, 90).likely()).isCloseTo(60, within(3.0));
    assertThat(daysTo(forecast, 100).likely()).isCloseTo(80, within(4.0));
    Days band = daysTo(forecast, 90);
    assertThat(band.earliest()).isLessThan(band.likely());
    assertThat(band.latest()).isGreaterThan(band.likely());
  }

  @Test
  void sawtooth_ofWeeklyLogRotation_followsTheFloorAndCountsTheTip() {
    // 0.2 % a day for good, and 1 % a day that each week's rotation gives back.
    Forecast forecast =
        Forecast.of(hourly(63, h -> 40 + 0.2 * h / 24 + (h % (7 * 24)) / 24.0), NOW);
    assertThat(forecast.outlook()).isEqualTo(Outlook.GROWING);
    assertThat(forecast.perDay()).isCloseTo(0.2, within(0.04));
    // Truth: the tips, 59.6 % today, reach 80 % after 102 days; a line through the last week would
    // say 17.
    assertThat(daysTo(forecast, 80).likely()).isCloseTo(102, within(16.0));
  }

  @Test
  void sawtooth_ofDailyRotation_followsTheFloor() {
    Forecast forecast =
        Forecast.of(hourly(30, h -> 50 + 0.3 * (h / 24) + 10 * (h % 24) / 24.0), NOW);
    assertThat(forecast.perDay()).isCloseTo(0.3, within(0.001));
    // Truth: tips at 68.3 % today.
    assertThat(daysTo(forecast, 80).likely()).isCloseTo(39, within(1.0));
  }

  @Test
  void step_inAnOtherwiseFlatHistory_isNoGrowth() {
    Forecast forecast = Forecast.of(hourly(30, h -> h < 15 * 24 ? 40 : 60), NOW);
    assertThat(forecast.outlook()).isEqualTo(Outlook.STEADY);
    assertThat(forecast.perDay()).isZero();
    assertThat(forecast.level()).isEqualTo(60);
    assertThat(forecast.daysTo(90)).isEmpty();
    assertThat(daysTo(forecast, 50)).isEqualTo(new Days(0, 0, 0));
  }

  @Test
  void step_inAGrowingHistory_countsOnlyWhatComesAfter() {
    Forecast forecast = Forecast.of(hourly(30, h -> (h < 15 * 24 ? 20 : 60) + 0.1 * h / 24), NOW);
    assertThat(forecast.perDay()).isCloseTo(0.1, within(0.001));
    assertThat(forecast.days()).isEqualTo(15);
  }

  @Test
  void step_aFewDaysAgo_isNotEnoughData() {
    Forecast forecast = Forecast.of(hourly(30, h -> h < 27 * 24 ? 40 : 60), NOW);
    assertThat(forecast.outlook()).isEqualTo(Outlook.NOT_ENOUGH_DATA);
    assertThat(forecast.daysTo(90)).isEmpty();
  }

  @Test
  void flat_withNoise_isSteadyForManySeeds() {
    int steady = 0;
    for (int seed = 0; seed < 100; seed++) {
      Random noise = new Random(seed);
      Forecast forecast = Forecast.of(hourly(30, h -> 50 + noise.nextGaussian()), NOW);
      steady += forecast.outlook() == Outlook.STEADY ? 1 : 0;
    }
    // The band is one of 95 %: a few are wrong by its own meaning.
    assertThat(steady).isBetween(85, 100);
  }

  @Test
  void shrinking_neverReachesTheLimit() {
    Forecast forecast = Forecast.of(hourly(30, h -> 70 - 0.5 * h / 24), NOW);
    assertThat(forecast.outlook()).isEqualTo(Outlook.SHRINKING);
    assertThat(forecast.daysTo(90)).isEmpty();
  }

  @Test
  void outliers_doNotBendTheLine() {
    Forecast forecast =
        Forecast.of(hourly(40, h -> (h / 24) % 9 == 4 ? 5 : 40 + 0.5 * (h / 24)), NOW);
    assertThat(forecast.perDay()).isCloseTo(0.5, within(0.05));
  }

  @Test
  void historyOfTooFewDays_emptyOrInTheFuture_isNotEnoughData() {
    assertThat(Forecast.of(List.of(), NOW).outlook()).isEqualTo(Outlook.NOT_ENOUGH_DATA);
    assertThat(Forecast.of(hourly(4, h -> h), NOW).outlook()).isEqualTo(Outlook.NOT_ENOUGH_DATA);
    assertThat(Forecast.of(hourly(30, h -> h), NOW.minus(Duration.ofDays(400))).outlook())
        .isEqualTo(Outlook.NOT_ENOUGH_DATA);
    assertThat(Forecast.of(hourly(30, h -> h), NOW.plus(Duration.ofDays(400))).days())
        .isZero();
  }

  @Test
  void storageNeed_isTheDataAndWhatChangesWhileKept() {
    StorageNeed need = new StorageNeed(1000, 10, 50, Duration.ofDays(30), 0.5);
    assertThat(need.bytesAfter(0)).isEqualTo(0.5 * (1000 + 50 * 30));
    assertThat(need.bytesAfter(10)).isEqualTo(0.5 * (1100 + 50 * 30));
    assertThat(new StorageNeed(10, -1, 0, Duration.ZERO, 1).bytesAfter(100)).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StorageNeed(1, 1, 1, Duration.ZERO, 0));
  }
}
