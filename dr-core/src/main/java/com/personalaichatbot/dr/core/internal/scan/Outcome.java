package com.personalaichatbot.dr.core.internal.scan;

/** The outcome of reading a file. */
public enum Outcome {
  /** All of it was read, and it did not change meanwhile. */
  CLEAN,
  /**
   * All of it was read and did not change, but its length is not the one that its attributes name,
   * as in {@code /proc}: what was read is what it holds.
   */
  UNMEASURED,
  /** It became longer; all that it was when it was opened was read. */
  GROWN,
  /**
   * It was renamed while it was read, or another file was renamed over it. All of it was read and
   * did not change; the attributes are those of the open file.
   */
  RENAMED,
  /** It changed, or another file took its name: look at it again and read it again. */
  CHANGED,
  /** It is gone. */
  VANISHED
}
