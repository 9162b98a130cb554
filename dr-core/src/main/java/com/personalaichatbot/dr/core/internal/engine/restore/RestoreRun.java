package com.personalaichatbot.dr.core.internal.engine.restore;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.Quiesce;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.Exchange;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.FileMetadata;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.JournalKeys;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreArea;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreFindings;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreMember;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreRecovery;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreRegister;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreSet;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.NameFolding;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.RestorePlanner;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.RestorePreflight;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.RestoreTarget;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.RestoreWalk;
import com.personalaichatbot.dr.core.internal.engine.restore.stage.RestoreStage;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.journal.Journal;
import com.personalaichatbot.dr.core.internal.journal.JournalHeader;
import com.personalaichatbot.dr.core.internal.journal.JournalState;
import com.personalaichatbot.dr.core.internal.read.SnapshotSource;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.session.ProgressMeter;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.operation.RepositoryException;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries a restore out: bring the application to rest, stage and check new content beside the old,
 * take a snapshot of the old, exchange, read back.
 *
 * <p>Until everything is staged, for all components, nothing that lives is touched, and a failure
 * leaves nothing behind. From the first exchange on a restore in place is always finished, if need
 * be by {@link RestoreRecovery} at the next start. A restore to a directory takes the same way,
 * without forcing each file to the disk and without an undo.
 */
public final class RestoreRun {
  private final Session session;
  private final RestorePlan plan;
  private final Map<String, Component> live = new HashMap<>();
  private final SafetySnapshot safetySnapshot;
  private final RestoreFindings findings = new RestoreFindings();
  private final JournalKeys keys;
  private final RestoreRecovery recovery;
  private RestoreRegister.Entry entry;
  private RestoreSet set;
  private boolean opened;

  /** Takes a snapshot of what is about to be replaced. */
  @FunctionalInterface
  public interface SafetySnapshot {
    /**
     * Takes it, with purpose QUARANTINE and without quiescing the components, which are at rest.
     *
     * @return what it holds and lacks
     */
    BackupReport take(List<Component> components) throws IOException;
  }

  /**
   * Prepares a restore.
   *
   * @param live components of the running application, whose hooks are called around the restore;
   *     those that the plan does not name are left alone
   * @param safetySnapshot called before a restore in place changes anything
   */
  public RestoreRun(
      Session session, RestorePlan plan, List<Component> live, SafetySnapshot safetySnapshot) {
    this.session = session;
    this.plan = plan;
    this.safetySnapshot = safetySnapshot;
    this.keys = new JournalKeys(session);
    this.recovery = new RestoreRecovery(keys);
    live.forEach(component -> this.live.put(component.name(), component));
  }

  /** One component on its way. */
  private static final class Part implements Closeable {
    private final RestoreTarget target;
    private final RestoreArea place;
    private final boolean madeHome;
    private RestoreArea.Run run;
    private Journal journal;
    private boolean hasChanges;

    Part(RestoreTarget target, RestoreArea place, boolean madeHome) {
      this.target = target;
      this.place = place;
      this.madeHome = madeHome;
    }

    RestoreMember member() {
      return new RestoreMember(place, run, journal);
    }

    /** Takes everything back; nothing that lives was touched. */
    void discard() throws IOException {
      if (removeFiles()) {
        removeHome();
      }
    }

    void removeHome() throws IOException {
      if (madeHome) {
        RestoreArea.removeHome(target.home()); // Unless another component will be there.
      }
    }

    /** Removes the files of this restore, and says whether the place went with them. */
    boolean removeFiles() throws IOException {
      if (journal != null) {
        journal.close();
      }
      if (run != null) {
        RestoreArea.remove(run);
      } else {
        RestoreRecovery.removeUnbegun(place);
      }
      return place.removeIfEmpty();
    }

    boolean isStaging() {
      return journal == null || journal.state() == JournalState.STAGING;
    }

