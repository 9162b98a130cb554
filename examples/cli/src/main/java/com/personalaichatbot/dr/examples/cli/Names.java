package com.personalaichatbot.dr.examples.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** Names of files as the tool prints them, whatever their bytes are and whatever the locale. */
final class Names {
  private static final int HEX = 16;

  private Names() {}

  /**
   * A path, its bytes read as UTF-8; those that are no text appear as {@code \xNN}. The bytes are
   * taken from the path's address, because its text has lost them under a poor locale.
   */
  static String of(Path path) {
    if (path.toString().chars().allMatch(c -> c > ' ' && c < 127)) {
      return path.toString();
    }
    String absolute = text(bytes(path.toAbsolutePath().toUri().getRawPath()));
    String shown = absolute.length() > 1 && absolute.endsWith("/")
        ? absolute.substring(0, absolute.length() - 1)
        : absolute;
    if (path.isAbsolute()) {
      return shown;
    }
    String here = of(Path.of("").toAbsolutePath());
    return shown.startsWith(here + "/") ? shown.substring(here.length() + 1) : shown;
  }

  private static byte[] bytes(String escaped) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(escaped.substring(i + 1, i + 3), HEX));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toByteArray();
  }

  private static String text(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    StringBuilder text = new StringBuilder();
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      text.append(out.flip());
      out.clear();
      if (!result.isError()) {
        return text.toString();
      }
      for (int i = 0; i < result.length(); i++) {
        text.append(String.format(Locale.ROOT, "\\x%02x", in.get() & 0xff));
      }
      decoder.reset();
    }
  }
}
