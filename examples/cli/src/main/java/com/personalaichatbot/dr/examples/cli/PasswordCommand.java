package com.personalaichatbot.dr.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command that prints the passphrase on its first line, such as a password manager's. It runs
 * without a shell and without any {@code DR_} variable, and may ask its user on the terminal.
 * Messages name its program only: arguments and output may be secret.
 */
final class PasswordCommand {
  static final String OPTION = "--password-command";

  /** A command that prints more than this is another one than was meant. */
  private static final int MAX_OUTPUT = 1 << 20;

  private static final long POLL_MILLIS = 20;

  private final List<String> words;

  /**
   * A command as the option has it.
   *
   * @throws IllegalArgumentException if it names no program, or a quote is not closed
   */
  PasswordCommand(String text) {
    this.words = CommandHook.split(OPTION, text);
  }

  /** The command as messages name it. */
  String name() {
    return OPTION + " '" + words.get(0) + "'";
  }

  /**
   * Runs it and gives its first line with the line's end.
   *
   * @param most how many bytes of the line are given at most
   * @return the bytes, which the caller overwrites
   * @throws IllegalArgumentException if it cannot be started, prints nothing or fails
   * @throws InterruptedIOException if the wait was interrupted; the command was ended then
   */
  byte[] firstLine(int most) throws InterruptedIOException {
    Process process = start();
    try {
      byte[] line = read(process, most);
      int exit = process.waitFor();
      if (exit != 0 || line.length == 0) {
        Arrays.fill(line, (byte) 0);
        throw new IllegalArgumentException(name()
            + (exit == 0 ? " printed nothing" : " ended with exit code " + exit)
            + "; run it by itself to see why");
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(name() + " was interrupted");
    } catch (IOException e) {
      throw new IllegalArgumentException(name() + ": its output cannot be read", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private Process start() {
    ProcessBuilder builder = new ProcessBuilder(words)
        .redirectInput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().keySet().removeIf(name -> name.startsWith("DR_"));
    try {
      return builder.start();
    } catch (IOException e) {
      // The cause repeats the program's name only, never its arguments.
      throw new IllegalArgumentException(
          name() + " cannot be started: check that the program exists and may be executed", e);
    }
  }

  /** Reads until the command ends; so it never waits for a child that keeps the output open. */
  private byte[] read(Process process, int most) throws IOException, InterruptedException {
    InputStream out = process.getInputStream();
    byte[] line = new byte[most];
    byte[] chunk = new byte[1024];
    int length = 0;
    int total = 0;
    boolean isEnded = false;
    try {
      while (true) {
        boolean isRunning = process.isAlive();
        int available = out.available();
        if (available > 0) {
          int read = out.read(chunk, 0, Math.min(chunk.length, available));
          for (int i = 0; i < read && !isEnded && length < most; i++) {
            line[length++] = chunk[i];
            isEnded = chunk[i] == '\n';
          }
          total += Math.max(0, read);
          if (total > MAX_OUTPUT) {
            throw new IllegalArgumentException(
                name() + " prints more than a passphrase; check what it is");
          }
        } else if (isRunning) {
          process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } else {
          return Arrays.copyOf(line, length);
        }
      }
    } finally {
      Arrays.fill(line, (byte) 0);
      Arrays.fill(chunk, (byte) 0);
    }
  }
}
