package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the runbook of a scenario, from the fault to an application that was verified. */
@Command(
    name = "recover",
    description = {
      "Recover an application by the runbook of a scenario.",
      "The scenarios: process-failure, data-corruption, configuration-loss, hardware-failure and"
          + " security-breach. What needs a person is asked on the terminal.",
      "Exit: 0 RECOVERED, 1 STOPPED or FAILED."
    })
final class Recover extends RecoveryCommand {
  private static final Duration HOOK_TIMEOUT = Duration.ofMinutes(5);

  @Parameters(
      paramLabel = "SCENARIO",
      description = "What has happened.",
      completionCandidates = Scenarios.class)
  private String scenarioId;

  @Option(names = "--url", paramLabel = "URL", description = "The page of the application.")
  private String url;

  @Option(
      names = "--stop-command",
      paramLabel = "C",
      description = "Stops the application; split at blanks and run without a shell.")
  private String stopCommand;

  @Option(
      names = "--start-command",
      paramLabel = "C",
      description = "Starts the application; it may return or stay.")
  private String startCommand;

  @Option(
      names = "--snapshot",
      paramLabel = "S",
      description = "Restore this one in place of the latest good.")
  private String snapshot;

  @Option(
      names = "--compromised-since",
      paramLabel = "INSTANT",
      description = "For a breach: since when somebody was in the system.")
  private String compromisedSince;

  @Option(names = "--secrets", paramLabel = "FILE", description = "For a breach: the renewed .env.")
  private Path secrets;

  @Option(
      names = "--yes",
      description = "Take as confirmed what needs a person; the journal says that none did.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Check and say what would be done; change nothing.")
  private boolean dryRun;

  @Option(names = "--resume", description = "Go on with the run on this data that was cut off.")
  private boolean resume;

  @Option(
      names = "--accept-plan",
      paramLabel = "HASH",
      description = "With --resume: go on although the steps have changed since, to these.")
  private String acceptedPlan;

  private Scenario scenario;

  /** The scenarios, as completion offers them. */
  static final class Scenarios extends Words {
    Scenarios() {
      super(Arrays.stream(Scenario.values()).map(Scenario::id).toList());
    }
  }

  @Override
  void check() {
    for (Scenario one : Scenario.values()) {
      if (one.id().equals(scenarioId)) {
        scenario = one;
      }
    }
    if (scenario == null) {
      throw new IllegalArgumentException("'" + scenarioId + "' is no scenario; use process-failure,"
          + " data-corruption, configuration-loss, hardware-failure or security-breach");
    }
    if (dryRun && resume) {
      throw new IllegalArgumentException("--dry-run does not go with --resume");
    }
    if (acceptedPlan != null && !resume) {
      throw new IllegalArgumentException("--accept-plan goes with --resume only");
    }
    if (scenario != Scenario.SECURITY_BREACH && (compromisedSince != null || secrets != null)) {
      throw new IllegalArgumentException(
          "--compromised-since and --secrets go with security-breach only");
    }
    since();
    if (stopCommand != null) {
      CommandHook.split("--stop-command", stopCommand);
    }
    if (startCommand != null) {
      CommandHook.split("--start-command", startCommand);
    }
  }

  private Optional<Instant> since() {
    try {
      return Optional.ofNullable(compromisedSince).map(Instant::parse);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "--compromised-since takes a time such as 2026-11-23T02:00:00Z", e);
    }
  }

  @Override
  Recovery.Builder prepare(Recovery.Builder builder, Path data) throws IOException {
    Path log = new Remembered(dr(), data).file("commands.log");
    ApplicationHooks hooks = ApplicationHooks.none();
    if (stopCommand != null) {
      hooks = hooks.with(
          HookKind.STOP,
          HOOK_TIMEOUT,
          new CommandHook("--stop-command", stopCommand, false, false, log));
    }
    if (startCommand != null) {
      hooks = hooks.with(
          HookKind.START,
          HOOK_TIMEOUT,
          new CommandHook("--start-command", startCommand, true, url != null, log));
    }
    if (url != null) {
      builder.url(WebAddress.read(url));
    }
    return builder.hooks(hooks).operator(person());
  }

  private Operator person() {
    if (yes) {
      return Operator.ASSUME_YES;
    }
    return !dr().json && TerminalPerson.isPossible()
        ? new TerminalPerson(dr().progress.writer(), System.in)
        : Operator.NOBODY;
  }

  @Override
  int run(BackupRepository repository, Recovery recovery, Path data) throws Exception {
    if (dryRun) {
      return print(
          repository, recovery, recovery.dryRun(recovery.plan(scenario, options(repository))));
    }
    RunReport run =
        resume ? resumed(recovery) : recovery.run(recovery.plan(scenario, options(repository)));
    if (run.status() == RunStatus.STOPPED && person() == Operator.NOBODY) {
      dr().warn("what needs a person is asked on a terminal, or taken as done with --yes;"
          + " --stop-command and --start-command do their part without one");
    }
    return print(repository, recovery, run);
  }

  private RunReport resumed(Recovery recovery) throws IOException {
    List<RunReport> cutOff = recovery.history().stream()
        .filter(r -> r.status() == RunStatus.RUNNING && r.mode() == RunMode.LIVE)
        .filter(r -> r.runbook().equals(scenario.id()))
        .toList();
    if (cutOff.isEmpty()) {
      throw new CommandException(
          scenario.id(),
          "no run of " + scenario.id() + " was cut off",
          "Begin one without --resume.");
    }
    String incident = cutOff.get(cutOff.size() - 1).incident();
    return acceptedPlan == null
        ? recovery.resume(incident)
        : recovery.resume(incident, acceptedPlan);
  }

  private RunOptions options(BackupRepository repository) throws IOException {
    RunOptions options = RunOptions.none();
    if (snapshot != null && !snapshot.equals("latest-good")) {
      options = options.withSnapshot(SnapshotArgument.one(repository, snapshot));
    }
    if (since().isPresent()) {
      options = options.withCompromisedSince(since().get());
    }
    if (secrets != null) {
      if (!Files.isReadable(secrets)) {
        throw new CommandException(
            Names.of(secrets), Names.of(secrets) + " cannot be read", "Name the renewed .env.");
      }
      options = options.withSecrets(secrets.toAbsolutePath());
    }
    return options;
  }
}
