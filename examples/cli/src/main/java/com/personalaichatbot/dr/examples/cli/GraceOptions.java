package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.operation.PruneOptions;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The time that the commands which remove snapshots leave their data. */
final class GraceOptions {
  @Option(
      names = "--grace",
      paramLabel = "DURATION",
      description = "How long a removal can be taken back, with dr unforget: 7d unless given.")
  private Duration grace;

  @Option(names = "--now", description = "Delete the data now: the removal cannot be taken back.")
  private boolean now;

  /** Whether the data is to be deleted without a grace. */
  boolean isNow() {
    return now;
  }

  PruneOptions options() {
    if (now && grace != null) {
      throw new IllegalArgumentException("say either --now or --grace");
    }
    if (now) {
      return PruneOptions.NOW;
    }
    return grace == null ? PruneOptions.DEFAULT : PruneOptions.DEFAULT.withGrace(grace);
  }
}
