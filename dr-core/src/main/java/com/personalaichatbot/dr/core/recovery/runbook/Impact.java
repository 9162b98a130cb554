package com.personalaichatbot.dr.core.recovery.runbook;

/** What a step can do to the data. */
public enum Impact {
  /** Nothing. */
  READ,

  /** Change it in a way that can be taken back. */
  WRITE,

  /** Change it for good. */
  DESTRUCTIVE
}
