package com.personalaichatbot.dr.examples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the help of a command, or that of the whole tool. */
@Command(name = "help", description = "Show the help of a command, or of dr itself.")
final class Help implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "COMMAND",
      description = "The command. Without one: all of them.")
  private String name;

  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine all = spec.parent().commandLine();
    CommandLine wanted = name == null ? all : all.getSubcommands().get(name);
    if (wanted == null) {
      throw new NoSuchCommandException(all, name);
    }
    wanted.usage(all.getOut());
    return Exit.DONE;
  }
}
