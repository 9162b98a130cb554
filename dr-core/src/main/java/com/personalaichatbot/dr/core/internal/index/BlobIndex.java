package com.personalaichatbot.dr.core.internal.index;

import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.PackHeader;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.internal.format.PackedBlob;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The places of all blobs. Thread-safe.
 *
 * <p>A record knows its blob by the first 128 bits of the id, which is a keyed hash, so that nobody
 * can make two that agree there. Records of a pack follow each other in the pack's order; a blob's
 * number is therefore its distance from the pack's first record, and its stored length that to the
 * next offset. An open-addressed table of record numbers, two thirds full at most, finds them by
 * id; with it a blob takes 47 bytes at most. An id may have several records (invariant 9).
 *
 * <p>Besides, the index holds the ids that somebody is about to store in this process, so that two
 * workers do not store the same blob.
 */
public final class BlobIndex {
  private final List<Pack> packs = new ArrayList<>();
  private final Set<KeyedId> claims = new HashSet<>();
  private final BlobRecords records = new BlobRecords();
  private int[] table = new int[2048];

  /** A pack without its blobs. */
  private record Pack(
      String name,
      PackHeader header,
      PackKind kind,
      List<KeyedId> dictionaries,
      int firstRecord,
      int end) {}

  /** Adds all blobs of a pack, and takes back the claims on them. */
  public synchronized void add(IndexedPack pack) {
    List<PackedBlob> blobs = pack.contents().blobs();
    makeRoom(records.size() + blobs.size());
    packs.add(new Pack(
        pack.name(),
        pack.header(),
        pack.contents().kind(),
        pack.contents().dictionaries(),
        records.size(),
        pack.contents().end()));
    int offset = PackHeader.BYTES;
    for (PackedBlob blob : blobs) {
      records.add(blob, offset);
      insert(records.size() - 1);
      claims.remove(blob.id());
      offset += blob.sealedLength();
    }
  }

  /**
   * Forgets the blobs that need a dictionary which is not stored: nothing may be built on them.
   *
   * @return whether there were any
   */
  public synchronized boolean forgetWithoutDictionary() {
    boolean any = false;
    for (int i = 0; i < packs.size(); i++) {
      Pack pack = packs.get(i);
      int end = i + 1 < packs.size() ? packs.get(i + 1).firstRecord : records.size();
      for (int place = 1; place <= pack.dictionaries.size(); place++) {
        if (contains(pack.dictionaries.get(place - 1))) {
          continue;
        }
        for (int record = pack.firstRecord; record < end; record++) {
          if (records.dictionary(record) == place) {
            records.forget(record);
            any = true;
          }
        }
      }
    }
    return any;
  }

  /** Whether a blob is stored. */
  public synchronized boolean contains(KeyedId id) {
    return find(id, slot(id.w0())) >= 0;
  }

  /**
   * Whether the caller is the one to store a blob: nobody has stored it, and nobody else is about
   * to.
   */
  public synchronized boolean claim(KeyedId id) {
    return find(id, slot(id.w0())) < 0 && claims.add(id);
  }

  /** Every place where a blob is stored; empty if none. */
  public synchronized List<BlobLocation> places(KeyedId id) {
    List<BlobLocation> found = new ArrayList<>(1);
    int mask = table.length - 1;
    for (int slot = slot(id.w0()); table[slot] != 0; slot = (slot + 1) & mask) {
      int record = table[slot] - 1;
      if (records.isOf(record, id)) {
        found.add(place(record, id));
      }
    }
    return found;
  }

  /**
   * Marks the first place of a blob.
   *
   * @param marks one bit a record
   */
  public synchronized Marked mark(KeyedId id, BitSet marks) {
    int record = find(id, slot(id.w0()));
    if (record < 0) {
      return Marked.ABSENT;
    }
    if (marks.get(record)) {
      return Marked.BEFORE;
    }
    marks.set(record);
    return Marked.NOW;
  }

