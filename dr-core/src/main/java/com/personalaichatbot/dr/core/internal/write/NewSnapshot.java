package com.personalaichatbot.dr.core.internal.write;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.crypto.IdHasher;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot in the making, from the first look at the repository to the commit.
 *
 * <p>The order is the promise (invariants 15, 17, 18): the head is noted before the first decision
 * that something need not be stored; only blobs in packs that are listed, of the recorded length,
 * not condemned and not known to be damaged count as stored. The directories of packs are synced
 * before they do; packs are durable before the index, the index before the entry, and the entry
 * before {@link #commit} returns.
 */
public final class NewSnapshot implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NewSnapshot.class);

  private final Session session;
  private final History history;
  private final IndexLoader.Loaded loaded;
  private final BlobReader reader;
  private final PackOutput output;
  private final boolean forgotten;
  private final Parents parents;
  private String head;
  private long entryBytes;

  private NewSnapshot(
      Session session,
      History history,
      IndexLoader.Loaded loaded,
      BlobReader reader,
      PackOutput output) {
    this.session = session;
    this.history = history;
    this.loaded = loaded;
    this.reader = reader;
    this.output = output;
    this.forgotten = loaded.index().forgetWithoutDictionary();
    this.parents = new Parents(history, session.host(), new TreeReader(reader));
    this.head = history.headHash().toString();
  }

  /** Begins one; the caller holds the courtesy lock. */
  public static NewSnapshot begin(Session session) throws IOException {
    session.requireWritable();
    History history = session.state().readUnchanged(session.catalog());
    session.catalog().requireGoesOn(history);
    // Packs of other writers, and FORMAT if the last sync of making the repository failed.
    session.storage().sync("");
    IndexLoader indexLoader = new IndexLoader(session.storage(), session.seals());
    IndexLoader.Loaded loaded = indexLoader.load(history.unreliablePacks());
    PackOutput output = new PackOutput(session, loaded.index(), indexLoader);
    output.adopt(loaded.adopted());
    BlobReader reader =
        new BlobReader(session.storage(), session.seals(), loaded.index(), session.dictionaries());
    return new NewSnapshot(session, history, loaded, reader, output);
  }

  /** Position of the head before anything was decided, as an entry records it. */
  public long base() {
    return Math.max(history.headPosition(), 0);
  }

  /** Where its blobs go. */
  public PackOutput output() {
    return output;
  }

  /** What it can be compared with. */
  public Parents parents() {
    return parents;
  }

  /** Where to look whether what older snapshots hold is still stored; null if all of it is. */
  public BlobIndex lossyIndex() {
    boolean nothingLost = !forgotten
        && loaded.missing().isEmpty()
        && loaded.unreadable().isEmpty()
        && history.damagedPacks().isEmpty()
        && history.damagedBlobs().isEmpty();
    return nothingLost ? null : loaded.index();
  }

  /** The dictionary that the newest snapshot records, made sure of in two packs; or null. */
  public Dictionary knownDictionary() throws IOException {
    Optional<KeyedId> known = parents.dictionary();
    if (known.isEmpty() || !output.compressesWithDictionary()) {
      return null;
    }
    Dictionary dictionary = loaded.index().contains(known.get())
        ? session.dictionaries().find(known.get(), reader)
        : null;
    if (dictionary != null && loaded.index().places(dictionary.id()).size() < 2) {
      output.writeDictionary(dictionary.id(), reader.read(dictionary.id(), BlobType.DICTIONARY), 1);
    }
    return dictionary;
  }

  /** Says what the entry records. */
  @FunctionalInterface
  public interface Description {
    /** Describes the snapshot with this root; a failure leaves it uncommitted. */
    SnapshotRecord describe(KeyedId root) throws IOException;

    /**
     * Called when all that the entry refers to is durable; a failure leaves it uncommitted.
     *
     * @return the record that is committed
     */
    default SnapshotRecord beforeCommit(SnapshotRecord record) throws IOException {
      return record;
    }
  }

  /**
   * Makes everything durable and commits.
   *
   * @param components their root entries, strictly ascending by name
   * @param deadline that of the reading
   */
  public Snapshot commit(List<TreeEntry> components, Deadline deadline, Description description)
      throws IOException {
    long committing = System.nanoTime() - deadline.sinceNoticed();
    KeyedId root = output.writeDirectory(components);
    Bytes16 id = session.seals().newBytes16();
    SnapshotRecord described = description.describe(root);
    storeLostRecords();
    // A snapshot that stores nothing new has no pack of its own, and the record of the one before
    // tells all but its times.
    if (output.hasNew()) {
      described = described.withRecordBlob(output.writeRecord(described.encodeBlob(id)));
    }
    output.finish();
    SnapshotRecord record = description.beforeCommit(described);
    Catalog.Committed committed = session
        .catalog()
        .commit(history, history.headPosition(), id, record.encodeA(), record.encodeB());
    session.state().notePassed(history, committed);
    session
        .state()
        .remember(
            committed.position(), committed.hash(), id, record, System.nanoTime() - committing);
    head = committed.hash().toString();
    entryBytes = committed.bytes();
    return Snapshots.of(committed.position(), id, record, null);
  }

  /**
   * Stores again what lies beside the trees of older snapshots, from the entries themselves. One
   * that does not come out as its entry names it, since this version does not know all of it, is
   * left to verify, which names it: the new snapshot does not need it.
   */
  private void storeLostRecords() throws IOException {
    IdHasher ids = session.seals().newIdHasher();
    for (CatalogEntry entry : history.allSnapshots()) {
      KeyedId recordBlob = entry.snapshot().recordBlob();
      if (recordBlob == null || loaded.index().contains(recordBlob)) {
        continue;
      }
      byte[] record = entry.snapshot().encodeBlob(entry.id());
      if (ids.id(BlobType.RECORD.code(), record).equals(recordBlob)) {
        output.writeRecord(record);
      } else {
        log.warn(
            "The lost record {} of {} cannot be stored again: the entry does not hold the same",
            recordBlob,
            EntryFile.name(entry.position()));
      }
    }
  }

  /** Fingerprint of the newest entry: this snapshot's once it is committed. */
  public String head() {
    return head;
  }

  /** Bytes written to the repository. */
  public long bytesStored() {
    return output.bytesStored() + entryBytes;
  }

  /** Gives it up unless it is committed. What was stored for it is adopted by a later one. */
  @Override
  public void close() {
    output.abandon();
    output.close();
    reader.close();
  }
}
