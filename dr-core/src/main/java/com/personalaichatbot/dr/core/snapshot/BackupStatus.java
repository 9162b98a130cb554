package com.personalaichatbot.dr.core.snapshot;

/** The outcome of a backup, or of one component in it. */
public enum BackupStatus {
  /** All of it was read. */
  COMPLETE,
  /** What could not be read is listed; it never becomes the latest good. */
  INCOMPLETE,
  /**
   * All of it was read, but it is empty or has lost most of its data, as if a volume were not
   * mounted. It never becomes the latest good until somebody accepts it; from then on it is
   * COMPLETE.
   */
  SHRUNK,
  /** Nothing could be read; there is no snapshot. */
  FAILED
}
