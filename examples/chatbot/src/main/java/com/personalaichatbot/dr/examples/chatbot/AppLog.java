package com.personalaichatbot.dr.examples.chatbot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The log file. It is opened for each line and closed again: a backup never opens a file that the
 * application holds open, because closing it would drop the application's locks on it.
 */
final class AppLog {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss,SSS", Locale.ROOT);

  private final DataDirectory data;
  private final Clock clock;

  AppLog(DataDirectory data, Clock clock) {
    this.data = data;
    this.clock = clock;
  }

  synchronized void info(String message) throws IOException {
    String line =
        TIME.format(LocalDateTime.now(clock)) + " - personal_ai_chatbot - INFO - " + message + "\n";
    data.whileWriting(() -> {
      Files.createDirectories(data.log().getParent());
      Files.writeString(
          data.log(),
          line,
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    });
  }
}
