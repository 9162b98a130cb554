package com.personalaichatbot.dr.crypto;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Objects;

/**
 * Secret bytes that are wiped when they are closed. The text is constant, and equality is identity,
 * so that neither a log line nor a set gives the content away.
 *
 * <p>Thread-safe: a secret that is closed while another thread copies it is copied whole or not at
 * all.
 */
public final class Secret implements AutoCloseable {

  /** The longest passphrase, in bytes of UTF-8 after normalisation. */
  public static final int MAX_PASSPHRASE_BYTES = 1024;

  /**
   * No text below this many characters is normalised, and none above it can come out short enough.
   */
  private static final int MAX_PASSPHRASE_CHARS = 4 * MAX_PASSPHRASE_BYTES;

  /** Below this character nothing composes, so the text is in form C as it is now. */
  private static final char FIRST_COMBINING = '\u0300';

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final byte[] bytes;
  private boolean closed;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The passphrase as bytes: Unicode normalisation form C, then UTF-8, so that the two ways to type
   * an accented letter are one passphrase. A text with characters from U+0300 on passes through
   * strings of the JDK's normaliser, which cannot be wiped; any other text does not. A byte order
   * mark at the beginning and one line end at the end are no part of it: a file, a variable and a
   * prompt give the same passphrase.
   *
   * @param passphrase copied; it stays the caller's, who wipes it
   * @return the secret, which the caller closes
   * @throws IllegalArgumentException if the passphrase is empty, blank, longer than
   *     {@link #MAX_PASSPHRASE_BYTES}, or holds NUL, half a surrogate pair, or U+FFFD (the mark of
   *     a text read in the wrong encoding). The message never shows it
   */
  public static Secret ofPassphrase(char[] passphrase) {
    checkPassphrase(passphrase);
    int start = passphrase.length > 0 && passphrase[0] == BYTE_ORDER_MARK ? 1 : 0;
    int end = endWithoutLineEnd(passphrase, start);
    CharBuffer text = CharBuffer.wrap(passphrase, start, end - start);
    if (!isPlain(text)) {
      text = CharBuffer.wrap(Normalizer.normalize(text, Normalizer.Form.NFC));
    }
    byte[] utf8 = new byte[3 * text.remaining()];
    try {
      ByteBuffer out = ByteBuffer.wrap(utf8);
      StandardCharsets.UTF_8.newEncoder().encode(text, out, true);
      if (out.position() > MAX_PASSPHRASE_BYTES) {
        throw tooLong();
      }
      return new Secret(Arrays.copyOf(utf8, out.position()));
    } finally {
      Arrays.fill(utf8, (byte) 0);
    }
  }

  /**
   * The bytes as they are.
   *
   * @param bytes at least one; copied; they stay the caller's, who wipes them
   * @return the secret, which the caller closes
   * @throws IllegalArgumentException if none exist
   */
  public static Secret ofBytes(byte[] bytes) {
    if (bytes.length == 0) {
      throw new IllegalArgumentException("A secret has at least one byte.");
    }
    return new Secret(bytes.clone());
  }

  /**
   * The content.
   *
   * @return a fresh array, which the caller wipes
   * @throws IllegalStateException after close
   */
  public synchronized byte[] copyBytes() {
    requireOpen();
    return bytes.clone();
  }

  /**
   * The number of bytes.
   *
   * @return at least 1
   * @throws IllegalStateException after close
   */
  public synchronized int length() {
    requireOpen();
    return bytes.length;
  }

  /**
   * Whether both hold the same bytes, in a time that does not depend on where they differ: for a
   * passphrase that is typed twice.
   *
   * @param other the secret to compare with
   * @return true if they are equal
   * @throws IllegalStateException if either is closed
   */
  public boolean matches(Secret other) {
    byte[] mine = copyBytes();
    byte[] theirs = null;
    try {
      theirs = other.copyBytes();
      return MessageDigest.isEqual(mine, theirs);
    } finally {
      Arrays.fill(mine, (byte) 0);
      if (theirs != null) {
        Arrays.fill(theirs, (byte) 0);
      }
    }
  }

  /** Wipes the bytes. Closing again does nothing. */
  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  /** A constant: nothing of the secret, not even its length. */
  @Override
  public String toString() {
    return "Secret";
  }

  /** The array itself, for the tests that look whether it was wiped. */
  byte[] view() {
    return bytes;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The secret has been closed and wiped.");
    }
  }

  private static void checkPassphrase(char[] passphrase) {
    Objects.requireNonNull(passphrase, "passphrase");
    if (passphrase.length > MAX_PASSPHRASE_CHARS) {
      throw tooLong();
    }
    boolean blank = true;
    for (int i = 0; i < passphrase.length; i++) {
      char c = passphrase[i];
      if (c == 0) {
        throw new IllegalArgumentException("The passphrase holds a NUL character.");
      }
      if (c == '\uFFFD') {
        throw new IllegalArgumentException(
            "The passphrase holds U+FFFD: it was read in the wrong character encoding.");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < passphrase.length
          && Character.isLowSurrogate(passphrase[i + 1])) {
        i++;
        blank = false;
      } else if (Character.isSurrogate(c)) {
        throw new IllegalArgumentException("The passphrase holds half of a surrogate pair.");
      } else {
        blank &= Character.isWhitespace(c) || Character.isSpaceChar(c) || c == BYTE_ORDER_MARK;
      }
    }
    if (blank) {
      throw new IllegalArgumentException("The passphrase is empty or blank.");
    }
  }

  private static int endWithoutLineEnd(char[] text, int start) {
    int end = text.length;
    if (end > start && text[end - 1] == '\n') {
      end--;
    }
    return end > start && text[end - 1] == '\r' ? end - 1 : end;
  }

  private static boolean isPlain(CharBuffer text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= FIRST_COMBINING) {
        return false;
      }
    }
    return true;
  }

  private static IllegalArgumentException tooLong() {
    return new IllegalArgumentException(
        "The passphrase is longer than " + MAX_PASSPHRASE_BYTES + " bytes.");
  }
}
