package com.personalaichatbot.dr.core.recovery.runbook;

import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The facts known when a run begins. Immutable; the {@code with} methods return a changed copy.
 *
 * @param detected when the fault was first seen; empty for the beginning of the run
 * @param snapshot which snapshot to restore; empty for the latest good one
 * @param compromisedSince for a breach, since when somebody was in the system; only snapshots from
 *     before are restored
 * @param secrets for a breach, the renewed {@code .env}, outside of the data directory
 * @param newerFiles for a breach, whether conversations that are newer than the snapshot, validate
 *     and show nothing suspicious are taken without a question
 */
public record RunOptions(
    Optional<Instant> detected,
    Optional<SnapshotId> snapshot,
    Optional<Instant> compromisedSince,
    Optional<Path> secrets,
    boolean newerFiles) {

  private static final RunOptions NONE =
      new RunOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

  /** Refuses nulls. */
  public RunOptions {
    Objects.requireNonNull(detected, "detected");
    Objects.requireNonNull(snapshot, "snapshot");
    Objects.requireNonNull(compromisedSince, "compromisedSince");
    Objects.requireNonNull(secrets, "secrets");
  }

  /** Nothing is known. */
  public static RunOptions none() {
    return NONE;
  }

  /** The same, with when the fault was first seen. */
  public RunOptions withDetected(Instant instant) {
    return new RunOptions(Optional.of(instant), snapshot, compromisedSince, secrets, newerFiles);
  }

  /** The same, with the snapshot to restore. */
  public RunOptions withSnapshot(SnapshotId id) {
    return new RunOptions(detected, Optional.of(id), compromisedSince, secrets, newerFiles);
  }

  /** The same, with when somebody came in. */
  public RunOptions withCompromisedSince(Instant instant) {
    return new RunOptions(detected, snapshot, Optional.of(instant), secrets, newerFiles);
  }

  /** The same, with the renewed secrets. */
  public RunOptions withSecrets(Path file) {
    return new RunOptions(detected, snapshot, compromisedSince, Optional.of(file), newerFiles);
  }

  /** The same, taking newer conversations that seem to be in order. */
  public RunOptions withNewerFiles() {
    return new RunOptions(detected, snapshot, compromisedSince, secrets, true);
  }
}
