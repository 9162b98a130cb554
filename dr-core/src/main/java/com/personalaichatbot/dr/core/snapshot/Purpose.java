package com.personalaichatbot.dr.core.snapshot;

/** The reason for a snapshot. Retention and the choice of a snapshot to restore go by it. */
public enum Purpose {
  /** By the schedule. Automated. */
  SCHEDULED,
  /** By a person. */
  MANUAL,
  /** While the application stops. Automated. */
  SHUTDOWN,
  /** Before an upgrade or a change of the configuration. */
  PRE_CHANGE,
  /**
   * Of data that may be corrupt, before it is replaced. Never the latest or the latest good
   * snapshot of anything.
   */
  QUARANTINE,
  /**
   * One of a stream of small snapshots, written by a newer version of this library. This version
   * lists and restores it, and does not take one. It fills no rule of retention, and no rule
   * removes it.
   */
  CONTINUOUS;

  /** Whether no person asked for it. */
  public boolean isAutomated() {
    return this == SCHEDULED || this == SHUTDOWN;
  }
}