    @Override
    public void close() throws IOException {
      try (place) {
        if (journal != null) {
          journal.close();
        }
      }
    }
  }

  /**
   * Runs it; the caller holds the courtesy lock.
   *
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if a snapshot of the
   *     plan is gone
   * @throws RestoreRefusedException if the target is not fit, too small, or not to be written
   * @throws com.personalaichatbot.dr.core.operation.RepositoryLockedException if another restore is
   *     under way there, or a file is in use
   * @throws IOException if reading or writing fails; unless the exchange had begun, nothing was
   *     changed
   */
  public RestoreReport run() throws IOException {
    Instant started = session.clock().instant();
    List<Part> parts = new ArrayList<>();
    List<Component> quiesced = new ArrayList<>();
    Optional<SnapshotId> safety = Optional.empty();
    try (SnapshotSource source = SnapshotSource.open(session, plan.request(), findings::note)) {
      List<RestoreTarget> targets = new ArrayList<>();
      for (RestorePlan.Part part : plan.parts()) {
        source.choice().noteUnwhole(part.component(), part.snapshot(), findings::note);
        RestoreTarget target =
            RestoreTarget.of(session, source, plan.request(), part.component(), part.snapshot());
        target.check(plan.request(), session);
        if (plan.request().isInPlace()) {
          RestorePlanner.noteOverlap(target, targets, findings);
        }
        targets.add(target);
      }
      checkSpace(targets);
      openAll(targets, parts);
      quiesce(quiesced);
      stage(source, parts);
      parts.removeIf(this::dropIfUnchanged);
      if (plan.request().isInPlace() && !parts.isEmpty()) {
        for (Part part : parts) {
          RestorePreflight.check(part.target.home(), part.run, part.journal, findings);
        }
        safety = takeSafetySnapshot(parts);
      }
      if (plan.request().isInPlace()) {
        exchangeAsOne(parts);
      } else {
        for (Part part : parts) {
          Exchange exchange = new Exchange(part.target.home(), part.run, part.journal, findings);
          exchange.swap();
          exchange.uncountFailed();
          part.removeFiles();
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      discard(parts, e);
      throw e;
    } finally {
      resume(quiesced, findings);
      for (Part part : parts) {
        part.close();
      }
    }
    recovery.sweepEnded(findings);
    return report(started, safety);
  }

  private void checkSpace(List<RestoreTarget> targets) throws IOException {
    Map<String, Long> needed = new HashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      RestoreTarget target = targets.get(i);
      long sum = needed.merge(target.volume(), plan.parts().get(i).bytesToWrite(), Long::sum);
      long free = target.freeSpace();
      if (sum > free) {
        throw new RestoreRefusedException(
            target.path().toString(),
            sum + " bytes are to be written there, and " + free + " are free",
            "make room, or restore less; nothing was changed");
      }
    }
  }

  private void openAll(List<RestoreTarget> targets, List<Part> parts) throws IOException {
    List<Path> homes = new ArrayList<>();
    List<Path> places = new ArrayList<>();
    for (RestoreTarget target : targets) {
      homes.add(target.path());
      places.add(RestoreArea.in(target.home(), target.component()));
    }
    for (Path place : places) {
      recovery.lookAt(place);
    }
    recovery.finishAll(homes, true);
    if (plan.request().isInPlace()) {
      RestoreRegister register = keys.register();
      RestoreRegister.Entry begun = new RestoreRegister.Entry(
          session.seals().newBytes16(),
          session.seals().repositoryId(),
          register.nextNumber(),
          JournalKeys.newKey(session.seals()),
          RestoreRegister.Phase.STAGING,
          places);
      register.write(begun);
      entry = begun;
    }
    for (RestoreTarget target : targets) {
      parts.add(open(target));
    }
    opened = true;
    // Until its places were held, another process could take this restore for one that died.
    if (entry != null && keys.register().find(entry.restore()).isEmpty()) {
      throw new RepositoryLockedException(
          plan.parts().get(0).target().toString(),
          "another process was cleaning up there",
          "run the restore again");
    }
  }

  private Part open(RestoreTarget target) throws IOException {
    boolean makesHome = !Files.exists(target.home());
    try (TargetDirectories directories = new TargetDirectories(target.home())) {
      directories.make(target.home());
    }
    RestoreArea place =
        RestoreArea.open(target.home(), target.component(), plan.request().isInPlace());
    try {
      recovery.lookAt(place);
      return new Part(target, place, makesHome);
    } catch (IOException | RuntimeException | Error e) {
      place.close();
      throw e;
    }
  }

  private void quiesce(List<Component> quiesced) throws IOException {
    if (!plan.request().isInPlace()) {
      return;
    }
    for (RestorePlan.Part part : plan.parts()) {
      Component component = live.get(part.component());
      if (component == null) {
        continue;
      }
      quiesce(component);
      quiesced.add(component);
    }
  }

  /** Brings the part of the application to rest that works on a component. */
  static void quiesce(Component component) throws RestoreRefusedException {
    try {
      component.quiesce().quiesce();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notAtRest(component, e);
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
      throw notAtRest(component, e);
    }
  }

  private static RestoreRefusedException notAtRest(Component component, Throwable cause) {
    return new RestoreRefusedException(
        "component " + component.name(),
        "the application could not be brought to rest: " + cause.getMessage(),
        "stop the application, or find out why; nothing was changed",
        cause);
  }

  /** Lets them go on. */
  static void resume(List<Component> quiesced, RestoreFindings findings) {
    for (int i = quiesced.size() - 1; i >= 0; i--) {
      Quiesce hooks = quiesced.get(i).quiesce();
      try {
        hooks.resume();
      } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
        findings.note("component " + quiesced.get(i).name() + " did not resume: " + e.getMessage());
      }
    }
  }

