package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte array, written big-endian. Not thread-safe. */
public final class BytesWriter {
  private byte[] bytes;
  private int length;

  /** An empty writer. */
  public BytesWriter() {
    this(256);
  }

  /** An empty writer with room for {@code capacity} bytes. */
  public BytesWriter(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(
          bytes, Math.max(Math.addExact(length, more), bytes.length + (bytes.length >> 1)));
    }
  }

  /** One byte. */
  public BytesWriter u8(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  /** Two bytes. */
  BytesWriter u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  /** Four bytes. */
  public BytesWriter u32(int value) {
    room(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
    return this;
  }

  /** Eight bytes. */
  public BytesWriter u64(long value) {
    return u32((int) (value >>> 32)).u32((int) value);
  }

  /** An unsigned value in groups of seven bits, lowest first; the shortest form only. */
  public BytesWriter varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      u8((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return u8((int) rest);
  }

  /** A signed value, sign folded into the lowest bit, as {@link #varint}. */
  public BytesWriter signed(long value) {
    return varint((value << 1) ^ (value >> 63));
  }

  /** The bytes as they are. */
  public BytesWriter raw(byte[] source) {
    return raw(source, 0, source.length);
  }

  /** A part of an array as it is. */
  public BytesWriter raw(byte[] source, int offset, int count) {
    room(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
    return this;
  }

  /** A length and that many bytes. */
  public BytesWriter block(byte[] source) {
    return varint(source.length).raw(source);
  }

  /** A text: length and UTF-8 bytes. */
  public BytesWriter text(String text) {
    return block(text.getBytes(StandardCharsets.UTF_8));
  }

  /** 32 bytes of an id. */
  public BytesWriter id(KeyedId id) {
    room(KeyedId.BYTES);
    id.write(bytes, length);
    length += KeyedId.BYTES;
    return this;
  }

  /** Zero bytes. */
  public BytesWriter zeros(int count) {
    room(count);
    Arrays.fill(bytes, length, length + count, (byte) 0);
    length += count;
    return this;
  }

  /** How many bytes were written. */
  public int length() {
    return length;
  }

  /** The array behind, valid up to {@link #length} until the next write. */
  public byte[] array() {
    return bytes;
  }

  /** A copy of what was written. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** Forgets what was written and keeps the room. */
  public void clear() {
    length = 0;
  }
}
