package com.personalaichatbot.dr.core.internal.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * A point in time, by a clock that only goes forward, after which nothing more is read.
 * Thread-safe.
 */
final class Deadline {
  /** A deadline that never comes. */
  static final Deadline NEVER = new Deadline(0, Long.MAX_VALUE);

  private final long begun;
  private volatile long nanos;

  private Deadline(long begun, long nanos) {
    this.begun = begun;
    this.nanos = nanos;
  }

  /** So much time from now on. */
  static Deadline in(Optional<Duration> time) {
    return time.isEmpty() ? NEVER : new Deadline(System.nanoTime(), time.get().toNanos());
  }

  /** Keeps some of the time for what comes after reading. */
  void reserve(long forCommit) {
    if (this != NEVER) {
      nanos = Math.max(0, nanos - forCommit);
    }
  }

  /** Nanoseconds since it was set. */
  long elapsed() {
    return System.nanoTime() - begun;
  }

  boolean isSet() {
    return this != NEVER;
  }

  boolean hasPassed() {
    return this != NEVER && elapsed() >= nanos;
  }
}
