package com.personalaichatbot.dr.core.internal.engine.prune;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.engine.Session;
import com.personalaichatbot.dr.core.internal.engine.backup.BlobSink;
import com.personalaichatbot.dr.core.internal.engine.backup.PackOutput;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.PackHeader;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.internal.format.PackedBlob;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.format.TreeNode;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobPlace;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.index.Flaw;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.pack.PackWriter;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which packs a prune deletes and which it rewrites: every blob that a kept snapshot reaches is
 * marked, a pack without a mark goes, and one with too few is rewritten. A damaged pack is
 * rewritten too, as far as its blobs still open. A pack that stays keeps every dictionary that it
 * names (invariant 11). Not thread-safe.
 */
final class PackPlan {
  /** Packs below this share of a full one are put together when there are many of them. */
  private static final int SMALL_SHARE = 4;

  private static final int MANY_SMALL = 16;

  private static final Logger log = LoggerFactory.getLogger(PackPlan.class);

  private final Session session;
  private final IndexLoader.Loaded loaded;
  private final BitSet marks = new BitSet();
  private final Set<KeyedId> lost = new HashSet<>();
  private final Set<String> deleted = new HashSet<>();
  private final Set<String> rewritten = new HashSet<>();
  private final Map<String, Integer> firstRecords = new HashMap<>();
  private long bytesRewritten;
  private long bytesFreed;

  private PackPlan(Session session, IndexLoader.Loaded loaded) {
    this.session = session;
    this.loaded = loaded;
  }

  static PackPlan make(
      Session session, History history, List<CatalogEntry> kept, PruneOptions options)
      throws IOException {
    IndexLoader loader = new IndexLoader(session.storage(), session.seals());
    IndexLoader.Loaded loaded = loader.load(history.unreliablePacks());
    Map<String, Long> junk = loader.add(loaded.index(), history.damagedPacks());
    PackPlan plan = new PackPlan(session, loaded);
    try (BlobReader reader = new BlobReader(
        session.storage(), session.seals(), loaded.index(), session.dictionaries())) {
      TreeReader trees = new TreeReader(reader);
      for (CatalogEntry entry : kept) {
        if (entry.snapshot().root() != null) {
          plan.markNode(entry.snapshot().root(), trees);
        }
      }
    }
    Set<KeyedId> dictionaries = new HashSet<>();
    kept.forEach(e -> dictionaries.add(e.snapshot().dictionary()));
    plan.decide(history.damagedPacks(), dictionaries, options);
    plan.decideJunk(junk);
    return plan;
  }

  /** Marks a blob; whether it was not marked before and is there. */
  private boolean mark(KeyedId id) {
    BlobIndex.Marked marked = loaded.index().mark(id, marks);
    if (marked == BlobIndex.Marked.ABSENT) {
      lost.add(id);
    }
    return marked == BlobIndex.Marked.NOW;
  }

  private void markNode(KeyedId id, TreeReader trees) throws IOException {
    if (!mark(id)) {
      return;
    }
    TreeNode node;
    try {
      node = trees.node(id);
    } catch (CorruptRepositoryException e) {
      requireLost(e);
      lost.add(id);
      return;
    }
    for (TreeNode.Child child : node.children()) {
      markNode(child.node(), trees);
    }
    for (TreeEntry entry : node.entries()) {
      if (entry.directory() != null) {
        markNode(entry.directory(), trees);
      } else if (entry.type() == EntryType.FILE) {
        markContent(entry, trees);
      }
    }
  }

  private void markContent(TreeEntry file, TreeReader trees) throws IOException {
    boolean known = !file.content().maps().isEmpty();
    for (KeyedId map : file.content().maps()) {
      known &= !mark(map);
    }
    if (known) {
      return;
    }
    try {
      for (Extent extent : trees.extents(file)) {
        if (!extent.isHole()) {
          mark(extent.blob());
        }
      }
    } catch (CorruptRepositoryException e) {
      requireLost(e);
      lost.addAll(file.content().maps());
    }
  }

  /** What cannot be read just now may come back, and all below it must be there then. */
  private static void requireLost(CorruptRepositoryException e) throws CorruptRepositoryException {
    if (e.getCause() != null) {
      throw e;
    }
  }

