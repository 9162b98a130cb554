package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.recovery.runbook.Hook;
import com.personalaichatbot.dr.core.recovery.runbook.HookCall;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command that stops or starts an application, run without a shell. It is told nothing of the
 * repository: no {@code DR_} variable goes to it.
 */
final class CommandHook implements Hook {
  /** So long a start command without an address to ask must not have failed. */
  private static final Duration SETTLED = Duration.ofSeconds(5);

  private final String option;
  private final List<String> words;
  private final boolean stays;
  private final boolean asked;
  private final Path log;

  /**
   * @param option where the command was given, for messages
   * @param stays whether it may go on running, and is not waited for
   * @param asked whether somebody else looks if it came out
   * @param log where its output goes
   */
  CommandHook(String option, String command, boolean stays, boolean asked, Path log) {
    this.option = option;
    this.words = split(option, command);
    this.stays = stays;
    this.asked = asked;
    this.log = log;
  }

  /** Splits at blanks; what is between quotes of either kind is one word with its blanks. */
  static List<String> split(String option, String command) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (char c : command.toCharArray()) {
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        inWord = true;
      } else if (c == ' ' || c == '\t' || c == '\n') {
        if (inWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quote != 0) {
      throw new IllegalArgumentException(option + ": a quote is not closed");
    }
    if (inWord) {
      words.add(word.toString());
    }
    if (words.isEmpty() || words.get(0).isEmpty()) {
      throw new IllegalArgumentException(option + " names no command");
    }
    return words;
  }

  @Override
  public void run(HookCall call) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .redirectInput(ProcessBuilder.Redirect.from(new File(nothing())));
    builder.environment().keySet().removeIf(name -> name.startsWith("DR_"));
    Process process = builder.start();
    if (!stays) {
      try {
        end(process.waitFor());
      } catch (InterruptedException e) {
        process.destroyForcibly();
        throw e;
      }
    } else if (!asked && process.waitFor(SETTLED.toMillis(), TimeUnit.MILLISECONDS)) {
      end(process.exitValue());
    } else if (asked && process.waitFor(0, TimeUnit.MILLISECONDS)) {
      end(process.exitValue());
    }
  }

  private void end(int exit) throws IOException {
    if (exit != 0) {
      throw new IOException(option + " ended with exit code " + exit + "; its output is in "
          + log.getFileName() + " in the state directory");
    }
  }

  private static String nothing() {
    return File.separatorChar == '/' ? "/dev/null" : "NUL";
  }
}
