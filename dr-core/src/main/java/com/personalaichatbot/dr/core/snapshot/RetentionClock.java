package com.personalaichatbot.dr.core.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The clock of a retention decision, with what there is to judge it by. Immutable.
 *
 * <p>A machine whose clock is wrong must not remove what is young. The clock is doubtful if
 *
 * <ul>
 *   <li>now is before a time that is already recorded, or
 *   <li>since the last run more than 400 days passed in which nothing was recorded. That is a
 *       yearly backup that is five weeks late; a clock that starts at its epoch, at the date of its
 *       firmware or decades ahead is further off. Snapshots that were taken meanwhile count, so
 *       that a repository that is seldom pruned is not doubted. A leap ahead is still seen when
 *       snapshots were taken under the wrong clock.
 * </ul>
 *
 * @param now what the clock says
 * @param recorded the times that the catalog records beside those of the snapshots, each by its
 *     place in the history; a copy is kept
 * @param lastRun when retention last ran under a clock that was believed; before the first time,
 *     when the repository was made; empty if unknown, then the newest snapshot stands for it
 * @param accepted whether a person looked at the clock and says that it is right
 */
public record RetentionClock(
    Instant now, Map<Long, Instant> recorded, Optional<Instant> lastRun, boolean accepted) {

  private static final Duration LONGEST_SILENCE = Duration.ofDays(400);

  /** Refuses nulls and keeps a copy. */
  public RetentionClock {
    Objects.requireNonNull(now, "now");
    recorded = Map.copyOf(recorded);
    Objects.requireNonNull(lastRun, "lastRun");
  }

  /** A clock with nothing but the snapshots to judge it by. */
  public static RetentionClock at(Instant now) {
    return new RetentionClock(now, Map.of(), Optional.empty(), false);
  }

  /** The same, knowing what else the catalog records, by its place in the history. */
  public RetentionClock withRecorded(Map<Long, Instant> times) {
    return new RetentionClock(now, times, lastRun, accepted);
  }

  /** The same, knowing when retention last ran under a clock that was believed. */
  public RetentionClock withLastRun(Instant time) {
    return new RetentionClock(now, recorded, Optional.of(time), accepted);
  }

  /** The same, believed because a person looked at it. */
  public RetentionClock accept() {
    return new RetentionClock(now, recorded, lastRun, true);
  }

  /**
   * Why it cannot be believed, for people; empty if it can.
   *
   * @param snapshots all snapshots of the repository
   */
  public Optional<String> doubt(List<Snapshot> snapshots) {
    List<Instant> times = new ArrayList<>(recorded.values());
    snapshots.forEach(s -> times.addAll(List.of(s.started(), s.finished())));
    lastRun.ifPresent(times::add);
    times.sort(null);
    if (accepted || times.isEmpty()) {
      return Optional.empty();
    }
    Instant newest = times.get(times.size() - 1);
    if (now.isBefore(newest)) {
      return Optional.of("now is " + now + ", but " + newest + " is already recorded");
    }
    Instant before = lastRun.orElse(newest);
    for (Instant time : Stream.concat(times.stream(), Stream.of(now)).toList()) {
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
