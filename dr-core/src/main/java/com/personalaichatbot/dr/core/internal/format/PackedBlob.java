package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.KeyedId;

/**
 * One line of a contents table: a blob, in the order in which the blobs are in the pack.
 *
 * @param storedLength bytes after compression, before sealing
 * @param plainLength bytes of the blob itself
 * @param codec 0 none, 1 zstd, 2 deflate
 * @param dictionary 0 none, else the place, from 1, in the pack's list of dictionaries
 * @param tail the part of the nonce that depends on the content
 */
public record PackedBlob(
    BlobType type,
    KeyedId id,
    int storedLength,
    int plainLength,
    int codec,
    int dictionary,
    long tail) {

  /** Bytes that sealing adds. */
  public static final int OVERHEAD = 16;

  /** Bytes that it takes in the pack. */
  public int sealedLength() {
    return storedLength + OVERHEAD;
  }

  /** The same, once it is sealed. */
  public PackedBlob withTail(long newTail) {
    return new PackedBlob(type, id, storedLength, plainLength, codec, dictionary, newTail);
  }

  void encode(BytesWriter out) {
    out.u8(type.code())
        .id(id)
        .varint(storedLength)
        .varint(plainLength)
        .u8(codec)
        .u8(dictionary);
    out.u64(tail);
  }

  static PackedBlob decode(BytesReader in, int dictionaries) throws MalformedException {
    BlobType type = BlobType.ofBlob(in.u8());
    KeyedId id = in.id();
    int stored = in.varint(Limits.MAX_BLOB);
    int plain = in.varint(Limits.MAX_BLOB);
    int codec = in.u8();
    int dictionary = in.u8();
    if (codec > 2 || dictionary > dictionaries || (dictionary > 0 && codec != 1)) {
      throw new MalformedException("a blob names an unknown codec or dictionary");
    }
    if (codec == 0 && stored != plain) {
      throw new MalformedException("an uncompressed blob has two lengths");
    }
    return new PackedBlob(type, id, stored, plain, codec, dictionary, in.u64());
  }
}
