package com.personalaichatbot.dr.core.recovery.runbook;

/** For what a runbook is run. The steps are the same objects in all three. */
public enum RunMode {
  /** Checks what can be checked and says what would be done; changes nothing. */
  DRY_RUN,

  /** Does everything, in a scratch directory, with the channels and the start hook off. */
  DRILL,

  /** Does everything. */
  LIVE
}
