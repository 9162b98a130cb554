package com.personalaichatbot.dr.core.operation;

import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.util.List;
import java.util.Objects;

/**
 * Something in the repository that is missing, cannot be read or is not what was written.
 *
 * @param object the file of the repository
 * @param kind what is wrong with it
 * @param detail what was found
 * @param snapshots the snapshots that it hits, newest first; empty if none
 * @param paths the paths in them that it hits, at most a thousand, sorted
 */
public record Damage(
    String object, Kind kind, String detail, List<SnapshotId> snapshots, List<String> paths) {

  /** The kind of a damage. */
  public enum Kind {
    /** The file is not there. */
    MISSING,
    /** Its bytes are not those that were written. */
    CORRUPT,
    /**
     * The storage lists it and fails to read it, as on a bad sector. It may come back: nothing of
     * it is recorded in the repository.
     */
    UNREADABLE,
    /** It is a repository's file under a name that is not its own. */
    MISPLACED
  }

  /** Refuses nulls and keeps copies. */
  public Damage {
    Objects.requireNonNull(object, "object");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(detail, "detail");
    snapshots = List.copyOf(snapshots);
    paths = List.copyOf(paths);
  }
}
