package com.personalaichatbot.dr.core.internal.engine.prune;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.MarkRecord;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.util.List;

/** Records what a person says about a snapshot, or what a drill found out about it. */
public final class MarkRun {
  private static final int NOT_MEASURED = 0;
  private static final int WHOLE = 1000;

  private final Session session;

  /** Marks snapshots of this session's repository. */
  public MarkRun(Session session) {
    this.session = session;
  }

  /** Records how a drill with a snapshot ended. */
  public void drill(SnapshotId id, boolean passed) throws IOException {
    int change = passed ? MarkRecord.PROVEN : MarkRecord.UNVERIFIED;
    add(MarkRecord.BY_DRILL, WHOLE, id, List.of(mark(id, change, 0)));
  }

  /**
   * Marks one snapshot, because a person says so.
   *
   * @param change a constant of {@link MarkRecord}
   * @param until for HOLD, seconds since 1970 when it ends, 0 for never; else 0
   */
  public void run(SnapshotId id, int change, long until) throws IOException {
    add(MarkRecord.BY_PERSON, NOT_MEASURED, id, List.of(mark(id, change, until)));
  }

  /** Puts a removed snapshot back in the list, and pins it, or the next prune removes it again. */
  public void unremove(SnapshotId id) throws IOException {
    add(
        MarkRecord.BY_PERSON,
        NOT_MEASURED,
        id,
        List.of(mark(id, MarkRecord.UNREMOVED, 0), mark(id, MarkRecord.HOLD, 0)));
  }

  private static MarkRecord.SnapshotMark mark(SnapshotId id, int change, long until) {
    return new MarkRecord.SnapshotMark(Snapshots.id(id), change, until);
  }

  private void add(int method, int coverage, SnapshotId id, List<MarkRecord.SnapshotMark> marks)
      throws IOException {
    session.requireWritable();
    History history = session.state().readUnchanged(session.catalog());
    requireMarkable(history, id, marks.get(0).change());
    MarkRecord record = new MarkRecord(
        session.clock().instant(), method, coverage, marks, List.of(), List.of(), Extension.NONE);
    Catalog.Committed committed = session
        .catalog()
        .commit(
            history,
            history.headPosition(), // A prune in between may have removed the snapshot for good.
            session.seals().newBytes16(),
            record.encode(),
            new byte[0]);
    session.state().rememberCommit(history, committed, session.catalog());
  }

  private static void requireMarkable(History history, SnapshotId id, int change)
      throws SnapshotNotFoundException {
    boolean isThere =
        history.allSnapshots().stream().anyMatch(e -> e.id().equals(Snapshots.id(id)));
    if (!isThere) {
      throw new SnapshotNotFoundException(
          id.toString(),
          "there is no such snapshot",
          "list the snapshots with dr snapshots, with dr snapshots --removed those that can be"
              + " taken back");
    }
    boolean isRemoved = history
        .standings()
        .getOrDefault(Snapshots.id(id), History.SnapshotMarks.NEW)
        .isRemoved();
    if (isRemoved && change == MarkRecord.HOLD) {
      throw new SnapshotNotFoundException(
          id.toString(),
          "it was removed from the list of snapshots",
          "take the removal back with 'dr unforget " + id + "', which holds the snapshot");
    }
    if (!isRemoved && change == MarkRecord.UNREMOVED) {
      throw new SnapshotNotFoundException(
          id.toString(), "it was not removed", "nothing is to be done; it is in the list");
    }
  }
}
