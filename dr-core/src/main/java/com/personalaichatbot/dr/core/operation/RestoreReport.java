package com.personalaichatbot.dr.core.operation;

import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The result of a restore, or of the undo of one.
 *
 * @param snapshots by component, the snapshot that it was taken from
 * @param status COMPLETE, or INCOMPLETE if there are failures
 * @param files what was done, in numbers
 * @param failures what could not be restored, or could not be removed; everything else was
 * @param notes what else is worth knowing: what was moved aside, what could not be set
 * @param bytesToWrite bytes of the files that were to be written
 * @param bytesWritten bytes of the files that were written
 * @param freeSpace bytes that are free now where they were written; empty if that is not known
 * @param verified whether every file that was written was read back and found right
 * @param damaged whether stored data was missing or wrong; the failures name the files it hits
 * @param safety the snapshot of what was replaced, taken before; empty if none exists
 * @param duration how long it took
 */
public record RestoreReport(
    Map<String, SnapshotId> snapshots,
    Status status,
    RestoreCounts files,
    List<PathProblem> failures,
    List<String> notes,
    long bytesToWrite,
    long bytesWritten,
    OptionalLong freeSpace,
    boolean verified,
    boolean damaged,
    Optional<SnapshotId> safety,
    Duration duration) {

  /** The outcome of a restore. */
  public enum Status {
    /** All that was asked for is restored. */
    COMPLETE,
    /** What could not be restored is listed; everything else is restored. */
    INCOMPLETE
  }

  /** Refuses nulls and keeps copies. */
  public RestoreReport {
    snapshots = Map.copyOf(snapshots);
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(files, "files");
    failures = List.copyOf(failures);
    notes = List.copyOf(notes);
    Objects.requireNonNull(freeSpace, "freeSpace");
    Objects.requireNonNull(safety, "safety");
    Objects.requireNonNull(duration, "duration");
  }
}
