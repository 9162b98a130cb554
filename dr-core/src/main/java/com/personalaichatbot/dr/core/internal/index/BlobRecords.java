package com.personalaichatbot.dr.core.internal.index;

import com.personalaichatbot.dr.core.internal.format.PackedBlob;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.Arrays;

/**
 * The index's record of each blob, 35 bytes: the first 128 bits of its id, offset in its pack,
 * plain length, nonce tail, type, codec and dictionary. Columns in blocks: they grow without being
 * copied, and no more than one block is not full. Not thread-safe.
 */
final class BlobRecords {
  private static final int BITS = 12;
  private static final int MASK = (1 << BITS) - 1;

  private Block[] blocks = new Block[16];
  private int size;

  private static final class Block {
    private final long[] idHigh = new long[MASK + 1];
    private final long[] idLow = new long[MASK + 1];
    private final long[] tails = new long[MASK + 1];
    private final int[] offsets = new int[MASK + 1];
    private final int[] plainLengths = new int[MASK + 1];
    private final byte[] types = new byte[MASK + 1];
    private final byte[] codecs = new byte[MASK + 1];
    private final byte[] dictionaries = new byte[MASK + 1];
  }

  int size() {
    return size;
  }

  /** Adds a blob that begins at this offset of its pack. */
  void add(PackedBlob blob, int offset) {
    int number = size >>> BITS;
    int at = size & MASK;
    if (number == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * number);
    }
    if (at == 0) {
      blocks[number] = new Block();
    }
    Block block = blocks[number];
    block.idHigh[at] = blob.id().w0();
    block.idLow[at] = blob.id().w1();
    block.tails[at] = blob.tail();
    block.offsets[at] = offset;
    block.plainLengths[at] = blob.plainLength();
    block.types[at] = (byte) blob.type().code();
    block.codecs[at] = (byte) blob.codec();
    block.dictionaries[at] = (byte) blob.dictionary();
    size++;
  }

  /** Whether this is a record of the blob of this id. */
  boolean isOf(int record, KeyedId id) {
    Block block = blocks[record >>> BITS];
    int at = record & MASK;
    return block.idHigh[at] == id.w0() && block.idLow[at] == id.w1();
  }

  /** Whether two records are of the same blob. */
  boolean isSame(int record, int other) {
    Block block = blocks[other >>> BITS];
    int at = other & MASK;
    Block mine = blocks[record >>> BITS];
    return block.idHigh[at] == mine.idHigh[record & MASK]
        && block.idLow[at] == mine.idLow[record & MASK];
  }

  /** Has nobody find a record any more: no id is zero. The table of who points to it may stay. */
  void forget(int record) {
    Block block = blocks[record >>> BITS];
    block.idHigh[record & MASK] = 0;
    block.idLow[record & MASK] = 0;
  }

  boolean isForgotten(int record) {
    return isOf(record, KeyedId.ZERO);
  }

  /** The first 64 bits of the id. */
  long idHigh(int record) {
    return blocks[record >>> BITS].idHigh[record & MASK];
  }

  long tail(int record) {
    return blocks[record >>> BITS].tails[record & MASK];
  }

  int offset(int record) {
    return blocks[record >>> BITS].offsets[record & MASK];
  }

  int plainLength(int record) {
    return blocks[record >>> BITS].plainLengths[record & MASK];
  }

  int type(int record) {
    return blocks[record >>> BITS].types[record & MASK];
  }

  int codec(int record) {
    return blocks[record >>> BITS].codecs[record & MASK];
  }

  /** Place in the pack's list of dictionaries, 0 for none. */
  int dictionary(int record) {
    return blocks[record >>> BITS].dictionaries[record & MASK] & 0xff;
  }
}
