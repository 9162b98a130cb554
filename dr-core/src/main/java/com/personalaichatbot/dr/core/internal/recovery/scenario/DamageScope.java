package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.operation.ListedEntry;
import com.personalaichatbot.dr.core.recovery.runbook.StepContext;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The data that a fault has damaged: what fails validation, and what is in the latest good snapshot
 * and is gone. Everything else, also what is newer than any snapshot, stays as it is. Paths are as
 * snapshots name them.
 *
 * @param damaged by component, what fails validation and a snapshot holds
 * @param gone by component, what a snapshot holds and is not there
 * @param beyond by component, what fails validation and no snapshot in question holds
 * @param elsewhere findings about files that belong to no component, one line each
 */
record DamageScope(
    SortedMap<String, SortedSet<String>> damaged,
    SortedMap<String, SortedSet<String>> gone,
    SortedMap<String, SortedSet<String>> beyond,
    List<String> elsewhere) {

  static final int MOST_SHOWN = 20;

  /**
   * Looks at the data.
   *
   * @param newest what the snapshots to compare with hold, by component and path, a directory
   *     before what lies in it; where none exists, nothing counts as gone
   */
  static DamageScope find(
      StepRun run,
      DataScope concern,
      List<Component> components,
      Map<String, Map<String, ListedEntry.Type>> newest)
      throws Exception {
    ValidationReport report = run.setup().validator().validate(run.data());
    Map<String, Set<String>> stored = new HashMap<>();
    SortedMap<String, SortedSet<String>> gone = new TreeMap<>();
    for (Component component : components) {
      Map<String, ListedEntry.Type> entries = newest.get(component.name());
      if (entries != null) {
        Set<String> names = new HashSet<>();
        SortedSet<String> missing = missing(run, concern, component, entries, names);
        stored.put(component.name(), names);
        if (!missing.isEmpty()) {
          gone.put(component.name(), missing);
        }
      }
    }
    SortedMap<String, SortedSet<String>> damaged = new TreeMap<>();
    SortedMap<String, SortedSet<String>> beyond = new TreeMap<>();
    SortedSet<String> elsewhere = new TreeSet<>();
    for (Finding finding : report.findings()) {
      boolean isError = finding.severity() == Severity.ERROR;
      if (!isError || Files.notExists(finding.path(), LinkOption.NOFOLLOW_LINKS)) {
        continue; // What is not there is gone, if a snapshot holds it.
      }
      Optional<Component> component = SnapshotPath.componentOf(finding.path(), components);
      if (component.isEmpty()) {
        elsewhere.add(finding.path() + ": " + finding.message());
        continue;
      }
      if (!concern.concerns(run, finding.path())) {
        continue;
      }
      String name = component.get().name();
      String path = SnapshotPath.of(finding.path(), component.get());
      boolean known = stored.getOrDefault(name, Set.of()).contains(path);
      (known ? damaged : beyond).computeIfAbsent(name, n -> new TreeSet<>()).add(path);
    }
    return new DamageScope(damaged, gone, beyond, List.copyOf(elsewhere));
  }

  /** What is not there of a component; what lies in a missing directory comes with it. */
  static SortedSet<String> missing(
      StepRun run,
      DataScope concern,
      Component component,
      Map<String, ListedEntry.Type> entries,
      Set<String> stored)
      throws IOException {
    SortedSet<String> missing = new TreeSet<>();
    for (Map.Entry<String, ListedEntry.Type> entry : entries.entrySet()) {
      String path = entry.getKey();
      Path file = SnapshotPath.onDisk(path, component);
      if (!concern.concerns(run, file)) {
        continue;
      }
      stored.add(path);
      int slash = path.lastIndexOf('/');
      boolean withParent = slash > 0 && isCovered(missing, path.substring(0, slash));
      if (!withParent && !isThere(file, entry.getValue())) {
        missing.add(path);
      }
    }
    return missing;
  }

  private static boolean isCovered(Set<String> missing, String directory) {
    String at = directory;
    while (!missing.contains(at)) {
      int slash = at.lastIndexOf('/');
      if (slash < 0) {
        return false;
      }
      at = at.substring(0, slash);
    }
    return true;
  }

  private static boolean isThere(Path file, ListedEntry.Type type) throws IOException {
    return switch (type) {
      case FILE -> Directories.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
      case DIRECTORY -> Directories.isDirectory(file);
      case SYMLINK ->
        Directories.look(file, LinkOption.NOFOLLOW_LINKS)
            .filter(BasicFileAttributes::isSymbolicLink)
            .isPresent();
    };
  }

  /** By component, what is to be restored. */
  SortedMap<String, SortedSet<String>> toRestore() {
    SortedMap<String, SortedSet<String>> all = new TreeMap<>();
    damaged.forEach((name, paths) -> all.put(name, new TreeSet<>(paths)));
    gone.forEach(
        (name, paths) -> all.computeIfAbsent(name, n -> new TreeSet<>()).addAll(paths));
    return all;
  }

  boolean isEmpty() {
    return damaged.isEmpty() && gone.isEmpty() && beyond.isEmpty();
  }

  private static int count(Map<String, SortedSet<String>> paths) {
    return paths.values().stream().mapToInt(Set::size).sum();
  }

  private static void note(StepContext context, Map<String, SortedSet<String>> paths, String what) {
    paths.values().stream()
        .flatMap(Set::stream)
        .limit(MOST_SHOWN)
        .forEach(path -> context.note(path + what));
  }

  /** Says it in the report of a step. */
  String tell(StepContext context) {
    note(context, damaged, " fails validation");
    note(context, gone, " is gone");
    note(context, beyond, " fails validation, and no good snapshot holds it");
    elsewhere.stream().limit(MOST_SHOWN).forEach(context::note);
    context.detail("damaged", Integer.toString(count(damaged) + count(beyond)));
    context.detail("gone", Integer.toString(count(gone)));
    if (isEmpty()) {
      return "Nothing is damaged or gone.";
    }
    TreeSet<String> hit = new TreeSet<>(damaged.keySet());
    hit.addAll(gone.keySet());
    hit.addAll(beyond.keySet());
    context.detail("components", String.join(", ", hit));
    return (count(damaged) + count(beyond)) + " damaged and " + count(gone) + " gone, in "
        + String.join(", ", hit) + ".";
  }
}
