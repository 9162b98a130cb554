package com.personalaichatbot.dr.core.recovery;

/** The built-in runbooks. */
final class Scenarios {
  private Scenarios() {}

  static Runbook runbook(Scenario scenario) {
    throw new UnsupportedOperationException(scenario.id());
  }
}
