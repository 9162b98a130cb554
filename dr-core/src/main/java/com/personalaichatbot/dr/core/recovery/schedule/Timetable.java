package com.personalaichatbot.dr.core.recovery.schedule;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/*
 * When a job is due follows from what was durably done, and from nothing else: no timer remembers anything. So
 *
 *   - a run that was missed is due immediately, once, however many were missed.
 *   - a clock that leaps ahead makes everything due, once; when it is set right again, what was done under the wrong clock
 *     lies in the future and counts for nothing, and what was done before counts again.
 *   - a clock that is set back makes nothing wait until the time is reached again: the same rule.
 */

/**
 * The times when jobs are due, given what was done and what time it is. Knows no clock, no files
 * and no threads. Immutable.
 *
 * @param zone in which days begin
 * @param jitter so much later than its time each job is due at most, always by the same amount
 * @param seed makes that amount another one on each machine
 */
record Timetable(ZoneId zone, Optional<QuietHours> quiet, Duration jitter, String seed) {
  private static final Duration LEAST_WAIT = Duration.ofMinutes(1);
  private static final Duration MOST_WAIT = Duration.ofDays(1);
  private static final Duration MOST_GRACE = Duration.ofDays(7);

  /** The newest of the runs that is not in the future. */
  static Optional<Instant> last(List<Instant> runs, Instant now) {
    return runs.stream().filter(run -> !run.isAfter(now)).max(Instant::compareTo);
  }

  /**
   * When a job is due.
   *
   * @param since when there was first something to do it to
   */
  Instant due(Job job, List<Instant> runs, Instant since, Instant now) {
    Instant from = since.isAfter(now) ? now : since;
    Optional<Instant> last = last(runs, now);
    if (last.isEmpty() && !job.components().isEmpty()) {
      return from;
    }
    if (last.equals(Optional.of(Instant.EPOCH))) {
      return now;
    }
    Duration late = lateness(job);
    return job.recurrence().next(last.orElse(from).minus(late), zone).plus(late);
  }

  /** How much later than its rhythm a job is due: spread evenly, and the same each time. */
  private Duration lateness(Job job) {
    if (jitter.isZero() || job.recurrence().isInterval()) {
      return Duration.ZERO;
    }
    CRC32 hash = new CRC32();
    hash.update((seed + '\n' + job.name()).getBytes(StandardCharsets.UTF_8));
    return Duration.ofSeconds(hash.getValue() % (jitter.toSeconds() + 1));
  }

  /**
   * From when on a job that is due may be done: later where it failed before, and where hours are
   * quiet.
   *
   * @param failures how often it failed since it was last done
   * @param attempt when it last failed; one in the future counts for nothing
   */
  Instant start(Job job, Instant due, int failures, Optional<Instant> attempt, Instant now) {
    Instant start = due.isAfter(now) ? due : now;
    if (failures > 0 && attempt.isPresent() && !attempt.get().isAfter(now)) {
      Instant again = attempt.get().plus(pause(job, failures));
      start = again.isAfter(start) ? again : start;
    }
    return afterQuiet(job, start);
  }

  private Instant afterQuiet(Job job, Instant time) {
    return job.isInQuietHours() || quiet.isEmpty() ? time : quiet.get().end(time, zone);
  }

  /** How long to wait after so many failures: what is seldom done is seldom tried again. */
  private Duration pause(Job job, int failures) {
    Duration longest = job.recurrence().maxInterval(zone);
    Duration first = max(longest.dividedBy(1000), LEAST_WAIT);
    Duration most = max(min(longest.dividedBy(8), MOST_WAIT), LEAST_WAIT);
    Duration pause = first;
    for (int i = 1; i < failures && pause.compareTo(most) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return min(pause, most);
  }

  /** Whether a job that was due should have been done by now. */
  boolean isOverdue(Job job, Instant due, Instant now) {
    Duration grace = min(job.recurrence().maxInterval(zone).dividedBy(4), MOST_GRACE);
    return now.isAfter(afterQuiet(job, due).plus(grace));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
