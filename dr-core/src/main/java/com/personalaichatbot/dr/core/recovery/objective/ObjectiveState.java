package com.personalaichatbot.dr.core.recovery.objective;

/** The state of a promise. The later constant is the worse one. */
public enum ObjectiveState {
  /** Measured, and held. */
  COMPLIANT,

  /** Measured and held, but not for long: it will be missed before the next run ends. */
  AT_RISK,

  /**
   * Nobody knows: never drilled, the drill is too old, or the plan changed since. Never counts as
   * held.
   */
  UNPROVEN,

  /** Measured, and missed. */
  BREACHED
}
