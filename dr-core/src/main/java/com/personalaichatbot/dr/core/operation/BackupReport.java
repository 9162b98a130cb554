package com.personalaichatbot.dr.core.operation;

import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of a backup. When a report is returned its snapshot is durable.
 *
 * @param snapshot the snapshot; empty exactly if the status is FAILED
 * @param status COMPLETE, INCOMPLETE, SHRUNK or FAILED
 * @param head fingerprint of the repository's history up to and with this snapshot
 * @param files counted against the snapshot before
 * @param failures what could not be read, or never at rest; empty if COMPLETE or SHRUNK
 * @param skipped what is no file, directory or link, or vanished before it was read
 * @param shrunk components that are empty or lost most of their data, by name; also those that the
 *     backup was told to accept
 * @param bytesRead bytes read from the source
 * @param bytesAdded bytes of files and trees that no snapshot before held, uncompressed
 * @param bytesStored bytes written to the repository
 * @param duration how long it took
 */
public record BackupReport(
    Optional<Snapshot> snapshot,
    BackupStatus status,
    String head,
    FileCounts files,
    List<PathProblem> failures,
    List<PathProblem> skipped,
    List<ShrunkComponent> shrunk,
    long bytesRead,
    long bytesAdded,
    long bytesStored,
    Duration duration) {

  /** Refuses nulls and keeps copies. */
  public BackupReport {
    Objects.requireNonNull(snapshot, "snapshot");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(files, "files");
    failures = List.copyOf(failures);
    skipped = List.copyOf(skipped);
    shrunk = List.copyOf(shrunk);
    Objects.requireNonNull(duration, "duration");
  }

  /** Returns the components that are SHRUNK: those of {@link #shrunk} that were not accepted. */
  public List<ShrunkComponent> unaccepted() {
    return shrunk.stream().filter(one -> !one.accepted()).toList();
  }
}
