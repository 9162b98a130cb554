package com.personalaichatbot.dr.core.internal.engine.prune;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.catalog.WrittenEntry;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.MarkRecord;
import com.personalaichatbot.dr.core.internal.format.PruneRecord;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.opening.Reserve;
import com.personalaichatbot.dr.core.internal.read.FiguresRun;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.PruneReport;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.snapshot.RemovedSnapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A prune: removes snapshots and frees what nothing needs any more.
 *
 * <p>What must never happen is that a blob goes which a kept snapshot, or a snapshot that is being
 * written just now, relies on. Kept snapshots: their trees are walked, what they reach is either
 * left where it is or first written to new packs that are durable before the PRUNE entry (invariant
 * 19). Snapshots being written: their commit fails once the PRUNE entry is there (17), and the
 * PRUNE entry can only be created right behind the last entry that this run has seen. Nothing is
 * deleted before that entry is durable, and nothing that no such entry condemns (18). No clock is
 * asked, and the lock that the caller holds only saves work.
 *
 * <p>A full disk is what a prune is for. What it cannot write is left out: if there is no room for
 * new packs none is rewritten. The room for the PRUNE entry was held in reserve, and the index, a
 * cache, may stay as it is.
 */
public final class PruneRun {
  private static final Logger log = LoggerFactory.getLogger(PruneRun.class);

  /** Packs go whole or stay as they are. */
  private static final PruneOptions WHOLE_PACKS = new PruneOptions(100, 0);

  private final Session session;
  private final PruneOptions options;
  private final Duration grace;
  private int packsDeleted;
  private int packsWritten;
  private long bytesFreed;
  private String head;
  private Optional<WrittenEntry> hidden = Optional.empty();

  /**
   * A prune of this session's repository.
   *
   * @param grace how long a removed snapshot can be taken back, unless the options say otherwise
   */
  public PruneRun(Session session, PruneOptions options, Duration grace) {
    this.session = session;
    this.options = options;
    this.grace = grace;
  }

  /**
   * The decisions on all snapshots, with reasons, and why the clock was not believed if it was not.
   */
  public record Decisions(
      List<PrunePlan.Decision> removed,
      List<PrunePlan.Decision> kept,
      Optional<String> clockDoubt) {}

  /** Decides about the snapshots of a history. */
  @FunctionalInterface
  public interface Retention {
    /** Decides. */
    Decisions apply(History history) throws IOException;
  }

  /**
   * Works out what would be done; nothing is changed.
   *
   * @param others how long those wait that were removed before
   */
  private PrunePlan plan(Retention retention, Duration others) throws IOException {
    History history = history();
    Decisions decisions = retention.apply(history);
    Removals removals = Removals.of(
        history,
        decisions,
        new Removals.Grace(options.grace().orElse(grace), others),
        session.clock().instant());
    PackPlan packs =
        PackPlan.make(session, history, removals.listed(), removals.waiting(), options);
    return new PrunePlan(
        options,
        history.headHash().toString(),
        decisions.removed(),
        decisions.kept(),
        removals.swept(),
        removals.figures(packs.bytesWaiting()),
        packs.deleted().size(),
        packs.rewritten().size(),
        packs.bytesRewritten(),
        packs.bytesFreed(),
        decisions.clockDoubt(),
        packs.blockage());
  }

  /** By a policy: what was removed before waits as long as what is removed now. */
  public PrunePlan plan(Retention retention) throws IOException {
    return plan(retention, options.grace().orElse(grace));
  }

  /** By name: what is not named waits as it did. */
  public PrunePlan planNamed(Retention retention) throws IOException {
    return plan(retention, grace);
  }

  /** The removed snapshots, oldest first. */
  public static List<RemovedSnapshot> removed(Session session, Duration grace) throws IOException {
    return Removals.list(
        session.state().read(session.catalog()), grace, session.clock().instant());
  }

  private History history() throws IOException {
    History history = session.state().readUnchanged(session.catalog());
    history.requireWhole("until then nothing is removed");
    session.state().requireSettled(history);
    return history;
  }

