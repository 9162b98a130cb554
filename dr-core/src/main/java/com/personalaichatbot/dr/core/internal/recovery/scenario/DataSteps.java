package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Criticality;
import com.personalaichatbot.dr.core.internal.recovery.run.RunRecord;
import com.personalaichatbot.dr.core.internal.recovery.run.StepFailedException;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunStoppedException;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.StepContext;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Steps that look at the data and at what is stored of it, and bring it back. */
final class DataSteps {
  private static final Duration MINUTES = Duration.ofMinutes(10);
  private static final Duration HOURS = Duration.ofHours(4);
  private static final int MOST_SHOWN = 20;

  private static final String RESTORED = "restored";

  private final DataScope concern;

  /** Steps for what a scenario is about. */
  DataSteps(DataScope concern) {
    this.concern = concern;
  }

  private List<Component> components(StepRun run) {
    return run.components().stream().filter(c -> concern.concerns(run, c)).toList();
  }

  private GoodSnapshots good(StepRun run) throws IOException {
    return GoodSnapshots.of(run, concern == DataScope.ALL_BUT_SECRETS);
  }

  Step findScope() {
    Step.Action find = context -> {
      StepRun run = StepRun.of(context);
      return new DamagedFiles(run, concern).find().tell(run);
    };
    return Step.check("find-scope", "Find what is damaged: configuration or conversations", find)
        .byHand("Validate configuration and conversations, and note which files are damaged.")
        .preview(find)
        .timeout(MINUTES)
        .build();
  }

  /** The state as it is, however damaged, kept apart from what is good. */
  Step quarantine() {
    return Step.action(
            "quarantine",
            "Take an emergency backup of the state as it is",
            context -> quarantine(StepRun.of(context)))
        .byHand("Take a QUARANTINE snapshot of all data as it is.")
        .alreadyDone(context -> tagged(StepRun.of(context)).isPresent())
        .timeout(HOURS)
        .build();
  }

  static String tag(StepContext context) {
    return "incident-" + context.incident();
  }

  /** The snapshot that this run has taken of the state as it was. */
  private static Optional<Snapshot> tagged(StepRun run) throws IOException {
    return run.repository().snapshots().stream()
        .filter(s -> s.purpose() == Purpose.QUARANTINE && s.tags().contains(tag(run)))
        .reduce((older, newer) -> newer);
  }

  private static String quarantine(StepRun run) throws Exception {
    // What cannot be looked at is not left out: the backup lists why.
    List<Component> there = run.components().stream()
        .filter(c -> !Files.notExists(c.source().path(), LinkOption.NOFOLLOW_LINKS))
        .toList();
    if (there.isEmpty()) {
      return "There is nothing of the data to keep.";
    }
    BackupReport report = run.repository()
        .backUp(there, BackupOptions.of(Purpose.QUARANTINE).withTags(List.of(tag(run))));
    report.failures().stream()
        .limit(MOST_SHOWN)
        .forEach(f -> run.note(f.path() + " could not be read: " + f.reason()));
    if (report.status() == BackupStatus.FAILED) {
      throw new StepFailedException(
          "Nothing of the state could be backed up, so nothing of it is" + " replaced.");
    }
    String id = report.snapshot().orElseThrow().id().toString();
    run.detail("snapshot", id);
    run.detail("failed", Long.toString(report.files().failed()));
    return "Kept as snapshot " + id + " (QUARANTINE, never the latest good one).";
  }

  Step chooseSnapshots(boolean needsCritical) {
    return chooseSnapshots("choose-snapshot", needsCritical);
  }

  Step chooseSnapshots(String id, boolean needsCritical) {
    return Step.action(
            id,
            "Choose the last known good backup",
            context -> choose(StepRun.of(context), needsCritical))
        .byHand("Find the newest snapshot that is VERIFIED; where none exists, verify.")
        .preview(context -> preview(StepRun.of(context), needsCritical))
        .timeout(HOURS)
        .build();
  }

  /** The components of which every snapshot is still to be read back. */
  private List<String> unread(StepRun run) throws IOException {
    GoodSnapshots good = good(run);
    return components(run).stream()
        .map(Component::name)
        .filter(name -> good.of(name).isEmpty() && good.unverified(name).isPresent())
        .toList();
  }

  private String preview(StepRun run, boolean needsCritical) throws Exception {
    List<String> unread = unread(run);
    return unread.isEmpty()
        ? name(run, needsCritical)
        : "Would first read back all that is stored, because no snapshot of "
            + String.join(", ", unread)
            + " was ever verified, and then choose.";
  }

  private String choose(StepRun run, boolean needsCritical) throws Exception {
    if (!unread(run).isEmpty()) {
      VerifyReport report = run.repository().verify(VerifyOptions.readAll());
      run.note("Not everything had been verified, so all that is stored was read back: "
          + report.status() + ".");
      report.damages().stream()
          .limit(MOST_SHOWN)
          .forEach(d -> run.note("Damaged in the repository: " + d.object() + ", " + d.detail()));
      if (report.status() == VerifyReport.Status.ROLLED_BACK
          || report.status() == VerifyReport.Status.FORKED) {
        throw new RunStoppedException(
            "The repository's history is not the one that this client has" + " seen ("
                + report.status()
                + "). Find out who replaced it. Then acknowledge its head (acceptHead), and run this recovery again.");
      }
    }
    return name(run, needsCritical);
  }

