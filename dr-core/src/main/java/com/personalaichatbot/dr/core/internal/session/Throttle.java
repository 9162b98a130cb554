package com.personalaichatbot.dr.core.internal.session;

import java.util.function.LongSupplier;

/**
 * The bytes that may be moved in a second, by all operations on a repository together. Who moves
 * some claims them first and is told how long to wait. What is claimed after a pause may come
 * immediately, up to a tenth of a second's worth. Thread-safe.
 */
public final class Throttle {
  private static final double NANOS = 1e9;
  private static final long CREDIT = 100_000_000;

  private final long bytesPerSecond;
  private final LongSupplier nanoTime;
  private long free;

  /**
   * Limits to so many bytes a second.
   *
   * @param nanoTime a clock that only goes forward, as {@link System#nanoTime}
   * @throws IllegalArgumentException if that is less than one
   */
  public Throttle(long bytesPerSecond, LongSupplier nanoTime) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException(
          "a limit of bytes per second must be at least 1: " + bytesPerSecond);
    }
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
    this.free = nanoTime.getAsLong() - CREDIT;
  }

  /** Claims some bytes, and gives the nanoseconds until all of them are due; zero if they are. */
  synchronized long claim(long bytes) {
    long now = nanoTime.getAsLong();
    // By differences, for the clock may pass the largest long.
    long due = Math.max(free - now, -CREDIT) + (long) (bytes * (NANOS / bytesPerSecond));
    free = now + due;
    return Math.max(0, due);
  }
}
