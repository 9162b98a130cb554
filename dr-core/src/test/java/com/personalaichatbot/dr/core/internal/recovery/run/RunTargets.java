package com.personalaichatbot.dr.core.internal.recovery.run;

import java.io.IOException;

/** Fuzz target: the lines of the journal of a recovery, behind their seals. */
public final class RunTargets {
  private RunTargets() {}

  /** A line. */
  public static void line(byte[] input) {
    try {
      JournalEntry.parse(input);
    } catch (IOException expected) {
      // Refused.
    }
  }
}
