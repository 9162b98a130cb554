package com.personalaichatbot.dr.core.internal.write;

import com.personalaichatbot.dr.core.internal.compress.Codec;
import com.personalaichatbot.dr.core.internal.compress.CorruptDataException;
import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.pack.PackWriter;
import com.personalaichatbot.dr.core.internal.read.BlobReaders;
import com.personalaichatbot.dr.core.internal.session.Pace;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The destination of the new blobs of one run. Each task borrows a {@link BlobSink}, which has its
 * own compressor and fills its own packs, so that no lock is held around work; what the sinks have
 * left at the end is put together. Thread-safe.
 *
 * <p>Index files are written behind the packs that they list, and only after these were synced;
 * when very many blobs are new, also in between, so that the list of them does not grow without
 * bound.
 */
public final class PackOutput implements AutoCloseable {
  private final Session session;
  private final BlobIndex index;
  private final IndexLoader indexLoader;
  private final Codec codec;
  private final BlobReaders readers;
  private final DictionaryTrial trial = new DictionaryTrial();
  private final Deque<BlobSink> idle = new ArrayDeque<>();
  private final List<BlobSink> sinks = new ArrayList<>();
  private final Deque<byte[]> buffers = new ArrayDeque<>();
  private final List<IndexedPack> unlisted = new ArrayList<>();
  private int unlistedBlobs;
  private int packsWritten;
  private long bytesStored;
  private volatile boolean abandoned;

  public PackOutput(Session session, BlobIndex index, IndexLoader indexLoader) throws IOException {
    this.session = session;
    this.index = index;
    this.indexLoader = indexLoader;
    this.readers = new BlobReaders(session, index);
    try {
      this.codec = Codec.of(session.format().codec());
    } catch (CorruptDataException e) {
      throw new IOException("the repository's codec is unknown", e);
    }
  }

  /** How fast the operation goes that this is of. */
  public Pace pace() {
    return session.pace();
  }

  /** Decides which files are young, by the clock of the operation. */
  public Youth youth() {
    return new Youth(session.clock());
  }

  public boolean compressesWithDictionary() {
    return codec == Codec.ZSTD;
  }

  /** What this run finds out about its dictionary. */
  public DictionaryTrial trial() {
    return trial;
  }

  /** Has packs listed by the next index that no index lists. */
  synchronized void adopt(List<IndexedPack> packs) {
    unlisted.addAll(packs);
  }

  /** Readers of what is stored, for tasks that compare with it. */
  BlobReaders readers() {
    return readers;
  }

  public synchronized BlobSink borrow() {
    BlobSink sink = idle.poll();
    if (sink == null) {
      sink = new BlobSink(this, session, index, codec);
      sinks.add(sink);
    }
    return sink;
  }

  public synchronized void giveBack(BlobSink sink) {
    idle.push(sink);
  }

  /**
   * A buffer for bytes of a large file, in use by one thread after the other; null if none is idle.
   */
  synchronized byte[] borrowBuffer() {
    return buffers.poll();
  }

  synchronized void giveBackBuffer(byte[] buffer) {
    buffers.push(buffer);
  }

  /** Writes a full pack and makes its blobs known. */
  public void write(PackWriter pack) throws IOException {
    if (abandoned) {
      throw new IOException("the operation was given up");
    }
    session.pace().check();
    IndexedPack written = pack.finish(session.storage());
    index.add(written);
    written(written);
  }

  private synchronized void written(IndexedPack pack) throws IOException {
    bytesStored += pack.length();
    unlisted.add(pack);
    packsWritten++;
    unlistedBlobs += pack.contents().blobs().size();
    if (unlistedBlobs >= Limits.INDEX_BLOBS) {
      writeIndex();
    }
  }

  private void writeIndex() throws IOException {
    session.storage().sync(IndexedPack.DIRECTORY);
    bytesStored += indexLoader.write(unlisted);
    unlisted.clear();
    unlistedBlobs = 0;
  }

  /** Stores a new dictionary in two packs, so that no single pack takes all that needs it along. */
  public Dictionary writeDictionary(byte[] content) throws IOException {
    KeyedId id = session.seals().newIdHasher().id(BlobType.DICTIONARY.code(), content);
    try {
      Dictionary dictionary = new Dictionary(id, content);
      session.dictionaries().put(dictionary);
      writeDictionary(id, content, 2);
      return dictionary;
    } catch (CorruptDataException e) {
      throw new IOException("the dictionary that was just trained is not one", e);
    }
  }

  /** Stores copies of a dictionary, each in a pack of its own. */
  public void writeDictionary(KeyedId id, byte[] content, int copies) throws IOException {
    BlobSink sink = borrow();
    try {
      for (int copy = 0; copy < copies; copy++) {
        PackWriter pack = sink.newPack(PackKind.DICTIONARY);
        sink.put(pack, BlobType.DICTIONARY, id, content, 0, content.length, null);
        write(pack);
      }
    } finally {
      giveBack(sink);
    }
  }

  /** Stores the listing of one directory, its entries strictly ascending. */
  public KeyedId writeDirectory(List<TreeEntry> entries) throws IOException {
    BlobSink sink = borrow();
    try {
      return sink.writeDirectory(entries);
    } finally {
      giveBack(sink);
    }
  }

  /** Whether anything new was stored; all sinks are given back. */
  synchronized boolean hasNew() {
    return packsWritten > 0
        || sinks.stream()
            .anyMatch(sink ->
                !sink.pack(PackKind.DATA).isEmpty() || !sink.pack(PackKind.TREE).isEmpty());
  }

  /** Stores the record of a snapshot beside its trees, and gives the id of the blob. */
  KeyedId writeRecord(byte[] record) throws IOException {
    BlobSink sink = borrow();
    try {
      return sink.store(BlobType.RECORD, record, 0, record.length, null);
    } finally {
      giveBack(sink);
    }
  }

  /**
   * Makes everything durable that was stored, and lists it in the index. All sinks are given back.
   */
  public synchronized void finish() throws IOException {
    for (PackKind kind : List.of(PackKind.DATA, PackKind.TREE)) {
      PackWriter gathered = null;
      for (BlobSink sink : sinks) {
        PackWriter rest = sink.pack(kind);
        if (rest.isEmpty()) {
          continue;
        }
        if (gathered == null) {
          gathered = rest;
        } else if (!gathered.takeFrom(rest)) {
          write(gathered);
          gathered = rest;
        }
      }
      if (gathered != null) {
        write(gathered);
      }
    }
    if (!unlisted.isEmpty()) {
      writeIndex();
      session.storage().sync(IndexLoader.DIRECTORY);
    }
  }

  public synchronized int packsWritten() {
    return packsWritten;
  }

  public synchronized long bytesStored() {
    return bytesStored;
  }

  /** Has every further write fail, so that tasks that still run end soon. */
  public void abandon() {
    abandoned = true;
  }

  @Override
  public synchronized void close() {
    sinks.forEach(BlobSink::close);
    sinks.clear();
    idle.clear();
    readers.close();
  }
}
