package com.personalaichatbot.dr.core.internal.seal;

import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.PackHeader;
import com.personalaichatbot.dr.crypto.IdHasher;

/**
 * The two keys of one pack: of its blobs, and of its contents table and trailer. Not thread-safe.
 */
public final class PackSeal implements AutoCloseable {
  /** Bytes of the sealed trailer at the end of a pack. */
  public static final int TRAILER = 8 + Container.OBJECT_OVERHEAD;

  private static final int CONTENTS_NUMBER = -2;
  private static final int TRAILER_NUMBER = -1;

  private final PackHeader header;
  private final Container blobs;
  private final Container contents;
  private final IdHasher ids;

  PackSeal(PackHeader header, Container blobs, Container contents, IdHasher ids) {
    this.header = header;
    this.blobs = blobs;
    this.contents = contents;
    this.ids = ids;
  }

  /** The place of the contents table in the pack. */
  public record ContentsPlace(int offset, int length) {}

  /** The header of the pack. */
  public PackHeader header() {
    return header;
  }

  /** The container of the blobs. */
  public Container blobs() {
    return blobs;
  }

  /** Seals the text of a contents table. */
  public byte[] sealContents(byte[] text) {
    return contents.sealObject(CONTENTS_NUMBER, BlobType.CONTENTS, text, ids);
  }

  /** Opens a contents table. */
  public byte[] openContents(byte[] sealed) throws MalformedException {
    return contents.openObject(CONTENTS_NUMBER, BlobType.CONTENTS, sealed, ids);
  }

  /** Seals the trailer. */
  public byte[] sealTrailer(ContentsPlace place) {
    byte[] text = new BytesWriter().u32(place.offset).u32(place.length).toBytes();
    return contents.sealObject(TRAILER_NUMBER, BlobType.TRAILER, text, ids);
  }

  /** Opens the trailer of a pack that is {@code packLength} bytes long. */
  public ContentsPlace openTrailer(byte[] sealed, long packLength) throws MalformedException {
    BytesReader in =
        new BytesReader(contents.openObject(TRAILER_NUMBER, BlobType.TRAILER, sealed, ids));
    ContentsPlace place = new ContentsPlace(in.u32(), in.u32());
    in.end();
    if (place.offset < PackHeader.BYTES
        || place.length < Container.OBJECT_OVERHEAD
        || place.length > Limits.MAX_PACK
        || (long) place.offset + place.length + TRAILER != packLength) {
      throw new MalformedException("its trailer points outside the pack");
    }
    return place;
  }

  @Override
  public void close() {
    blobs.close();
    contents.close();
  }
}
