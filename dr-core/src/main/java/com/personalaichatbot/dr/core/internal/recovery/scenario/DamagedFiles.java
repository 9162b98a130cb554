package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.recovery.run.StepFailedException;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.ListedEntry;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Restores what a fault has damaged, and nothing else. A snapshot that was read back bit by bit can
 * still hold a file that was damaged before it was taken: a file that fails validation after it was
 * restored is taken from the next older good snapshot, and so on. A conversation of which no whole
 * version is left is set aside, so that the others can be used. Not thread-safe.
 */
public final class DamagedFiles {
  private static final int MOST_ROUNDS = 64;

  private final StepRun run;
  private final List<Component> components;
  private final GoodSnapshots good;
  private final DataScope concern;
  private final Set<String> tried = new HashSet<>();
  private final Map<String, Listing> listings = new HashMap<>();
  private final Set<String> unlisted = new HashSet<>();
  private final Set<String> gone = new HashSet<>();
  private final Map<String, String> unread = new HashMap<>();

  DamagedFiles(StepRun run, DataScope concern) throws IOException {
    this.run = run;
    this.concern = concern;
    this.components =
        run.components().stream().filter(c -> concern.concerns(run, c)).toList();
    this.good = GoodSnapshots.of(run, false);
  }

  /**
   * What is damaged now, compared with the newest good snapshot whose listing can be read.
   *
   * @throws StepFailedException if none exists because the storage fails to read them: that may
   *     pass, and what they hold must not be given up for lost
   */
  DamageScope find() throws Exception {
    Map<String, Map<String, ListedEntry.Type>> newest = new HashMap<>();
    for (Component component : components) {
      newest(component).ifPresent(entries -> newest.put(component.name(), entries));
      if (!newest.containsKey(component.name()) && unread.containsKey(component.name())) {
        throw new StepFailedException("No good snapshot of " + component.name()
            + " can be read just now: " + unread.get(component.name())
            + ". Make the storage readable, and run this recovery again.");
      }
    }
    return DamageScope.find(run, concern, components, newest);
  }

  /** What the newest good snapshot holds of a component whose listing can be read. */
  private Optional<Map<String, ListedEntry.Type>> newest(Component component) throws IOException {
    for (Snapshot snapshot : good.of(component.name())) {
      Optional<Map<String, ListedEntry.Type>> entries = entries(snapshot, component.name());
      if (entries.isPresent()) {
        return entries;
      }
    }
    return Optional.empty();
  }

  /**
   * The files that are damaged now, compared with the newest good snapshot whose listing can be
   * read. The last one is kept: it is asked for again and again.
   */
  private record Listing(SnapshotId snapshot, Optional<Map<String, ListedEntry.Type>> entries) {}

  private Optional<Map<String, ListedEntry.Type>> entries(Snapshot snapshot, String component)
      throws IOException {
    Listing known = listings.get(component);
    if (known == null || !known.snapshot.equals(snapshot.id())) {
      known = new Listing(snapshot.id(), list(snapshot, component));
      listings.put(component, known);
    }
    return known.entries;
  }

  private Optional<Map<String, ListedEntry.Type>> list(Snapshot snapshot, String component)
      throws IOException {
    Map<String, ListedEntry.Type> entries = new LinkedHashMap<>();
    try {
      run.repository()
          .list(snapshot.id(), component, entry -> entries.put(entry.path(), entry.type()));
      return Optional.of(entries);
    } catch (CorruptRepositoryException e) {
      if (e.getCause() != null) {
        unread.put(component, e.getMessage());
      }
      if (unlisted.add(snapshot.id() + "/" + component)) {
        run.note("What snapshot " + snapshot.id().abbreviated() + " of "
            + snapshot.started() + " holds of " + component
            + " cannot be read; the next good one is taken. Verify the repository.");
      }
      return Optional.empty();
    }
  }

  /**
   * By component, what is to be restored. Where settings are said to be lost and none is missing or
   * wrong, it is all of them: a value that is gone leaves a file that is valid.
   */
  SortedMap<String, SortedSet<String>> wanted(DamageScope scope) throws IOException {
    if (concern != DataScope.CONFIGURATION || !scope.isEmpty()) {
      return scope.toRestore();
    }
    SortedMap<String, SortedSet<String>> all = new TreeMap<>();
    for (Component component : components) {
      Optional<Map<String, ListedEntry.Type>> entries = newest(component);
      if (entries.isPresent()) {
        SortedSet<String> paths = new TreeSet<>();
        entries.get().forEach((path, type) -> {
          if (type != ListedEntry.Type.DIRECTORY
              && concern.concerns(run, SnapshotPath.onDisk(path, component))) {
            paths.add(path);
          }
        });
        all.put(component.name(), paths);
      }
    }
    return all;
  }

