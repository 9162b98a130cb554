package com.personalaichatbot.dr.core.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * A clock that is still until a test sets it, forwards or backwards. Safe for use by several
 * threads.
 */
public final class SettableClock extends Clock {
  private final ZoneId zone;
  private final Time time;

  private static final class Time {
    private volatile Instant now;
  }

  private SettableClock(Time time, ZoneId zone) {
    this.time = time;
    this.zone = zone;
  }

  /**
   * Makes a clock.
   *
   * @param now what it shows, in UTC
   * @return the clock
   */
  public static SettableClock at(Instant now) {
    SettableClock clock = new SettableClock(new Time(), ZoneOffset.UTC);
    clock.set(now);
    return clock;
  }

  /**
   * Sets it.
   *
   * @param now what it shows from now on; earlier than before is fine
   */
  public void set(Instant now) {
    time.now = Objects.requireNonNull(now, "now");
  }

  /**
   * Lets time pass.
   *
   * @param duration how long; a negative one turns it back
   */
  public void advance(Duration duration) {
    synchronized (time) {
      time.now = time.now.plus(duration);
    }
  }

  @Override
  public Instant instant() {
    return time.now;
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  /** The same clock, showing the time of another zone; setting one sets the other. */
  @Override
  public Clock withZone(ZoneId other) {
    return new SettableClock(time, other);
  }
}
