package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.PathProblem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Standard output: lines for people, in UTF-8 whatever the locale, or one JSON object in ASCII.
 * Names come from a file system where anything may be a name. So a control character, and one that
 * turns the direction of text, is written as {@code \xNN} in a line for people.
 */
final class Output {
  private static final Pattern FRACTION =
      Pattern.compile("(\\b\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\.\\d+Z");

  private final StandardOutput stream;
  private final PrintWriter text;

  Output(OutputStream stream) {
    this.stream = new StandardOutput(stream);
    this.text = utf8(this.stream);
  }

  /** A writer that encodes in UTF-8 and is flushed by its user. */
  static PrintWriter utf8(OutputStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), false);
  }

  /** Standard output itself, for the bytes of a file. */
  OutputStream stream() {
    return stream;
  }

  /** Writes one line for people. */
  void line(String format, Object... arguments) {
    text.print(printable(String.format(Locale.ROOT, format, arguments)));
    text.print('\n');
  }

  /** Writes a result, in one of its two forms. */
  void print(boolean json, Supplier<ObjectNode> object, Consumer<Output> lines) throws IOException {
    if (json) {
      print(object.get());
    } else {
      lines.accept(this);
      flush();
    }
  }

  /** Writes the one JSON object. */
  void print(ObjectNode object) throws IOException {
    text.print(JSON.MAPPER.writeValueAsString(object));
    text.print('\n');
    flush();
  }

  /** Makes sure that all of it has left; what a full disk or a closed pipe swallowed is told. */
  void flush() throws IOException {
    text.flush();
    if (text.checkError()) {
      stream.rethrow();
      throw new IOException("standard output does not take what is written to it");
    }
  }

  /** Throws what kept something from being written that nobody has been told of. */
  void requireWritten() throws IOException {
    stream.rethrow();
  }

  /** Loaded only where JSON is asked for: most of the time it is not. */
  private static final class JSON {
    static final JsonMapper MAPPER =
        JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array(List<String> texts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(array::add);
    return array;
  }

  static ArrayNode problems(List<PathProblem> problems) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (PathProblem problem : problems) {
      array.addObject().put("path", problem.path()).put("reason", problem.reason());
    }
    return array;
  }

  /** Writes a titled list of paths with what was wrong with them, or nothing if none exist. */
  void problems(String title, List<PathProblem> problems) {
    for (PathProblem problem : problems) {
      line("%-10s %s: %s", title, problem.path(), problem.reason());
    }
  }

  /** A time as people read it: to the second. */
  static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A message of the library, its times to the second. */
  static String withTimes(String message) {
    return FRACTION.matcher(message).replaceAll("$1Z");
  }

  /** A number of bytes as people read it. */
  static String size(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double scaled = bytes;
    int unit = -1;
    while (scaled >= 999.95 && unit < 4) {
      scaled /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %cB", scaled, "kMGTP".charAt(unit));
  }

  /**
   * Returns the text with every character that could drive the terminal or reorder what is beside
   * it as {@code \xNN}, byte by byte of its UTF-8.
   */
  static String printable(String text) {
    if (text.chars().noneMatch(Output::isDeceptive)) {
      return text;
    }
    StringBuilder safe = new StringBuilder();
    for (char c : text.toCharArray()) {
      if (isDeceptive(c)) {
        for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
          safe.append(String.format(Locale.ROOT, "\\x%02x", b));
        }
      } else {
        safe.append(c);
      }
    }
    return safe.toString();
  }

  /** Control characters, line and paragraph separators, and all that turn the direction of text. */
  private static boolean isDeceptive(int c) {
    return Character.isISOControl(c)
        || c == 0x061c
        || c == 0x200e
        || c == 0x200f
        || c >= 0x2028 && c <= 0x202e
        || c >= 0x2066 && c <= 0x2069;
  }
}
