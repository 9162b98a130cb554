package com.personalaichatbot.dr.core.internal.engine.prune;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.PackHeader;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.read.ReachedBlobs;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.internal.write.BlobSink;
import com.personalaichatbot.dr.core.operation.Blockage;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The packs that a prune deletes and those that it rewrites: every blob that a kept snapshot
 * reaches is marked, a pack without a mark goes, and one with too few is rewritten. A damaged pack
 * is rewritten too, as far as its blobs still open. A pack that stays keeps every dictionary that
 * it names (invariant 11). While an inner object of a kept snapshot cannot be read, no pack goes.
 * Not thread-safe.
 *
 * <p>This is what would be done. That nothing is lost by it is proven by {@link SafeMove} when it
 * is done.
 */
final class PackPlan {
  /** Packs below this share of a full one are put together when there are many of them. */
  private static final int SMALL_SHARE = 4;

  private static final int MANY_SMALL = 16;

  private final Session session;
  private final BlobIndex index;
  private final ReachedBlobs reached;
  private final BitSet marks;
  private final Set<String> deleted = new HashSet<>();
  private final Set<String> rewritten = new HashSet<>();
  private final Set<String> junk = new HashSet<>();
  private final Map<String, BlobIndex.Use> uses = new HashMap<>();
  private Optional<Blockage> blockage = Optional.empty();
  private long bytesRewritten;
  private long bytesFreed;
  private long bytesWaiting;

  private PackPlan(Session session, BlobIndex index, ReachedBlobs reached) {
    this.session = session;
    this.index = index;
    this.reached = reached;
    this.marks = (BitSet) reached.marks().clone();
  }

  /**
   * Makes a plan.
   *
   * @param listed snapshots that stay
   * @param waiting removed snapshots whose data stays for now
   */
  static PackPlan make(
      Session session,
      History history,
      List<CatalogEntry> listed,
      List<CatalogEntry> waiting,
      PruneOptions options)
      throws IOException {
    List<CatalogEntry> kept = new ArrayList<>(listed);
    kept.addAll(waiting);
    IndexLoader loader = new IndexLoader(session.storage(), session.seals());
    IndexLoader.Loaded loaded = loader.load(history.unreliablePacks());
    Map<String, Long> junk = loader.add(loaded.index(), history.damagedPacks());
    try (BlobReader reader = new BlobReader(
        session.storage(), session.seals(), loaded.index(), session.dictionaries())) {
      TreeReader trees = new TreeReader(reader);
      ReachedBlobs reached = new ReachedBlobs(loaded.index(), trees);
      mark(listed, reached);
      PackPlan now = new PackPlan(session, loaded.index(), reached);
      mark(waiting, reached);
      PackPlan plan = new PackPlan(session, loaded.index(), reached);
      if (reached.blocking().isEmpty()) {
        plan.decide(history, kept, options, junk);
        if (!waiting.isEmpty()) {
          now.decide(history, listed, options, junk);
          plan.bytesWaiting = Math.max(0, now.bytesFreed - plan.bytesFreed);
        }
      } else {
        List<CatalogEntry> others = new ArrayList<>(kept);
        others.removeAll(plan.reached.blocking());
        ReachedBlobs rest = new ReachedBlobs(loaded.index(), trees);
        mark(others, rest);
        PackPlan without = new PackPlan(session, loaded.index(), rest);
        without.decide(history, others, options, junk);
        plan.blockage = Optional.of(blockage(plan.reached, without.bytesFreed));
      }
      return plan;
    }
  }

  private static Blockage blockage(ReachedBlobs reached, long bytes) {
    CorruptRepositoryException why = reached.failure().orElseThrow();
    String problem = why.getMessage().substring(why.object().length() + 2);
    return new Blockage(
        reached.blocking().stream().map(entry -> Snapshots.id(entry.id())).toList(),
        bytes,
        why.object(),
        problem);
  }

  private static void mark(List<CatalogEntry> snapshots, ReachedBlobs reached) throws IOException {
    for (CatalogEntry entry : snapshots) {
      reached.add(entry);
    }
  }

  private void decide(
      History history,
      Collection<CatalogEntry> kept,
      PruneOptions options,
      Map<String, Long> unknown) {
    Set<KeyedId> dictionaries = new HashSet<>();
    kept.forEach(e -> dictionaries.add(e.snapshot().dictionary()));
    decide(history.damagedPacks(), dictionaries, options);
    decideDictionaries(dictionaries);
    decideJunk(unknown);
    for (BlobIndex.Use use : uses.values()) {
      if (deleted.contains(use.pack())) {
        bytesFreed += use.length() + PackHeader.BYTES;
      } else if (rewritten.contains(use.pack())) {
        bytesFreed += use.length() - use.markedLength();
      }
    }
  }

