package com.personalaichatbot.dr.health.internal.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.io.ByteOrderMark;
import org.apache.commons.io.input.BOMInputStream;

/**
 * Text in UTF-8, as every reader of this module takes it. A byte order mark at the beginning is no
 * part of the text. Other encodings are named, since an editor that wrote one can also write UTF-8.
 *
 * @param text the text without its mark
 * @param hasMark whether it began with a byte order mark
 */
public record UnicodeText(String text, boolean hasMark) {

  /** Says which other encoding a text has, or that it is no text. */
  public static final class NotUtf8Exception extends CharacterCodingException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String action;

    NotUtf8Exception(String problem, String action) {
      this.problem = problem;
      this.action = action;
    }

    /** What the text is, as the end of a sentence that begins with its file. */
    @Override
    public String getMessage() {
      return problem;
    }

    /** Returns what to do. */
    public String action() {
      return action;
    }
  }

  /**
   * Decodes a text.
   *
   * @throws NotUtf8Exception if it is in another encoding, or no text
   */
  public static UnicodeText decode(byte[] bytes) throws NotUtf8Exception {
    int mark = requireUtf8(bytes);
    String text;
    try {
      text = StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, mark, bytes.length - mark))
          .toString();
    } catch (CharacterCodingException e) {
      throw new NotUtf8Exception("not a text in UTF-8", "save it as UTF-8, or restore it");
    }
    if (text.indexOf('\0') >= 0) {
      throw new NotUtf8Exception(
          "not a text in UTF-8: it holds the character NUL", "restore it from a backup");
    }
    return new UnicodeText(text, mark > 0);
  }

  /**
   * Refuses what is in UTF-16 or UTF-32, with a mark or without, and decodes nothing.
   *
   * @return the length of the byte order mark of UTF-8 at the beginning
   * @throws NotUtf8Exception if it is in one of these
   */
  public static int requireUtf8(byte[] bytes) throws NotUtf8Exception {
    try (BOMInputStream in = BOMInputStream.builder()
        .setInputStream(new ByteArrayInputStream(bytes))
        .setByteOrderMarks(
            ByteOrderMark.UTF_8,
            ByteOrderMark.UTF_16LE,
            ByteOrderMark.UTF_16BE,
            ByteOrderMark.UTF_32LE,
            ByteOrderMark.UTF_32BE)
        .get()) {
      ByteOrderMark mark = in.getBOM();
      if (mark != null && !mark.equals(ByteOrderMark.UTF_8)) {
        throw wide(mark.getCharsetName());
      }
      if (mark == null && bytes.length >= 4) {
        requireNarrow(bytes);
      }
      return mark == null ? 0 : mark.length();
    } catch (NotUtf8Exception e) {
      throw e;
    } catch (IOException impossible) {
      throw new IllegalStateException("an array is read without fail", impossible);
    }
  }

  /** Looks where the zeros of the first two characters are; ASCII has none (RFC 4627, 3). */
  private static void requireNarrow(byte[] bytes) throws NotUtf8Exception {
    int zeros = 0;
    for (int i = 0; i < 4; i++) {
      zeros = zeros << 1 | (bytes[i] == 0 ? 1 : 0);
    }
    switch (zeros) {
      case 0b0101 -> throw wide("UTF-16LE");
      case 0b1010 -> throw wide("UTF-16BE");
      case 0b0111 -> throw wide("UTF-32LE");
      case 0b1110 -> throw wide("UTF-32BE");
      default -> {
        // UTF-8, or no text, which a decoder finds.
      }
    }
  }

  private static NotUtf8Exception wide(String encoding) {
    return new NotUtf8Exception("a text in " + encoding + ", not in UTF-8", "save it as UTF-8");
  }
}
