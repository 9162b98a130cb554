package com.personalaichatbot.dr.core.recovery.objective;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The state of a promise now, with its figures. Immutable.
 *
 * @param measured empty where there is nothing to measure yet
 * @param predicted for a recovery time, what today's amount of data would take at the throughput
 *     measured; empty otherwise
 * @param reason one sentence, for people
 */
public record ObjectiveResult(
    Objective objective,
    ObjectiveState state,
    Optional<Duration> measured,
    Optional<Duration> predicted,
    String reason) {
  /** Refuses nulls. */
  public ObjectiveResult {
    Objects.requireNonNull(objective, "objective");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(measured, "measured");
    Objects.requireNonNull(predicted, "predicted");
    Objects.requireNonNull(reason, "reason");
  }
}
