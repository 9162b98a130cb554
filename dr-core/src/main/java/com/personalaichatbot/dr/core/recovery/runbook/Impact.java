package com.personalaichatbot.dr.core.recovery.runbook;

/** The effect of a step on the data. */
public enum Impact {
  /** Nothing. */
  READ,

  /** Change it in a way that can be taken back. */
  WRITE,

  /** Change it for good. */
  DESTRUCTIVE
}
