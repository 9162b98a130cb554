package com.personalaichatbot.dr.core.internal.format;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The extension block of a record: parts that were added to the format later. Each has a number and
 * its length, so that a reader passes over what it does not know.
 *
 * @param parts by number
 */
public record Extension(SortedMap<Integer, byte[]> parts) {
  /** What a backup noticed about the data; see {@link FiguresRecord}. */
  public static final int FIGURES = 1;

  /** What a backup was told to leave out; see {@link ExcludesRecord}. */
  public static final int EXCLUDES = 2;

  /** Nothing. */
  public static final Extension NONE = new Extension(new TreeMap<>());

  /** An extension of one more part. */
  public Extension with(int number, byte[] part) {
    SortedMap<Integer, byte[]> more = new TreeMap<>(parts);
    more.put(number, part);
    return new Extension(more);
  }

  /** The bytes of the block. */
  byte[] encode() {
    BytesWriter out = new BytesWriter();
    parts.forEach((number, part) -> out.varint(number).block(part));
    return out.toBytes();
  }

  /** Reads the bytes of a block: parts in strictly ascending order of their numbers. */
  static Extension decode(byte[] block) throws MalformedException {
    SortedMap<Integer, byte[]> parts = new TreeMap<>();
    BytesReader in = new BytesReader(block);
    while (in.remaining() > 0) {
      int number = in.varint(Limits.MAX_ENTRY);
      if (!parts.isEmpty() && number <= parts.lastKey()) {
        throw new MalformedException("extension " + number + " is out of order");
      }
      parts.put(number, in.block(Limits.MAX_ENTRY));
    }
    return new Extension(parts);
  }
}
