package com.personalaichatbot.dr.core.internal.format;

import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The extension block of a record: numbered parts, each with its length, so that a reader finds its
 * way past a part that it does not know. It passes over one with an even number. One with an odd
 * number changes what the rest of the record means, so the record is refused as that of a newer
 * version.
 *
 * @param parts by number
 */
public record Extension(SortedMap<Integer, byte[]> parts) {
  /** Statistics that a backup collected about the data; see {@link FiguresRecord}. */
  public static final int FIGURES = 1;

  /** Patterns that a backup left out; see {@link ExcludesRecord}. */
  public static final int EXCLUDES = 2;

  /** Files of strangers at positions that the writer of an entry passed by. */
  public static final int STEPPED_OVER = 3;

  // Reserved in version 1, which passes over them: 4 what the next prune may remove (PRUNE),
  // 6 blobs and packs that are MENDED (MARK).

  /** Nothing. */
  public static final Extension NONE = new Extension(new TreeMap<>());

  private static final Set<Integer> KNOWN = Set.of(FIGURES, EXCLUDES, STEPPED_OVER);
  private static final int UNIT = 256;

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

  /** Begins section A of an entry of this kind. */
  BytesWriter begin(EntryKind kind) {
    return new BytesWriter(UNIT).u8(kind.code()).block(encode());
  }

  /** Reads the block in a section. */
  static Extension read(BytesReader section) throws MalformedException, UnknownVersionException {
    return decode(section.block(Limits.MAX_ENTRY));
  }

  /** Ends a section with padding, so that its length says little. */
  static byte[] pad(BytesWriter section) {
    return section.zeros(-section.length() & (UNIT - 1)).toBytes();
  }

  /** Reads the bytes of a block: parts in strictly ascending order of their numbers. */
  static Extension decode(byte[] block) throws MalformedException, UnknownVersionException {
    Extension extension = decodeAny(block);
    for (int number : extension.parts.keySet()) {
      if (number % 2 != 0 && !KNOWN.contains(number)) {
        throw new UnknownVersionException("extension " + number);
      }
    }
    return extension;
  }

  /** Reads the bytes of a block, also with parts of newer versions. */
  static Extension decodeAny(byte[] block) throws MalformedException {
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
