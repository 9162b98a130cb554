package com.personalaichatbot.dr.core.internal.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Finds long runs of zero bytes while looking at almost none of the bytes that are not zero. */
final class ZeroRuns {

  /** The shortest run that counts, in bytes. */
  static final int SHORTEST = 64 << 10;

  private static final byte[] ZEROS = new byte[SHORTEST];
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private ZeroRuns() {}

  /** The number of zero bytes with which the range begins. */
  static int leading(byte[] bytes, int offset, int length) {
    int end = offset + length;
    for (int i = offset; i < end; i += SHORTEST) {
      int n = Math.min(SHORTEST, end - i);
      int other = Arrays.mismatch(bytes, i, i + n, ZEROS, 0, n);
      if (other >= 0) {
        return i + other - offset;
      }
    }
    return length;
  }

  /**
   * The position, relative to {@code offset}, of the first run of {@link #SHORTEST} zeros and more,
   * or {@code length}.
   *
   * <p>As in Boyer-Moore search: a run that begins at {@code floor} or later, and not before the
   * probe, must cover the byte {@code SHORTEST - 1} behind the floor. If that byte is not zero, no
   * run begins at or before it.
   */
  static int first(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int floor = offset;
    while (end - floor >= SHORTEST) {
      int probe = floor + SHORTEST - 1;
      if (bytes[probe] == 0) {
        int start = start(bytes, floor, probe);
        int run = probe - start + leading(bytes, probe, Math.min(end - probe, SHORTEST));
        if (run >= SHORTEST) {
          return start - offset;
        }
        probe = start + run;
      }
      floor = probe + 1;
    }
    return length;
  }

  /** Where the zeros that end before {@code end} begin, not looking below {@code floor}. */
  private static int start(byte[] bytes, int floor, int end) {
    int i = end;
    while (i - floor >= Long.BYTES && (long) LONG.get(bytes, i - Long.BYTES) == 0) {
      i -= Long.BYTES;
    }
    while (i > floor && bytes[i - 1] == 0) {
      i--;
    }
    return i;
  }
}
