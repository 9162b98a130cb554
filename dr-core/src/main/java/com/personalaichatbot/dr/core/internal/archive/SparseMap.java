package com.personalaichatbot.dr.core.internal.archive;

import java.io.IOException;
import java.util.Arrays;

/**
 * Map of a sparse file in an archive: segments of stored bytes, with zeros between and behind them.
 * Segments ascend and do not overlap, so that every reader of the archive sees the same file. Not
 * thread-safe.
 */
final class SparseMap {
  private static final int MAX_SEGMENTS = 1 << 20;

  private final String entry;
  private long[] bounds = new long[8];
  private int used;
  private long stored;

  private long size;
  private long position;
  private int next;

  /**
   * Creates an empty map.
   *
   * @param entry the entry as errors name it
   */
  SparseMap(String entry) {
    this.entry = entry;
  }

  /** Reads stored bytes of an entry: fills the part of the buffer, or throws. */
  @FunctionalInterface
  interface Stored {
    void read(byte[] buffer, int offset, int length) throws IOException;
  }

  /** Adds the next segment. */
  void add(long offset, long length) throws BadArchiveException {
    if (used == 2 * MAX_SEGMENTS) {
      throw bad("has more than " + MAX_SEGMENTS + " segments");
    }
    long end = offset + length;
    if (offset < 0 || length < 0 || end < 0 || (used > 0 && offset < bounds[used - 1])) {
      throw bad("has segments that overlap or do not ascend");
    }
    if (used == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * used);
    }
    bounds[used++] = offset;
    bounds[used++] = end;
    stored += length;
  }

  int segments() {
    return used / 2;
  }

  /** Ends the map: the file has this size, and the archive stores this many bytes of it. */
  void finish(long fileSize, long storedBytes) throws BadArchiveException {
    if (used > 0 && bounds[used - 1] > fileSize) {
      throw bad("has segments behind its end");
    }
    if (stored != storedBytes) {
      throw bad("stores " + storedBytes + " bytes, but its segments hold " + stored);
    }
    size = fileSize;
  }

  long size() {
    return size;
  }

  /** Reads content of the file: fills the part of the buffer unless the file ends. */
  int read(Stored in, byte[] buffer, int offset, int length) throws IOException {
    int wanted = (int) Math.min(length, size - position);
    for (int done = 0; done < wanted; ) {
      while (next < used && bounds[next + 1] <= position) {
        next += 2;
      }
      long begin = next < used ? bounds[next] : size;
      boolean hole = position < begin;
      int count = (int) Math.min(wanted - done, (hole ? begin : bounds[next + 1]) - position);
      if (hole) {
        Arrays.fill(buffer, offset + done, offset + done + count, (byte) 0);
      } else {
        in.read(buffer, offset + done, count);
      }
      done += count;
      position += count;
    }
    return wanted;
  }

  private BadArchiveException bad(String problem) {
    return new BadArchiveException("sparse entry '" + entry + "' " + problem);
  }
}
