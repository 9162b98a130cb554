package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.recovery.run.StepFailedException;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.internal.store.PathRules;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.DiffReport;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.recovery.runbook.Impact;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunStoppedException;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.ValidationReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The evidence of a breach, and the removal of the data that it gates: nothing is removed unless
 * all of it is in a snapshot that was read back and is held.
 */
final class Evidence {
  private static final Duration HOURS = Duration.ofHours(4);
  private static final Duration DRILL_HOLD = Duration.ofDays(1);
  private static final int MOST_SHOWN = 20;
  private static final String COMPONENT = "evidence";

  private Evidence() {}

  /** Keeps the whole data directory, also what belongs to no component. */
  static Step preserve(String id, String title) {
    String fact = "evidence/" + id;
    return Step.action(id, title, context -> preserve(StepRun.of(context), fact))
        .byHand("Take a QUARANTINE snapshot of the whole data directory, logs included.")
        .alreadyDone(context -> {
          Optional<Snapshot> taken = taken(StepRun.of(context), fact);
          taken.ifPresent(s -> context.remember(fact, s.id().toString()));
          return taken.isPresent();
        })
        .timeout(HOURS)
        .build();
  }

  private static String tag(StepRun run, String fact) {
    return DataSteps.tag(run) + "-" + fact.replace('/', '-');
  }

  private static Optional<Snapshot> taken(StepRun run, String fact) throws IOException {
    return run.repository().snapshots().stream()
        .filter(s -> s.purpose() == Purpose.QUARANTINE && s.tags().contains(tag(run, fact)))
        .reduce((older, newer) -> newer);
  }

  /** What was there when the application was stopped. */
  static Optional<Snapshot> last(StepRun run) throws IOException {
    return taken(run, "evidence/preserve-rest");
  }

  private static String preserve(StepRun run, String fact) throws Exception {
    if (Directories.isEmpty(run.data())) {
      return "There is nothing in the data directory to keep.";
    }
    List<Component> all = new ArrayList<>();
    for (Component component : run.components()) {
      if (Directories.holds(component.source().path())) {
        all.add(component.withExcludes(List.of()));
      }
    }
    all.add(Component.directory(COMPONENT, Kind.CUSTOM, run.data()));
    BackupReport report = run.repository()
        .backUp(
            all,
            BackupOptions.of(Purpose.QUARANTINE)
                .withTags(List.of(DataSteps.tag(run), tag(run, fact))));
    report.failures().stream()
        .limit(MOST_SHOWN)
        .forEach(f -> run.note(f.path() + " could not be read: " + f.reason()));
    if (report.status() == BackupStatus.FAILED) {
      throw new StepFailedException("Nothing of the state could be kept.");
    }
    SnapshotId id = report.snapshot().orElseThrow().id();
    run.repository().hold(id, holdUntil(run));
    run.remember(fact, id.toString());
    run.detail("snapshot", id.toString());
    return "Kept and held as snapshot " + id + ".";
  }

  private static Optional<Instant> holdUntil(StepRun run) {
    return run.mode() == RunMode.DRILL
        ? Optional.of(run.clock().instant().plus(DRILL_HOLD))
        : Optional.empty();
  }

  /** Reads the evidence back. */
  static Step verify() {
    return Step.action("verify-evidence", "Read the evidence back", context -> {
          StepRun run = StepRun.of(context);
          if (Directories.isEmpty(run.data())) {
            return "There is no evidence to read back.";
          }
          run.repository().verify(VerifyOptions.readAll());
          return requireVerified(run);
        })
        .byHand("Verify the repository; the QUARANTINE snapshot must be VERIFIED.")
        .timeout(HOURS)
        .build();
  }

  private static String requireVerified(StepRun run) throws Exception {
    Optional<Snapshot> evidence = last(run);
    if (evidence.isEmpty()) {
      throw new RunStoppedException(
          "There is no evidence of the last state, so nothing is removed.");
    }
    Snapshot snapshot = evidence.get();
    if (snapshot.status() != BackupStatus.COMPLETE) {
      throw new RunStoppedException(
          "Not everything could be read into the evidence, snapshot " + snapshot.id()
              + ", so nothing is removed. Make it readable, and run this recovery again.");
    }
    if (snapshot.trust() != Trust.VERIFIED && snapshot.trust() != Trust.PROVEN) {
      throw new RunStoppedException("The evidence, snapshot " + snapshot.id() + ", is "
          + snapshot.trust() + " and not VERIFIED, so nothing is removed.");
    }
    if (snapshot.hold().isEmpty()) {
      run.repository().hold(snapshot.id(), holdUntil(run));
    }
    return "The evidence, snapshot " + snapshot.id() + ", was read back and is held.";
  }

