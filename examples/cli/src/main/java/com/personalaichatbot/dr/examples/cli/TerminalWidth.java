package com.personalaichatbot.dr.examples.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The columns that a line may have: those of {@code COLUMNS}, or of the terminal. */
final class TerminalWidth {
  /** The narrowest help that picocli writes. */
  static final int MIN = 55;

  /** Longer lines are hard to read. */
  static final int MAX = 120;

  private static final int USUAL = 80;
  private static final long MILLIS = 500;
  private static final Pattern SIZE = Pattern.compile("\\s*\\d{1,5} (\\d{1,5})\\s*");

  private TerminalWidth() {}

  /**
   * The width of help, 80 where it is not known. A narrow terminal gets lines of {@value #MIN}
   * columns, which it wraps itself.
   */
  static int ofHelp(Map<String, String> environment) {
    int columns = of(environment, 1);
    return columns == 0 ? USUAL : Math.min(MAX, Math.max(MIN, columns));
  }

  /** The width of what a descriptor of this process shows; 0 where it is not known. */
  static int of(Map<String, String> environment, int descriptor) {
    int columns = number(environment.getOrDefault("COLUMNS", ""));
    return columns == 0 && ProgressLine.isTerminal(descriptor) ? ofTerminal() : columns;
  }

  /** Asks {@code stty}, which is given nothing of this tool's environment; 0 if it cannot tell. */
  private static int ofTerminal() {
    try {
      ProcessBuilder builder = new ProcessBuilder("stty", "size")
          .redirectInput(new File("/dev/tty"))
          .redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().keySet().removeIf(name -> name.startsWith("DR_"));
      Process process = builder.start();
      try (InputStream out = process.getInputStream()) {
        if (!process.waitFor(MILLIS, TimeUnit.MILLISECONDS)) {
          return 0;
        }
        String size = new String(out.readNBytes(32), StandardCharsets.US_ASCII);
        Matcher parts = SIZE.matcher(size);
        return parts.matches() ? Integer.parseInt(parts.group(1)) : 0;
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static int number(String text) {
    return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
  }
}
