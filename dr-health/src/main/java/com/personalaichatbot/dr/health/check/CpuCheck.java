package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.Weight;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * The load of the processors, as far as this container may use them: 70 % is a warning, 90 %
 * critical. The very first sample of a JVM says nothing and is thrown away: the first run takes
 * two, half a second apart. Important and believed after the third time in a row, since work alone
 * is no fault.
 */
public final class CpuCheck implements HealthCheck {

  private static final Duration BETWEEN = Duration.ofMillis(500);

  private final DoubleSupplier load;
  private final Level level;
  private final Duration between;
  private boolean primed;
  private CheckResult sampled;

  CpuCheck(DoubleSupplier load, double warning, double critical, Duration between) {
    this.load = load;
    this.level = Level.of(warning, critical);
    this.between = between;
  }

  /**
   * Checks with the thresholds 70 and 90 %.
   *
   * @return the check
   */
  public static CpuCheck create() {
    return of(70, 90);
  }

  /**
   * Checks with other thresholds.
   *
   * @param warning percent for DEGRADED
   * @param critical percent for DOWN
   * @return the check
   * @throws IllegalArgumentException unless 0 &lt; warning &lt; critical &lt;= 100
   */
  public static CpuCheck of(double warning, double critical) {
    return new CpuCheck(CpuCheck::systemLoad, warning, critical, BETWEEN);
  }

  /**
   * Takes the two samples of the first run now. For whoever runs all checks once: they work hard
   * themselves, and a sample that is taken beside them shows that.
   *
   * @return this check
   * @throws InterruptedException if this thread is interrupted
   */
  public CpuCheck sampleNow() throws InterruptedException {
    sampled = check();
    return this;
  }

  @Override
  public CheckSettings settings() {
    return CheckSettings.DEFAULT.weight(Weight.IMPORTANT).downAfter(3).in(Health.CAPACITY);
  }

  @Override
  public CheckResult check() throws InterruptedException {
    if (sampled != null) {
      CheckResult first = sampled;
      sampled = null;
      return first;
    }
    double used = load.getAsDouble();
    if (!primed) {
      Thread.sleep(between.toMillis());
      used = load.getAsDouble();
      primed = true;
    }
    if (!(used >= 0)) {
      return CheckResult.unknown("NO_FIGURE", "this system does not tell its processor load");
    }
    double percent = Level.round(used * 100);
    String text = percent + " % of the processors in use";
    Status status = level.at(percent);
    CheckResult result = status == Status.UP
        ? CheckResult.up(text)
        : status == Status.DEGRADED
            ? CheckResult.degraded("CPU_WARNING", text, "find out what is busy")
            : CheckResult.down("CPU_CRITICAL", text, "find out what is busy, or add processors");
    return result.with("usedPercent", percent);
  }

  private static double systemLoad() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getCpuLoad()
        : -1;
  }
}