  private void decide(Set<String> damaged, Set<KeyedId> dictionaries, PruneOptions options) {
    List<BlobIndex.Use> all = index.uses(marks);
    Set<String> small = manySmall(all);
    List<BlobIndex.Use> candidates = new ArrayList<>();
    for (BlobIndex.Use use : all) {
      uses.put(use.pack(), use);
      if (use.kind() == PackKind.DICTIONARY) {
        continue;
      }
      if (isReached(use)) {
        dictionaries.addAll(use.dictionaries());
      }
      if (use.markedBlobs() == 0) {
        deleted.add(use.pack());
        continue;
      }
      long dead = use.length() - use.markedLength();
      if (damaged.contains(use.pack()) && options.rewriteBudget() > 0) {
        rewrite(use);
      } else if (dead * 100 > use.length() * options.maxDeadPercent()
          || small.contains(use.pack())) {
        candidates.add(use);
      }
    }
    candidates.sort(Comparator.comparingLong(u -> u.markedLength() - u.length()));
    for (BlobIndex.Use use : candidates) {
      if (bytesRewritten + use.markedLength() <= options.rewriteBudget()) {
        rewrite(use);
      }
    }
  }

  /** Whether it holds a blob that is marked here or at another place. */
  private boolean isReached(BlobIndex.Use use) {
    if (use.markedBlobs() > 0) {
      return true;
    }
    for (int i = 0; i < use.blobs(); i++) {
      if (index.isMarkedAnywhere(use.firstRecord() + i, marks)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What needs no dictionary any more lets it go: unless something is lost, for a pack that comes
   * back by healing may need it.
   */
  private void decideDictionaries(Set<KeyedId> needed) {
    needed.remove(null);
    needed.forEach(id -> index.markAll(id, marks));
    for (BlobIndex.Use use : index.uses(marks)) {
      if (use.kind() == PackKind.DICTIONARY) {
        uses.put(use.pack(), use);
        if (use.markedBlobs() == 0 && reached.lost().isEmpty()) {
          deleted.add(use.pack());
        }
      }
    }
  }

  /**
   * Packs that are known to be damaged and of which nothing can be read, such as half-copied ones,
   * go too: unless something is lost, for then a person may still want to look into them.
   */
  private void decideJunk(Map<String, Long> unknown) {
    if (reached.lost().isEmpty()) {
      junk.addAll(unknown.keySet());
      unknown.values().forEach(length -> bytesFreed += length);
    }
  }

  private void rewrite(BlobIndex.Use use) {
    rewritten.add(use.pack());
    bytesRewritten += use.markedLength();
  }

  private Set<String> manySmall(List<BlobIndex.Use> uses) {
    Set<String> all = new HashSet<>();
    for (PackKind kind : List.of(PackKind.DATA, PackKind.TREE)) {
      int full = kind == PackKind.DATA ? session.format().packTarget() : BlobSink.TREE_PACK;
      Set<String> small = new HashSet<>();
      for (BlobIndex.Use use : uses) {
        if (use.kind() == kind && use.length() < full / SMALL_SHARE) {
          small.add(use.pack());
        }
      }
      if (small.size() >= MANY_SMALL) {
        all.addAll(small);
      }
    }
    return all;
  }

  /** Why no pack may go, if that is so. */
  Optional<Blockage> blockage() {
    return blockage;
  }

  /**
   * Ends a run in which no pack may go.
   *
   * @param removed snapshots that the run has taken out of the list
   */
  void requireUnblocked(List<SnapshotId> removed) throws CorruptRepositoryException {
    if (blockage.isPresent()) {
      CorruptRepositoryException failure = blockage.get().toException(removed);
      failure.initCause(reached.failure().orElseThrow().getCause());
      throw failure;
    }
  }

  BlobIndex index() {
    return index;
  }

  /** Marks of what is reached, of dictionaries at all their places. */
  BitSet marks() {
    return marks;
  }

  /** What is known of a pack that is deleted or rewritten and that is no junk. */
  BlobIndex.Use use(String pack) {
    return uses.get(pack);
  }

  /** Packs of which nothing is needed. */
  Set<String> deleted() {
    return deleted;
  }

  /** Packs of which the needed part moves. */
  Set<String> rewritten() {
    return rewritten;
  }

  /** Damaged packs of which nobody can know what they held. */
  Set<String> junk() {
    return junk;
  }

  /** Leaves that kept snapshots reach and that no place holds. */
  Set<KeyedId> lost() {
    return reached.lost();
  }

  long bytesRewritten() {
    return bytesRewritten;
  }

  long bytesFreed() {
    return bytesFreed;
  }

  /** How much more would be freed if what waits did not wait. */
  long bytesWaiting() {
    return bytesWaiting;
  }

  boolean isEmpty() {
    return deleted.isEmpty() && rewritten.isEmpty() && junk.isEmpty();
  }
}
