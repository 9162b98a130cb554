package com.personalaichatbot.dr.core.operation;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The lag of a repository's copy. Immutable.
 *
 * @param location the place of the copy as a person would name it
 * @param entriesBehind entries of the history that it lacks
 * @param snapshotsBehind how many of these are snapshots
 * @param since when the oldest snapshot that it lacks was begun; empty if it lacks none
 */
public record CopyState(
    String location, int entriesBehind, int snapshotsBehind, Optional<Instant> since) {
  /** Refuses nulls. */
  public CopyState {
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(since, "since");
  }
}
