package com.personalaichatbot.dr.core.internal.engine.copy;

import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.PackedBlob;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.index.Dictionaries;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.read.ReachedBlobs;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Decides whether a copy may take over a PRUNE entry of its original. From then on what the entry
 * condemns no longer counts in the copy, so all that the entry keeps must be there without it: the
 * snapshots are walked in the copy itself. Each blob that they reach and that a pack holds which
 * would no longer count must have another place, which is opened and compared.
 */
final class TakeOver {
  private final Session session;
  private final Storage target;
  private final History history;

  TakeOver(Session session, Storage target, History history) {
    this.session = session;
    this.target = target;
    this.history = history;
  }

  /**
   * Makes sure that the copy loses nothing by the newest PRUNE entry of the original.
   *
   * @param copied the history of the copy, which lacks that entry
   * @throws CorruptRepositoryException if it would; its object is what the copy lacks
   */
  void requireHarmless(CatalogEntry prune, History copied) throws IOException {
    Set<String> condemned = history.condemnedPacks();
    BlobIndex index = new IndexLoader(target, session.seals()).load(condemned).index();
    try (Dictionaries dictionaries = new Dictionaries();
        BlobReader reader = new BlobReader(target, session.seals(), index, dictionaries)) {
      ReachedBlobs reached = new ReachedBlobs(index, new TreeReader(reader));
      for (CatalogEntry entry : history.allSnapshots()) {
        if (entry.position() < prune.position()) {
          reached.add(entry);
        }
      }
      if (reached.failure().isPresent()) {
        throw reached.failure().get();
      }
      requireOthers(going(condemned, copied), reached, reader);
      Set<KeyedId> lost = new HashSet<>(reached.lost());
      lost.removeAll(Set.copyOf(prune.prune().damagedBlobs()));
      if (!lost.isEmpty()) {
        throw lacking("blob " + lost.iterator().next(), "no pack of the copy holds it");
      }
    }
  }

  /** The packs that the copy has, that count there now and would no longer. */
  private Set<String> going(Set<String> condemned, History copied) throws IOException {
    Set<String> going = new HashSet<>(IndexLoader.listPacks(target).keySet());
    going.retainAll(condemned);
    going.removeAll(copied.condemnedPacks());
    return going;
  }

  /** A pack of which nobody can know what it held holds nothing that the copy can give. */
  private void requireOthers(Set<String> going, ReachedBlobs reached, BlobReader reader)
      throws IOException {
    Set<KeyedId> settled = new HashSet<>();
    new IndexLoader(target, session.seals()).forEachOf(going, pack -> {
      for (PackedBlob blob : pack.contents().blobs()) {
        boolean isReached = reached.holds(blob.id()) || reached.lost().contains(blob.id());
        if (isReached && settled.add(blob.id()) && !reader.holds(blob.id())) {
          throw lacking(pack.file(), "without it the copy does not hold blob " + blob.id());
        }
      }
    });
  }

  private static CorruptRepositoryException lacking(String object, String problem) {
    return new CorruptRepositoryException(object, problem, "");
  }
}
