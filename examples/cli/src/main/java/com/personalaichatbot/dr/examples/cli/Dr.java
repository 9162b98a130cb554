package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.snapshot.Purpose;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The command line: what an operator types when the application itself cannot start. */
@Command(
    name = "dr",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Dr.Version.class,
    sortOptions = false,
    description = "Back up, verify, check and restore an application's data.",
    subcommands = {
      Init.class,
      Backup.class,
      Snapshots.class,
      Restore.class,
      Undo.class,
      Verify.class,
      Ls.class,
      Cat.class,
      Diff.class,
      Prune.class,
      Forget.class,
      Unforget.class,
      Hold.class,
      Release.class,
      Mark.class,
      Key.class,
      Export.class,
      Import.class,
      Copy.class,
      Heal.class,
      HealthCommand.class,
      ValidateConfig.class,
      ValidateSecurity.class,
      Harden.class,
      TestDeployment.class,
      Recover.class,
      DrillCommand.class,
      ObjectivesCommand.class,
      StatusPageCommand.class,
      RunbookCommand.class,
      Completion.class,
      Help.class
    })
public final class Dr {
  private static final Logger HEALTH = Logger.getLogger("com.personalaichatbot.dr.health");
  private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";
  private static final String HISTORY_LOG_LEVEL =
      "org.slf4j.simpleLogger.log.com.personalaichatbot.dr.core.internal.catalog.History";

  private static final Set<String> HELP = Set.of("help", "--help", "-h");

  @Mixin
  RepositoryOptions repository = new RepositoryOptions();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print one JSON object instead of text.")
  boolean json;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Log more, and show where an error happened.")
  boolean debug;

  final Map<String, String> environment;
  final Output output;
  final ProgressLine progress;
  private final PrintWriter err;
  final Interruption interruption;

  /** Who is asked for a passphrase that nothing names. */
  Prompt person = Prompt.NOBODY;

  Dr(
      Map<String, String> environment,
      OutputStream out,
      OutputStream err,
      Interruption interruption) {
    this.environment = environment;
    this.output = new Output(out);
    this.err = Output.utf8(err);
    this.progress = new ProgressLine(this.err, () -> TerminalWidth.of(environment, 2));
    this.interruption = interruption;
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    boolean debug = Arrays.asList(args).contains("--debug");
    System.setProperty(LOG_LEVEL, debug ? "debug" : "warn");
    System.setProperty(HISTORY_LOG_LEVEL, debug ? "debug" : "error"); // Commands say it themselves.
    HEALTH.setLevel(debug ? Level.ALL : Level.OFF); // What it says is on standard output.
    Interruption interruption = new Interruption(Thread.currentThread());
    interruption.listen();
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    OutputStream err = new FileOutputStream(FileDescriptor.err);
    Dr dr = new Dr(System.getenv(), out, err, interruption);
    dr.person = new TerminalPrompt(dr.err);
    System.exit(dr.run(args));
  }

  /** Runs one command; whatever happens, this is told and becomes an exit code. */
  int run(String... args) {
    CommandLine line = new CommandLine(this);
    line.registerConverter(Duration.class, new Durations());
    line.registerConverter(Instant.class, Dr::instant);
    line.registerConverter(Purpose.class, Dr::purpose);
    PrintWriter help = Output.utf8(output.stream());
    line.setOut(help);
    line.setErr(err);
    if (List.of(args).stream().anyMatch(HELP::contains)) {
      line.setUsageHelpWidth(
          TerminalWidth.ofHelp(environment)); // Where no help is asked for, nobody asks.
    }
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> fail(failure, name(command), json));
    line.setParameterExceptionHandler((wrong, given) ->
        fail(wrong, name(wrong.getCommandLine()), List.of(given).contains("--json")));
    try {
      refuseMangled(line, args);
      int exit = line.execute(args);
      if (exit == Exit.DONE) {
        help.flush();
        output.requireWritten(); // A writer of help swallows that it came nowhere.
      }
      return exit;
    } catch (IOException e) {
      return fail(e, name(running(line)), json);
    } catch (ParameterException e) {
      return fail(e, name(line), List.of(args).contains("--json"));
    } catch (Error e) {
      return fail(e, name(running(line)), json);
    }
  }

  /** The command that is being executed. */
  private static CommandLine running(CommandLine line) {
    CommandLine.ParseResult parsed = line.getParseResult();
    return parsed != null && parsed.hasSubcommand()
        ? running(parsed.subcommand().commandSpec().commandLine())
        : line;
  }

  /**
   * Under a locale that cannot express an argument, the JVM puts U+FFFD where bytes were; which
   * ones cannot be told any more, so such a name must not be acted on.
   */
  private static void refuseMangled(CommandLine line, String[] args) {
    for (String argument : args) {
      if (argument.indexOf('\uFFFD') >= 0) {
        throw new ParameterException(
            line,
            "the argument '"
                + argument
                + "' was not understood in this locale; set a UTF-8 locale, such as LC_ALL=C.UTF-8");
      }
    }
  }

  /** Who can be asked; a program that reads JSON never is. */
  Prompt prompt() {
    return json ? Prompt.NOBODY : person;
  }

  /** Tells people something that does not end the command. */
  void warn(String text) {
    err.println(Output.printable("dr: " + text));
    err.flush();
  }

  private int fail(Throwable thrown, String command, boolean asJson) {
    progress.clear();
    if (thrown instanceof StandardOutput.ClosedException) {
      return Exit.OUTPUT_CLOSED;
    }
    Failure failure = interruption.exit() == 0
        ? told(thrown, command)
        : new Failure(
            interruption.exit(),
            command + ": interrupted; what was not committed does not exist",
            command,
            command.matches("dr (restore|undo|recover)")
                ? "Run it again. In place, files may be exchanged in part: the next backup or restore"
                    + " completes that, and dr undo puts back what was there before."
                : "Run it again.");
    err.println(Output.printable("dr: " + failure.message()));
    if (!failure.action().isEmpty()) {
      err.println(Output.printable(failure.action()));
    }
    if (debug) {
      thrown.printStackTrace(err);
    }
    err.flush();
    if (asJson) {
      try {
        output.print(failure.toJson());
      } catch (IOException e) {
        return Math.max(failure.exit(), Exit.FAILED);
      }
    }
    return failure.exit();
  }

  private Failure told(Throwable thrown, String command) {
    Path state;
    try {
      state = repository.state(environment);
    } catch (IllegalArgumentException e) {
      return Failure.of(thrown, command); // It names none, so nothing was done there.
    }
    return Failure.of(thrown, command, state);
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName();
  }

  /** An instant, or a date, which means the start of that day in UTC. */
  private static Instant instant(String text) {
    try {
      return text.matches("\\d{4}-\\d\\d-\\d\\d")
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new TypeConversionException("'" + text
          + "' is no instant and no date; write it as 2030-01-31T00:00:00Z or 2030-01-31");
    }
  }

  private static Purpose purpose(String text) {
    for (Purpose purpose : Purpose.values()) {
      if (purpose != Purpose.CONTINUOUS
          && purpose.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
        return purpose;
      }
    }
    throw new TypeConversionException(
        "'" + text + "' is no purpose; use scheduled, manual, shutdown, pre-change or quarantine");
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String built = Dr.class.getPackage().getImplementationVersion();
      return new String[] {"dr " + (built == null ? "(not packaged)" : built)};
    }
  }
}
