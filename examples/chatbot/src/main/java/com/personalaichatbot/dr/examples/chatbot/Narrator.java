package com.personalaichatbot.dr.examples.chatbot;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Tells a story in two columns: what is done, and what came of it. */
final class Narrator {
  private final PrintStream out;

  Narrator(PrintStream out) {
    this.out = out;
  }

  /** A line by itself. */
  void say(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }

  /** A step, with its first line. */
  void step(String name, String format, Object... arguments) {
    say("%-10s  %s", name, String.format(Locale.ROOT, format, arguments));
  }

  /** One more line of the step. */
  void more(String format, Object... arguments) {
    step("", format, arguments);
  }

  /** As much of a text as fits into a column. */
  static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "…";
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
  }

  static String size(long bytes) {
    return bytes < 1_000
        ? bytes + " B"
        : bytes < 1_000_000
            ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
            : bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.0f GB", bytes / 1e9);
  }
}
