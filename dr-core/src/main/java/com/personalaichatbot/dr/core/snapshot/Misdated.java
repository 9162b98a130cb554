package com.personalaichatbot.dr.core.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A snapshot whose date the history contradicts: a machine took it whose clock was behind. It is
 * dated
 *
 * <ul>
 *   <li>more than a day before something that precedes it in the history, or
 *   <li>before this library existed: clocks whose battery is empty start in 1970, 1980 or 2000.
 * </ul>
 *
 * <p>Its age counts from the date of the next snapshot in the history that is not misdated, and
 * from now if none exists: the snapshot may be younger than it looks, and is never older. An
 * imported snapshot bears the date of its archive, which may be any in the past.
 *
 * @param madeAtTheLatest the latest time at which it can have been taken
 * @param reason why its date is not believed, for people
 */
record Misdated(Instant madeAtTheLatest, String reason) {
  private static final Instant FIRST_POSSIBLE = Instant.parse("2020-01-01T00:00:00Z");
  private static final Duration TOLERANCE = Duration.ofDays(1);
  private static final String IMPORTED = "imported";

  /** Finds the misdated ones; those dated after now are not among them. */
  static Map<SnapshotId, Misdated> among(List<Snapshot> snapshots, RetentionClock clock) {
    Instant now = clock.now();
    List<Snapshot> dated = snapshots.stream()
        .filter(s -> !s.host().equals(IMPORTED) && !s.started().isAfter(now))
        .sorted(Comparator.comparingLong(Snapshot::sequence))
        .toList();
    Deque<Map.Entry<Long, Instant>> recorded = clock.recorded().entrySet().stream()
        .filter(entry -> !entry.getValue().isAfter(now))
        .sorted(Map.Entry.comparingByKey())
        .collect(Collectors.toCollection(ArrayDeque::new));
    Map<SnapshotId, String> reasons = new HashMap<>();
    Instant newest = Instant.MIN;
    for (Snapshot snapshot : dated) {
      while (!recorded.isEmpty() && recorded.peek().getKey() < snapshot.sequence()) {
        Instant time = recorded.remove().getValue();
        newest = time.isAfter(newest) ? time : newest;
      }
      Instant started = snapshot.started();
      if (started.isBefore(FIRST_POSSIBLE) && !now.isBefore(FIRST_POSSIBLE)) {
        reasons.put(snapshot.id(), "dated " + started + ", by a clock that was wrong");
      } else if (newest != Instant.MIN && started.isBefore(newest.minus(TOLERANCE))) {
        reasons.put(snapshot.id(), "dated " + started + ", but taken after " + newest);
      } else if (started.isAfter(newest)) {
        newest = started;
      }
    }
    Map<SnapshotId, Misdated> misdated = new HashMap<>();
    Instant next = now;
    for (int i = dated.size() - 1; i >= 0; i--) {
      Snapshot snapshot = dated.get(i);
      String reason = reasons.get(snapshot.id());
      if (reason == null) {
        next = snapshot.started();
      } else {
        misdated.put(snapshot.id(), new Misdated(next, reason));
      }
    }
    return misdated;
  }
}
