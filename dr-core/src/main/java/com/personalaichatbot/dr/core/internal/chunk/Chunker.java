package com.personalaichatbot.dr.core.internal.chunk;

import com.personalaichatbot.dr.crypto.WindowHash;
import java.util.Objects;

/**
 * Divides a file into holes (its zero runs of {@link #HOLE} bytes and more) and content-defined
 * chunks (the rest).
 *
 * <p>Chunks are cut by FastCDC with normalised chunking of level 2: W. Xia et al., "FastCDC: a Fast
 * and Efficient Content-Defined Chunking Approach for Data Deduplication", USENIX ATC 2016, and
 * "The Design of Fast Content-Defined Chunking for Data Deduplication Based Storage Systems", IEEE
 * TPDS 31(9), 2020. A Gear hash rolls over the bytes: each step shifts it left by one and adds the
 * table's word for the byte, so bit k depends on the last k+1 bytes. It only proposes: where the
 * masked hash is zero, which is about once in 4 KiB, a keyed hash of the last 64 bytes decides. A
 * cut lies behind the first byte at which its lowest bits are zero. Below the normal size two bits
 * more than the normal size has must be zero in all, above it two fewer, which draws the sizes
 * together; the first {@code min} bytes are not hashed at all.
 *
 * <p>The table and the key of the second hash are secret and belong to one repository: with known
 * ones, the sizes of chunks would tell which known file is stored. The table alone would not do:
 * whoever has files of his own backed up, and sees where they were cut, could solve for it.
 *
 * <p>What is cut depends only on the content from the current position on, never on how the buffer
 * was filled; that is why {@link #next} wants {@link #window()} bytes unless the file ends. Cutting
 * at the ends of holes as well keeps a sparse file's chunks independent of how large its holes are.
 *
 * <p>Measured on JDK 17: 0.56 ns a byte on one core, the unhashed minimum included; without the
 * second hash 0.52. A proposal costs 70 ns. The paper's form with two bytes an iteration was no
 * faster and is left out.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class Chunker implements Cutter {

  /** The shortest zero run that is a hole, in bytes. */
  public static final int HOLE = ZeroRuns.SHORTEST;

  /** Size below which no chunk is cut, for new repositories. */
  public static final int DEFAULT_MIN = 64 << 10;

  /** Normal size of a chunk, for new repositories. */
  public static final int DEFAULT_AVG = 256 << 10;

  /** Size at which a chunk is cut whatever it holds, for new repositories. */
  public static final int DEFAULT_MAX = 1 << 20;

  private static final int NORMALISATION = 2;

  /** The bytes before a cut that decide on it. */
  static final int WINDOW = 64;

  /** How many zero bits the second hash decides at the normal size. */
  private static final int DECIDED = 6;

  private final long[] gear;
  private final WindowHash cuts;
  private final int min;
  private final int avg;
  private final int max;
  private final long proposals;
  private final long strictMask;
  private final long looseMask;

  /**
   * Makes a chunker with the parameters of a repository.
   *
   * @param gear the repository's 256 secret words; copied
   * @param cuts decides on what the words propose
   * @param min the smallest chunk, in bytes, at least 64, which is the reach of the hash
   * @param avg the normal size, a power of two; the mean of real chunks is about a sixth above it
   * @param max the largest chunk, in bytes
   * @throws IllegalArgumentException if the table has another length or the sizes do not fit
   *     together
   */
  public Chunker(long[] gear, WindowHash cuts, int min, int avg, int max) {
    if (gear.length != 256) {
      throw new IllegalArgumentException("A gear table has 256 words, not " + gear.length);
    }
    if (min < WINDOW || avg < min || max < avg || max > 1 << 30 || Integer.bitCount(avg) != 1) {
      throw new IllegalArgumentException(
          "Chunk sizes do not fit: " + min + ", " + avg + ", " + max);
    }
    this.gear = gear.clone();
    this.cuts = cuts;
    this.min = min;
    this.avg = avg;
    this.max = max;
    int bits = Integer.numberOfTrailingZeros(avg);
    int proposed = Math.max(0, bits - DECIDED);
    this.proposals = spread(proposed);
    this.strictMask = (1L << bits + NORMALISATION - proposed) - 1;
    this.looseMask = (1L << bits - NORMALISATION - proposed) - 1;
  }

  /**
   * Every second bit from bit 62 down: far apart, and high, where the hash has seen the most bytes.
   */
  private static long spread(int bits) {
    long mask = 0;
    for (int i = 0; i < bits; i++) {
      mask |= 1L << (62 - 2 * i);
    }
    return mask;
  }

  @Override
  public int window() {
    return max + HOLE;
  }

  @Override
  public int next(byte[] buffer, int offset, int length, boolean last) {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length < (last ? 1 : window())) {
      throw new IllegalArgumentException("Too few bytes to find a piece: " + length);
    }
    int zeros = ZeroRuns.leading(buffer, offset, length);
    if (zeros >= HOLE) {
      // A run that reaches the end of the buffer may go on behind it. Leaving enough of it to be
      // seen as a hole again
      // makes the pieces of one run add up to the whole run, however the buffer is fed.
      return zeros == length && !last ? HOLE - zeros : -zeros;
    }
    int hole = ZeroRuns.first(buffer, offset, Math.min(length, window()));
    return cut(buffer, offset, Math.min(hole, max));
  }

  /** The length of the chunk at {@code offset}, which ends at {@code limit} bytes if not before. */
  private int cut(byte[] buffer, int offset, int limit) {
    if (limit <= min) {
      return limit;
    }
    int start = offset + min;
    int normal = offset + Math.min(avg, limit);
    int end = offset + limit;
    for (int i = start; i < end; i++) {
      i = proposal(gear, proposals, buffer, start, i, end);
      if (i < end && isCut(buffer, i, i < normal ? strictMask : looseMask)) {
        return i + 1 - offset;
      }
    }
    return limit;
  }

  /**
   * The first byte from {@code from} on that the rolling hash proposes, or {@code end}. A plain
   * loop over locals: the compiler then keeps all in registers and drops the bounds checks.
   */
  private static int proposal(
      long[] words, long mask, byte[] buffer, int start, int from, int end) {
    long hash = 0;
    // What is older than 64 bytes has been shifted out.
    for (int i = Math.max(start, from - WINDOW); i < from; i++) {
      hash = (hash << 1) + words[buffer[i] & 0xff];
    }
    for (int i = from; i < end; i++) {
      hash = (hash << 1) + words[buffer[i] & 0xff];
      if ((hash & mask) == 0) {
        return i;
      }
    }
    return end;
  }

  private boolean isCut(byte[] buffer, int last, long mask) {
    return (cuts.hash(buffer, last + 1 - WINDOW, WINDOW) & mask) == 0;
  }
}