  /**
   * Whether the blob of a record is marked at any of its places.
   *
   * @param record its number: that of its pack's first record and its place in the pack
   */
  public synchronized boolean isMarkedAnywhere(int record, BitSet marks) {
    int mask = table.length - 1;
    for (int slot = slot(records.idHigh(record)); table[slot] != 0; slot = (slot + 1) & mask) {
      int other = table[slot] - 1;
      if (marks.get(other) && records.isSame(record, other)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a blob is marked at any of its places. */
  public synchronized boolean isMarkedAnywhere(KeyedId id, BitSet marks) {
    int record = find(id, slot(id.w0()));
    return record >= 0 && isMarkedAnywhere(record, marks);
  }

  /** The outcome of a mark. */
  public enum Marked {
    /** It is set now. */
    NOW,
    /** It was set before. */
    BEFORE,
    /** The blob is nowhere. */
    ABSENT
  }

  /** Marks every place of a blob. */
  public synchronized void markAll(KeyedId id, BitSet marks) {
    int mask = table.length - 1;
    for (int slot = slot(id.w0()); table[slot] != 0; slot = (slot + 1) & mask) {
      int record = table[slot] - 1;
      if (records.isOf(record, id)) {
        marks.set(record);
      }
    }
  }

  /**
   * The marked part of a pack.
   *
   * @param length bytes of its blobs
   * @param markedLength bytes of those that are marked
   * @param dictionaries that its blobs use
   */
  public record Use(
      String pack,
      PackKind kind,
      int firstRecord,
      int blobs,
      int markedBlobs,
      long length,
      long markedLength,
      List<KeyedId> dictionaries) {}

  /** How much of each pack is marked, in the order in which the packs were added. */
  public synchronized List<Use> uses(BitSet marks) {
    List<Use> uses = new ArrayList<>(packs.size());
    for (int i = 0; i < packs.size(); i++) {
      Pack pack = packs.get(i);
      int end = i + 1 < packs.size() ? packs.get(i + 1).firstRecord : records.size();
      int markedBlobs = 0;
      long markedLength = 0;
      for (int r = marks.nextSetBit(pack.firstRecord);
          r >= 0 && r < end;
          r = marks.nextSetBit(r + 1)) {
        markedBlobs++;
        markedLength += (r + 1 < end ? records.offset(r + 1) : pack.end) - records.offset(r);
      }
      uses.add(new Use(
          pack.name,
          pack.kind,
          pack.firstRecord,
          end - pack.firstRecord,
          markedBlobs,
          pack.end - PackHeader.BYTES,
          markedLength,
          pack.dictionaries));
    }
    return uses;
  }

  /** How many records there are. */
  public synchronized int size() {
    return records.size();
  }

  private BlobLocation place(int record, KeyedId id) {
    Pack pack = packs.get(packOf(record));
    boolean last = record + 1 == records.size() || packOf(record + 1) != packOf(record);
    int end = last ? pack.end : records.offset(record + 1);
    int dictionary = records.dictionary(record);
    return new BlobLocation(
        pack.name,
        pack.header,
        record - pack.firstRecord,
        records.offset(record),
        end - records.offset(record) - PackedBlob.OVERHEAD,
        records.plainLength(record),
        records.type(record),
        records.codec(record),
        dictionary == 0 ? null : pack.dictionaries.get(dictionary - 1),
        dictionary,
        records.tail(record),
        id);
  }

  /** The last pack whose first record is not behind {@code record}; empty packs never match. */
  private int packOf(int record) {
    int low = 0;
    int high = packs.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (packs.get(middle).firstRecord <= record) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private int find(KeyedId id, int from) {
    int mask = table.length - 1;
    for (int slot = from; table[slot] != 0; slot = (slot + 1) & mask) {
      int record = table[slot] - 1;
      if (records.isOf(record, id)) {
        return record;
      }
    }
    return -1;
  }

  private int slot(long high) {
    return (int) (high ^ (high >>> 32)) & (table.length - 1);
  }

  private void insert(int record) {
    int mask = table.length - 1;
    int slot = slot(records.idHigh(record));
    while (table[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    table[slot] = record + 1;
  }

  /** Makes the table large enough for so many records. */
  private void makeRoom(int count) {
    if (count > table.length / 3L * 2) {
      int room = table.length;
      while (count > room / 3L * 2) {
        room = Math.multiplyExact(room, 2);
      }
      table = new int[room];
      for (int record = 0; record < records.size(); record++) {
        if (!records.isForgotten(record)) {
          insert(record);
        }
      }
    }
  }
}
