package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The description of a file's content in a tree entry: its extents, or where the content map that
 * lists them lies. A map is complete in itself (invariant 13).
 *
 * @param extents the stretches of the file in order; empty when the file is empty or {@code maps}
 *     is not
 * @param maps blobs that hold the extents in order, when there are too many to be in the entry
 * @param sha256 of the whole file, 64 hexadecimal digits, where it has more than one extent; else
 *     empty
 */
public record Content(List<Extent> extents, List<KeyedId> maps, String sha256) {
  /** An empty file. */
  public static final Content EMPTY = new Content(List.of(), List.of(), "");

  /** Keeps copies. */
  public Content {
    extents = List.copyOf(extents);
    maps = List.copyOf(maps);
  }

  /** A file that is one blob. */
  public static Content single(KeyedId blob, int length) {
    return new Content(List.of(Extent.whole(blob, length)), List.of(), "");
  }

  /**
   * The blobs of a content map, in order. They end where the ids of their last blobs say so, at one
   * in 256 or so, and not at places in the file: of the map of a very large file only the blobs
   * around a change are others than before.
   */
  public static List<byte[]> encodeMaps(List<Extent> extents) {
    List<byte[]> maps = new ArrayList<>();
    for (int from = 0, to = 1; to <= extents.size(); to++) {
      if (to == extents.size() || to - from == Limits.MAP_EXTENTS || endsMap(extents.get(to - 1))) {
        maps.add(encodeMap(extents.subList(from, to)));
        from = to;
      }
    }
    return maps;
  }

  private static boolean endsMap(Extent extent) {
    return !extent.isHole() && extent.offset() == 0 && (extent.blob().w3() & 0xff) == 0;
  }

  private static byte[] encodeMap(List<Extent> part) {
    BytesWriter out = new BytesWriter(part.size() * 40).varint(part.size());
    part.forEach(extent -> extent.encode(out));
    return out.toBytes();
  }

  /** The extents in one blob of a content map. */
  public static List<Extent> decodeMap(byte[] map) throws MalformedException {
    BytesReader in = new BytesReader(map);
    List<Extent> extents = decodeExtents(in, Limits.MAP_EXTENTS);
    in.end();
    return extents;
  }

  void encode(BytesWriter out, long size) {
    if (size == 0) {
      out.u8(0);
    } else if (!maps.isEmpty()) {
      out.u8(3).varint(maps.size());
      maps.forEach(out::id);
      out.raw(HexFormat.of().parseHex(sha256));
    } else if (extents.size() == 1
        && extents.get(0).offset() == 0
        && !extents.get(0).isHole()) {
      out.u8(1).id(extents.get(0).blob());
    } else {
      out.u8(2).varint(extents.size());
      extents.forEach(extent -> extent.encode(out));
      if (extents.size() > 1) {
        out.raw(HexFormat.of().parseHex(sha256));
      }
    }
  }

  static Content decode(BytesReader in, long size) throws MalformedException {
    int kind = in.u8();
    if ((kind == 0) != (size == 0)) {
      throw new MalformedException("size and content of a file do not agree");
    }
    switch (kind) {
      case 0:
        return EMPTY;
      case 1:
        KeyedId blob = in.id();
        if (size > Limits.MAX_BLOB) {
          throw new MalformedException("a file is longer than its one blob");
        }
        return single(blob, (int) size);
      case 2:
        List<Extent> extents = decodeExtents(in, Limits.INLINE_EXTENTS);
        checkSize(extents, size);
        return new Content(extents, List.of(), extents.size() > 1 ? digest(in) : "");
      case 3:
        int count = in.varint(Limits.MAX_MAPS);
        if (count == 0 || (long) count * KeyedId.BYTES > in.remaining()) {
          throw new MalformedException("a content map has no room for its parts");
        }
        List<KeyedId> maps = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          maps.add(in.id());
        }
        return new Content(List.of(), maps, digest(in));
      default:
        throw new MalformedException("content kind " + kind + " is unknown");
    }
  }

  /** Refuses extents that do not add up to the size of their file. */
  public static void checkSize(List<Extent> extents, long size) throws MalformedException {
    long sum = 0;
    for (Extent extent : extents) {
      sum += extent.length();
      if (sum > size) {
        break;
      }
    }
    if (sum != size) {
      throw new MalformedException("the extents of a file do not add up to its size");
    }
  }

  private static String digest(BytesReader in) throws MalformedException {
    return HexFormat.of().formatHex(in.raw(Sha256.BYTES));
  }

  private static List<Extent> decodeExtents(BytesReader in, int most) throws MalformedException {
    int count = in.varint(most);
    List<Extent> extents = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      extents.add(Extent.decode(in));
    }
    return extents;
  }
}
