package com.personalaichatbot.dr.core.internal.engine.prune;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.PruneRecord;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.WaitingRemovals;
import com.personalaichatbot.dr.core.snapshot.RemovedSnapshot;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fate of each snapshot in a prune: it stays in the list, or it is removed and waits until its
 * grace is over, or its data goes. The grace counts from the removal, begins under a clock that is
 * believed and ends under one.
 */
final class Removals {
  private final List<CatalogEntry> listed = new ArrayList<>();
  private final List<CatalogEntry> waiting = new ArrayList<>();
  private final List<CatalogEntry> swept = new ArrayList<>();
  private int notBegun;
  private Optional<Instant> nextEnd = Optional.empty();

  /**
   * The time that removed snapshots wait.
   *
   * @param asked for those that this run is asked to remove; zero waives it, whatever the clock
   *     says
   * @param others for those that were removed before
   */
  record Grace(Duration asked, Duration others) {}

  /** Sorts the snapshots of a history by what was decided about them. */
  static Removals of(History history, PruneRun.Decisions decisions, Grace grace, Instant now) {
    Set<Bytes16> asked = ids(decisions.removed());
    boolean isBelieved = decisions.clockDoubt().isEmpty();
    Map<Bytes16, History.SnapshotMarks> standings = history.standings();
    Removals removals = new Removals();
    for (CatalogEntry entry : history.allSnapshots()) {
      boolean isAsked = asked.contains(entry.id());
      History.SnapshotMarks standing =
          standings.getOrDefault(entry.id(), History.SnapshotMarks.NEW);
      if (!isAsked && !standing.isRemoved()) {
        removals.listed.add(entry);
        continue;
      }
      Duration time = isAsked ? grace.asked : grace.others;
      Optional<Instant> end = standing.isRemoved()
          ? end(standing.removal(), time, now)
          : Optional.of(now.plus(time)).filter(at -> isBelieved);
      if (time.isZero() || isBelieved && end.filter(at -> !at.isAfter(now)).isPresent()) {
        removals.swept.add(entry);
      } else {
        removals.wait(entry, end);
      }
    }
    return removals;
  }

  private void wait(CatalogEntry entry, Optional<Instant> end) {
    waiting.add(entry);
    if (end.isEmpty()) {
      notBegun++;
    } else if (nextEnd.isEmpty() || end.get().isBefore(nextEnd.get())) {
      nextEnd = end;
    }
  }

  /** When a grace ends; empty if it has not begun, as with a removal that is dated after now. */
  private static Optional<Instant> end(PruneRecord.Removal removal, Duration grace, Instant now) {
    return hasBegun(removal, now) ? Optional.of(removal.time().plus(grace)) : Optional.empty();
  }

  static boolean hasBegun(PruneRecord.Removal removal, Instant now) {
    return removal.hasBegun() && !removal.time().isAfter(now);
  }

  /** The removed snapshots of a history, oldest first. */
  static List<RemovedSnapshot> list(History history, Duration grace, Instant now) {
    Map<Bytes16, History.SnapshotMarks> standings = history.standings();
    List<RemovedSnapshot> removed = new ArrayList<>();
    for (Snapshot snapshot : Snapshots.all(history)) {
      History.SnapshotMarks standing =
          standings.getOrDefault(Snapshots.id(snapshot.id()), History.SnapshotMarks.NEW);
      if (standing.isRemoved()) {
        PruneRecord.Removal removal = standing.removal();
        removed.add(new RemovedSnapshot(
            snapshot,
            Optional.of(removal.time()).filter(at -> hasBegun(removal, now)),
            end(removal, grace, now),
            Arrays.asList(removal.reasons().split(","))));
      }
    }
    return removed;
  }

  static Set<Bytes16> ids(Collection<PrunePlan.Decision> decisions) {
    Set<Bytes16> ids = new HashSet<>();
    decisions.forEach(d -> ids.add(Snapshots.id(d.id())));
    return ids;
  }

  /** The snapshots that stay in the list. */
  List<CatalogEntry> listed() {
    return listed;
  }

  /** The snapshots that are not in the list and whose data stays. */
  List<CatalogEntry> waiting() {
    return waiting;
  }

  /** The names of the snapshots whose data goes. */
  List<SnapshotId> swept() {
    return swept.stream().map(entry -> Snapshots.id(entry.id())).toList();
  }

  /** What waits, with what it takes. */
  WaitingRemovals figures(long bytes) {
    return new WaitingRemovals(waiting.size(), notBegun, bytes, nextEnd);
  }
}
