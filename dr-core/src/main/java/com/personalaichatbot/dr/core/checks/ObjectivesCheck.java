package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveState;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Weight;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * The objectives beside what is measured: the worst objective is the result, each is in the
 * details. One that is missed is DOWN, one that nobody has proven or that will be missed soon
 * DEGRADED.
 */
final class ObjectivesCheck implements HealthCheck {
  private final BackupRepository repository;
  private final Recovery recovery;
  private final Objectives objectives;
  private final Clock clock;

  ObjectivesCheck(
      BackupRepository repository, Recovery recovery, Objectives objectives, Clock clock) {
    this.repository = repository;
    this.recovery = recovery;
    this.objectives = objectives;
    this.clock = clock;
  }

  @Override
  public CheckSettings settings() {
    return CheckDefaults.SETTINGS.every(Duration.ofMinutes(15)).weight(Weight.IMPORTANT);
  }

  @Override
  public CheckResult check() {
    List<ObjectiveResult> results;
    try {
      results = objectives.measure(repository, recovery, clock.instant());
    } catch (IOException unreadable) {
      return CheckDefaults.unreadable(unreadable);
    }
    CheckResult result = results.stream()
        .max(Comparator.comparing(ObjectiveResult::state))
        .map(ObjectivesCheck::result)
        .orElse(CheckResult.up("nothing was promised"));
    for (ObjectiveResult each : results) {
      result = result.with(name(each), each.state() + ": " + each.reason());
    }
    return result;
  }

  private static String name(ObjectiveResult result) {
    return result.objective().kind() + " " + result.objective().scope();
  }

  private static CheckResult result(ObjectiveResult worst) {
    String text = name(worst) + ": " + worst.reason() + ", and "
        + CheckDefaults.text(worst.objective().target()) + " are promised";
    return switch (worst.state()) {
      case COMPLIANT -> CheckResult.up("every objective is held");
      case BREACHED -> CheckResult.down("OBJECTIVE_BREACHED", text, action(worst));
      case AT_RISK -> CheckResult.degraded("OBJECTIVE_AT_RISK", text, action(worst));
      case UNPROVEN -> CheckResult.degraded("OBJECTIVE_UNPROVEN", text, action(worst));
    };
  }

  private static String action(ObjectiveResult worst) {
    return switch (worst.objective().kind()) {
      case RPO -> "back up and verify, and look why that was not done in time";
      case RTO ->
        worst.state() == ObjectiveState.UNPROVEN
            ? "hold a drill of all components"
            : "look at the report of the last drill for the steps that take long";
    };
  }
}
