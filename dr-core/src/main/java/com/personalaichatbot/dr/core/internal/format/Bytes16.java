package com.personalaichatbot.dr.core.internal.format;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Sixteen random bytes that name something: a repository, a writer, a key slot, an entry. */
public record Bytes16(long high, long low) {
  /** How many bytes these are. */
  public static final int BYTES = 16;

  /** Takes the first sixteen bytes of an array. */
  public static Bytes16 of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, BYTES);
    return new Bytes16(buffer.getLong(), buffer.getLong());
  }

  /** A fresh array of them. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
  }

  /** 32 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(toBytes());
  }
}
