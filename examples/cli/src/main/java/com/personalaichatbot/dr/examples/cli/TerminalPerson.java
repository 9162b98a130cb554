package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.recovery.runbook.Confirmation;
import com.personalaichatbot.dr.core.recovery.runbook.ConfirmationRequest;
import com.personalaichatbot.dr.core.recovery.runbook.Impact;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.StepKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;

/** Somebody at the terminal, asked on standard error. */
final class TerminalPerson implements Operator {
  private static final long POLL_MILLIS = 100;

  private final PrintWriter err;
  private final InputStream in;
  private final BufferedReader lines;

  TerminalPerson(PrintWriter err, InputStream in) {
    this.err = err;
    this.in = in;
    this.lines = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
  }

  /** Whether somebody can be asked: standard input and standard error are a terminal. */
  static boolean isPossible() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString();
      return (target.startsWith("/dev/pts/") || target.startsWith("/dev/tty"))
          && ProgressLine.isPossible();
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null && ProgressLine.isPossible();
    }
  }

  @Override
  public boolean isThere() {
    return true;
  }

  @Override
  public Confirmation ask(ConfirmationRequest question) throws InterruptedException, IOException {
    err.println();
    err.println(Output.printable(question.owner() + ": " + question.text()));
    String what = question.kind() == StepKind.APPROVE ? "Go on?" : "Is it done?";
    if (question.impact() == Impact.DESTRUCTIVE) {
      what = what + " This cannot be undone.";
    }
    String name = "";
    if (question.voice() > 1 || question.impact() == Impact.DESTRUCTIVE) {
      name = line((question.voice() > 1 ? "A second person has to agree. " : "") + "Your name: ");
    }
    String answer = line(what + " [yes/no] ");
    boolean yes = answer.equalsIgnoreCase("yes") || answer.equalsIgnoreCase("y");
    String by = name.isEmpty() ? System.getProperty("user.name", "somebody") : name;
    return yes ? Confirmation.yes(by) : Confirmation.no(by);
  }

  /** Waits in a way that can be interrupted, as reading from a terminal cannot. */
  private String line(String prompt) throws InterruptedException, IOException {
    err.print(Output.printable(prompt));
    err.flush();
    while (!lines.ready() && in.available() == 0) {
      Thread.sleep(POLL_MILLIS);
    }
    String line = lines.readLine();
    return line == null ? "" : line.strip();
  }
}
