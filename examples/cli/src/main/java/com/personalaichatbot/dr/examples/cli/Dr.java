package com.personalaichatbot.dr.examples.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line: what an operator types when the application itself cannot start. */
@Command(
    name = "dr",
    mixinStandardHelpOptions = true,
    versionProvider = Dr.Version.class,
    description = "Back up, verify and restore an application's data.")
public final class Dr implements Runnable {

  private Dr() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Dr()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String built = Dr.class.getPackage().getImplementationVersion();
      return new String[] {"dr " + (built == null ? "(not packaged)" : built)};
    }
  }
}
