package com.personalaichatbot.dr.core.internal.engine.prune;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionClock;
import com.personalaichatbot.dr.core.snapshot.RetentionDecision;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ways to decide which snapshots a prune removes. */
public final class RetentionRun {
  private RetentionRun() {}

  /** The restores of this client that may be undone. */
  @FunctionalInterface
  public interface Undos {
    /** Returns whether there is any. */
    boolean arePossible() throws IOException;
  }

  /**
   * By a policy.
   *
   * @param acceptClock whether a person looked at the clock and says that it is right
   * @param undos asked when the decision is made
   */
  public static PruneRun.Retention by(
      Session session, RetentionPolicy policy, boolean acceptClock, Undos undos) {
    return history -> {
      RetentionClock clock = clock(session, history);
      clock = acceptClock ? clock.accept() : clock;
      List<Snapshot> snapshots = Snapshots.of(history);
      RetentionDecision decision = policy.decide(snapshots, clock, keptForUndos(undos, snapshots));
      return new PruneRun.Decisions(
          decisions(decision.removed()), decisions(decision.kept()), decision.clockDoubt());
    };
  }

  /** Those named go, all others stay. */
  public static PruneRun.Retention without(Session session, Set<SnapshotId> gone) {
    return history -> {
      List<PrunePlan.Decision> removed = new ArrayList<>();
      List<PrunePlan.Decision> kept = new ArrayList<>();
      Set<SnapshotId> missing = new LinkedHashSet<>(gone);
      List<Snapshot> listed = Snapshots.of(history);
      List<Snapshot> snapshots = Snapshots.all(history);
      for (Snapshot snapshot : snapshots) {
        boolean goes = missing.remove(snapshot.id());
        if (goes || listed.contains(snapshot)) {
          (goes ? removed : kept)
              .add(new PrunePlan.Decision(snapshot.id(), List.of(goes ? "NAMED" : "NOT_NAMED")));
        }
      }
      if (!missing.isEmpty()) {
        throw new SnapshotNotFoundException(
            missing.iterator().next().toString(),
            "there is no such snapshot",
            "list the snapshots to see their ids");
      }
      return new PruneRun.Decisions(removed, kept, clock(session, history).doubt(snapshots));
    };
  }

  private static RetentionClock clock(Session session, History history) {
    Map<Long, Instant> recorded = new HashMap<>();
    history.entries().forEach((position, entry) -> {
      Instant time = time(entry);
      if (time != null) {
        recorded.put(position, time);
      }
    });
    return new RetentionClock(session.clock().instant(), recorded, lastRun(history), false);
  }

  private static List<PrunePlan.Decision> decisions(List<RetentionDecision.Verdict> verdicts) {
    return verdicts.stream()
        .map(verdict -> new PrunePlan.Decision(
            verdict.snapshot().id(),
            verdict.reasons().stream().map(reason -> reason.code().name()).toList()))
        .toList();
  }

  /** While anything can be undone, every snapshot that was taken for an undo stays. */
  private static Set<SnapshotId> keptForUndos(Undos undos, List<Snapshot> snapshots)
      throws IOException {
    if (!undos.arePossible()) {
      return Set.of();
    }
    return snapshots.stream()
        .filter(s -> s.purpose() == Purpose.QUARANTINE)
        .map(Snapshot::id)
        .collect(Collectors.toSet());
  }

  /** The times that the entries of a history record. */
  static Stream<Instant> times(History history) {
    return history.entries().values().stream().map(RetentionRun::time).filter(Objects::nonNull);
  }

  /** The time that the newest entry records. */
  static Optional<Instant> headTime(History history) {
    return history.entries().isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(time(history.entries().lastEntry().getValue()));
  }

  private static Instant time(CatalogEntry entry) {
    if (entry.snapshot() != null) {
      return entry.snapshot().finished();
    }
    if (entry.mark() != null) {
      return entry.mark().time();
    }
    if (entry.prune() != null) {
      return entry.prune().time();
    }
    return entry.slots() == null ? null : entry.slots().time();
  }

  /** When a prune last ran under a clock that was believed, or the repository was made. */
  static Optional<Instant> lastRun(History history) {
    return history
        .lastPrune()
        .map(entry -> entry.prune().time())
        .or(() -> history.entries().values().stream()
            .limit(1)
            .map(RetentionRun::time)
            .filter(Objects::nonNull)
            .findFirst());
  }
}