  private String name(StepRun run, boolean needsCritical) throws Exception {
    GoodSnapshots good = good(run);
    StringBuilder said = new StringBuilder();
    Set<String> refused = new LinkedHashSet<>();
    for (Component component : components(run)) {
      Optional<Snapshot> newest = good.of(component.name()).stream().findFirst();
      good.refused(component.name()).stream().filter(refused::add).forEach(run::note);
      if (newest.isPresent()) {
        run.detail(component.name(), newest.get().id().toString());
        said.append(said.isEmpty() ? "" : ", ")
            .append(component.name())
            .append(" of ")
            .append(newest.get().started());
        noteNewer(run, good, component.name(), newest.get());
      } else {
        String none = "There is no good snapshot of " + component.name() + ".";
        run.note(none);
        if (needsCritical
            && run.options().snapshot().isEmpty()
            && component.criticality() == Criticality.CRITICAL) {
          throw new RunStoppedException(
              none + " Verify the repository, or name the snapshot to restore.");
        }
      }
    }
    if (said.isEmpty()) {
      throw new RunStoppedException(
          "There is no good snapshot of anything. Verify the repository, or name one.");
    }
    return said.append('.').toString();
  }

  private static void noteNewer(
      StepRun run, GoodSnapshots good, String component, Snapshot chosen) {
    good.unverified(component)
        .filter(newer ->
            newer.sequence() > chosen.sequence() && run.options().snapshot().isEmpty())
        .ifPresent(newer -> run.note("A newer snapshot of " + component + ", "
            + newer.id().abbreviated() + " of " + newer.started()
            + ", is not verified. If its changes are needed, verify it, or name it."));
  }

  /** Dry run first, then the real thing: what the restore of the damaged files would do. */
  Step planHits() {
    Step.Action plan = context -> {
      StepRun run = StepRun.of(context);
      DamagedFiles hit = new DamagedFiles(run, concern);
      DamageScope scope = hit.find();
      String said = scope.tell(run);
      Map<String, ? extends Set<String>> wanted = hit.wanted(scope);
      if (!wanted.isEmpty()) {
        said += " " + plan(run, wanted);
      }
      return said;
    };
    return Step.check("plan-restore", "Restore as a dry run", plan)
        .byHand("Plan the restore of the damaged files, and read the plan.")
        .preview(plan)
        .timeout(MINUTES)
        .build();
  }

  Step restoreHits() {
    return Step.action(
            "restore", "Restore what is damaged from the last known good backup", context -> {
              String said = new DamagedFiles(StepRun.of(context), concern).restore();
              context.remember(RESTORED, "true");
              return said;
            })
        .byHand("Restore the damaged files, and only those, from the latest good snapshot.")
        .timeout(HOURS)
        .build();
  }

  Step planAll() {
    return planAll("plan-restore");
  }

  /** What the restore of everything would do. */
  Step planAll(String id) {
    Step.Action plan = context -> {
      StepRun run = StepRun.of(context);
      return plan(run, all(components(run)));
    };
    return Step.check(id, "Restore as a dry run", plan)
        .byHand("Plan the restore of all components, and read the plan.")
        .preview(plan)
        .timeout(MINUTES)
        .build();
  }

  Step restoreAll(boolean mirror) {
    return Step.action("restore", "Restore from the last known good backup", context -> {
          StepRun run = StepRun.of(context);
          GoodSnapshots good = good(run);
          List<Component> held =
              components(run).stream().filter(c -> !good.of(c.name()).isEmpty()).toList();
          String said = new Restoration(run, good, held, 0, mirror).restore(all(held));
          context.remember(RESTORED, "true");
          return said;
        })
        .byHand("Restore all components in place from the latest good snapshot.")
        .timeout(HOURS)
        .build();
  }

  static Map<String, Set<String>> all(List<Component> components) {
    Map<String, Set<String>> all = new HashMap<>();
    components.forEach(c -> all.put(c.name(), Set.of()));
    return all;
  }

