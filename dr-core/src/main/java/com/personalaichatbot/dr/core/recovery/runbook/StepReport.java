package com.personalaichatbot.dr.core.recovery.runbook;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of a step. Immutable.
 *
 * @param id its stable name within the runbook
 * @param title what it does, for people
 * @param owner the role that answers for it
 * @param started when it was begun; empty if it was not
 * @param duration how long it took, over all attempts; zero if it was not begun
 * @param usual how long it took before, at the median; empty without a history
 * @param message how it came out, or why it did not; never a secret
 * @param details figures and facts by name, for reports; never a secret
 * @param notes one line each for what a person should look at
 */
public record StepReport(
    String id,
    String title,
    StepKind kind,
    Impact impact,
    String owner,
    StepStatus status,
    Optional<Instant> started,
    Duration duration,
    Optional<Duration> usual,
    String message,
    Map<String, String> details,
    List<String> notes) {

  /** Refuses nulls and keeps copies. */
  public StepReport {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(impact, "impact");
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(started, "started");
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(usual, "usual");
    Objects.requireNonNull(message, "message");
    details = Map.copyOf(details);
    notes = List.copyOf(notes);
  }
}
