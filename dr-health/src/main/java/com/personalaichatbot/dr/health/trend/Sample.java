package com.personalaichatbot.dr.health.trend;

import java.time.Duration;
import java.time.Instant;

/**
 * The value of a figure during a minute, an hour or a day.
 *
 * @param start when the time began
 * @param length how long it lasted: a minute, an hour or a day
 * @param minimum the smallest value seen
 * @param maximum the largest value seen
 */
public record Sample(Instant start, Duration length, double minimum, double maximum) {

  Sample and(Sample other) {
    return new Sample(
        start, length, Math.min(minimum, other.minimum), Math.max(maximum, other.maximum));
  }

  Sample in(Duration wider) {
    long seconds = wider.toSeconds();
    long begin = Math.floorDiv(start.getEpochSecond(), seconds) * seconds;
    return new Sample(Instant.ofEpochSecond(begin), wider, minimum, maximum);
  }
}
