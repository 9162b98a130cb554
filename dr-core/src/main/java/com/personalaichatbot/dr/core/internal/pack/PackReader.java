package com.personalaichatbot.dr.core.internal.pack;

import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.PackContents;
import com.personalaichatbot.dr.core.internal.format.PackHeader;
import com.personalaichatbot.dr.core.internal.seal.PackSeal;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.storage.Storage;
import java.io.IOException;

/** Reads what is at the two ends of a pack: its header, and its contents table. */
public final class PackReader {
  private PackReader() {}

  /**
   * Reads a pack's header, trailer and contents table from the storage; its blobs are not looked
   * at.
   *
   * @param length of the pack file
   * @throws MalformedException if it is no pack of this repository, or damaged there
   */
  public static IndexedPack readContents(Storage storage, Seals seals, String name, long length)
      throws IOException, MalformedException {
    if (length < PackHeader.BYTES + PackSeal.TRAILER || length > Limits.MAX_PACK) {
      throw new MalformedException("its length of " + length + " bytes cannot be");
    }
    String file = IndexedPack.file(name);
    byte[] head = read(storage, file, 0, PackHeader.BYTES);
    PackHeader header = PackHeader.parse(head, seals.repositoryId());
    try (PackSeal seal = seals.openPack(header)) {
      byte[] trailer = read(storage, file, length - PackSeal.TRAILER, PackSeal.TRAILER);
      PackSeal.ContentsPlace place = seal.openTrailer(trailer, length);
      byte[] table = seal.openContents(read(storage, file, place.offset(), place.length()));
      BytesReader in = new BytesReader(table);
      PackContents contents = PackContents.decode(in);
      in.zerosToEnd();
      if (contents.end() != place.offset()) {
        throw new MalformedException("its blobs do not end where its contents table begins");
      }
      return new IndexedPack(name, length, header, contents);
    }
  }

  private static byte[] read(Storage storage, String file, long position, int length)
      throws IOException, MalformedException {
    byte[] bytes = new byte[length];
    int count = storage.read(file, position, bytes, 0, length);
    if (count != length) {
      throw new MalformedException("it ends early, at " + (position + count));
    }
    return bytes;
  }
}
