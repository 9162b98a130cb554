package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.BackupRepository;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveState;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.recovery.report.PostureDigest;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.deployment.ApplicationChecks;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
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
    dr().progress.clear();
    dr().output.print(dr().json, () -> json(results), out -> text(results, out));
    return exit(results);
  }

  private PostureDigest digest(
      BackupRepository repository, Recovery recovery, Path data, List<ObjectiveResult> results)
      throws Exception {
    TrendStore trends = TrendStore.open(new Remembered(dr(), data).file("trends"), clock);
    try (HealthMonitor monitor = HealthMonitor.builder().clock(clock).build()) {
      ApplicationChecks.of(data).sampleNow().trends(trends, clock).register(monitor);
      BackupChecks.of(repository, data, Optional.of(trends), clock).register(monitor);
      return PostureDigest.of(
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

  private static ObjectNode json(List<ObjectiveResult> results) {
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
    return json;
  }

  private static void text(List<ObjectiveResult> results, Output out) {
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

  private static String words(Duration time) {
    if (time.toHours() >= 48) {
      return time.toDays() + " d";
    }
    return time.toHours() > 0
        ? String.format(Locale.ROOT, "%d:%02d h", time.toHours(), time.toMinutesPart())
        : String.format(Locale.ROOT, "%d:%02d min", time.toMinutes(), time.toSecondsPart());
  }
}
