package com.personalaichatbot.dr.core.recovery.runbook;

/** The outcome of a run of a runbook, or that it has not ended. */
public enum RunStatus {
  /** Under way, or ended by a crash: it can be resumed. */
  RUNNING,

  /** All steps are done and what they brought about was verified. */
  RECOVERED,

  /** Ended by a step that found it must not go on, or by a person. */
  STOPPED,

  /** Ended by a step that failed. */
  FAILED
}
