package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The evenness of the system's clock: a step of more than 2 s between two looks, forwards or
 * backwards, is DEGRADED for an hour, since schedules, ages and certificates go by that clock. A
 * machine that was suspended has not set its clock; on Linux that is told, for the time since its
 * start goes on meanwhile.
 */
public final class ClockCheck implements HealthCheck {

  private static final Duration TOLERANCE = Duration.ofSeconds(2);
  private static final long REMEMBERED = Duration.ofHours(1).toNanos();

  private static final Path UPTIME = Path.of("/proc/uptime");

  private final Clock clock;
  private final LongSupplier nanoTime;
  private Instant lastWall;
  private long lastNanos;
  private Duration step = Duration.ZERO;
  private long steppedAt;

  private ClockCheck(Clock clock, LongSupplier nanoTime) {
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * Checks the system's clock.
   *
   * @return the check
   */
  public static ClockCheck create() {
    // System.nanoTime stops on Linux while the machine is suspended, and the uptime does
    // not.
    return of(Clock.systemUTC(), Files.isReadable(UPTIME) ? ClockCheck::uptime : System::nanoTime);
  }

  /** The time since the machine was started, suspended or not, in steps of 10 ms; see proc(5). */
  private static long uptime() {
    try {
      String seconds = Files.readString(UPTIME).split(" ")[0];
      return new BigDecimal(seconds).movePointRight(9).longValueExact();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Checks a clock against another that no one sets.
   *
   * @param clock the clock to check
   * @param nanoTime elapsed time in nanoseconds, as of {@link System#nanoTime()}; it should go on
   *     while the machine is suspended
   * @return the check
   */
  public static ClockCheck of(Clock clock, LongSupplier nanoTime) {
    return new ClockCheck(clock, nanoTime);
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT.every(Duration.ofMinutes(1));
  }

  @Override
  public CheckResult check() {
    Instant wall = clock.instant();
    long nanos;
    try {
      nanos = nanoTime.getAsLong();
    } catch (UncheckedIOException e) {
      return CheckResult.unknown("NO_FIGURE", "the elapsed time cannot be read: " + e.getMessage());
    }
    if (lastWall != null) {
      Duration difference = Duration.between(lastWall, wall).minusNanos(nanos - lastNanos);
      if (difference.abs().compareTo(TOLERANCE) > 0) {
        step = difference;
        steppedAt = nanos;
      }
    }
    lastWall = wall;
    lastNanos = nanos;
    if (step.isZero() || nanos - steppedAt > REMEMBERED) {
      step = Duration.ZERO;
      return CheckResult.up("no step was seen");
    }
    return CheckResult.degraded(
            "CLOCK_STEP",
            "the clock was set by " + step,
            "check the time service; look at what was scheduled in between")
        .with("stepMillis", step.toMillis());
  }
}