  /** What is different from the last good state. */
  static Step assessChanges() {
    return Step.check("assess-changes", "Check for unauthorised changes", context -> {
          StepRun run = StepRun.of(context);
          GoodSnapshots good = GoodSnapshots.of(run, true);
          Optional<Snapshot> evidence = last(run);
          long added = 0;
          long changed = 0;
          long removed = 0;
          for (Component component : run.components()) {
            Optional<Snapshot> clean = good.of(component.name()).stream().findFirst();
            if (clean.isPresent()
                && evidence.flatMap(e -> e.component(component.name())).isPresent()) {
              DiffReport diff = run.repository()
                  .diff(
                      Selector.of(clean.get().id()), Selector.of(evidence.get().id()));
              String prefix = component.name();
              added += count(run, diff.added(), prefix, "was added");
              changed += count(run, diff.changed(), prefix, "was changed");
              removed += count(run, diff.removed(), prefix, "was removed");
            }
          }
          return added + " added, " + changed + " changed, " + removed
              + " removed since the last good snapshot.";
        })
        .byHand("Compare the evidence with the last good snapshot.")
        .onFailure(Step.OnFailure.SKIP)
        .timeout(HOURS)
        .build();
  }

  private static long count(StepRun run, List<String> paths, String component, String what) {
    List<String> own = paths.stream()
        .filter(p -> p.equals(component) || p.startsWith(component + "/"))
        .toList();
    own.stream().limit(MOST_SHOWN).forEach(p -> run.note(p + " " + what));
    return own.size();
  }

  /** How the data is that was found. */
  static Step assessIntegrity() {
    return Step.check("assess-integrity", "Verify the integrity of the data", context -> {
          StepRun run = StepRun.of(context);
          ValidationReport report = run.setup().validator().validate(run.data());
          report.findings().stream()
              .filter(f -> f.severity() == Severity.ERROR)
              .limit(MOST_SHOWN)
              .forEach(f -> run.note(f.path().getFileName() + ": " + f.message()));
          return report.count(Severity.ERROR) + " errors, " + report.count(Severity.WARNING)
              + " warnings in what was found.";
        })
        .byHand("Validate configuration and conversations, and note what is damaged.")
        .onFailure(Step.OnFailure.SKIP)
        .timeout(HOURS)
        .build();
  }

  /** Removes what is in the data directory, but not the directory. */
  static Step reset() {
    return Step.action("reset", "Remove the data directory", context -> reset(StepRun.of(context)))
        .byHand("Delete everything in the data directory, once the evidence is VERIFIED.")
        .impact(Impact.DESTRUCTIVE)
        .alreadyDone(context -> Directories.isEmpty(context.data()))
        .timeout(HOURS)
        .build();
  }

  private static String reset(StepRun run) throws Exception {
    String evidence = requireVerified(run);
    Optional<Path> link =
        TargetDirectories.foreignLink(run.data().toAbsolutePath().normalize());
    if (link.isPresent()) {
      throw new RunStoppedException(link.get() + " is a symbolic link that another user made."
          + " Nothing was removed: name the data directory that it leads to.");
    }
    Path data = PathRules.real(run.data());
    Optional<Path> repository = run.repository().probe().directory();
    if (repository.isPresent()
        && (PathRules.isWithin(repository.get(), data)
            || PathRules.isWithin(data, repository.get()))) {
      throw new RunStoppedException(
          "The repository lies in the data directory, and would be removed with it.");
    }
    if (PathRules.isWithin(run.setup().journals().directory(), data)) {
      throw new RunStoppedException(
          "The state directory lies in the data directory, and would be removed with it.");
    }
    if (data.getParent() == null || isHome(data)) {
      throw new RunStoppedException(data + " is not a data directory. Nothing was removed.");
    }
    int removed = 0;
    try (TargetDirectories way = new TargetDirectories(data)) {
      for (Path entry : Directories.list(way.access(data))) {
        way.removeTree(data.resolve(entry.getFileName()));
        removed++;
      }
    }
    run.detail("removed", Integer.toString(removed));
    return "The data directory is empty. " + evidence;
  }

  private static boolean isHome(Path data) {
    Path home = Path.of(System.getProperty("user.home", ""));
    // A user without an entry in the list of users has "?", which is no directory of anybody.
    return home.isAbsolute() && data.equals(PathRules.real(home));
  }
}
