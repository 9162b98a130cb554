package com.personalaichatbot.dr.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A keyed hash of short windows of content: SipHash-2-4 (J.-P. Aumasson, D. J. Bernstein, "SipHash:
 * a fast short-input PRF", INDOCRYPT 2012). Nobody without the key can tell for which windows it
 * gives what, however many decisions were seen.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class WindowHash {

  /** The length of a key in bytes. */
  static final int KEY_BYTES = 16;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long k0;
  private final long k1;

  WindowHash(byte[] key) {
    k0 = (long) WORDS.get(key, 0);
    k1 = (long) WORDS.get(key, Long.BYTES);
  }

  /**
   * Hashes part of an array.
   *
   * @param bytes holds the window
   * @param offset its first byte
   * @param length its number of bytes, which may be 0
   * @return 64 bits
   * @throws IndexOutOfBoundsException if the window is not within the array
   */
  public long hash(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    int words = length / Long.BYTES;
    long last = (long) length << 56;
    for (int i = words * Long.BYTES; i < length; i++) {
      last |= (bytes[offset + i] & 0xffL) << 8 * (i % Long.BYTES);
    }
    // Two rounds for each word, the last one padded with the length; four at the end.
    for (int i = 0; i <= words + 2; i++) {
      long word = 0;
      if (i < words) {
        word = (long) WORDS.get(bytes, offset + i * Long.BYTES);
      } else if (i == words) {
        word = last;
      } else if (i == words + 1) {
        v2 ^= 0xff;
      }
      v3 ^= word;
      for (int round = 0; round < 2; round++) {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /** A constant: nothing of the key. */
  @Override
  public String toString() {
    return "WindowHash";
  }
}
