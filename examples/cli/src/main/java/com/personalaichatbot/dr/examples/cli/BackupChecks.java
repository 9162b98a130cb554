package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.checks.RecoveryChecks;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Criticality;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The checks of the repository that is named; what it backs up is taken from its snapshots. */
final class BackupChecks {
  /** A snapshot reaches each copy within two days: a copy that is made daily may fail once. */
  static final Duration COPY_WITHIN = Duration.ofDays(2);

  private BackupChecks() {}

  /** Whether something is there that may be a repository. Whether it is one, opening it tells. */
  static boolean isThere(Path location) {
    return !Files.notExists(location.resolve("FORMAT"))
        || !Files.notExists(location.resolve("FORMAT.copy"))
        || !Files.notExists(location.resolve("packs"));
  }

  /** A repository that is named and missing. */
  static CheckResult missing(Path location) {
    return isThere(location)
        ? CheckResult.degraded(
            "REPOSITORY_FOUND",
            Names.of(location) + " is there now, and not looked at yet",
            "start this command again")
        : CheckResult.down(
            "REPOSITORY_MISSING",
            Names.of(location) + " holds no repository",
            "mount its volume, or make one with dr init");
  }

  /** All checks of a repository. */
  static RecoveryChecks of(BackupRepository repository, Path data, Optional<TrendStore> trends)
      throws IOException {
    RecoveryChecks checks = RecoveryChecks.of(repository, components(repository, data));
    return trends.map(checks::trends).orElse(checks);
  }

  private static List<Component> components(BackupRepository repository, Path data)
      throws IOException {
    List<Snapshot> snapshots = repository.snapshots().stream()
        .filter(snapshot -> snapshot.purpose() != Purpose.QUARANTINE)
        .toList();
    Set<String> hosts = snapshots.stream().map(Snapshot::host).collect(Collectors.toSet());
    Map<String, ComponentState> newest = new TreeMap<>();
    for (Snapshot snapshot : snapshots) {
      if (hosts.size() == 1 || snapshot.host().equals(repository.host())) {
        snapshot.components().forEach(component -> newest.put(component.name(), component));
      }
    }
    List<Component> components = new ArrayList<>();
    newest
        .values()
        .forEach(state -> components.add(
            Component.at(state.name(), state.kind(), data).withCriticality(state.criticality())));
    if (components.isEmpty()) {
      components.add(Component.at("data", Kind.CUSTOM, data).withCriticality(Criticality.CRITICAL));
    }
    return components;
  }
}
