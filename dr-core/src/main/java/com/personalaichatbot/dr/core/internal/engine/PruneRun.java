package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.PruneRecord;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.PruneReport;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
 */
public final class PruneRun {
  private static final Logger log = LoggerFactory.getLogger(PruneRun.class);

  /** A file that can be given up on a full disk, so that there is room for the PRUNE entry. */
  private static final String RESERVE = "reserve";

  private final Session session;
  private final PruneOptions options;

  /** A prune of this session's repository. */
  public PruneRun(Session session, PruneOptions options) {
    this.session = session;
    this.options = options;
  }

  /** What becomes of each snapshot and why, and why the clock was not believed if it was not. */
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

  /** Works out what would be done; nothing is changed. */
  public PrunePlan plan(Retention retention) throws IOException {
    History history = history();
    Decisions decisions = retention.apply(history);
    PackPlan packs = packs(history, ids(decisions.removed()));
    return new PrunePlan(
        options,
        history.headHash().toString(),
        decisions.removed(),
        decisions.kept(),
        packs.deleted().size(),
        packs.rewritten().size(),
        packs.bytesRewritten(),
        packs.bytesFreed(),
        decisions.clockDoubt());
  }

  private History history() throws IOException {
    History history = session.state().readUnchanged(session.catalog());
    history.requireWhole("until then nothing is removed");
    return history;
  }

  private PackPlan packs(History history, Set<Bytes16> removed) throws IOException {
    List<CatalogEntry> kept =
        history.snapshots().stream().filter(e -> !removed.contains(e.id())).toList();
    return PackPlan.make(session, history, kept, options);
  }

  private static Set<Bytes16> ids(Collection<PrunePlan.Decision> decisions) {
    Set<Bytes16> ids = new HashSet<>();
    decisions.forEach(d -> ids.add(Snapshots.id(d.id())));
    return ids;
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
    Set<Bytes16> removed = ids(plan.removed());
    PackPlan packs = packs(history, removed);
    if (removed.isEmpty() && packs.isEmpty()) {
      return report(plan, 0, 0, 0, plan.head(), started);
    }
    releaseReserve();
    int written;
    long stored;
    Set<KeyedId> lost = new HashSet<>(packs.lost());
    try (PackOutput output = new PackOutput(
        session, new BlobIndex(), new IndexLoader(session.storage(), session.seals()))) {
      packs.rewrite(output, lost);
      output.finish();
      written = output.packsWritten();
      stored = output.bytesStored();
    }
    PruneRecord record = record(history, plan, removed, packs, lost);
    Catalog.Committed committed = session
        .catalog()
        .commitNext(history, session.seals().newBytes16(), record.encode(), new byte[0]);
    History after = session.catalog().read();
    long freed = deleteCondemned(after);
    new IndexLoader(session.storage(), session.seals()).rewrite(after.condemnedPacks());
    session.state().remember(after);
    return report(
        plan,
        packs.deleted().size() + packs.rewritten().size(),
        written,
        freed - stored,
        committed.hash().toString(),
        started);
  }

  private PruneReport report(
      PrunePlan plan, int deleted, int written, long freed, String head, Instant started) {
    List<SnapshotId> removed =
        plan.removed().stream().map(PrunePlan.Decision::id).toList();
    return new PruneReport(
        removed,
        deleted,
        written,
        freed,
        head,
        Duration.between(started, session.clock().instant()));
  }

  private PruneRecord record(
      History history, PrunePlan plan, Set<Bytes16> removed, PackPlan packs, Set<KeyedId> lost) {
    List<PruneRecord.Live> live = new ArrayList<>();
    List<PruneRecord.Removed> gone = new ArrayList<>();
    Map<Bytes16, String> reasons = new HashMap<>();
    plan.removed().forEach(d -> reasons.put(Snapshots.id(d.id()), String.join(",", d.reasons())));
    Set<Bytes16> stay = new HashSet<>();
    Set<Long> proofs = ProofRun.newestOfEachKind(history);
    for (CatalogEntry entry : history.entries().values()) {
      if (entry.snapshot() != null && removed.contains(entry.id())) {
        gone.add(new PruneRecord.Removed(
            entry.id(),
            entry.position(),
            reasons.get(entry.id()),
            FiguresRun.ofRemoved(entry.snapshot())));
      } else if (entry.snapshot() != null
          || entry.prune() != null
          || proofs.contains(entry.position())) {
        live.add(new PruneRecord.Live(entry.position(), entry.hash()));
        stay.add(entry.id());
      }
    }
    List<PruneRecord.Standing> standings = new ArrayList<>();
    history.standings().forEach((id, s) -> {
      if (stay.contains(id)) {
        standings.add(new PruneRecord.Standing(id, s.trust(), s.held(), s.heldUntil()));
      }
    });
    Set<String> condemned = new HashSet<>(packs.deleted());
    condemned.addAll(packs.rewritten());
    Set<String> damaged = history.damagedPacks();
    damaged.removeAll(condemned);
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
        List.copyOf(lost),
        List.copyOf(damaged),
        gone,
        List.copyOf(condemned),
        since,
        hashes);
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

  private void releaseReserve() throws IOException {
    if (delete(RESERVE)) {
      session.storage().sync("");
    }
  }
}
