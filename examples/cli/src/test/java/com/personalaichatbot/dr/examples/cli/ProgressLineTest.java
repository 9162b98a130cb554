package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.operation.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The line that redraws itself. */
class ProgressLineTest {
  private final StringWriter shown = new StringWriter();

  private String line(int columns, long bytes, long total) {
    ProgressLine line = new ProgressLine(new PrintWriter(shown), () -> columns);
    line.progress(new Progress(
        Progress.Phase.BACKING_UP, 1234, bytes, total, 20_000_000, Duration.ofSeconds(7)));
    return shown.toString();
  }

  @Test
  void progress_lessThanExpected_showsShareAndTimeToGo() {
    assertThat(line(0, 20_000_000, 60_000_000))
        .startsWith("\rbacking up: 1,234 files, 20.0 MB of 60.0 MB, 20.0 MB/s, 7 s, 2 s to go ");
    assertThat(line(0, 60_000_000, 60_000_000)).contains("60.0 MB of 60.0 MB");
  }

  @ParameterizedTest
  @CsvSource({"460000000, 60000000", "60000001, 60000000", "5, 0", "5, -1"})
  void progress_moreThanExpected_showsNoTotalAndNoTimeToGo(long bytes, long total) {
    assertThat(line(0, bytes, total))
        .contains(Output.size(bytes) + ", 20.0 MB/s")
        .doesNotContain(" of ")
        .doesNotContain("to go");
  }

  @ParameterizedTest
  @CsvSource({"0, 79", "200, 79", "80, 79", "40, 39", "2, 1"})
  void progress_anyTerminal_leavesItsLastColumnFree(int columns, int width) {
    assertThat(line(columns, 20_000_000, 60_000_000)).hasSize(1 + width);
  }

  @Test
  void clear_drawnLine_isGone() {
    ProgressLine line = new ProgressLine(new PrintWriter(shown), () -> 0);
    line.clear();
    assertThat(shown.toString()).isEmpty();
    line.progress(new Progress(Progress.Phase.VERIFYING, 1, 1, 1, 1, Duration.ofSeconds(1)));
    line.clear();
    assertThat(shown.toString()).endsWith("\r" + " ".repeat(79) + "\r");
  }
}
