package com.personalaichatbot.dr.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The name of some content: the 32 bytes of an HMAC-SHA-256 under a repository's id key, held as
 * four words, the first bytes first. Who lacks the key can neither make one nor tell what content
 * it names.
 *
 * @param w0 bytes 0 to 7, big-endian
 * @param w1 bytes 8 to 15
 * @param w2 bytes 16 to 23
 * @param w3 bytes 24 to 31
 */
public record KeyedId(long w0, long w1, long w2, long w3) implements Comparable<KeyedId> {

  /** The length of an id in bytes. */
  public static final int BYTES = 32;

  /** The id of 32 zero bytes, which names nothing. */
  public static final KeyedId ZERO = new KeyedId(0, 0, 0, 0);

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /**
   * Reads an id.
   *
   * @param bytes where it lies
   * @param offset its first byte
   * @return the id
   * @throws IndexOutOfBoundsException if fewer than 32 bytes follow
   */
  public static KeyedId read(byte[] bytes, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, bytes.length);
    return new KeyedId(
        (long) LONGS.get(bytes, offset),
        (long) LONGS.get(bytes, offset + 8),
        (long) LONGS.get(bytes, offset + 16),
        (long) LONGS.get(bytes, offset + 24));
  }

  /**
   * Writes the id's 32 bytes.
   *
   * @param bytes where to
   * @param offset the first byte written
   * @throws IndexOutOfBoundsException if fewer than 32 bytes follow; nothing has been written
   */
  public void write(byte[] bytes, int offset) {
    Objects.checkFromIndexSize(offset, BYTES, bytes.length);
    LONGS.set(bytes, offset, w0);
    LONGS.set(bytes, offset + 8, w1);
    LONGS.set(bytes, offset + 16, w2);
    LONGS.set(bytes, offset + 24, w3);
  }

  /**
   * The id that {@link #toString} wrote.
   *
   * @param hex 64 hexadecimal digits of either case
   * @return the id
   * @throws IllegalArgumentException if the text is anything else
   */
  public static KeyedId parse(String hex) {
    if (hex.length() != 2 * BYTES) {
      throw new IllegalArgumentException("An id has 64 hexadecimal digits: " + hex);
    }
    try {
      return read(HexFormat.of().parseHex(hex), 0);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("An id has 64 hexadecimal digits: " + hex, e);
    }
  }

  /** Orders ids as their bytes, unsigned. */
  @Override
  public int compareTo(KeyedId other) {
    int order = Long.compareUnsigned(w0, other.w0);
    if (order == 0) {
      order = Long.compareUnsigned(w1, other.w1);
    }
    if (order == 0) {
      order = Long.compareUnsigned(w2, other.w2);
    }
    return order != 0 ? order : Long.compareUnsigned(w3, other.w3);
  }

  /** The id as 64 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(w0) + hex.toHexDigits(w1) + hex.toHexDigits(w2) + hex.toHexDigits(w3);
  }
}
