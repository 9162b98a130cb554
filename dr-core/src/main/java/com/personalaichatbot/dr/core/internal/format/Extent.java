package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.Objects;

/**
 * A stretch of a file. Extents follow each other without gap, so an extent's place in the file is
 * the sum of the lengths before it.
 *
 * @param length bytes of the stretch, more than zero
 * @param blob the blob that holds it, or null for a hole
 * @param offset where it begins in the blob
 */
public record Extent(long length, KeyedId blob, int offset) {
  /** Refuses what cannot be. */
  public Extent {
    if (length <= 0 || offset < 0 || (blob != null && offset + length > Limits.MAX_BLOB)) {
      throw new IllegalArgumentException("extent of " + length + " bytes at " + offset);
    }
  }

  /** A stretch of zeros that takes no room. */
  public static Extent hole(long length) {
    return new Extent(length, null, 0);
  }

  /** A whole blob. */
  public static Extent whole(KeyedId blob, int length) {
    return new Extent(length, Objects.requireNonNull(blob), 0);
  }

  /** Whether nothing is stored for it. */
  public boolean isHole() {
    return blob == null;
  }

  /** Whether an extent that follows this one in a file goes on where this one ends. */
  public boolean isFollowedBy(Extent next) {
    return next != null
        && Objects.equals(blob, next.blob)
        && (blob == null || offset + length == next.offset);
  }

  /** This extent and the one that goes on behind it, as one. */
  public Extent and(Extent next) {
    return new Extent(length + next.length, blob, offset);
  }

  void encode(BytesWriter out) {
    out.varint(length);
    if (blob == null) {
      out.u8(0);
    } else if (offset == 0) {
      out.u8(1).id(blob);
    } else {
      out.u8(2).id(blob).varint(offset);
    }
  }

  static Extent decode(BytesReader in) throws MalformedException {
    long length = in.varint(Limits.MAX_FILE);
    int kind = in.u8();
    KeyedId blob = kind == 0 ? null : in.id();
    int offset = kind == 2 ? in.varint(Limits.MAX_BLOB) : 0;
    if (length == 0
        || kind > 2
        || (kind == 2 && offset == 0)
        || (kind > 0 && offset + length > Limits.MAX_BLOB)) {
      throw new MalformedException("an extent is out of bounds");
    }
    return new Extent(length, blob, offset);
  }
}
