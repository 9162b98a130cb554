package com.personalaichatbot.dr.examples.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A person at the terminal. The question goes to standard error; the console ends the line on
 * standard output, so that this has to be a terminal too.
 */
final class TerminalPrompt implements Prompt {
  private final PrintWriter err;

  TerminalPrompt(PrintWriter err) {
    this.err = err;
  }

  @Override
  public boolean isThere() {
    return TerminalPerson.isPossible() && ProgressLine.isTerminal(1) && System.console() != null;
  }

  @Override
  public Optional<char[]> ask(String question) throws IOException {
    Console console = System.console();
    err.print(question);
    err.flush();
    // A thread of its own, because reading from a terminal cannot be interrupted. The console
    // shows what is typed again when the process ends.
    FutureTask<char[]> reading = new FutureTask<>(console::readPassword);
    Thread reader = new Thread(reading, "dr-passphrase");
    reader.setDaemon(true);
    reader.start();
    try {
      return Optional.ofNullable(reading.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while it waited for the passphrase");
    } catch (ExecutionException e) {
      throw new IOException("the terminal cannot be read: " + e.getCause().getMessage(), e);
    }
  }
}
