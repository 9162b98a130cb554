package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.checks.RecoveryChecks;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.deployment.ApplicationChecks;
import com.personalaichatbot.dr.health.publish.HealthJson;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs all checks that fit what is named, once or again and again. */
@Command(
    name = "health",
    description = {
      "Check an application and its data; with --url its page, with --repo its backups.",
      "Exit: 0 UP, 1 DEGRADED, 2 DOWN or OUT_OF_SERVICE, 3 UNKNOWN."
    })
final class HealthCommand extends DataCommand {
  @Option(names = "--url", paramLabel = "URL", description = "The page of the application.")
  private String url;

  @Option(
      names = "--copy",
      paramLabel = "DIR",
      description = "A place where dr copy keeps a copy; may be given several times.")
  private List<String> copies = List.of();

  @Option(
      names = "--group",
      paramLabel = "G",
      description = "Only this group: live, ready, recovery, security or capacity.")
  private String group;

  @Option(
      names = "--watch",
      paramLabel = "SECONDS",
      description = "Check again that often, and tell each change, until interrupted.")
  private Integer seconds;

  private final Clock clock = Clock.systemUTC();

  @Override
  int run(Path data) throws Exception {
    if (seconds != null && seconds < 1) {
      throw new IllegalArgumentException("--watch takes a number of seconds, at least 1");
    }
    Optional<TrendStore> trends = trends(data);
    ApplicationChecks checks = ApplicationChecks.of(data).sampleNow();
    if (url != null) {
      checks = checks.url(WebAddress.read(url));
    }
    if (trends.isPresent()) {
      checks = checks.trends(trends.get(), clock);
    }
    try (HealthMonitor monitor = HealthMonitor.builder().clock(clock).build()) {
      checks.register(monitor);
      Optional<Path> repository = dr().repository.isNamed(dr().environment)
          ? Optional.of(dr().repository.location(dr().environment))
          : Optional.empty();
      if (repository.isEmpty()) {
        return run(monitor);
      }
      if (!BackupChecks.isThere(repository.get())) {
        CheckSettings recovery = CheckSettings.DEFAULT.in(Health.RECOVERY);
        monitor.register("repository", () -> BackupChecks.missing(repository.get()), recovery);
        return run(monitor);
      }
      BackupRepository.Builder builder = dr().repository.builder(dr().environment, p -> {});
      try (Secret secret = Passphrase.read(dr());
          BackupRepository opened = builder.open(secret)) {
        RecoveryChecks backups = BackupChecks.of(opened, data, trends);
        for (String copy : copies) {
          backups = backups.copy(
              LocalStorage.at(RepositoryOptions.directory(copy, "--copy")),
              BackupChecks.COPY_WITHIN);
        }
        backups.register(monitor);
        return run(monitor);
      }
    }
  }

  /** What earlier runs saw. Where it cannot be kept, everything else is checked all the same. */
  private Optional<TrendStore> trends(Path data) {
    try {
      return Optional.of(TrendStore.open(new Remembered(dr(), data).file("trends"), clock));
    } catch (IOException e) {
      dr().warn("trends are not kept: " + Failure.of(e, "dr health").message());
      return Optional.empty();
    }
  }

  private int run(HealthMonitor monitor) throws IOException {
    Set<String> groups = monitor.health().groups();
    if (group != null) {
      if (!groups.contains(group)) {
        throw new IllegalArgumentException(
            "there is no group '" + group + "'; there are " + String.join(", ", groups));
      }
      monitor.health().checks().stream()
          .filter(check -> !check.groups().contains(group))
          .forEach(check -> monitor.remove(check.name()));
    }
    if (seconds != null) {
      return watch(monitor, groups);
    }
    Health health = shown(monitor.check());
    if (Thread.interrupted()) {
      return interrupted();
    }
    dr().output.print(dr().json, () -> json(health, groups), out -> text(health, out));
    return Exit.of(health.status());
  }

  private int watch(HealthMonitor monitor, Set<String> groups) throws IOException {
    HealthChanges changes = new HealthChanges();
    try {
      monitor.watch(Duration.ofSeconds(seconds), whole -> {
        Health health = shown(whole);
        try {
          if (dr().json) {
            dr().output.print(json(health, groups));
          } else {
            dr().output.line("%s  %s", clock.instant(), changes.since(health));
            dr().output.flush();
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return interrupted();
  }

  /** What a program that was told to end gives back; nobody would read more. */
  private int interrupted() {
    return dr().interruption.exit() == 0 ? Exit.INTERRUPTED : dr().interruption.exit();
  }

  private Health shown(Health whole) {
    return group == null ? whole : whole.group(group).orElse(whole);
  }

  private static ObjectNode json(Health health, Set<String> groups) {
    try {
      ObjectNode json =
          (ObjectNode) new ObjectMapper().readTree(HealthJson.full().actuator(health));
      json.withObject("/components").forEach(component -> {
        ObjectNode node = (ObjectNode) component;
        if (!node.has("description")) {
          node.put("description", "");
        }
      });
      ArrayNode names = json.putArray("groups");
      groups.forEach(names::add);
      return json;
    } catch (IOException e) {
      throw new UncheckedIOException("our own JSON can be read", e);
    }
  }

  private static void text(Health health, Output out) {
    for (CheckState check : health.checks()) {
      out.line("%-14s  %-18s  %s", check.status(), check.name(), check.latest().description());
      if (check.status() != Status.UP && !check.latest().action().isEmpty()) {
        out.line("%-14s  %-18s  %s", "", "", check.latest().action());
      }
    }
    out.line("%s", health.status());
  }
}
