package com.personalaichatbot.dr.core.operation;

import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The result of a prune.
 *
 * @param removed snapshots that left the list
 * @param swept snapshots whose data is gone
 * @param waiting removed snapshots whose data waits for the end of its grace
 * @param packsDeleted packs that are gone
 * @param packsWritten packs that took over what was still needed of others
 * @param bytesFreed bytes that the repository takes less
 * @param head fingerprint of the repository's history
 * @param duration how long it took
 */
public record PruneReport(
    List<SnapshotId> removed,
    List<SnapshotId> swept,
    WaitingRemovals waiting,
    int packsDeleted,
    int packsWritten,
    long bytesFreed,
    String head,
    Duration duration) {

  /** Refuses nulls and keeps a copy. */
  public PruneReport {
    removed = List.copyOf(removed);
    swept = List.copyOf(swept);
    Objects.requireNonNull(waiting, "waiting");
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(duration, "duration");
  }
}