  private String plan(StepRun run, Map<String, ? extends Set<String>> wanted)
      throws IOException, RunStoppedException {
    GoodSnapshots good = good(run);
    long create = 0;
    long replace = 0;
    long bytes = 0;
    long free = Long.MAX_VALUE;
    for (Component component : components(run)) {
      Optional<Snapshot> newest = good.of(component.name()).stream()
          .findFirst()
          .or(() ->
              run.mode() == RunMode.DRY_RUN ? good.unverified(component.name()) : Optional.empty());
      if (newest.isPresent() && wanted.containsKey(component.name())) {
        RestorePlan plan;
        try {
          plan = Restoration.plan(run, newest.get(), List.of(component), wanted, false);
        } catch (CorruptRepositoryException e) {
          run.note("Snapshot " + newest.get().id().abbreviated() + " is damaged, and the next good"
              + " one will be taken: " + e.getMessage());
          continue;
        } catch (RestoreRefusedException e) {
          run.note(component.name() + " cannot be planned: " + e.getMessage());
          continue;
        }
        create += plan.files().create();
        replace += plan.files().replace();
        bytes += plan.bytesToWrite();
        free = Math.min(free, plan.freeSpace().orElse(free));
        plan.failures().stream()
            .limit(MOST_SHOWN)
            .forEach(f -> run.note(f.path() + " cannot be restored: " + f.reason()));
      }
    }
    run.detail("bytesToWrite", Long.toString(bytes));
    if (run.mode() == RunMode.DRILL && bytes > free / 2) {
      throw new RunStoppedException("The drill would write " + bytes + " bytes, and " + free
          + " are free: a drill takes half of what is free at most. Make room.");
    }
    return create + " files would be created and " + replace + " replaced, " + bytes + " bytes.";
  }

  /** What was restored is whole; from here on the critical components count as verified. */
  Step verifyData() {
    return Step.check("verify-data", "Verify the integrity of the data", context -> {
          StepRun run = StepRun.of(context);
          Map<Boolean, List<Finding>> findings =
              run.setup().validator().validate(run.data()).findings().stream()
                  .collect(Collectors.partitioningBy(f -> concern.concerns(run, f.path())));
          findings.get(false).stream()
              .filter(f -> f.severity() == Severity.ERROR)
              .limit(MOST_SHOWN)
              .forEach(f -> run.note(
                  "Another fault, for data-corruption: " + name(run, f) + ": " + f.message()));
          try {
            return validate(run, new ValidationReport(findings.get(true)));
          } catch (StepFailedException e) {
            if (run.mode() == RunMode.DRILL) {
              refute(run);
            }
            throw e;
          }
        })
        .byHand("Validate configuration and conversations; there must be no error.")
        .timeout(MINUTES)
        .build();
  }

  /** What was restored in a drill and is not whole is not VERIFIED any more. */
  private static void refute(StepRun run) throws IOException {
    for (Component component : run.components()) {
      Optional<Snapshot> used = used(run, component.name());
      if (used.isPresent()) {
        run.repository().recordDrill(used.get().id(), false);
      }
    }
  }

  /** What is on the disk is what the snapshots hold. */
  Step verifyRestored() {
    return Step.check("verify-restored", "Compare what is there with the backup", context -> {
          StepRun run = StepRun.of(context);
          long differ = 0;
          for (Component component : components(run)) {
            Optional<Snapshot> used = used(run, component.name());
            if (used.isPresent()) {
              RestorePlan plan = Restoration.plan(
                  run, used.get(), List.of(component), all(List.of(component)), false);
              differ += plan.files().create() + plan.files().replace();
            }
          }
          if (differ > 0) {
            throw new StepFailedException(differ + " files are not as the snapshots hold them.");
          }
          return "Every file is as the snapshots hold it.";
        })
        .byHand("Plan the restore once more: it must find nothing to do.")
        .onFailure(Step.OnFailure.SKIP)
        .timeout(HOURS)
        .build();
  }

  private static Optional<Snapshot> used(StepRun run, String component) throws IOException {
    Optional<String> id = run.recall(RunRecord.SNAPSHOT + component);
    return id.isEmpty()
        ? Optional.empty()
        : run.repository().snapshots().stream()
            .filter(s -> s.id().toString().equals(id.get()))
            .findFirst();
  }

  /** The snapshot that the secrets were restored from. */
  static Optional<Snapshot> secretsFrom(StepRun run) throws IOException {
    Optional<Component> secrets = SnapshotPath.componentOf(Secrets.place(run), run.components());
    return secrets.isEmpty() ? Optional.empty() : used(run, secrets.get().name());
  }

  /** Never started again before a backup was restored. */
  static void requireRestored(StepRun run) throws RunStoppedException {
    if (run.recall(RESTORED).isEmpty()) {
      throw new RunStoppedException("Nothing was restored, so the application is not started.");
    }
  }

  static String validate(StepRun run, ValidationReport report) throws StepFailedException {
    long errors = report.count(Severity.ERROR);
    run.detail("errors", Long.toString(errors));
    run.detail("warnings", Long.toString(report.count(Severity.WARNING)));
    List<Finding> worst = report.findings().stream()
        .filter(f -> f.severity() == (errors > 0 ? Severity.ERROR : Severity.WARNING))
        .limit(MOST_SHOWN)
        .toList();
    worst.forEach(f -> run.note(name(run, f) + ": " + f.message()));
    if (errors > 0) {
      throw new StepFailedException(errors + " errors, the first in " + name(run, worst.get(0))
          + ": " + worst.get(0).message() + ".");
    }
    return "No error, " + report.count(Severity.WARNING) + " warnings.";
  }

  private static String name(StepRun run, Finding finding) {
    if (finding.path().equals(run.data())) {
      return "the data directory";
    }
    return finding.path().startsWith(run.data())
        ? run.data().relativize(finding.path()).toString()
        : finding.path().toString();
  }
}
