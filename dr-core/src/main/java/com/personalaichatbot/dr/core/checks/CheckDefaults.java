package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import java.io.IOException;
import java.time.Duration;

/** Settings and wordings that the checks of this package share. */
final class CheckDefaults {
  static final CheckSettings SETTINGS = CheckSettings.DEFAULT
      .every(Duration.ofMinutes(5))
      .timeoutAfter(Duration.ofMinutes(1))
      .in(Health.RECOVERY);

  private CheckDefaults() {}

  /** What follows where the history cannot be read: the check {@code repository} says why. */
  static CheckResult unreadable(IOException failure) {
    return CheckResult.unknown(
        "REPOSITORY_UNREADABLE", "the repository cannot be read: " + failure);
  }

  /** A duration as people say it, in its largest unit and the next. */
  static String text(Duration duration) {
    if (duration.toDays() >= 2) {
      return duration.toDays() + " days";
    }
    if (duration.toHours() >= 1) {
      int minutes = duration.toMinutesPart();
      return duration.toHours() + " h" + (minutes == 0 ? "" : " " + minutes + " min");
    }
    return duration.toMinutes() >= 1
        ? duration.toMinutes() + " min"
        : Math.max(0, duration.toSeconds()) + " s";
  }
}
