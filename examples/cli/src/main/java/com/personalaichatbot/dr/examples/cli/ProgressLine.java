package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.operation.ProgressListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** One line on standard error that redraws itself; only ever on a terminal. */
final class ProgressLine implements ProgressListener {
  private static final int COLUMNS = 79;

  private final PrintWriter err;
  private boolean drawn;

  ProgressLine(PrintWriter err) {
    this.err = err;
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
    String share = progress.totalBytes() > 0 ? " of " + Output.size(progress.totalBytes()) : "";
    draw(String.format(
        Locale.ROOT,
        "%s: %,d files, %s%s, %s/s, %d s%s",
        what,
        progress.files(),
        Output.size(progress.bytes()),
        share,
        Output.size(progress.bytesPerSecond()),
        progress.elapsed().toSeconds(),
        progress.remaining().map(r -> ", " + r.toSeconds() + " s to go").orElse("")));
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
    String line = text.substring(0, Math.min(COLUMNS, text.length()));
    err.print('\r' + line + " ".repeat(COLUMNS - line.length()));
    err.flush();
    drawn = true;
  }
}
