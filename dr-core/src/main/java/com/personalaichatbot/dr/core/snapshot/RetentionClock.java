package com.personalaichatbot.dr.core.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the clock says, and what there is to judge it by. Immutable.
 *
 * <p>A machine whose clock is wrong must not remove what is young. The clock is doubtful if
 *
 * <ul>
 *   <li>now is before a time that is already recorded, or
 *   <li>since the last run more than 400 days passed in which nothing was recorded. That is a
 *       yearly backup that is five weeks late; a clock that starts at its epoch, at the date of its
 *       firmware or decades ahead is further off. Snapshots that were taken meanwhile count, so
 *       that a repository that is seldom pruned is not doubted, and a leap ahead is still seen when
 *       snapshots were taken under the wrong clock.
 * </ul>
 *
 * @param now what the clock says
 * @param newestRecorded the newest time in the catalog, if it is not that of a snapshot; empty if
 *     unknown
 * @param lastRun when retention last ran under a clock that was believed; before the first time,
 *     when the repository was made; empty if unknown, then the newest snapshot stands for it
 * @param accepted whether a person looked at the clock and says that it is right
 */
public record RetentionClock(
    Instant now, Optional<Instant> newestRecorded, Optional<Instant> lastRun, boolean accepted) {

  private static final Duration LONGEST_SILENCE = Duration.ofDays(400);

  /** Refuses nulls. */
  public RetentionClock {
    Objects.requireNonNull(now, "now");
    Objects.requireNonNull(newestRecorded, "newestRecorded");
    Objects.requireNonNull(lastRun, "lastRun");
  }

  /** A clock with nothing but the snapshots to judge it by. */
  public static RetentionClock at(Instant now) {
    return new RetentionClock(now, Optional.empty(), Optional.empty(), false);
  }

  /** The same, knowing the newest time in the catalog. */
  public RetentionClock withNewestRecorded(Instant time) {
    return new RetentionClock(now, Optional.of(time), lastRun, accepted);
  }

  /** The same, knowing when retention last ran under a clock that was believed. */
  public RetentionClock withLastRun(Instant time) {
    return new RetentionClock(now, newestRecorded, Optional.of(time), accepted);
  }

  /** The same, believed because a person looked at it. */
  public RetentionClock accept() {
    return new RetentionClock(now, newestRecorded, lastRun, true);
  }

  /**
   * Why it cannot be believed, for people; empty if it can.
   *
   * @param snapshots all snapshots of the repository
   */
  public Optional<String> doubt(List<Snapshot> snapshots) {
    List<Instant> recorded = new ArrayList<>();
    snapshots.forEach(s -> recorded.addAll(List.of(s.started(), s.finished())));
    newestRecorded.ifPresent(recorded::add);
    lastRun.ifPresent(recorded::add);
    recorded.sort(null);
    if (accepted || recorded.isEmpty()) {
      return Optional.empty();
    }
    Instant newest = recorded.get(recorded.size() - 1);
    if (now.isBefore(newest)) {
      return Optional.of("now is " + now + ", but " + newest + " is already recorded");
    }
    Instant before = lastRun.orElse(newest);
    for (Instant time : Stream.concat(recorded.stream(), Stream.of(now)).toList()) {
      if (time.isAfter(before)) {
        if (Duration.between(before, time).compareTo(LONGEST_SILENCE) > 0) {
          return Optional.of("nothing is recorded between " + before + " and " + time);
        }
        before = time;
      }
    }
    return Optional.empty();
  }
}
