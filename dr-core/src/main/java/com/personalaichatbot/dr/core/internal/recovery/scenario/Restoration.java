package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.internal.recovery.run.RunRecord;
import com.personalaichatbot.dr.core.internal.recovery.run.StepFailedException;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Restores parts of components in place, each from the newest good snapshot whose stored data turns
 * out whole: what is damaged there is taken from the next older one, and that is said. Not
 * thread-safe.
 */
final class Restoration {
  private final StepRun run;
  private final Map<String, Component> components = new LinkedHashMap<>();
  private final Map<String, Deque<Snapshot>> candidates = new LinkedHashMap<>();
  private final boolean mirror;
  private boolean apart;
  private long written;
  private long created;
  private long replaced;

  /**
   * Prepares to restore.
   *
   * @param skip how many of the newest good snapshots of each component not to use
   * @param mirror whether to remove what the snapshots do not hold
   */
  Restoration(
      StepRun run, GoodSnapshots good, List<Component> components, int skip, boolean mirror) {
    this.run = run;
    this.mirror = mirror;
    for (Component component : components) {
      this.components.put(component.name(), component);
      candidates.put(
          component.name(),
          new ArrayDeque<>(good.of(component.name()).stream().skip(skip).toList()));
    }
  }

  /** The components that are restored from one snapshot at the same time. */
  private record Group(Snapshot snapshot, Map<String, Set<String>> wanted) {}

  /**
   * Restores.
   *
   * @param wanted by component, the paths to restore; an empty set for all of it
   * @return how it came out, for people
   */
  String restore(Map<String, ? extends Set<String>> wanted) throws Exception {
    Map<String, Set<String>> left = new LinkedHashMap<>();
    for (String name : components.keySet()) {
      if (wanted.containsKey(name)) {
        left.put(name, wanted.get(name));
      }
    }
    while (!left.isEmpty()) {
      Group group = next(left);
      try {
        RestoreReport report = run.repository().restore(plan(group), List.copyOf(live(group)));
        written += report.bytesWritten();
        created += report.files().create();
        replaced += report.files().replace();
        report.notes().forEach(run::note);
        settle(group, report, left);
      } catch (CorruptRepositoryException e) {
        failed(group, e.getMessage());
      } catch (RestoreRefusedException e) {
        if (!e.object().startsWith("include ")) {
          throw e; // It is about the target, and not about what the snapshot holds.
        }
        failed(group, "nothing of it could be found");
      }
    }
    run.detail("bytesWritten", Long.toString(written));
    run.detail("created", Long.toString(created));
    run.detail("replaced", Long.toString(replaced));
    return created + " created and " + replaced + " replaced, " + written
        + " bytes, each read back.";
  }

  /** Of several components it may be one: they are tried apart before one falls back. */
  private void failed(Group group, String reason) {
    if (group.wanted.size() > 1) {
      apart = true;
    } else {
      fallBack(group.wanted.keySet().iterator().next(), group.snapshot, reason);
    }
  }

  private Group next(Map<String, Set<String>> left) throws StepFailedException {
    Optional<Snapshot> first = Optional.empty();
    Map<String, Set<String>> wanted = new LinkedHashMap<>();
    for (Map.Entry<String, Set<String>> one : left.entrySet()) {
      Snapshot snapshot = candidates.get(one.getKey()).peek();
      if (snapshot == null) {
        throw new StepFailedException("No good snapshot of " + one.getKey()
            + " is left to restore from: " + shown(one.getValue())
            + ". Look at the snapshots, and name one.");
      }
      if (first.isEmpty() || (!apart && first.get().id().equals(snapshot.id()))) {
        first = Optional.of(snapshot);
        wanted.put(one.getKey(), one.getValue());
      }
    }
    return new Group(first.orElseThrow(), wanted);
  }

  private static String shown(Set<String> paths) {
    return paths.isEmpty()
        ? "all of it"
        : String.join(", ", paths.stream().limit(5).toList())
            + (paths.size() > 5 ? " and " + (paths.size() - 5) + " more" : "");
  }

  private List<Component> live(Group group) {
    return components.values().stream()
        .filter(c -> group.wanted.containsKey(c.name()))
        .toList();
  }

  private RestorePlan plan(Group group) throws IOException {
    return plan(run, group.snapshot, live(group), group.wanted, mirror);
  }

  /** What restoring these paths from a snapshot would do. */
  static RestorePlan plan(
      StepRun run,
      Snapshot snapshot,
      List<Component> components,
      Map<String, ? extends Set<String>> wanted,
      boolean mirror)
      throws IOException {
    List<String> names = components.stream().map(Component::name).toList();
    RestoreRequest request =
        RestoreRequest.inPlace(Selector.of(snapshot.id())).withComponents(names);
    List<String> includes = new ArrayList<>();
    for (Component component : components) {
      request = request.withPlace(component.name(), component.source().path());
      Set<String> paths = wanted.get(component.name());
      if (paths.isEmpty()) {
        includes.add(SnapshotPath.pattern(component.name()));
      } else {
        paths.forEach(path -> includes.add(SnapshotPath.pattern(path)));
      }
    }
    if (wanted.values().stream().anyMatch(paths -> !paths.isEmpty())) {
      request = request.withIncludes(includes);
    }
    return run.repository().planRestore(mirror ? request.withDeleteExtra() : request);
  }

  private void settle(Group group, RestoreReport report, Map<String, Set<String>> left)
      throws StepFailedException {
    for (String name : group.wanted.keySet()) {
      SortedSet<String> failed = new TreeSet<>();
      String reason = "";
      for (PathProblem problem : report.failures()) {
        if (problem.path().equals(name) || problem.path().startsWith(name + "/")) {
          failed.add(problem.path());
          reason = problem.reason();
        }
      }
      remember(name, group.snapshot);
      if (failed.isEmpty()) {
        left.remove(name);
      } else if (report.damaged()) {
        fallBack(name, group.snapshot, shown(failed) + ": " + reason);
        left.put(name, failed);
      } else {
        throw new StepFailedException(shown(failed) + " could not be restored: " + reason);
      }
    }
  }

  private void fallBack(String name, Snapshot damaged, String what) {
    Deque<Snapshot> older = candidates.get(name);
    older.removeIf(s -> s.id().equals(damaged.id()));
    run.note("Snapshot " + damaged.id().abbreviated() + " of " + name + " is damaged (" + what
        + "). "
        + (older.isEmpty()
            ? "There is no older good one."
            : "The next good one, " + older.peek().id().abbreviated() + " of "
                + older.peek().started() + ", is taken for what is missing.")
        + " Verify the repository.");
  }

  /** The oldest that was used says what is lost. */
  private void remember(String name, Snapshot snapshot) {
    String taken = snapshot.started().toString();
    Optional<String> before = run.recall(RunRecord.TAKEN + name);
    if (before.isEmpty() || Instant.parse(before.get()).isAfter(snapshot.started())) {
      run.remember(RunRecord.TAKEN + name, taken);
      run.remember(RunRecord.SNAPSHOT + name, snapshot.id().toString());
    }
  }
}
