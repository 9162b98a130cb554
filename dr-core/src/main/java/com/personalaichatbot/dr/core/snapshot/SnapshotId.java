package com.personalaichatbot.dr.core.snapshot;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The name of a snapshot: sixteen random bytes, written as 32 hexadecimal digits. It never changes
 * and is never given twice.
 *
 * @param high the first eight bytes
 * @param low the last eight bytes
 */
public record SnapshotId(long high, long low) {
  private static final int BYTES = 16;

  /**
   * Reads an id.
   *
   * @param text 32 hexadecimal digits
   * @throws IllegalArgumentException if it is anything else
   */
  public static SnapshotId parse(String text) {
    if (text.length() != 2 * BYTES) {
      throw new IllegalArgumentException("a snapshot id has 32 hexadecimal digits: " + text);
    }
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(text));
    return new SnapshotId(bytes.getLong(), bytes.getLong());
  }

  /** The first eight digits, enough for people to tell snapshots apart. */
  public String abbreviated() {
    return toString().substring(0, 8);
  }

  /** 32 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