  /** Executes a plan; the caller holds the lock alone. */
  public PruneReport run(PrunePlan plan) throws IOException {
    session.requirePrunable();
    Instant started = session.clock().instant();
    History history = history();
    if (!history.headHash().toString().equals(plan.head())) {
      throw new RepositoryLockedException(
          session.storage().location(),
          "it changed since the plan was made",
          "make the plan again and look at it");
    }
    deleteCondemned(history);
    try {
      return run(plan, history, started);
    } finally {
      Reserve.make(session.storage());
    }
  }

  private PruneReport run(PrunePlan plan, History before, Instant started) throws IOException {
    Set<Bytes16> swept = new HashSet<>();
    plan.swept().forEach(id -> swept.add(Snapshots.id(id)));
    PackPlan packs = packs(before, swept, options);
    boolean isBlocked = packs.blockage().isPresent();
    History history;
    boolean isHidden = true;
    try {
      history = hide(before, plan, isBlocked ? Set.of() : swept);
    } catch (FileSystemException e) {
      if (isBlocked || swept.isEmpty() && packs.isEmpty()) {
        throw e;
      }
      log.warn("Not enough room to record removals, so no snapshot is removed: {}", e.getMessage());
      history = history();
      isHidden = false;
    }
    packs.requireUnblocked(isHidden ? newlyRemoved(before, plan) : List.of());
    if (!swept.isEmpty() || !packs.isEmpty()) {
      PackPlan planned = packs;
      History from = history;
      List<SnapshotId> gone = isHidden ? newlyRemoved(before, plan) : List.of();
      ifHidden(() -> {
        free(plan, from, swept, planned, gone);
        return null;
      });
    }
    boolean isOut = isHidden;
    return new PruneReport(
        plan.removed().stream()
            .map(PrunePlan.Decision::id)
            .filter(id -> isOut || swept.contains(Snapshots.id(id)))
            .toList(),
        plan.swept(),
        plan.waiting(),
        packsDeleted,
        packsWritten,
        bytesFreed,
        head,
        Duration.between(started, session.clock().instant()));
  }

  /** Deletes what nothing needs any more, and moves what is needed still. */
  private void free(
      PrunePlan plan, History history, Set<Bytes16> swept, PackPlan planned, List<SnapshotId> gone)
      throws IOException {
    PackPlan packs = planned;
    Reserve.release(session.storage());
    Optional<SafeMove.Outcome> moved = move(packs);
    if (moved.isEmpty()) {
      packs = packs(history, swept, WHOLE_PACKS);
      packs.requireUnblocked(gone);
      moved = Optional.of(SafeMove.leave(session, packs));
    }
    commit(history, plan, swept, moved.get());
  }

  /** The snapshots of a plan that were in the list before it. */
  private static List<SnapshotId> newlyRemoved(History before, PrunePlan plan) {
    Set<SnapshotId> listed = new HashSet<>();
    before.snapshots().forEach(entry -> listed.add(Snapshots.id(entry.id())));
    return plan.removed().stream()
        .map(PrunePlan.Decision::id)
        .filter(listed::contains)
        .toList();
  }

  private PackPlan packs(History history, Set<Bytes16> swept, PruneOptions how) throws IOException {
    List<CatalogEntry> kept =
        history.allSnapshots().stream().filter(e -> !swept.contains(e.id())).toList();
    return PackPlan.make(session, history, kept, List.of(), how);
  }

