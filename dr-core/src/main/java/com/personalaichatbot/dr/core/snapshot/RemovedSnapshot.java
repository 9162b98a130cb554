package com.personalaichatbot.dr.core.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A snapshot that was removed from the list and whose data is still there: it can be restored by
 * its id, and the removal can be taken back. Immutable.
 *
 * @param snapshot the snapshot as it was
 * @param removed when it was removed; empty while no clock could be believed, so that its grace has
 *     not begun
 * @param graceEnds from when on a prune deletes its data; empty as above
 * @param reasons why it was removed
 */
public record RemovedSnapshot(
    Snapshot snapshot,
    Optional<Instant> removed,
    Optional<Instant> graceEnds,
    List<String> reasons) {
  /** Refuses nulls and keeps a copy. */
  public RemovedSnapshot {
    Objects.requireNonNull(snapshot, "snapshot");
    Objects.requireNonNull(removed, "removed");
    Objects.requireNonNull(graceEnds, "graceEnds");
    reasons = List.copyOf(reasons);
  }
}
