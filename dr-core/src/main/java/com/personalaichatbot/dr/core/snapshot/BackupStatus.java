package com.personalaichatbot.dr.core.snapshot;

/** How a backup, or one component in it, came out. */
public enum BackupStatus {
  /** All of it was read. */
  COMPLETE,
  /** What could not be read is listed; it never becomes the latest good. */
  INCOMPLETE,
  /** Nothing could be read; there is no snapshot. */
  FAILED
}
