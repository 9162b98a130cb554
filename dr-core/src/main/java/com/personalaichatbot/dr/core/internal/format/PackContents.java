package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.ArrayList;
import java.util.List;

/**
 * The contents table of a pack: what it holds, which dictionaries its blobs use, and its blobs in
 * their order. From it alone every blob can be opened and the index be rebuilt (invariant 10).
 */
public record PackContents(PackKind kind, List<KeyedId> dictionaries, List<PackedBlob> blobs) {
  /** Keeps copies. */
  public PackContents {
    dictionaries = List.copyOf(dictionaries);
    blobs = List.copyOf(blobs);
  }

  /** Appends the table to {@code out}. */
  public void encode(BytesWriter out) {
    out.u8(kind.code()).varint(dictionaries.size());
    dictionaries.forEach(out::id);
    out.varint(blobs.size());
    for (PackedBlob blob : blobs) {
      blob.encode(out);
    }
  }

  /** Reads a table; what follows it is left to the caller. */
  public static PackContents decode(BytesReader in) throws MalformedException {
    PackKind kind = PackKind.of(in.u8());
    int dictionaryCount = in.varint(Limits.MAX_PACK_DICTIONARIES);
    List<KeyedId> dictionaries = new ArrayList<>(dictionaryCount);
    for (int i = 0; i < dictionaryCount; i++) {
      dictionaries.add(in.id());
    }
    int blobCount = in.varint(Limits.MAX_PACK_BLOBS);
    if ((long) blobCount * 45 > in.remaining()) {
      throw new MalformedException("it names more blobs than it has room for");
    }
    List<PackedBlob> blobs = new ArrayList<>(blobCount);
    long total = PackHeader.BYTES;
    for (int i = 0; i < blobCount; i++) {
      PackedBlob blob = PackedBlob.decode(in, dictionaryCount);
      total += blob.sealedLength();
      blobs.add(blob);
    }
    if (total > Limits.MAX_PACK) {
      throw new MalformedException("its blobs are longer than a pack may be");
    }
    return new PackContents(kind, dictionaries, blobs);
  }

  /** Where the bytes after the last blob begin in the pack. */
  public int end() {
    int end = PackHeader.BYTES;
    for (PackedBlob blob : blobs) {
      end += blob.sealedLength();
    }
    return end;
  }
}
