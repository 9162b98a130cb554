package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.objective.BackupPolicy;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveState;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.recovery.objective.PolicyFacts;
import com.personalaichatbot.dr.core.recovery.objective.PolicyFinding;
import com.personalaichatbot.dr.core.recovery.report.PostureReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.deployment.ApplicationChecks;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what was promised beside what is measured. */
@Command(
    name = "objectives",
    description = {
      "Show the objectives beside what is measured: the age of verified snapshots, the time of drills.",
      "Exit: 0 COMPLIANT, 1 AT_RISK, 2 BREACHED, 3 UNPROVEN; the worst decides."
    })
final class ObjectivesCommand extends RecoveryCommand {
  @Option(
      names = "--copy",
      paramLabel = "DIR",
      description = "A place where dr copy keeps a copy; may be given several times.")
  private List<String> copies = List.of();

  @Option(
      names = "--page",
      paramLabel = "FILE.html",
      description = "Also write the posture digest: how ready everything is, on one page.")
  private Path page;

  private final Clock clock = Clock.systemUTC();

  @Override
  int run(BackupRepository repository, Recovery recovery, Path data) throws Exception {
    List<ObjectiveResult> results =
        Objectives.of(recovery.components()).measure(repository, recovery, clock.instant());
    if (page != null) {
      digest(repository, recovery, data, results).write(page);
    }
    List<PolicyFinding> findings = findings(repository, recovery);
    dr().progress.clear();
    dr().output.print(dr().json, () -> json(results, findings), out -> {
      table(results, out);
      text(findings, out);
    });
    return exit(results);
  }

  private PostureReport digest(
      BackupRepository repository, Recovery recovery, Path data, List<ObjectiveResult> results)
      throws Exception {
    TrendStore trends = TrendStore.open(new Remembered(dr(), data).file("trends"), clock);
    try (HealthMonitor monitor = HealthMonitor.builder().clock(clock).build()) {
      ApplicationChecks.of(data).sampleNow().trends(trends, clock).register(monitor);
      BackupChecks.of(repository, data, Optional.of(trends)).register(monitor);
      return PostureReport.of(
              "Readiness for disasters",
              results,
              repository.snapshots(),
              repository.proofs(),
              recovery.history(),
              clock.instant())
          .withHealth(monitor.check())
          .withTrends(trends);
    }
  }

  /** What can be told of the policy from outside: where things lie, and how many keys there are. */
  private List<PolicyFinding> findings(BackupRepository repository, Recovery recovery)
      throws IOException {
    List<Storage> storages = new ArrayList<>();
    for (String copy : copies) {
      storages.add(LocalStorage.at(RepositoryOptions.directory(copy, "--copy")));
    }
    List<Component> components = recovery.components();
    return BackupPolicy.of(components).lint(PolicyFacts.of(repository, components, storages));
  }

  private static int exit(List<ObjectiveResult> results) {
    ObjectiveState worst = results.stream()
        .map(ObjectiveResult::state)
        .max(ObjectiveState::compareTo)
        .orElse(ObjectiveState.UNPROVEN);
    return switch (worst) {
      case COMPLIANT -> Exit.DONE;
      case AT_RISK -> 1;
      case BREACHED -> 2;
      case UNPROVEN -> 3;
    };
  }

  private static ObjectNode json(List<ObjectiveResult> results, List<PolicyFinding> findings) {
    ObjectNode json = Output.object();
    ArrayNode array = json.putArray("objectives");
    for (ObjectiveResult result : results) {
      array
          .addObject()
          .put("component", result.objective().scope())
          .put("kind", result.objective().kind().name())
          .put("targetMillis", result.objective().target().toMillis())
          .put("measuredMillis", result.measured().map(Duration::toMillis).orElse(null))
          .put("predictedMillis", result.predicted().map(Duration::toMillis).orElse(null))
          .put("state", result.state().name())
          .put("reason", result.reason());
    }
    ArrayNode found = json.putArray("findings");
    for (PolicyFinding finding : findings) {
      found
          .addObject()
          .put("severity", finding.severity().name())
          .put("code", finding.rule().name())
          .put("object", finding.object())
          .put("message", finding.message())
          .put("action", finding.action());
    }
    return json;
  }

  private static void table(List<ObjectiveResult> results, Output out) {
    for (ObjectiveResult result : results) {
      out.line(
          "%-9s  %-3s  %-14s  %10s of %6s  %s",
          result.state(),
          result.objective().kind(),
          result.objective().scope(),
          result.measured().map(ObjectivesCommand::words).orElse("-"),
          words(result.objective().target()),
          result.reason());
    }
  }

  private static void text(List<PolicyFinding> findings, Output out) {
    for (PolicyFinding finding : findings) {
      out.line("%-9s  %s: %s", finding.severity(), finding.object(), finding.message());
      out.line("%-9s  %s", "", finding.action());
    }
  }

  private static String words(Duration time) {
    if (time.toHours() >= 48) {
      return time.toDays() + " d";
    }
    return time.toHours() > 0
        ? String.format(Locale.ROOT, "%d:%02d h", time.toHours(), time.toMinutesPart())
        : String.format(Locale.ROOT, "%d:%02d min", time.toMinutes(), time.toSecondsPart());
  }
}
