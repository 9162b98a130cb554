package com.personalaichatbot.dr.core.operation;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The snapshots that were removed from the list and whose data waits for the end of its grace.
 * Until then each can be restored by its id and taken back. Immutable.
 *
 * @param snapshots how many
 * @param notBegun how many of them have a grace that has not begun, for no clock could be believed
 *     since they were removed
 * @param bytes how much a prune without grace would free in addition
 * @param nextEnd when the first grace ends; empty if none has begun
 */
public record WaitingRemovals(int snapshots, int notBegun, long bytes, Optional<Instant> nextEnd) {
  /** Nothing waits. */
  public static final WaitingRemovals NONE = new WaitingRemovals(0, 0, 0, Optional.empty());

  /** Refuses null. */
  public WaitingRemovals {
    Objects.requireNonNull(nextEnd, "nextEnd");
  }
}
