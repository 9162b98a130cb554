package com.personalaichatbot.dr.health.check;

import com.personalaichatbot.dr.health.Status;

/**
 * A percentage with two thresholds, each with a lower mark at which it is left again, so that a
 * value that sways around a threshold does not flap. Remembers the level; not thread-safe.
 */
final class Level {

  private final double warning;
  private final double warningClear;
  private final double critical;
  private final double criticalClear;
  private Status status = Status.UP;

  Level(double warning, double warningClear, double critical, double criticalClear) {
    this.warning = warning;
    this.warningClear = warningClear;
    this.critical = critical;
    this.criticalClear = criticalClear;
  }

  static Level of(double warning, double critical) {
    percentages(warning, critical);
    return new Level(warning, warning, critical, critical);
  }

  static void percentages(double warning, double critical) {
    if (!(warning > 0 && warning < critical && critical <= 100)) {
      throw new IllegalArgumentException(
          "thresholds must be 0 < warning < critical <= 100: " + warning + ", " + critical);
    }
  }

  /** At a threshold counts as past it. */
  Status at(double percent) {
    boolean wasCritical = status == Status.DOWN;
    boolean wasWarning = status != Status.UP;
    if (percent >= critical || (wasCritical && percent >= criticalClear)) {
      status = Status.DOWN;
    } else if (percent >= warning || (wasWarning && percent >= warningClear)) {
      status = Status.DEGRADED;
    } else {
      status = Status.UP;
    }
    return status;
  }

  static double round(double percent) {
    return Math.round(percent * 10) / 10.0;
  }
}