  private void stage(SnapshotSource source, List<Part> parts) throws IOException {
    Bytes16 restore = entry == null ? session.seals().newBytes16() : entry.restore();
    byte[] key = entry == null ? JournalKeys.newKey(session.seals()) : entry.key();
    ProgressMeter progress =
        new ProgressMeter(Progress.Phase.RESTORING, plan.bytesToWrite(), session.progress());
    ProgressMeter comparing = new ProgressMeter(Progress.Phase.PLANNING, -1, session.progress());
    boolean matched = false;
    for (Part part : parts) {
      RestoreTarget target = part.target;
      part.run = part.place.begin();
      part.journal = part.run.newJournal(
          new JournalHeader(
              session.seals().repositoryId(),
              restore,
              target.snapshot(),
              target.component(),
              target.top(),
              plan.request().isInPlace()),
          JournalKeys.forNewJournal(session.seals(), restore, key));
      FileMetadata metadata = FileMetadata.probe(part.run.stageDirectory(), findings);
      List<String> excludes = live.containsKey(target.component())
          ? live.get(target.component()).excludes()
          : List.of();
      try (SourceScan scan = target.scan(session, source, plan.request(), excludes, findings);
          RestoreStage stage = new RestoreStage(
              session, source.readers(), part.run, part.journal, metadata, findings, progress)) {
        ScannedEntry there = part.madeHome ? null : RestoreTarget.there(scan);
        RestoreWalk walk = new RestoreWalk(
            session,
            source.readers(),
            plan.request(),
            NameFolding.probe(part.run.stageDirectory()),
            metadata,
            findings,
            stage,
            comparing);
        matched |= walk.run(target.root(), scan, there);
        part.hasChanges = stage.finish();
      }
    }
    RestorePlanner.requireMatch(matched, plan.request());
  }

  /** What is right already keeps the undo of the restore before, if there is one. */
  private boolean dropIfUnchanged(Part part) {
    if (part.hasChanges) {
      return false;
    }
    try (part) {
      part.discard();
    } catch (IOException e) {
      findings.note("what was staged for "
          + part.target.component()
          + " stays until the next restore there: "
          + e.getMessage());
    }
    return true;
  }

