package com.personalaichatbot.dr.core.internal.format;

/** Recorded status of a component in a snapshot, and of the snapshot as a whole. */
public enum ComponentStatus {
  /** Something could not be read. */
  INCOMPLETE,
  /** All of it was read. */
  COMPLETE,
  /**
   * Most of what was there before is gone. In a snapshot that is INCOMPLETE it may lack what could
   * not be read as well.
   */
  SHRUNK;

  /** Returns the status with this code. */
  static ComponentStatus of(int code) throws UnknownVersionException {
    if (code >= values().length) {
      throw new UnknownVersionException("status " + code);
    }
    return values()[code];
  }

  /**
   * Returns the status of a snapshot that has components of these two: INCOMPLETE before SHRUNK
   * before COMPLETE.
   */
  public ComponentStatus and(ComponentStatus other) {
    if (this == INCOMPLETE || other == INCOMPLETE) {
      return INCOMPLETE;
    }
    return this == SHRUNK || other == SHRUNK ? SHRUNK : COMPLETE;
  }
}