  /** Restores it. */
  String restore() throws Exception {
    DamageScope scope = find();
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
        wanted = stillHit(wanted, scope, older);
      }
    }
    setAside(scope);
    scope
        .gone()
        .values()
        .forEach(paths -> paths.forEach(
            path -> run.note(path + " is lost: no good snapshot that holds it can be read")));
    run.detail(
        "lost",
        Integer.toString(scope.gone().values().stream().mapToInt(Set::size).sum()));
    return said;
  }

  /** What did not come back whole from this snapshot, and an older one holds. */
  private SortedMap<String, SortedSet<String>> stillHit(
      Map<String, SortedSet<String>> restored, DamageScope now, int older) throws IOException {
    SortedMap<String, SortedSet<String>> still = new TreeMap<>();
    Map<String, SortedSet<String>> hit = now.toRestore();
    for (Component component : components) {
      String name = component.name();
      SortedSet<String> paths = new TreeSet<>(hit.getOrDefault(name, new TreeSet<>()));
      paths.retainAll(restored.getOrDefault(name, new TreeSet<>()));
      if (paths.isEmpty()) {
        continue;
      }
      List<Snapshot> all = good.of(name);
      boolean isLast = older + 1 >= all.size();
      paths.forEach(path -> run.note(path + " did not come back whole from snapshot "
          + all.get(Math.min(older, all.size() - 1)).id().abbreviated() + "; "
          + (isLast ? "there is no older good one" : "the next older good one is tried")));
      if (!isLast) {
        tellGoneBefore(component, all.get(older + 1), all.get(older));
        keepHeld(paths, all.get(older + 1), name);
      }
      if (!isLast && !paths.isEmpty()) {
        still.put(name, paths);
      }
    }
    return still;
  }

  /**
   * Names what was gone already when a snapshot was taken that holds damage: the same fault may
   * have taken it, or somebody deleted it, which only a person can tell.
   */
  private void tellGoneBefore(Component component, Snapshot older, Snapshot damaged)
      throws IOException {
    Optional<Map<String, ListedEntry.Type>> held = entries(older, component.name());
    if (held.isPresent()) {
      DamageScope.missing(run, concern, component, held.get(), new HashSet<>()).stream()
          .limit(DamageScope.MOST_SHOWN)
          .filter(gone::add)
          .forEach(path -> run.note(path + " is in snapshot " + older.id().abbreviated()
              + " and was gone when snapshot " + damaged.id().abbreviated()
              + " was taken, which holds damage; if nobody deleted it, restore it from there"));
    }
  }

  private void keepHeld(Set<String> paths, Snapshot snapshot, String component) throws IOException {
    entries(snapshot, component).ifPresent(held -> paths.retainAll(held.keySet()));
  }

  /** Renames conversations of which there is no whole version; the QUARANTINE snapshot has them. */
  private void setAside(DamageScope scope) throws IOException {
    int count = 0;
    for (Component component : components) {
      if (component.kind() != Kind.CONVERSATIONS) {
        continue;
      }
      SortedSet<String> paths = new TreeSet<>();
      paths.addAll(scope.damaged().getOrDefault(component.name(), new TreeSet<>()));
      paths.addAll(scope.beyond().getOrDefault(component.name(), new TreeSet<>()));
      for (String path : paths) {
        String suffix = ".damaged-" + run.incident();
        try {
          Path file = SnapshotPath.onDisk(path, component).toAbsolutePath();
          if (setAside(component.source().path(), file, suffix)) {
            run.note(path + " has no whole version in any good snapshot, and was set aside as "
                + file.getFileName() + suffix);
            count++;
          }
        } catch (FileSystemException e) {
          run.note(path + " has no whole version in any good snapshot, and could not be set aside: "
              + Failures.describe(e));
        }
      }
    }
    run.detail("setAside", Integer.toString(count));
  }

  /** Renames a file below a directory, if it is one. */
  public static boolean setAside(Path root, Path file, String suffix) throws IOException {
    try (TargetDirectories way = new TargetDirectories(root)) {
      Path held = way.resolve(file);
      if (!Directories.isRegularFile(held, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      Files.move(held, held.resolveSibling(file.getFileName() + suffix));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
