package com.personalaichatbot.dr.core.internal.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The pax headers of an entry: records {@code LENGTH KEY=VALUE\n}, the length counting itself.
 * Names are kept as they are now there. What is not about bytes, names, times and owners is passed
 * over. Not thread-safe.
 */
final class PaxHeader {
  private byte[] path;
  private byte[] target;
  private long size = -1;
  private long uid = -1;
  private long gid = -1;
  private boolean hasTime;
  private long seconds;
  private int nanos;
  private String comment;
  private PaxSparse sparse;
  private boolean empty = true;

  PaxHeader() {}

  /** One that goes on from another. */
  PaxHeader(PaxHeader before) {
    path = before.path;
    target = before.target;
    size = before.size;
    uid = before.uid;
    gid = before.gid;
    hasTime = before.hasTime;
    seconds = before.seconds;
    nanos = before.nanos;
    comment = before.comment;
    sparse = before.sparse;
  }

  /** The name, or null. */
  byte[] path() {
    return path;
  }

  /** Where a link leads, or null. */
  byte[] target() {
    return target;
  }

  /** The length, or -1. */
  long size() {
    return size;
  }

  /** The owner, or -1. */
  long uid() {
    return uid;
  }

  /** The group, or -1. */
  long gid() {
    return gid;
  }

  boolean hasTime() {
    return hasTime;
  }

  long seconds() {
    return seconds;
  }

  int nanos() {
    return nanos;
  }

  /** The comment, or null. */
  String comment() {
    return comment;
  }

  /** The records of a sparse file, or null. */
  PaxSparse sparse() {
    return sparse;
  }

  /** Returns whether no header was added to this one. */
  boolean isEmpty() {
    return empty;
  }

  /**
   * Takes the records of one header; later ones win.
   *
   * <p>A record is at least {@code LENGTH KEY=\n}. Each is checked to end behind its own equals
   * sign, so every step of the loop goes forward.
   */
  void add(byte[] records) throws BadArchiveException {
    empty = false;
    for (int from = 0; from < records.length; ) {
      int blank = indexOf(records, ' ', from, records.length);
      if (blank < 0) {
        throw malformed();
      }
      long length = digits(records, from, blank);
      if (length > records.length - from) {
        throw malformed();
      }
      int end = from + (int) length;
      int equals = indexOf(records, '=', blank + 1, end);
      if (equals < 0 || equals > end - 2 || records[end - 1] != '\n') {
        throw malformed();
      }
      String key = new String(records, blank + 1, equals - blank - 1, StandardCharsets.UTF_8);
      set(key, Arrays.copyOfRange(records, equals + 1, end - 1));
      from = end;
    }
  }

  private static BadArchiveException malformed() {
    return new BadArchiveException("a pax header is malformed");
  }

  private void set(String key, byte[] value) throws BadArchiveException {
    switch (key) {
      case "path" -> path = name(value);
      case "linkpath" -> target = name(value);
      case "size" -> size = digits(value, 0, value.length);
      case "uid" -> uid = digits(value, 0, value.length);
      case "gid" -> gid = digits(value, 0, value.length);
      case "mtime" -> setTime(value);
      case "comment" -> comment = new String(value, StandardCharsets.UTF_8);
      default -> {
        if (key.startsWith(PaxSparse.PREFIX)) {
          sparse = sparse == null ? new PaxSparse() : sparse;
          sparse.set(key.substring(PaxSparse.PREFIX.length()), value);
        } else if (key.equals("SUN.holesdata") || key.equals("SCHILY.realsize")) {
          throw new BadArchiveException("it holds a sparse file as Solaris tar or star write it ("
              + key + "), which is not read; make the archive without sparse files");
        }
      }
    }
  }

  static byte[] name(byte[] value) throws BadArchiveException {
    if (value.length == 0 || indexOf(value, 0, 0, value.length) >= 0) {
      throw new BadArchiveException("a pax header names what cannot be");
    }
    return value;
  }

  /** Seconds since 1970, perhaps negative, perhaps with a fraction, of which nine digits count. */
  private void setTime(byte[] value) throws BadArchiveException {
    boolean negative = value.length > 0 && value[0] == '-';
    int point = indexOf(value, '.', 0, value.length);
    int end = point < 0 ? value.length : point;
    long whole = digits(value, negative ? 1 : 0, end);
    int fraction = 0;
    for (int i = 0; i < 9; i++) {
      int at = end + 1 + i;
      fraction = fraction * 10 + (at < value.length ? (int) digits(value, at, at + 1) : 0);
    }
    hasTime = true;
    seconds = !negative ? whole : fraction == 0 ? -whole : -whole - 1;
    nanos = negative && fraction > 0 ? 1_000_000_000 - fraction : fraction;
  }

  static long digits(byte[] value, int from, int to) throws BadArchiveException {
    long number = 0;
    for (int i = from; i < to; i++) {
      if (value[i] < '0' || value[i] > '9') {
        throw new BadArchiveException("malformed number in a pax header");
      }
      number = number * 10 + value[i] - '0';
    }
    if (to <= from || to - from > 19 || number < 0) {
      throw new BadArchiveException("malformed number in a pax header");
    }
    return number;
  }

  static int indexOf(byte[] bytes, int wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }
}
