package com.personalaichatbot.dr.core.internal.pack;

import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.PackContents;
import com.personalaichatbot.dr.core.internal.format.PackHeader;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.internal.format.PackedBlob;
import com.personalaichatbot.dr.core.internal.format.Padding;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.seal.Container;
import com.personalaichatbot.dr.core.internal.seal.PackSeal;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Gathers the stored forms of blobs and writes them as one pack.
 *
 * <p>Nothing is sealed before the pack is finished: until then the blobs of two half-filled writers
 * can still be put together. Each sealed blob is opened again and compared before it is written. So
 * no pack is ever relied on that cannot be read back: a flipped bit in memory would otherwise be
 * sealed for good. Not thread-safe.
 */
public final class PackWriter {
  private static final int SLACK = 1 << 20;

  /** Small blobs go to the storage together: to one far away each call is a way there and back. */
  private static final int WRITE = 64 << 10;

  private final Seals seals;
  private final PackKind kind;
  private final int target;
  private final int maxBlobs;
  private final List<PackedBlob> blobs = new ArrayList<>();
  private final List<KeyedId> dictionaries = new ArrayList<>();
  private byte[] stored = new byte[1 << 16];
  private int length;

  /** A writer for packs of one kind that are full at {@code target} bytes or {@code maxBlobs}. */
  public PackWriter(Seals seals, PackKind kind, int target, int maxBlobs) {
    this.seals = seals;
    this.kind = kind;
    this.target = target;
    this.maxBlobs = maxBlobs;
  }

  /** Whether nothing was added since the last finish. */
  public boolean isEmpty() {
    return blobs.isEmpty();
  }

  /** Whether it is to be finished before more is added. */
  public boolean isFull() {
    return length >= target || blobs.size() >= maxBlobs;
  }

  /**
   * Adds the stored form of a blob; it is copied.
   *
   * @param dictionary the dictionary that it was compressed with, or null
   */
  public void add(
      BlobType type,
      KeyedId id,
      byte[] bytes,
      int offset,
      int storedLength,
      int plainLength,
      int codec,
      KeyedId dictionary) {
    if (stored.length - length < storedLength) {
      int room = Math.min(stored.length * 2, target + SLACK);
      stored = Arrays.copyOf(stored, Math.max(length + storedLength, room));
    }
    System.arraycopy(bytes, offset, stored, length, storedLength);
    length += storedLength;
    int place = 0;
    if (dictionary != null) {
      place = dictionaries.indexOf(dictionary) + 1;
      if (place == 0) {
        dictionaries.add(dictionary);
        place = dictionaries.size();
      }
    }
    blobs.add(new PackedBlob(type, id, storedLength, plainLength, codec, place, 0));
  }

  /** Moves what another writer of this kind gathered behind what this one has, if it fits. */
  public boolean takeFrom(PackWriter other) {
    if (length + other.length > target || blobs.size() + other.blobs.size() > maxBlobs) {
      return false;
    }
    int at = 0;
    for (PackedBlob blob : other.blobs) {
      KeyedId dictionary =
          blob.dictionary() == 0 ? null : other.dictionaries.get(blob.dictionary() - 1);
      add(
          blob.type(),
          blob.id(),
          other.stored,
          at,
          blob.storedLength(),
          blob.plainLength(),
          blob.codec(),
          dictionary);
      at += blob.storedLength();
    }
    other.clear();
    return true;
  }

  private void clear() {
    blobs.clear();
    dictionaries.clear();
    length = 0;
  }

  /**
   * Seals, checks and writes the pack and makes the writer empty. The pack's bytes are durable; its
   * name is once the storage was synced.
   *
   * @return the pack as an index lists it
   */
  public IndexedPack finish(Storage storage) throws IOException {
    try (PackSeal seal = seals.newPack();
        StorageWriter writer = storage.create()) {
      Output out = new Output(writer);
      out.append(seal.header().bytes(), PackHeader.BYTES);
      List<PackedBlob> sealedBlobs = writeBlobs(seal.blobs(), out);
      PackContents contents = new PackContents(kind, dictionaries, sealedBlobs);
      BytesWriter table = new BytesWriter(64 + 64 * blobs.size());
      contents.encode(table);
      int offset = contents.end();
      int unpadded = offset + table.length() + Container.OBJECT_OVERHEAD + PackSeal.TRAILER;
      table.zeros(Padding.padded(unpadded) - unpadded);
      byte[] sealedTable = seal.sealContents(table.toBytes());
      out.append(sealedTable, sealedTable.length);
      byte[] trailer = seal.sealTrailer(new PackSeal.ContentsPlace(offset, sealedTable.length));
      out.append(trailer, trailer.length);
      String name = out.finish();
      writer.commit(IndexedPack.file(name));
      IndexedPack pack = new IndexedPack(name, writer.length(), seal.header(), contents);
      clear();
      return pack;
    }
  }

  private List<PackedBlob> writeBlobs(Container container, Output out) throws IOException {
    List<PackedBlob> result = new ArrayList<>(blobs.size());
    byte[] sealed = new byte[1 << 16];
    byte[] opened = new byte[1 << 16];
    int at = 0;
    for (int i = 0; i < blobs.size(); i++) {
      PackedBlob blob = blobs.get(i);
      if (sealed.length < blob.sealedLength()) {
        sealed = new byte[blob.sealedLength() + (1 << 16)];
        opened = new byte[sealed.length];
      }
      KeyedId dictionary = blob.dictionary() == 0 ? null : dictionaries.get(blob.dictionary() - 1);
      long tail = container.seal(i, blob, dictionary, stored, at, sealed);
      PackedBlob done = blob.withTail(tail);
      if (!opensAgain(container, i, done, dictionary, sealed, opened, at)) {
        throw new IOException(
            "a blob that was just sealed does not open again; the memory of this machine is not"
                + " to be trusted");
      }
      out.append(sealed, done.sealedLength());
      result.add(done);
      at += blob.storedLength();
    }
    return result;
  }

  private boolean opensAgain(
      Container container,
      int number,
      PackedBlob blob,
      KeyedId dictionary,
      byte[] sealed,
      byte[] opened,
      int at) {
    try {
      container.open(number, blob, dictionary, sealed, 0, opened);
    } catch (MalformedException e) {
      return false;
    }
    int n = blob.storedLength();
    return Arrays.equals(opened, 0, n, stored, at, at + n);
  }

  /** The output to the file of a pack, hashed on the way. */
  private static final class Output {
    private final StorageWriter writer;
    private final MessageDigest digest = Sha256.newDigest();
    private final byte[] waiting = new byte[WRITE];
    private int length;

    Output(StorageWriter writer) {
      this.writer = writer;
    }

    void append(byte[] bytes, int count) throws IOException {
      digest.update(bytes, 0, count);
      if (count > waiting.length - length) {
        flush();
      }
      if (count > waiting.length) {
        writer.write(bytes, 0, count);
      } else {
        System.arraycopy(bytes, 0, waiting, length, count);
        length += count;
      }
    }

    private void flush() throws IOException {
      if (length > 0) {
        writer.write(waiting, 0, length);
        length = 0;
      }
    }

    /** Hands on what waits, and gives the SHA-256 of all. */
    String finish() throws IOException {
      flush();
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
