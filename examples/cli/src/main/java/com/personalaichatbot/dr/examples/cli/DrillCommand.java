package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Rehearses a recovery in a scratch directory. */
@Command(
    name = "drill",
    description = {
      "Rehearse a recovery in a scratch directory: restore, simulation or complete.",
      "DATA is not touched. Exit: 0 RECOVERED, 1 STOPPED or FAILED."
    })
final class DrillCommand extends RecoveryCommand {
  @Parameters(
      paramLabel = "DRILL",
      description = "restore, simulation or complete.",
      completionCandidates = Drills.class)
  private String name;

  private Drill drill;

  /** The drills, as completion offers them. */
  static final class Drills extends Words {
    Drills() {
      super(List.of("restore", "simulation", "complete"));
    }
  }

  @Override
  void check() {
    for (Drill one : Drill.values()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(name)) {
        drill = one;
      }
    }
    if (drill == null) {
      throw new IllegalArgumentException(
          "'" + name + "' is no drill; use restore, simulation or complete");
    }
  }

  @Override
  Recovery.Builder prepare(Recovery.Builder builder, Path data) {
    return builder.operator(Operator.ASSUME_YES);
  }

  @Override
  int run(BackupRepository repository, Recovery recovery, Path data) throws Exception {
    return print(repository, recovery, recovery.drill(drill));
  }
}
