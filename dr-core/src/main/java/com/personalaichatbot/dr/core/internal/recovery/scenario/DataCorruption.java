package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import java.util.List;

/** Scenario 2: files are there and wrong, or gone. */
final class DataCorruption {
  private DataCorruption() {}

  static Runbook runbook() {
    Scenario scenario = Scenario.DATA_CORRUPTION;
    DataSteps data = new DataSteps(DataScope.EVERYTHING);
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
            ApplicationSteps.start(DataSteps::requireRestored),
            ValidationSteps.tests(),
            ApplicationSteps.verify()));
  }
}
