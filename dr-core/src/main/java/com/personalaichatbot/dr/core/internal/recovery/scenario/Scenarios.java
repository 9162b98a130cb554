package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;

/** The built-in runbooks. The version of the code in their steps is their revision. */
public final class Scenarios {
  private Scenarios() {}

  public static Runbook runbook(Scenario scenario) {
    return switch (scenario) {
      case PROCESS_FAILURE -> ProcessFailure.runbook();
      case DATA_CORRUPTION -> DataCorruption.runbook();
      case CONFIGURATION_LOSS -> ConfigurationLoss.runbook();
      case HARDWARE_FAILURE -> HardwareFailure.runbook();
      case SECURITY_BREACH -> SecurityBreach.runbook();
    };
  }
}
