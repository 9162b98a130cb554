package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.config.ConfigValidator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Scenario 3: settings or secrets are gone. */
final class ConfigurationLoss {
  private static final Set<String> KEYS = Set.of(
      "ENV_FINGERPRINT",
      "ENV_PLACEHOLDER",
      "ENV_REQUIRED",
      "ENV_FORMAT",
      "ENV_SHORT_SECRET",
      "ENV_WEAK_SECRET");

  private ConfigurationLoss() {}

  static Runbook runbook() {
    Scenario scenario = Scenario.CONFIGURATION_LOSS;
    DataSteps data = new DataSteps(DataScope.CONFIGURATION);
    return ScenarioSteps.runbook(
        scenario,
        List.of(
            ScenarioSteps.atOnce(scenario),
            data.findScope(),
            data.quarantine(),
            data.chooseSnapshots(false),
            data.planHits(),
            data.restoreHits(),
            data.verifyData(),
            keysToRenew(),
            ApplicationSteps.start(DataSteps::requireRestored),
            ValidationSteps.tests(),
            ApplicationSteps.verify()));
  }

  private static Step keysToRenew() {
    return Step.check(
            "keys-to-renew",
            "Name the keys that may have to be renewed",
            context -> keysToRenew(StepRun.of(context)))
        .byHand("Compare the keys in .env with those in use, and update them if needed.")
        .timeout(Duration.ofMinutes(1))
        .build();
  }

  /** Keys are named with their fingerprints, never with their values. */
  private static String keysToRenew(StepRun run) throws Exception {
    Path env = Secrets.place(run);
    if (Files.notExists(env)) {
      return "There is no " + env.getFileName() + ".";
    }
    int keys = 0;
    for (Finding finding : ConfigValidator.of(run.data()).validateEnv(env).findings()) {
      if (KEYS.contains(finding.code())) {
        keys++;
        run.note(finding.message());
      }
    }
    String since = DataSteps.secretsFrom(run)
        .map(Snapshot::started)
        .map(taken -> "What was renewed since " + taken + " is the old one again: renew it now.")
        .orElse("Nothing of it was restored.");
    return keys + " keys are named in the notes. " + since;
  }
}
