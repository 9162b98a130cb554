package com.personalaichatbot.dr.core.recovery;

import java.util.List;

/** Scenario 2: files are there and wrong, or gone. */
final class DataCorruption {
  private DataCorruption() {}

  static Runbook runbook() {
    Scenario scenario = Scenario.DATA_CORRUPTION;
    DataSteps data = new DataSteps(Concern.EVERYTHING);
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
