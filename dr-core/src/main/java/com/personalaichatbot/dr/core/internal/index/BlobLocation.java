package com.personalaichatbot.dr.core.internal.index;

import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.PackHeader;
import com.personalaichatbot.dr.core.internal.format.PackedBlob;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.Comparator;

/**
 * One place of a blob.
 *
 * @param pack name of the pack
 * @param number place among the pack's blobs
 * @param offset where its sealed bytes begin in the pack
 * @param dictionary id of the dictionary that it was compressed with, or null
 * @param dictionaryPlace that dictionary's place in the pack's list, 0 if none
 */
public record BlobLocation(
    String pack,
    PackHeader header,
    int number,
    int offset,
    int storedLength,
    int plainLength,
    int typeCode,
    int codec,
    KeyedId dictionary,
    int dictionaryPlace,
    long tail,
    KeyedId id) {

  /** Orders places as they lie in packs. */
  public static final Comparator<BlobLocation> IN_PACKS =
      Comparator.comparing(BlobLocation::pack).thenComparingInt(BlobLocation::offset);

  /** The file that holds the pack. */
  public String file() {
    return IndexedPack.file(pack);
  }

  /** Where its sealed bytes end in the pack. */
  int end() {
    return offset + storedLength + PackedBlob.OVERHEAD;
  }

  /** The blob as its pack's contents table describes it. */
  PackedBlob blob() throws MalformedException {
    return new PackedBlob(
        BlobType.ofBlob(typeCode), id, storedLength, plainLength, codec, dictionaryPlace, tail);
  }
}
