package com.personalaichatbot.dr.core.recovery;

/** What a step can do to the data. */
public enum Danger {
  /** Nothing. */
  READ,

  /** Change it in a way that can be taken back. */
  WRITE,

  /** Change it for good. */
  DESTRUCTIVE
}
