package com.personalaichatbot.dr.health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes when the test says so; wall clock and elapsed time together or apart. */
public final class ManualTime extends Clock {

  private final AtomicLong elapsed = new AtomicLong(1_000_000_007L);
  private volatile Instant wall = Instant.parse("2026-11-23T00:00:00Z");

  /** Both clocks go on. */
  public void pass(Duration duration) {
    elapsed.addAndGet(duration.toNanos());
    wall = wall.plus(duration);
  }

  /** The wall clock is set; nothing elapses. */
  public void jump(Duration duration) {
    wall = wall.plus(duration);
  }

  public long nanoTime() {
    return elapsed.get();
  }

  @Override
  public Instant instant() {
    return wall;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
