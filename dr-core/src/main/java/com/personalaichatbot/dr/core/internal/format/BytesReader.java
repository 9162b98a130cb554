package com.personalaichatbot.dr.core.internal.format;

import com.personalaichatbot.dr.crypto.KeyedId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link BytesWriter} wrote. Every length is checked against what is left and against
 * the caller's cap before memory is spent on it (invariant 7). Not thread-safe.
 */
public final class BytesReader {
  private final byte[] bytes;
  private final int end;
  private int position;

  /** Reads a whole array. */
  public BytesReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /** Reads a part of an array. */
  public BytesReader(byte[] bytes, int offset, int length) {
    java.util.Objects.checkFromIndexSize(offset, length, bytes.length);
    this.bytes = bytes;
    this.position = offset;
    this.end = offset + length;
  }

  private int take(int count) throws MalformedException {
    if (count < 0 || end - position < count) {
      throw new MalformedException("it ends " + ((long) count - (end - position)) + " bytes early");
    }
    int at = position;
    position += count;
    return at;
  }

  /** One byte, 0..255. */
  public int u8() throws MalformedException {
    return bytes[take(1)] & 0xff;
  }

  /** One byte that is 0 or 1. */
  boolean flag() throws MalformedException {
    int value = u8();
    if (value > 1) {
      throw new MalformedException("a flag is neither set nor clear");
    }
    return value == 1;
  }

  /** Two bytes. */
  int u16() throws MalformedException {
    return u8() << 8 | u8();
  }

  /** Four bytes as they are. */
  public int u32() throws MalformedException {
    return u16() << 16 | u16();
  }

  /** Eight bytes as they are. */
  long u64() throws MalformedException {
    return (long) u32() << 32 | (u32() & 0xffffffffL);
  }

  /** An unsigned value of at most {@code max}. */
  public long varint(long max) throws MalformedException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int group = u8();
      if (shift == 63 && group > 1) {
        break;
      }
      value |= (long) (group & 0x7f) << shift;
      if (group < 0x80) {
        if (group == 0 && shift > 0) {
          break;
        }
        if (value < 0 || value > max) {
          throw new MalformedException(
              "the value " + Long.toUnsignedString(value) + " is above its cap " + max);
        }
        return value;
      }
    }
    throw new MalformedException("a number is not in its shortest form");
  }

  /** An unsigned value of at most {@code max}. */
  public int varint(int max) throws MalformedException {
    return (int) varint((long) max);
  }

  /** A signed value. */
  public long signed() throws MalformedException {
    long folded = 0;
    for (int shift = 0; ; shift += 7) {
      int group = u8();
      if (shift == 63 && group > 1) {
        throw new MalformedException("a number is longer than 64 bits");
      }
      folded |= (long) (group & 0x7f) << shift;
      if (group < 0x80) {
        if (group == 0 && shift > 0) {
          throw new MalformedException("a number is not in its shortest form");
        }
        return (folded >>> 1) ^ -(folded & 1);
      }
    }
  }

  /** The next {@code count} bytes, copied. */
  public byte[] raw(int count) throws MalformedException {
    int at = take(count);
    return Arrays.copyOfRange(bytes, at, at + count);
  }

  /** A length of at most {@code max} and that many bytes. */
  public byte[] block(int max) throws MalformedException {
    return raw(varint(max));
  }

  /** A text of at most {@code maxBytes} UTF-8 bytes. */
  public String text(int maxBytes) throws MalformedException {
    int count = varint(maxBytes);
    int at = take(count);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, at, count))
          .toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("a text is not UTF-8");
    }
  }

  /** 32 bytes as an id. */
  public KeyedId id() throws MalformedException {
    return KeyedId.read(bytes, take(KeyedId.BYTES));
  }

  /** Refuses anything but these bytes. */
  void expect(byte[] expected, String what) throws MalformedException {
    int at = take(expected.length);
    if (!Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length)) {
      throw new MalformedException(what + " is not what it should be");
    }
  }

  /** How many bytes are left. */
  int remaining() {
    return end - position;
  }

  /** Refuses bytes after the end. */
  public void end() throws MalformedException {
    if (remaining() != 0) {
      throw new MalformedException(remaining() + " bytes follow the end");
    }
  }

  /** Refuses anything but zero bytes up to the end. */
  public void zerosToEnd() throws MalformedException {
    while (position < end) {
      if (bytes[position++] != 0) {
        throw new MalformedException("the padding is not zero");
      }
    }
  }
}
