package com.personalaichatbot.dr.core.internal.format;

import java.util.ArrayList;
import java.util.List;

/**
 * A file of a stranger that the writer of an entry passed by, as extension
 * {@link Extension#STEPPED_OVER} of section A.
 *
 * @param position that its name stands for
 * @param length of the file
 * @param hash SHA-256 of its first {@value #HASHED} bytes
 */
public record SteppedOver(long position, long length, EntryFile.Hash hash) {
  /** So much of the file is hashed, that its length does not cost time. */
  public static final int HASHED = 65_536;

  /**
   * Section A with these files in its extension.
   *
   * @param sectionA as it was encoded without them
   */
  public static byte[] addTo(byte[] sectionA, List<SteppedOver> files) throws MalformedException {
    if (files.isEmpty()) {
      return sectionA;
    }
    BytesReader in = new BytesReader(sectionA);
    int kind = in.u8();
    Extension extension = Extension.decodeAny(in.block(Limits.MAX_ENTRY));
    BytesWriter part = new BytesWriter().varint(files.size());
    files.forEach(f -> part.varint(f.position).varint(f.length).raw(f.hash.toBytes()));
    BytesWriter out = new BytesWriter(sectionA.length).u8(kind);
    out.block(extension.with(Extension.STEPPED_OVER, part.toBytes()).encode());
    return Extension.pad(out.raw(in.raw(in.remaining())));
  }

  /** The files that section A lists, whatever the kind of its entry. */
  public static List<SteppedOver> of(byte[] sectionA) throws MalformedException {
    BytesReader section = new BytesReader(sectionA);
    section.u8();
    byte[] part =
        Extension.decodeAny(section.block(Limits.MAX_ENTRY)).parts().get(Extension.STEPPED_OVER);
    List<SteppedOver> files = new ArrayList<>();
    if (part != null) {
      BytesReader in = new BytesReader(part);
      for (int left = in.varint(Limits.MAX_LIST); left > 0; left--) {
        long position = in.varint(EntryFile.MAX_POSITION);
        long length = in.varint(Long.MAX_VALUE);
        files.add(new SteppedOver(position, length, EntryFile.Hash.of(in.raw(Sha256.BYTES))));
      }
      in.end();
    }
    return List.copyOf(files);
  }
}
