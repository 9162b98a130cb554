package com.personalaichatbot.dr.core.recovery.objective;

/** How a promise stands. */
public enum ObjectiveState {
  /** Measured, and held. */
  COMPLIANT,

  /** Measured and held, but not for long: it will be missed before the next run ends. */
  AT_RISK,

  /** Measured, and missed. */
  BREACHED,

  /**
   * Nobody knows: never drilled, the drill is too old, or the plan, the policy or the version of
   * the application changed since.
   */
  UNPROVEN
}
