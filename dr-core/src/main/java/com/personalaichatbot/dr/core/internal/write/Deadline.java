package com.personalaichatbot.dr.core.internal.write;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A point in time, by a clock that only goes forward, after which nothing more is read.
 * Thread-safe.
 */
public final class Deadline {
  /** A deadline that never comes. */
  public static final Deadline NEVER = new Deadline(() -> 0, Long.MAX_VALUE);

  private final LongSupplier clock;
  private final long begun;
  private volatile long nanos;
  private volatile long noticed = Long.MAX_VALUE;

  private Deadline(LongSupplier clock, long nanos) {
    this.clock = clock;
    this.begun = clock.getAsLong();
    this.nanos = nanos;
  }

  /** So much time from now on. */
  public static Deadline in(Optional<Duration> time) {
    return time.isEmpty() ? NEVER : in(time.get(), System::nanoTime);
  }

  /** So much time from now on, by a clock of nanoseconds. */
  static Deadline in(Duration time, LongSupplier clock) {
    return new Deadline(clock, time.toNanos());
  }

  /**
   * Keeps some of the time for what comes after reading. A tenth is left to read in, whatever
   * commits took: the little that comes first may fit in.
   */
  public void reserve(long forCommit) {
    if (this != NEVER) {
      nanos = Math.max(nanos / 10, nanos - forCommit);
    }
  }

  /** Nanoseconds since it was set. */
  public long elapsed() {
    return clock.getAsLong() - begun;
  }

  /** Nanoseconds until it comes, zero or less if it has passed. */
  public long remaining() {
    return this == NEVER ? Long.MAX_VALUE : nanos - elapsed();
  }

  public boolean isSet() {
    return this != NEVER;
  }

  public boolean hasPassed() {
    if (this == NEVER) {
      return false;
    }
    long elapsed = elapsed();
    if (elapsed < nanos) {
      return false;
    }
    noticed = Math.min(noticed, elapsed);
    return true;
  }

  /**
   * Nanoseconds since reading was first stopped by it; 0 if it never was. Work that was under way
   * then is part of what a commit takes.
   */
  public long sinceNoticed() {
    return noticed == Long.MAX_VALUE ? 0 : elapsed() - noticed;
  }
}
