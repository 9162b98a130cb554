package com.personalaichatbot.dr.core.internal.scan;

/** What can be said about a file once it has been read. */
public enum Outcome {
  /** All of it was read, and it did not change meanwhile. */
  CLEAN,
  /** It became longer; all that it was when it was opened was read. */
  GROWN,
  /** It changed, or another file took its name: look at it again and read it again. */
  CHANGED,
  /** It is gone. */
  VANISHED
}