  /**
   * Takes snapshots out of the list whose data stays for now, and begins the grace of those that
   * were removed under a doubtful clock, if this one is believed. That gives no room, so the
   * reserve stays for a prune that does.
   *
   * @param swept those whose data goes, which the PRUNE entry takes out
   * @return the history with that
   */
  private History hide(History history, PrunePlan plan, Set<Bytes16> swept) throws IOException {
    boolean isBelieved = plan.clockDoubt().isEmpty();
    Instant now = session.clock().instant();
    Map<Bytes16, History.SnapshotMarks> standings = history.standings();
    List<MarkRecord.SnapshotMark> marks = new ArrayList<>();
    for (PrunePlan.Decision decision : plan.removed()) {
      Bytes16 id = Snapshots.id(decision.id());
      if (!swept.contains(id)
          && !standings.getOrDefault(id, History.SnapshotMarks.NEW).isRemoved()) {
        marks.add(removed(id, isBelieved, String.join(",", decision.reasons())));
      }
    }
    standings.forEach((id, standing) -> {
      boolean begins = isBelieved
          && standing.isRemoved()
          && !swept.contains(id)
          && !Removals.hasBegun(standing.removal(), now);
      if (begins) {
        marks.add(new MarkRecord.SnapshotMark(id, MarkRecord.UNREMOVED, 0));
        marks.add(removed(id, true, standing.removal().reasons()));
      }
    });
    head = plan.head();
    if (marks.isEmpty()) {
      return history;
    }
    MarkRecord record = new MarkRecord(
        believedTime(history, plan),
        MarkRecord.BY_PERSON,
        0,
        marks,
        List.of(),
        List.of(),
        Extension.NONE);
    Catalog.Committed committed = session
        .catalog()
        .commitNext(history, session.seals().newBytes16(), record.encode(), new byte[0]);
    session.state().notePassed(history, committed);
    head = committed.hash().toString();
    hidden = Optional.of(committed.entry());
    return ifHidden(() -> {
      History after = history();
      if (!after.headHash().toString().equals(head)) {
        throw new RepositoryLockedException(
            session.storage().location(),
            "another operation added to it in the meantime",
            "run the operation again");
      }
      session.state().remember(after);
      return after;
    });
  }

  /** Does what comes after the snapshots have left the list, if any did. */
  private <T> T ifHidden(WrittenEntry.Step<T> step) throws IOException {
    return hidden.isEmpty()
        ? step.run()
        : hidden
            .get()
            .then(
                "the snapshots are out of the list, and what only they need may still be there",
                "look at the storage; the next prune goes on. dr unforget ID takes a removal back",
                step);
  }

  private static MarkRecord.SnapshotMark removed(Bytes16 id, boolean isBelieved, String reasons) {
    return new MarkRecord.SnapshotMark(id, MarkRecord.REMOVED, isBelieved ? 0 : 1, reasons);
  }

  /**
   * Moves what is still needed of packs that are mostly dead, durably.
   *
   * @return empty if it could not be done, most likely for want of room: what it wrote until then
   *     is dead itself, and no reason not to delete
   */
  private Optional<SafeMove.Outcome> move(PackPlan packs) throws IOException {
    try {
      SafeMove.Outcome moved = SafeMove.move(session, packs);
      packsWritten = moved.packsWritten();
      bytesFreed -= moved.bytesStored();
      return Optional.of(moved);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      log.warn(
          "{} packs of {} could not be rewritten ({}) and stay as they are; the next prune tries again",
          packs.rewritten().size(),
          session.storage().location(),
          e.toString());
      return Optional.empty();
    }
  }

  /** Creates the PRUNE entry and then deletes. */
  private void commit(History history, PrunePlan plan, Set<Bytes16> swept, SafeMove.Outcome packs)
      throws IOException {
    PruneRecord record = record(history, plan, swept, packs);
    Catalog.Committed committed = session
        .catalog()
        .commitNext(history, session.seals().newBytes16(), record.encode(), new byte[0]);
    packsDeleted = packs.condemned().size();
    committed
        .entry()
        .then(
            "not all that it frees was deleted",
            "look at the storage; the next prune deletes the rest",
            () -> {
              sweep();
              return null;
            });
    head = committed.hash().toString();
  }

