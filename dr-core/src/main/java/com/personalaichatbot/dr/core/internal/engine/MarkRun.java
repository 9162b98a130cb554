package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.MarkRecord;
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
    add(MarkRecord.BY_DRILL, WHOLE, id, change, 0);
  }

  /**
   * Marks one snapshot, because a person says so.
   *
   * @param change a constant of {@link MarkRecord}
   * @param until for HOLD, seconds since 1970 when it ends, 0 for never; else 0
   */
  public void run(SnapshotId id, int change, long until) throws IOException {
    add(MarkRecord.BY_PERSON, NOT_MEASURED, id, change, until);
  }

  private void add(int method, int coverage, SnapshotId id, int change, long until)
      throws IOException {
    session.requireWritable();
    History history = session.state().readUnchanged(session.catalog());
    if (history.snapshots().stream().noneMatch(e -> e.id().equals(Snapshots.id(id)))) {
      throw new SnapshotNotFoundException(
          id.toString(), "there is no such snapshot", "list the snapshots to see their ids");
    }
    MarkRecord record = new MarkRecord(
        session.clock().instant(),
        method,
        coverage,
        List.of(new MarkRecord.SnapshotMark(Snapshots.id(id), change, until)),
        List.of(),
        List.of(),
        Extension.NONE);
    session
        .catalog()
        .commit(
            history, Long.MAX_VALUE, session.seals().newBytes16(), record.encode(), new byte[0]);
    session.state().remember(session.catalog().read());
  }
}
