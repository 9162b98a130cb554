package com.personalaichatbot.dr.core.internal.archive;

import com.personalaichatbot.dr.core.internal.format.RawName;
import java.nio.charset.StandardCharsets;

/**
 * Pax records of a sparse file, in the three forms of GNU tar (GNU tar manual, "Storing Sparse
 * Files"): 0.0 repeats a record for each segment, 0.1 lists the segments in one record, 1.0 puts
 * them before the content. Not thread-safe.
 */
final class PaxSparse {
  static final String PREFIX = "GNU.sparse.";

  private byte[] name;
  private long size = -1;
  private long major;
  private long minor;
  private long blocks = -1;
  private long offset = -1;
  private final SparseMap map = new SparseMap("of a pax header");

  /** The name of the file, or null. */
  byte[] name() {
    return name;
  }

  /** The size of the file with its holes, or -1. */
  long size() {
    return size;
  }

  /** Takes one record, its key without the prefix. */
  void set(String key, byte[] value) throws BadArchiveException {
    switch (key) {
      case "name" -> name = PaxHeader.name(value);
      case "size", "realsize" -> size = PaxHeader.digits(value, 0, value.length);
      case "major" -> major = PaxHeader.digits(value, 0, value.length);
      case "minor" -> minor = PaxHeader.digits(value, 0, value.length);
      case "numblocks" -> blocks = PaxHeader.digits(value, 0, value.length);
      case "offset" -> {
        if (offset >= 0) {
          throw malformed();
        }
        offset = PaxHeader.digits(value, 0, value.length);
      }
      case "numbytes" -> {
        map.add(offset, PaxHeader.digits(value, 0, value.length));
        offset = -1;
      }
      case "map" -> setMap(value);
      default ->
        throw new BadArchiveException("a pax header describes a sparse file by the unknown record "
            + PREFIX + RawName.display(key.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private void setMap(byte[] value) throws BadArchiveException {
    if (map.segments() > 0) {
      throw malformed();
    }
    for (int from = 0; from < value.length; ) {
      int comma = PaxHeader.indexOf(value, ',', from, value.length);
      if (comma < 0) {
        throw malformed();
      }
      int end = PaxHeader.indexOf(value, ',', comma + 1, value.length);
      end = end < 0 ? value.length : end;
      map.add(PaxHeader.digits(value, from, comma), PaxHeader.digits(value, comma + 1, end));
      from = end + 1;
    }
  }

  /** Returns whether the segments are before the content. */
  boolean isMapInContent() throws BadArchiveException {
    boolean inHeader = map.segments() > 0 || offset >= 0 || blocks >= 0;
    boolean inContent = major == 1 && minor == 0;
    if (size < 0 || (inContent && inHeader) || (!inContent && (major != 0 || minor > 1))) {
      throw malformed();
    }
    return inContent;
  }

  /** Returns the segments that the header lists. */
  SparseMap map() throws BadArchiveException {
    if (offset >= 0 || (blocks >= 0 && blocks != map.segments())) {
      throw malformed();
    }
    return map;
  }

  private static BadArchiveException malformed() {
    return new BadArchiveException("a pax header describes a sparse file in no known form");
  }
}
