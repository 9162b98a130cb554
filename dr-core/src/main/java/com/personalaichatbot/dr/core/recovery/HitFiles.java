package com.personalaichatbot.dr.core.recovery;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.ListedEntry;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Restores what a fault has hit, and nothing else. A snapshot that was read back bit by bit can
 * still hold a file that was damaged before it was taken: a file that fails validation after it was
 * restored is taken from the next older good snapshot, and so on. A conversation of which no whole
 * version is left is set aside, so that the others can be used. Not thread-safe.
 */
final class HitFiles {
  private static final int MOST_ROUNDS = 64;

  private final StepRun run;
  private final List<Component> components;
  private final GoodSnapshots good;
  private final Concern concern;
  private final Set<String> tried = new HashSet<>();

  HitFiles(StepRun run, Concern concern) throws IOException {
    this.run = run;
    this.concern = concern;
    this.components =
        run.components().stream().filter(c -> concern.concerns(run, c)).toList();
    this.good = GoodSnapshots.of(run, false);
  }

  /** What is hit now. */
  Scope find() throws Exception {
    Map<String, Snapshot> newest = new HashMap<>();
    for (Component component : components) {
      good.of(component.name()).stream()
          .findFirst()
          .ifPresent(s -> newest.put(component.name(), s));
    }
    return Scope.find(run, concern, components, newest);
  }

  /**
   * By component, what is to be restored. Where settings are said to be lost and none is missing or
   * wrong, it is all of them: a value that is gone leaves a file that is valid.
   */
  SortedMap<String, SortedSet<String>> wanted(Scope scope) throws IOException {
    if (concern != Concern.CONFIGURATION || !scope.isEmpty()) {
      return scope.toRestore();
    }
    SortedMap<String, SortedSet<String>> all = new TreeMap<>();
    for (Component component : components) {
      for (Snapshot snapshot : good.of(component.name()).stream().limit(1).toList()) {
        SortedSet<String> paths = new TreeSet<>();
        run.repository().list(snapshot.id(), component.name(), entry -> {
          if (entry.type() != ListedEntry.Type.DIRECTORY
              && concern.concerns(run, SnapshotPath.onDisk(entry.path(), component))) {
            paths.add(entry.path());
          }
        });
        all.put(component.name(), paths);
      }
    }
    return all;
  }

  /** Restores it. */
  String restore() throws Exception {
    Scope scope = find();
    String said = "Nothing was to be restored.";
    for (int round = 0; round < MOST_ROUNDS; round++) {
      SortedMap<String, SortedSet<String>> wanted = round == 0 ? wanted(scope) : scope.toRestore();
      wanted.values().forEach(paths -> paths.removeAll(tried));
      wanted.values().removeIf(Set::isEmpty);
      if (wanted.isEmpty()) {
        break;
      }
      wanted.values().forEach(tried::addAll);
      for (int older = 0; !wanted.isEmpty(); older++) {
        said = new Restoration(run, good, components, older, false).restore(wanted);
        scope = find();
        wanted = stillDamaged(wanted, scope, older);
      }
    }
    setAside(scope);
    return said;
  }

  /** What failed validation in this snapshot too, and an older one holds. */
  private SortedMap<String, SortedSet<String>> stillDamaged(
      Map<String, SortedSet<String>> restored, Scope now, int older) throws IOException {
    SortedMap<String, SortedSet<String>> still = new TreeMap<>();
    for (Component component : components) {
      String name = component.name();
      SortedSet<String> paths = new TreeSet<>(now.damaged().getOrDefault(name, new TreeSet<>()));
      paths.retainAll(restored.getOrDefault(name, new TreeSet<>()));
      List<Snapshot> all = good.of(name);
      if (paths.isEmpty() || older + 1 >= all.size()) {
        continue;
      }
      Set<String> held = new HashSet<>();
      run.repository().list(all.get(older + 1).id(), name, entry -> held.add(entry.path()));
      for (String path : paths) {
        run.note(path + " was damaged already when snapshot "
            + all.get(older).id().abbreviated() + " was taken; "
            + (held.contains(path) ? "the next older one is taken" : "no older one holds it"));
      }
      paths.retainAll(held);
      if (!paths.isEmpty()) {
        still.put(name, paths);
      }
    }
    return still;
  }

  /** Renames conversations of which there is no whole version; the QUARANTINE snapshot has them. */
  private void setAside(Scope scope) throws IOException {
    int count = 0;
    for (Component component : components) {
      if (component.kind() != Kind.CONVERSATIONS) {
        continue;
      }
      SortedSet<String> paths = new TreeSet<>();
      paths.addAll(scope.damaged().getOrDefault(component.name(), new TreeSet<>()));
      paths.addAll(scope.beyond().getOrDefault(component.name(), new TreeSet<>()));
      for (String path : paths) {
        Path file = SnapshotPath.onDisk(path, component);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          Path aside = file.resolveSibling(file.getFileName() + ".damaged-" + run.incident());
          Files.move(file, aside);
          run.note(path + " has no whole version in any good snapshot, and was set aside as "
              + aside.getFileName());
          count++;
        }
      }
    }
    run.detail("setAside", Integer.toString(count));
  }
}
