package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.internal.format.RawName;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A pattern for paths of the form NAME/rest, as raw bytes.
 *
 * <p>Without a leading {@code /} it matches any trailing run of elements, with it the whole path
 * from NAME. {@code *} is any run of characters within one element, and {@code **} any run across
 * elements. {@code **}{@code /} at the start of an element is any number of whole elements, also
 * zero. {@code ?} is one character other than {@code /}: a character is a valid UTF-8 sequence, or
 * one byte that is part of none. {@code \xNN} is the byte of that value and never a wildcard.
 * Everything else, brackets too, stands for itself. A trailing {@code /} changes nothing.
 *
 * <p>Matching follows all readings of the pattern at the same time, character by character. So its
 * cost is the length of the pattern times that of the path and no pattern can make it explode.
 */
public final class Glob {

  private static final int WITHIN = -1;
  private static final int ACROSS = -2;
  private static final int ELEMENTS = -3;
  private static final int ONE = -4;
  private static final int NO_CHARACTER = 0x110000;

  private final String pattern;
  private final int[] tokens;

  private Glob(String pattern, int[] tokens) {
    this.pattern = pattern;
    this.tokens = tokens;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it has no character but {@code /}, or is not valid Unicode
   */
  public static Glob of(String pattern) {
    int end = pattern.length();
    while (end > 0 && pattern.charAt(end - 1) == '/') {
      end--;
    }
    if (end == 0) {
      throw new IllegalArgumentException("pattern '" + pattern + "' names nothing");
    }
    boolean anchored = pattern.startsWith("/");
    String body = pattern.substring(anchored ? 1 : 0, end);
    IntStream.Builder tokens = IntStream.builder();
    if (!anchored) {
      tokens.add(ELEMENTS);
    }
    int literal = 0;
    int i = 0;
    while (i < body.length()) {
      char c = body.charAt(i);
      if (c != '*' && c != '?') {
        i++;
        continue;
      }
      addLiteral(tokens, body.substring(literal, i));
      boolean startsElement = i == 0 || body.charAt(i - 1) == '/';
      if (c == '?') {
        tokens.add(ONE);
        i++;
      } else if (startsElement && body.startsWith("**/", i)) {
        tokens.add(ELEMENTS);
        i += 3;
      } else if (body.startsWith("**", i)) {
        tokens.add(ACROSS);
        i += 2;
      } else {
        tokens.add(WITHIN);
        i++;
      }
      literal = i;
    }
    addLiteral(tokens, body.substring(literal));
    return new Glob(pattern, tokens.build().toArray());
  }

  private static void addLiteral(IntStream.Builder tokens, String text) {
    for (int character : characters(RawName.parse(text))) {
      tokens.add(character);
    }
  }

  /** Whether the pattern matches one path only: it is anchored and holds no wildcard. */
  public boolean isLiteral() {
    return IntStream.of(tokens).allMatch(token -> token >= 0);
  }

  /** The one path that a literal pattern matches. */
  public byte[] literal() {
    String body = pattern.substring(1);
    while (body.endsWith("/")) {
      body = body.substring(0, body.length() - 1);
    }
    return RawName.parse(body);
  }

  /**
   * Whether the pattern matches this path itself. What lies below a match is the caller's to
   * include.
   */
  public boolean matches(byte[] path) {
    return matches(characters(path));
  }

  /**
   * Whether the pattern matches this path or a directory above it, so that the match brings this
   * path along.
   */
  public boolean covers(byte[] path) {
    int[] characters = characters(path);
    for (int i = 0; i < characters.length; i++) {
      if (characters[i] == '/' && matches(Arrays.copyOf(characters, i))) {
        return true;
      }
    }
    return matches(characters);
  }

  private boolean matches(int[] path) {
    // at[t]: what has been read of the path can be read as the tokens before t.
    boolean[] at = new boolean[tokens.length + 1];
    boolean[] next = new boolean[tokens.length + 1];
    at[0] = true;
    passRuns(at, true);
    for (int character : path) {
      Arrays.fill(next, false);
      for (int t = 0; t < tokens.length; t++) {
        if (at[t]) {
          step(t, character, next);
        }
      }
      passRuns(next, character == '/');
      boolean[] read = at;
      at = next;
      next = read;
    }
    return at[tokens.length];
  }

  private void step(int t, int character, boolean[] next) {
    switch (tokens[t]) {
      case WITHIN -> next[t] |= character != '/';
      case ACROSS, ELEMENTS -> next[t] = true;
      case ONE -> next[t + 1] |= character != '/';
      default -> next[t + 1] |= tokens[t] == character;
    }
  }

  /** A run may end here; a run of whole elements only where an element starts. */
  private void passRuns(boolean[] at, boolean elementStarts) {
    for (int t = 0; t < tokens.length; t++) {
      boolean mayEnd =
          tokens[t] == WITHIN || tokens[t] == ACROSS || (tokens[t] == ELEMENTS && elementStarts);
      at[t + 1] |= at[t] && mayEnd;
    }
  }

  /** The path as characters; a byte that belongs to no UTF-8 sequence is a character of its own. */
  private static int[] characters(byte[] path) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(path);
    CharBuffer chars = CharBuffer.allocate(path.length);
    IntStream.Builder characters = IntStream.builder();
    while (true) {
      CoderResult result = decoder.decode(bytes, chars, true);
      chars.flip().codePoints().forEach(characters::add);
      chars.clear();
      if (!result.isError()) {
        return characters.build().toArray();
      }
      for (int i = 0; i < result.length(); i++) {
        characters.add(NO_CHARACTER + (bytes.get() & 255));
      }
    }
  }

  @Override
  public String toString() {
    return pattern;
  }
}
