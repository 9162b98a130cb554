package com.personalaichatbot.dr.core.internal.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * The text form of a name or path of raw bytes, and back without loss.
 *
 * <p>Bytes that are UTF-8 stand for themselves; any other byte is shown as {@code \xNN}, two
 * lower-case hexadecimal digits. A backslash that would otherwise read as the start of such an
 * escape is itself shown as {@code \x5c}. Control characters are not escaped: they are valid UTF-8,
 * and what prints them decides how.
 */
public final class RawName {

  private static final String HEX = "0123456789abcdef";

  private RawName() {}

  /** Shows raw bytes as text that {@link #parse} turns into the same bytes again. */
  public static String display(byte[] name) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(name);
    CharBuffer chars = CharBuffer.allocate(name.length);
    StringBuilder text = new StringBuilder(name.length);
    while (true) {
      CoderResult result = decoder.decode(bytes, chars, true);
      appendDecoded(text, chars.flip());
      chars.clear();
      if (!result.isError()) {
        return text.toString();
      }
      for (int i = 0; i < result.length(); i++) {
        appendEscape(text, bytes.get());
      }
    }
  }

  private static void appendDecoded(StringBuilder text, CharBuffer chars) {
    for (int i = 0; i < chars.length(); i++) {
      char c = chars.charAt(i);
      if (c == '\\' && escapedAt(chars, i) >= 0) {
        appendEscape(text, (byte) '\\');
      } else {
        text.append(c);
      }
    }
  }

  private static void appendEscape(StringBuilder text, byte value) {
    text.append("\\x").append(HEX.charAt(value >> 4 & 15)).append(HEX.charAt(value & 15));
  }

  /**
   * Returns the raw bytes of a text form: {@code \xNN} (digits in either case) is that byte, all
   * else its UTF-8.
   *
   * @throws IllegalArgumentException if the text holds half a surrogate pair, which no bytes stand
   *     for
   */
  public static byte[] parse(String display) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(display.length() + 8);
    int done = 0;
    for (int i = 0; i < display.length(); i++) {
      int value = display.charAt(i) == '\\' ? escapedAt(display, i) : -1;
      if (value >= 0) {
        appendUtf8(bytes, display, done, i);
        bytes.write(value);
        i += 3;
        done = i + 1;
      }
    }
    appendUtf8(bytes, display, done, display.length());
    return bytes.toByteArray();
  }

  private static void appendUtf8(ByteArrayOutputStream bytes, String text, int from, int to) {
    try {
      ByteBuffer encoded =
          StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text, from, to));
      bytes.write(encoded.array(), 0, encoded.limit());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("name is not valid Unicode", e);
    }
  }

  /** Returns the byte that an escape at this backslash stands for, or -1 if none exists. */
  private static int escapedAt(CharSequence text, int backslash) {
    if (backslash + 3 >= text.length() || text.charAt(backslash + 1) != 'x') {
      return -1;
    }
    int high = hex(text.charAt(backslash + 2));
    int low = hex(text.charAt(backslash + 3));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static int hex(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }
}
