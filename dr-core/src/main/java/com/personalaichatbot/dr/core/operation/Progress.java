package com.personalaichatbot.dr.core.operation;

import java.time.Duration;
import java.util.Objects;

/**
 * How far an operation is. Immutable.
 *
 * @param phase what it is doing
 * @param files files done so far
 * @param bytes bytes done so far
 * @param totalBytes bytes to do in all, or -1 while that is not known
 * @param elapsed since the operation began
 */
public record Progress(Phase phase, long files, long bytes, long totalBytes, Duration elapsed) {
  /** The phases of the operations. */
  public enum Phase {
    /** Reading the source and storing what is new. */
    BACKING_UP,
    /** Comparing what is there with what is to be restored. */
    PLANNING,
    /** Writing and checking files. */
    RESTORING,
    /** Reading stored data and checking it. */
    VERIFYING
  }

  /** Refuses nulls. */
  public Progress {
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(elapsed, "elapsed");
  }
}