  /** Deletes what the PRUNE entry that is now frees. */
  private void sweep() throws IOException {
    History after = session.state().read(session.catalog());
    bytesFreed += deleteCondemned(after);
    try {
      new IndexLoader(session.storage(), session.seals()).rewrite(after.condemnedPacks());
    } catch (IOException e) {
      log.warn(
          "Cannot rewrite the index of {} ({}); the old one stays valid",
          session.storage().location(),
          e.toString());
    }
    session.state().remember(after);
  }

  private PruneRecord record(
      History history, PrunePlan plan, Set<Bytes16> swept, SafeMove.Outcome packs) {
    List<PruneRecord.Live> live = new ArrayList<>();
    List<PruneRecord.Removed> gone = new ArrayList<>();
    Map<Bytes16, String> reasons = new HashMap<>();
    plan.removed().forEach(d -> reasons.put(Snapshots.id(d.id()), String.join(",", d.reasons())));
    Map<Bytes16, History.SnapshotMarks> standing = history.standings();
    Set<Bytes16> stay = new HashSet<>();
    Set<Long> proofs = ProofRun.newestOfEachKind(history);
    for (CatalogEntry entry : history.entries().values()) {
      if (entry.snapshot() != null && swept.contains(entry.id())) {
        gone.add(new PruneRecord.Removed(
            entry.id(),
            entry.position(),
            reasons.computeIfAbsent(entry.id(), id -> standing.get(id).removal().reasons()),
            FiguresRun.ofRemoved(entry.snapshot())));
      } else if (entry.snapshot() != null
          || entry.prune() != null
          || proofs.contains(entry.position())) {
        live.add(new PruneRecord.Live(entry.position(), entry.hash()));
        stay.add(entry.id());
      }
    }
    List<PruneRecord.SnapshotMarks> standings = new ArrayList<>();
    standing.forEach((id, s) -> {
      if (stay.contains(id)) {
        standings.add(new PruneRecord.SnapshotMarks(
            id, s.trust(), s.held(), s.heldUntil(), s.accepted(), s.removal()));
      }
    });
    Set<String> damaged = history.damagedPacks();
    damaged.removeAll(packs.condemned());
    long since = history.lastPrune().map(CatalogEntry::position).orElse(0L);
    List<EntryFile.Hash> hashes = new ArrayList<>();
    for (long at = since; at <= history.headPosition(); at++) {
      hashes.add(history.hashAt(at).orElse(EntryFile.Hash.NONE));
    }
    return new PruneRecord(
        believedTime(history, plan),
        live,
        standings,
        List.copyOf(history.liveSlots()),
        List.copyOf(packs.lost()),
        List.copyOf(damaged),
        gone,
        List.copyOf(packs.condemned()),
        since,
        hashes,
        Extension.NONE);
  }

  /**
   * What the next run compares its clock with: if this one cannot be believed, the time before it,
   * for one entry under a wrong clock must not make that clock right.
   */
  private Instant believedTime(History history, PrunePlan plan) {
    Instant now = session.clock().instant();
    return plan.clockDoubt().isEmpty() ? now : RetentionRun.lastRun(history).orElse(now);
  }

  /**
   * Deletes what earlier PRUNE entries condemned and what they left out of the history;
   * interrupted, the next prune goes on.
   *
   * @return how many bytes that gave back
   */
  private long deleteCondemned(History history) throws IOException {
    Map<String, Long> listed = IndexLoader.listPacks(session.storage());
    long freed = 0;
    for (String pack : history.condemnedPacks()) {
      Long length = listed.get(pack);
      if (length != null && delete(IndexedPack.file(pack))) {
        freed += length;
      }
    }
    for (String stray : history.strays()) {
      if (EntryFile.positionOf(stray) >= 0) {
        delete(stray);
      }
    }
    session.storage().sync(IndexedPack.DIRECTORY);
    session.storage().sync(EntryFile.DIRECTORY);
    return freed;
  }

  private boolean delete(String name) throws IOException {
    try {
      session.storage().delete(name);
      return true;
    } catch (NoSuchFileException e) {
      log.debug("{} was gone already", name);
      return false;
    }
  }
}
