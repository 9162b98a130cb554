package com.personalaichatbot.dr.core.recovery;

import java.time.Duration;

/** The built-in runbooks. The version of the code in their steps is their revision. */
final class Scenarios {
  /** Raised when a built-in step does something else under the same description. */
  static final String REVISION = "1";

  private Scenarios() {}

  static Runbook runbook(Scenario scenario) {
    return switch (scenario) {
      case PROCESS_FAILURE -> ProcessFailure.runbook();
      case DATA_CORRUPTION -> DataCorruption.runbook();
      case CONFIGURATION_LOSS -> ConfigurationLoss.runbook();
      case HARDWARE_FAILURE -> HardwareFailure.runbook();
      case SECURITY_BREACH -> SecurityBreach.runbook();
    };
  }

  /** Tells the team at once. */
  static Step notifyTeam(Scenario scenario) {
    return Step.notify(
            "notify-team",
            "Tell the team",
            "team",
            context -> scenario.title() + ", incident " + context.incident()
                + ": recovery has begun. Detected at " + context.detected() + ".")
        .byHand("Tell the team what happened and that recovery has begun.")
        .timeout(Duration.ofMinutes(1))
        .build();
  }
}
