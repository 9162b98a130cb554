package com.personalaichatbot.dr.examples.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that lets a shell complete commands and options. */
@Command(
    name = "completion",
    description = {
      "Print the script with which a shell completes commands and options.",
      "bash: source <(dr completion bash)",
      "zsh: source <(dr completion zsh)"
    })
final class Completion implements Callable<Integer> {
  private static final List<String> SHELLS = List.of("bash", "zsh");

  @Parameters(
      paramLabel = "bash|zsh",
      description = "The shell.",
      completionCandidates = Shells.class)
  private String shell;

  @Spec
  private CommandSpec spec;

  /** The shells, as completion offers them. */
  static final class Shells extends Words {
    Shells() {
      super(SHELLS);
    }
  }

  @Override
  public Integer call() {
    if (!SHELLS.contains(shell)) {
      throw new IllegalArgumentException("'" + shell + "' is not one of bash and zsh");
    }
    // One script for both: in zsh it loads what understands bash's.
    spec.parent()
        .commandLine()
        .getOut()
        .println(AutoComplete.bash("dr", spec.root().commandLine()));
    return Exit.DONE;
  }
}
