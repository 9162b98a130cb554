package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.internal.recovery.run.StepFailedException;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.recovery.runbook.DataValidator;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.deployment.ApplicationChecks;
import com.personalaichatbot.dr.health.deployment.DeploymentReport;
import com.personalaichatbot.dr.health.deployment.DeploymentResult;
import com.personalaichatbot.dr.health.deployment.DeploymentTests;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Steps that test an installation as a whole, live or in the scratch directory of a drill. They
 * know the original application's layout; where the application has a validator of its own, its
 * layout is another, and they say so.
 */
final class ValidationSteps {
  private static final String OTHER_LAYOUT =
      "The application validates its data itself; it has to bring tests of its own.";

  private ValidationSteps() {}

  /** Runs the deployment tests. What fails is for a person to look at, and ends no run. */
  static Step tests() {
    return Step.check("test-deployment", "Run the validation tests", context -> {
          StepRun run = StepRun.of(context);
          return isOriginal(run) ? test(run) : OTHER_LAYOUT;
        })
        .byHand("Run dr test-deployment, and look at each test that fails.")
        .onFailure(Step.OnFailure.SKIP)
        .timeout(Duration.ofMinutes(10))
        .build();
  }

  private static boolean isOriginal(StepRun run) {
    return run.setup().validator() == DataValidator.ORIGINAL;
  }

  private static String test(StepRun run) throws Exception {
    Optional<URI> url =
        run.mode() == RunMode.DRILL ? Optional.empty() : run.setup().url();
    DeploymentReport report = url.map(u -> DeploymentTests.of(run.data(), u))
        .orElseGet(() -> DeploymentTests.of(run.data()))
        .run();
    List<DeploymentResult> failed = report.results().stream()
        .filter(result -> result.outcome() != DeploymentResult.Outcome.PASSED)
        .toList();
    failed.forEach(result -> run.note(result.name() + ": " + result.message()));
    run.detail("tests", Integer.toString(report.results().size()));
    run.detail("failed", Integer.toString(failed.size()));
    if (!failed.isEmpty()) {
      throw new StepFailedException(
          failed.size() + " of " + report.results().size() + " validation tests failed.");
    }
    return "All " + report.results().size() + " validation tests passed.";
  }

  /** The health check of what was restored in a drill, where nothing runs that could be asked. */
  static String checkRestored(StepRun run) {
    if (!isOriginal(run)) {
      return "Nothing was started in this drill; its data was validated.";
    }
    try (HealthMonitor monitor = HealthMonitor.builder().clock(run.clock()).build()) {
      ApplicationChecks.of(run.data()).register(monitor);
      monitor.remove("cpu"); // It compares two moments, and a drill has no use for it.
      Health health = monitor.check();
      for (CheckState check : health.checks()) {
        if (check.status() != Status.UP) {
          run.note(
              check.name() + " is " + check.status() + ": " + check.latest().description());
        }
      }
      run.detail("health", health.status().name());
      return "Nothing was started in this drill; the health of what was restored is "
          + health.status() + ".";
    }
  }
}
