package com.personalaichatbot.dr.core.recovery.runbook;

/** The outcome of a step, or that it has not ended. */
public enum StepStatus {
  /** Not begun. */
  PENDING,

  /** Begun and not ended; after a crash nobody knows how far it came until the run is resumed. */
  RUNNING,

  /** Done, and verified where the step says how. */
  DONE,

  /** There was nothing to do: its effect was there already. */
  ALREADY_DONE,

  /** Done by a person who confirmed it. */
  CONFIRMED,

  /** Taken as done without a person, because the caller said so beforehand. */
  NOT_CONFIRMED_BY_A_PERSON,

  /** Left out, for the reason that its message gives. */
  SKIPPED,

  /** Tried, and did not come out. */
  FAILED,

  /** Ended the run because going on would have done harm. */
  STOPPED,

  /** Done, and taken back after a later step failed. */
  UNDONE,

  /** Would be done; only in a dry run. */
  PLANNED;

  /** Whether a run goes on behind a step that ended so. */
  public boolean isPassed() {
    return switch (this) {
      case DONE, ALREADY_DONE, CONFIRMED, NOT_CONFIRMED_BY_A_PERSON, SKIPPED, PLANNED -> true;
      case PENDING, RUNNING, FAILED, STOPPED, UNDONE -> false;
    };
  }
}
