package com.personalaichatbot.dr.core.internal.format;

/** The way in which a file's bytes were obtained. */
public enum Capture {
  /** Unchanged between the first and the last look at its attributes. */
  CLEAN(0),
  /** It changed while it was read, and a later attempt found it at rest. */
  RETRIED(1),
  /** It changed during every attempt; the bytes may mix two states. */
  INCONSISTENT(2),
  /** Read through the application's own handle, a live file. */
  SOURCE(3),
  /** Carried over from the parent snapshot because it could not be read. */
  STALE(4),
  /**
   * Appended to since the parent snapshot: the bytes from there on were read, the others carried
   * on.
   */
  TAIL(5),
  /**
   * Read twice with the same result, while this process had it mapped into its memory: its
   * attributes prove nothing, so the next backup reads it again.
   */
  UNPROVEN(6);

  private final int code;

  Capture(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** Whether equal attributes prove that a file still holds what was captured. */
  public boolean isProof() {
    return this != INCONSISTENT && this != STALE && this != UNPROVEN;
  }

  static Capture of(int code) throws MalformedException {
    for (Capture capture : values()) {
      if (capture.code == code) {
        return capture;
      }
    }
    throw new MalformedException("capture value " + code + " is unknown");
  }
}
