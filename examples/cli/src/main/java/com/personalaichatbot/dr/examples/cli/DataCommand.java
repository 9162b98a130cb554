package com.personalaichatbot.dr.examples.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** A command that looks at an application's data directory, in the original's layout. */
abstract class DataCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DATA",
      required = true,
      description = "The application's data directory.")
  private String data;

  @ParentCommand
  private Dr dr;

  @Override
  public final Integer call() throws Exception {
    if (data.isEmpty()) {
      throw new IllegalArgumentException("--data names no directory");
    }
    return run(Path.of(data));
  }

  /** Does it, and returns the exit code. */
  abstract int run(Path data) throws Exception;

  final Dr dr() {
    return dr;
  }
}
