package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import java.time.Duration;
import java.util.List;

/** Scenario 4: a new machine, the repository, and its passphrase. */
final class HardwareFailure {
  private HardwareFailure() {}

  static Runbook runbook() {
    Scenario scenario = Scenario.HARDWARE_FAILURE;
    DataSteps data = new DataSteps(DataScope.EVERYTHING);
    return ScenarioSteps.runbook(
        scenario,
        List.of(
            ScenarioSteps.notifyTeam(scenario),
            Step.manual("prepare-machine", "Prepare the machine")
                .byHand("Set up identical hardware or a virtual machine, the same version of the"
                    + " operating system, and the network settings.")
                .timeout(Duration.ofHours(24))
                .build(),
            Step.hook("install", HookKind.INSTALL)
                .byHand("Install the application with the installer for Linux, macOS or Windows,"
                    + " and do not start it.")
                .timeout(Duration.ofHours(4))
                .build(),
            data.quarantine(),
            data.chooseSnapshots(true),
            data.planAll(),
            data.restoreAll(false),
            data.verifyData(),
            data.verifyRestored(),
            ApplicationSteps.start(DataSteps::requireRestored),
            ValidationSteps.tests(),
            ApplicationSteps.verify()));
  }
}
