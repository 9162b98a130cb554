package com.personalaichatbot.dr.core.internal.engine.restore.plan;

import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.FileMetadata;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.JournalKeys;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreArea;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreFindings;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreRegister;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreSet;
import com.personalaichatbot.dr.core.internal.read.SnapshotChoice;
import com.personalaichatbot.dr.core.internal.read.SnapshotSource;
import com.personalaichatbot.dr.core.internal.scan.Nesting;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.internal.session.ProgressMeter;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds out what a restore would do, and changes nothing. */
public final class RestorePlanner {
  private final Session session;

  /** Plans restores from this repository. */
  public RestorePlanner(Session session) {
    this.session = session;
  }

  /** The snapshot of each component that a restore would take. */
  public Map<String, SnapshotId> resolve(RestoreRequest request) throws IOException {
    History history = request.selector().id().isPresent()
        ? session.state().read(session.catalog())
        : session.state().readUnchanged(session.catalog());
    return new SnapshotChoice(session, history).resolve(request, note -> {});
  }

  /** The walk's decisions are counted by the walk itself. */
  private record NothingDone(boolean isBeforeQuiesce) implements RestoreDecisions {
    @Override
    public StagedTree makeDirectory(RestoreItem directory) {
      return null;
    }

    @Override
    public void setMetadata(RestoreItem item) {}

    @Override
    public void putFiles(List<RestoreItem> files, List<Linked> linked) {}

    @Override
    public void putLink(RestoreItem link) {}

    @Override
    public void remove(ScannedEntry extra) {}

    @Override
    public void removeDirectory(ScannedEntry extra) {}
  }

  /**
   * Plans a restore.
   *
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if no snapshot fits
   * @throws com.personalaichatbot.dr.core.operation.HeadChangedException if the history was rolled
   *     back or forked and no snapshot is named
   * @throws CorruptRepositoryException if what would have to be chosen is damaged
   * @throws RestoreRefusedException if the target is not fit, nothing matches, or what a SHRUNK
   *     component lacks would be deleted
   */
  public RestorePlan plan(RestoreRequest request) throws IOException {
    RestoreFindings findings = new RestoreFindings();
    ProgressMeter progress = new ProgressMeter(Progress.Phase.PLANNING, -1, session.progress());
    List<RestorePlan.Part> parts = new ArrayList<>();
    List<RestoreTarget> targets = new ArrayList<>();
    long freeSpace = Long.MAX_VALUE;
    boolean matched = false;
    try (SnapshotSource source = SnapshotSource.open(session, request, findings::note)) {
      Map<String, SnapshotId> chosen = source.choice().resolve(request, findings::note);
      for (Map.Entry<String, SnapshotId> one : chosen.entrySet()) {
        source.choice().refuseToMirrorShrunk(request, one.getKey(), one.getValue());
        source.choice().noteUnwhole(one.getKey(), one.getValue(), findings::note);
        RestoreTarget target =
            RestoreTarget.of(session, source, request, one.getKey(), one.getValue());
        target.check(request, session);
        if (request.isInPlace()) {
          noteOverlap(target, targets, findings);
        }
        targets.add(target);
        long before = findings.bytesToWrite.get();
        try (SourceScan scan = target.scan(session, source, request, List.of(), findings)) {
          RestoreWalk walk = new RestoreWalk(
              session,
              source.readers(),
              request,
              NameFolding.NONE,
              new FileMetadata(target.path().getFileSystem(), findings),
              findings,
              new NothingDone(request.isInPlace()),
              progress);
          matched |= walk.run(target.root(), scan, RestoreTarget.there(scan));
        }
        parts.add(new RestorePlan.Part(
            one.getKey(), one.getValue(), target.path(), findings.bytesToWrite.get() - before));
        freeSpace = Math.min(freeSpace, target.freeSpace());
      }
    }
    requireMatch(matched, request);
    if (request.isInPlace()) {
      noteEndedUndos(targets, findings);
    }
    return new RestorePlan(
        request,
        parts,
        findings.counts(),
        findings.failures(),
        findings.notes(),
        findings.bytesToWrite.get(),
        RestoreTarget.told(freeSpace));
  }

  /**
   * Notes where one component of a restore lies in another. They are exchanged one after the other,
   * and their undo goes the other way.
   *
   * @param others that are restored before it
   */
  public static void noteOverlap(
      RestoreTarget target, List<RestoreTarget> others, RestoreFindings findings)
      throws IOException {
    for (RestoreTarget other : others) {
      if (Nesting.contains(target.path(), other.path())
          || Nesting.contains(other.path(), target.path())) {
        findings.note("of the components " + other.component() + " and " + target.component()
            + " one lies in the other: a file that both hold is restored twice, and ends as "
            + target.component() + " has it. The undo puts back what was there before both");
      }
    }
  }

  /** Notes what can no longer be undone when this restore is complete. */
  private void noteEndedUndos(List<RestoreTarget> targets, RestoreFindings findings)
      throws IOException {
    List<Path> places = new ArrayList<>();
    for (RestoreTarget target : targets) {
      places.add(RestoreArea.in(target.home(), target.component()));
    }
    for (RestoreRegister.Entry before : new JournalKeys(session).register().undoable()) {
      if (before.places().stream().anyMatch(places::contains)) {
        findings.note("when this restore has changed anything, "
            + RestoreSet.endedUndo(before.places(), places));
      }
    }
  }

  public static void requireMatch(boolean matched, RestoreRequest request) throws IOException {
    if (!matched) {
      throw new RestoreRefusedException(
          "include " + String.join(", ", request.includes()),
          "nothing in the snapshot matches",
          "list what the snapshot holds: dr ls " + request.selector());
    }
  }
}