  private Optional<SnapshotId> takeSafetySnapshot(List<Part> parts) {
    List<Component> components = new ArrayList<>();
    for (Part part : parts) {
      if (!part.madeHome) {
        Component known = live.get(part.target.component());
        components.add(
            known != null
                ? known
                : Component.at(part.target.component(), Kind.CUSTOM, part.target.path()));
      }
    }
    if (components.isEmpty()) {
      return Optional.empty();
    }
    try {
      BackupReport taken = safetySnapshot.take(components);
      Optional<SnapshotId> safety = taken.snapshot().map(Snapshot::id);
      if (!taken.failures().isEmpty()) {
        noteMissing(safety, taken.failures());
      } else if (safety.isEmpty()) {
        findings.note("there was nothing to take a safety snapshot of");
      }
      return safety;
    } catch (IOException | RuntimeException e) {
      findings.note("there is no safety snapshot of what was replaced (" + e.getMessage()
          + "); the undo does not need it");
      return Optional.empty();
    }
  }

  private void noteMissing(Optional<SnapshotId> safety, List<PathProblem> missing) {
    List<String> files =
        missing.stream().map(f -> f.path() + " (" + f.reason() + ")").toList();
    findings.note(safety
            .map(id -> "the safety snapshot " + id + " is INCOMPLETE: it does not hold, or not as"
                + " they were at one moment, ")
            .orElse("there is no safety snapshot of what was replaced: it could not be read: ")
        + RestoreFindings.named(files)
        + ". The undo does not need it: it puts back all that was replaced, until it is given up"
        + " or another restore ends it");
  }

  private void exchangeAsOne(List<Part> parts) throws IOException {
    if (parts.isEmpty()) {
      keys.register().forget(entry);
      return;
    }
    entry = entry.at(parts.stream().map(part -> part.place.directory()).toList());
    set = RestoreSet.of(keys.register(), entry, parts.stream().map(Part::member).toList());
    set.decide(findings);
    List<Exchange> exchanges = new ArrayList<>();
    for (RestoreMember member : set.members()) {
      Exchange exchange = member.exchange(findings);
      exchange.swap();
      exchanges.add(exchange);
    }
    for (Exchange exchange : exchanges) {
      exchange.verify(session.workers());
      exchange.uncountFailed();
    }
    set.complete(findings);
  }

  /** Before a set is decided nothing of it was changed; after that, all of it is finished. */
  private void discard(List<Part> parts, Throwable failure) {
    try {
      if (set != null && set.mayBeTakenBack()) {
        set.takeBack(findings);
        for (Part part : parts) {
          part.removeHome();
        }
      } else if (set == null) {
        for (Part part : parts) {
          if (part.isStaging()) {
            part.discard();
          }
        }
        if (entry != null && (opened || failure instanceof RepositoryException)) {
          keys.register().forget(entry);
        } // Else a place may be half made, and the next verb removes it.
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private RestoreReport report(Instant started, Optional<SnapshotId> safety) throws IOException {
    Map<String, SnapshotId> snapshots = new HashMap<>();
    plan.parts().forEach(part -> snapshots.put(part.component(), part.snapshot()));
    long freeSpace = Long.MAX_VALUE;
    for (RestorePlan.Part part : plan.parts()) {
      freeSpace = Math.min(freeSpace, RestoreTarget.freeSpace(part.target()));
    }
    return new RestoreReport(
        snapshots,
        findings.status(),
        findings.counts(),
        findings.failures(),
        findings.notes(),
        findings.bytesToWrite.get(),
        findings.bytesWritten.get(),
        RestoreTarget.told(freeSpace),
        findings.isVerified(),
        findings.isDamaged(),
        safety,
        Duration.between(started, session.clock().instant()));
  }
}
