package com.personalaichatbot.dr.core.operation;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The progress of an operation. Immutable.
 *
 * @param phase what it is doing
 * @param files files done so far
 * @param bytes bytes done so far
 * @param totalBytes bytes to do in all, or -1 while that is not known. A backup takes the snapshot
 *     before for an estimate, and a first backup has none
 * @param bytesPerSecond how many bytes were done in a second, the last few seconds above all
 * @param elapsed since the operation began
 */
public record Progress(
    Phase phase, long files, long bytes, long totalBytes, long bytesPerSecond, Duration elapsed) {
  /** The phases of the operations. */
  public enum Phase {
    /** Reading the source and storing what is new. */
    BACKING_UP,
    /** Comparing what is there with what is to be restored. */
    PLANNING,
    /** Writing and checking files. */
    RESTORING,
    /** Reading stored data and checking it. */
    VERIFYING,
    /** Copying the repository to another storage. */
    COPYING
  }

  /** Refuses nulls. */
  public Progress {
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(elapsed, "elapsed");
  }

  /**
   * How long the phase will go on at the present rate; empty while the total is not known or
   * nothing moves. Zero where more was done than was expected.
   */
  public Optional<Duration> remaining() {
    if (totalBytes < 0 || bytesPerSecond <= 0) {
      return Optional.empty();
    }
    double seconds = Math.max(0, totalBytes - bytes) / (double) bytesPerSecond;
    return Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
  }
}
