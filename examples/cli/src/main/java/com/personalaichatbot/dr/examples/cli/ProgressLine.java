package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.operation.ProgressListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntSupplier;

/** One line on standard error that redraws itself; only ever on a terminal. */
final class ProgressLine implements ProgressListener {
  /** A longer line is hard to read; one that fills a terminal's last column is wrapped. */
  private static final int MAX_COLUMNS = 79;

  private final PrintWriter err;
  private final IntSupplier terminal;
  private int columns;
  private boolean drawn;

  /**
   * A line on standard error.
   *
   * @param terminal tells the columns of the terminal, 0 if they are not known; asked once
   */
  ProgressLine(PrintWriter err, IntSupplier terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** Whether standard error is a terminal; where the system does not say, it is taken not to be. */
  static boolean isPossible() {
    return isTerminal(2);
  }

  /** Whether a descriptor of this process is a terminal; likewise. */
  static boolean isTerminal(int descriptor) {
    try {
      String target =
          Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Where questions go. */
  PrintWriter writer() {
    clear();
    return err;
  }

  @Override
  public synchronized void progress(Progress progress) {
    String what = progress.phase().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    // A backup expects what the snapshot before held; what turns out to be more has no known end.
    boolean isExpected = progress.totalBytes() > 0 && progress.bytes() <= progress.totalBytes();
    String share = isExpected ? " of " + Output.size(progress.totalBytes()) : "";
    Optional<Duration> remaining = isExpected ? progress.remaining() : Optional.empty();
    draw(String.format(
        Locale.ROOT,
        "%s: %,d files, %s%s, %s/s, %d s%s",
        what,
        progress.files(),
        Output.size(progress.bytes()),
        share,
        Output.size(progress.bytesPerSecond()),
        progress.elapsed().toSeconds(),
        remaining.map(r -> ", " + r.toSeconds() + " s to go").orElse("")));
  }

  /** Takes the line away again. */
  synchronized void clear() {
    if (drawn) {
      draw("");
      err.print('\r');
      err.flush();
      drawn = false;
    }
  }

  private void draw(String text) {
    if (columns == 0) {
      int known = terminal.getAsInt();
      columns = known > 1 ? Math.min(MAX_COLUMNS, known - 1) : MAX_COLUMNS;
    }
    String line = text.substring(0, Math.min(columns, text.length()));
    err.print('\r' + line + " ".repeat(columns - line.length()));
    err.flush();
    drawn = true;
  }
}
