package com.personalaichatbot.dr.core.internal.figures;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.personalaichatbot.dr.core.snapshot.Figures.Sign;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An inspection of one file while a backup reads it: whether it still is what its name says.
 *
 * <p>A file that somebody encrypted is not text any more. That shows in any window of 4 KiB that
 * was damaged: one byte value in seven cannot occur in UTF-8 text, and a cipher uses them all. So
 * stretches that are encrypted in an otherwise whole file are found too, where the entropy of the
 * file says nothing. JSON is parsed besides, which also finds a file that was cut short. All
 * windows of the first 64 KiB are looked at, behind that one in sixteen.
 *
 * <p>Of a file that is not text by its name, only the whole can be judged: the distribution of all
 * its bytes is flat in a cipher's output, by the chi-squared test, and less so in what an image or
 * an archive compresses. Not thread-safe.
 */
public final class ContentInspector {
  static final int WINDOW = 4096;
  private static final int ALL_WINDOWS = 16;
  private static final int ONE_IN = 16;

  /** Off the beginning of each 64 KiB, which somebody who encrypts stretches would choose too. */
  private static final int PHASE = 3;

  /** More of these than one in so many bytes, and a window is not text. */
  private static final int IMPOSSIBLE_SHARE = 64;

  private static final long MAX_PARSED = 8 << 20;
  private static final long ENOUGH_TO_JUDGE = 64 << 10;
  private static final double FLAT = 1.3;

  private static final Set<String> JSON = Set.of("json", "jsonl");
  private static final Set<String> TEXT = Set.of(
      "txt", "md", "log", "csv", "yaml", "yml", "xml", "html", "properties", "ini", "toml", "conf");
  private static final boolean[] IMPOSSIBLE = impossibleInText();
  private static final JsonFactory PARSERS = JsonFactory.builder()
      .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
      .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
      .build();

  private final boolean text;
  private final boolean oneValue;
  private final int[] window = new int[256];
  private final long[] all = new long[256];
  private JsonParser parser;
  private long position;
  private long looked;
  private boolean garbled;
  private boolean anyValue;

  /** Begins to look at a file of this name, raw bytes. */
  public ContentInspector(byte[] name) {
    String lower = new String(name, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    String type = lower.substring(lower.lastIndexOf('.') + 1);
    boolean json = JSON.contains(type);
    text = json || TEXT.contains(type) || lower.startsWith(".env");
    oneValue = type.equals("json");
    if (json) {
      try {
        parser = PARSERS.createNonBlockingByteArrayParser();
      } catch (IOException e) {
        throw new IllegalStateException("a parser without input cannot fail", e);
      }
    }
  }

  /** Looks at the next bytes of the file. */
  public void add(byte[] bytes, int offset, int length) {
    parse(bytes, offset, length);
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int count = (int) Math.min(end - at, WINDOW - position % WINDOW);
      if (isLookedAt(position / WINDOW)) {
        for (int i = at; i < at + count; i++) {
          window[bytes[i] & 0xff]++;
        }
      }
      at += count;
      position += count;
      if (position % WINDOW == 0) {
        endWindow();
      }
    }
  }

  /** What the file shows, once all of it has been added; empty if nothing is wrong with it. */
  public Optional<Sign> end() {
    endWindow();
    endParse();
    if (garbled) {
      return Optional.of(Sign.GARBLED);
    }
    return !text && isFlat() ? Optional.of(Sign.UNIFORM) : Optional.empty();
  }

  private static boolean isLookedAt(long number) {
    return number < ALL_WINDOWS || number % ONE_IN == PHASE;
  }

  private void endWindow() {
    int size = 0;
    int impossible = 0;
    for (int value = 0; value < window.length; value++) {
      int count = window[value];
      size += count;
      all[value] += count;
      if (IMPOSSIBLE[value]) {
        impossible += count;
      }
    }
    looked += size;
    garbled |= text && impossible * IMPOSSIBLE_SHARE > size;
    Arrays.fill(window, 0);
  }

  /** Pearson's chi-squared, for each degree of freedom: 1 is what chance gives. */
  private boolean isFlat() {
    if (looked < ENOUGH_TO_JUDGE) {
      return false;
    }
    double expected = looked / 256.0;
    double sum = 0;
    for (long count : all) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return sum / 255 < FLAT;
  }

  private void parse(byte[] bytes, int offset, int length) {
    if (parser == null || length == 0) {
      return;
    }
    if (position + length > MAX_PARSED) {
      parser = null;
      anyValue = true;
      return;
    }
    try {
      ((ByteArrayFeeder) parser.getNonBlockingInputFeeder())
          .feedInput(bytes, offset, offset + length);
      drain();
    } catch (StreamConstraintsException e) {
      parser = null; // Deeper or longer than is parsed here: nothing is known.
      anyValue = true;
    } catch (IOException e) {
      parser = null;
      garbled = true;
    }
  }

  private void endParse() {
    if (parser == null) {
      return;
    }
    try {
      ((ByteArrayFeeder) parser.getNonBlockingInputFeeder()).endOfInput();
      drain();
      garbled |= oneValue && !anyValue;
    } catch (IOException e) {
      garbled = true;
    }
    parser = null;
  }

  private void drain() throws IOException {
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.NOT_AVAILABLE;
        token = parser.nextToken()) {
      anyValue = true;
    }
  }

  /** Control characters that text files do not have, and bytes that are in no UTF-8 sequence. */
  private static boolean[] impossibleInText() {
    boolean[] impossible = new boolean[256];
    Arrays.fill(impossible, 0x00, 0x20, true);
    for (char used : "\t\n\f\r\u001b".toCharArray()) {
      impossible[used] = false;
    }
    impossible[0xc0] = true;
    impossible[0xc1] = true;
    Arrays.fill(impossible, 0xf5, 0x100, true);
    return impossible;
  }
}