  private void decide(Set<String> damaged, Set<KeyedId> dictionaries, PruneOptions options) {
    List<BlobIndex.Use> uses = loaded.index().uses(marks);
    Set<String> small = manySmall(uses);
    long budget = options.rewriteBudget();
    List<BlobIndex.Use> candidates = new ArrayList<>();
    for (BlobIndex.Use use : uses) {
      if (use.kind() == PackKind.DICTIONARY) {
        continue;
      }
      if (use.markedBlobs() == 0) {
        deleted.add(use.pack());
        continue;
      }
      dictionaries.addAll(use.dictionaries());
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
      if (bytesRewritten + use.markedLength() <= budget) {
        rewrite(use);
      }
    }
    dictionaries.remove(null);
    dictionaries.forEach(id -> loaded.index().markAll(id, marks));
    for (BlobIndex.Use use : loaded.index().uses(marks)) {
      firstRecords.put(use.pack(), use.firstRecord());
      if (use.kind() == PackKind.DICTIONARY && use.markedBlobs() == 0) {
        deleted.add(use.pack());
      }
      if (deleted.contains(use.pack())) {
        bytesFreed += use.length() + PackHeader.BYTES;
      } else if (rewritten.contains(use.pack())) {
        bytesFreed += use.length() - use.markedLength();
      }
    }
  }

  /**
   * Packs that are known to be damaged and of which nothing can be read, such as half-copied ones,
   * go too: unless something is lost, for then a person may still want to look into them.
   */
  private void decideJunk(Map<String, Long> junk) {
    if (lost.isEmpty()) {
      deleted.addAll(junk.keySet());
      junk.values().forEach(length -> bytesFreed += length);
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

  Set<String> deleted() {
    return deleted;
  }

  Set<String> rewritten() {
    return rewritten;
  }

  /** Ids that kept snapshots reach and that no place holds. */
  Set<KeyedId> lost() {
    return lost;
  }

  long bytesRewritten() {
    return bytesRewritten;
  }

  long bytesFreed() {
    return bytesFreed;
  }

  boolean isEmpty() {
    return deleted.isEmpty() && rewritten.isEmpty();
  }

  /**
   * Moves what is marked in the packs to rewrite to new packs.
   *
   * @param gone gets the ids of blobs that do not open any more
   */
  void rewrite(PackOutput output, Set<KeyedId> gone) throws IOException {
    IndexLoader loader = new IndexLoader(session.storage(), session.seals());
    BlobSink sink = output.borrow();
    try (BlobReader reader = new BlobReader(
        session.storage(), session.seals(), loaded.index(), session.dictionaries())) {
      loader.forEach(rewritten::contains, pack -> copy(pack, reader, sink, output, gone));
      for (IndexedPack pack : loaded.adopted()) {
        if (rewritten.contains(pack.name())) {
          copy(pack, reader, sink, output, gone);
        }
      }
    } finally {
      output.giveBack(sink);
    }
  }

  private void copy(
      IndexedPack pack, BlobReader reader, BlobSink sink, PackOutput output, Set<KeyedId> gone)
      throws IOException {
    PackWriter to = sink.pack(pack.header().kind());
    int record = firstRecords.get(pack.name());
    for (PackedBlob blob : pack.contents().blobs()) {
      if (marks.get(record++)) {
        if (!copyFromAnywhere(blob.id(), reader, to)) {
          gone.add(blob.id());
        }
        if (to.isFull()) {
          output.write(to);
        }
      }
    }
  }

  /** Whether a blob could be copied: where one place fails another may be right (invariant 9). */
  private boolean copyFromAnywhere(KeyedId id, BlobReader reader, PackWriter to)
      throws IOException {
    boolean lost = true;
    for (BlobPlace place : loaded.index().places(id)) {
      Optional<Flaw> flaw = reader.copy(place, to);
      if (flaw.isEmpty()) {
        return true;
      }
      lost &= flaw.get().kind() != Damage.Kind.UNREADABLE;
      log.debug("{} does not hold blob {}: {}", place.file(), id, flaw.get().detail());
    }
    if (!lost) {
      throw new IOException("blob " + id + " cannot be read just now");
    }
    return false;
  }
}
