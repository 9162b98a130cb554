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

  /** Returns the failure that an operation ends with: it names the ways out. */
  public CorruptRepositoryException toException() {
    String ids = snapshots.stream().map(SnapshotId::toString).collect(Collectors.joining(" "));
    return new CorruptRepositoryException(
        object,
        problem + ". Nobody knows what the data below it is, so nothing was deleted. Needed by"
            + " snapshot " + ids + ", which holds back " + bytes + " bytes",
        "heal it with 'dr heal' from a copy, or run a backup that stores it again after 'dr"
            + " verify', or give these snapshots up with 'dr forget --now " + ids + "'");
  }

  /** The failure in words. */
  @Override
  public String toString() {
    CorruptRepositoryException failure = toException();
    return failure.getMessage() + "; " + failure.action();
  }
}
