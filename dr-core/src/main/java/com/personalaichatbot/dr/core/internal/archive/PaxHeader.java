package com.personalaichatbot.dr.core.internal.archive;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What pax headers say of an entry: records {@code LENGTH KEY=VALUE\n}, the length counting itself.
 * Names are kept as they stand there. What is not about bytes, names, times and owners is passed
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

  /** Takes the records of one header; later ones win. */
  void add(byte[] records) throws BadArchiveException {
    for (int from = 0; from < records.length; ) {
      int blank = indexOf(records, ' ', from, records.length);
      long length = blank < 0 ? 0 : digits(records, from, blank);
      long end = from + length;
      int equals = end > records.length ? -1 : indexOf(records, '=', blank + 1, (int) end);
      if (equals < 0 || records[(int) end - 1] != '\n') {
        throw new BadArchiveException("a pax header is malformed");
      }
      String key = new String(records, blank + 1, equals - blank - 1, StandardCharsets.UTF_8);
      set(key, Arrays.copyOfRange(records, equals + 1, (int) end - 1));
      from = (int) end;
    }
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
        if (key.startsWith("GNU.sparse.")) {
          throw new BadArchiveException(
              "it holds sparse files, which are not read; make the archive without that");
        }
      }
    }
  }

  private static byte[] name(byte[] value) throws BadArchiveException {
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

  private static long digits(byte[] value, int from, int to) throws BadArchiveException {
    long number = 0;
    for (int i = from; i < to; i++) {
      if (value[i] < '0' || value[i] > '9') {
        throw new BadArchiveException("a pax header has a number that is none");
      }
      number = number * 10 + value[i] - '0';
    }
    if (to <= from || to - from > 19 || number < 0) {
      throw new BadArchiveException("a pax header has a number that is none");
    }
    return number;
  }

  private static int indexOf(byte[] bytes, int wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }
}
