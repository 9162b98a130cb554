package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import java.time.Duration;
import java.util.List;

/**
 * The steps that the built-in runbooks have in common: their revision and the steps that they begin
 * with.
 */
final class ScenarioSteps {
  /** Raised when a built-in step does something else under the same description. */
  static final String REVISION = "1";

  private ScenarioSteps() {}

  /** A runbook of these steps. */
  static Runbook runbook(Scenario scenario, List<Step> steps) {
    return Runbook.of(scenario.id(), scenario.title(), REVISION, steps);
  }

  /** Stops the application; a channel that hangs does not hold that up. */
  static Step atOnce(Scenario scenario) {
    return Step.parallel(
            "at-once",
            "Tell the team, and stop the application",
            List.of(notifyTeam(scenario), ApplicationSteps.stop()))
        .timeout(Duration.ofHours(1))
        .build();
  }

  /** Tells the team. */
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
