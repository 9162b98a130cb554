package com.personalaichatbot.dr.core.operation;

import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Damage that keeps a prune from deleting anything: a directory or a content map of a snapshot that
 * stays cannot be read, so that nobody knows which data that snapshot needs. Immutable.
 *
 * @param snapshots the snapshots that the damage belongs to, at least one
 * @param bytes how much the prune would free if they were gone
 * @param object the first damaged object
 * @param problem why the object cannot be read
 */
public record Blockage(List<SnapshotId> snapshots, long bytes, String object, String problem) {
  /** Refuses nulls and keeps a copy. */
  public Blockage {
    snapshots = List.copyOf(snapshots);
    Objects.requireNonNull(object, "object");
    Objects.requireNonNull(problem, "problem");
  }

  /** Returns the failure of a prune that removed no snapshot from the list. */
  public CorruptRepositoryException toException() {
    return toException(List.of());
  }

  /**
   * Returns the failure that a prune ends with: it names the ways out.
   *
   * @param removed snapshots that this prune took out of the list before it ended
   */
  public CorruptRepositoryException toException(List<SnapshotId> removed) {
    String it = snapshots.size() == 1 ? "snapshot " : "snapshots ";
    return new CorruptRepositoryException(
        object,
        problem + ". What lies below it is not known, and " + it + ids(snapshots)
            + " may need any of the data. "
            + (removed.isEmpty() ? "" : "Removed from the list: " + ids(removed) + ". ")
            + "No data was deleted; " + bytes + " bytes wait",
        (removed.isEmpty() ? "" : "take a removal back with dr unforget ID. ")
            + "Heal the repository from a copy: dr heal COPY. Without a copy: dr verify, then dr"
            + " backup, which stores again what the source still has. If neither helps, give up "
            + (snapshots.size() == 1 ? "the snapshot " : "the snapshots ")
            + "that the damage belongs to: dr forget --now "
            + ids(snapshots) + " - this deletes their data for good");
  }

  private static String ids(List<SnapshotId> snapshots) {
    return snapshots.stream().map(SnapshotId::toString).collect(Collectors.joining(" "));
  }

  /** The failure in words. */
  @Override
  public String toString() {
    CorruptRepositoryException failure = toException();
    return failure.getMessage() + "; " + failure.action();
  }
}
