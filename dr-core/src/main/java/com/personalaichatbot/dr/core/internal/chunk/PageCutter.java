package com.personalaichatbot.dr.core.internal.chunk;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Divides a paged file, one whose pages are rewritten in place, into regions: stretches of one size
 * from its beginning on. What was changed in a region is then found by comparing it, page by page,
 * with the same stretch as it was before.
 *
 * <p>Paged files are SQLite databases, known by their header (<a
 * href="https://www.sqlite.org/fileformat2.html">Database File Format</a>, 1.3). Nothing relies on
 * what the header says: a wrong page size only makes what is stored of a change larger. A file
 * whose header is not that of a database, or no longer, is cut like any other.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class PageCutter implements Cutter {
  private static final byte[] SQLITE = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 100;
  private static final int SMALLEST_PAGE = 512;
  private static final int LARGEST_PAGE = 64 << 10;

  /** More is not compared as one, so that a small change of a large page stays small. */
  private static final int COMPARED = 4096;

  private final int page;
  private final int region;

  private PageCutter(int page, int region) {
    this.page = page;
    this.region = region;
  }

  /**
   * Returns how to cut a file if it is a paged one.
   *
   * @param buffer holds the beginning of the file
   * @param length how much of it
   * @param region bytes of a region, a power of two
   */
  public static Optional<PageCutter> of(byte[] buffer, int length, int region) {
    if (length < HEADER || !Arrays.equals(buffer, 0, SQLITE.length, SQLITE, 0, SQLITE.length)) {
      return Optional.empty();
    }
    int size = (buffer[16] & 0xff) << 8 | buffer[17] & 0xff;
    int page = size == 1 ? LARGEST_PAGE : size;
    boolean plausible = Integer.bitCount(page) == 1
        && page >= SMALLEST_PAGE
        && isVersion(buffer[18])
        && isVersion(buffer[19])
        && buffer[21] == 64
        && buffer[22] == 32
        && buffer[23] == 32;
    return plausible
        ? Optional.of(new PageCutter(Math.min(Math.min(page, COMPARED), region), region))
        : Optional.empty();
  }

  private static boolean isVersion(byte value) {
    return value == 1 || value == 2;
  }

  /** The length of the stretches that are compared, which divides that of a region. */
  public int page() {
    return page;
  }

  /** The length of a region; the last of a file may be shorter. */
  public int region() {
    return region;
  }

  @Override
  public int window() {
    return region;
  }

  @Override
  public int next(byte[] buffer, int offset, int length, boolean last) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length < (last ? 1 : region)) {
      throw new IllegalArgumentException("Too few bytes to find a piece: " + length);
    }
    int piece = Math.min(region, length);
    boolean hole = piece >= ZeroRuns.SHORTEST && ZeroRuns.leading(buffer, offset, piece) == piece;
    return hole ? -piece : piece;
  }
}
