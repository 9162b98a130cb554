package com.personalaichatbot.dr.core.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The decision which snapshots stay and which go, with the reasons. Every snapshot that was asked
 * about is in exactly one of the two lists.
 *
 * @param now the time that it was decided for
 * @param kept those that stay, oldest first
 * @param removed those that go, oldest first
 * @param clockDoubt why the clock was not believed, for people; empty if it was. A run under a
 *     doubtful clock must not be given to {@link RetentionClock#withLastRun} later, for that would
 *     make the wrong time the measure of the right one
 */
public record RetentionDecision(
    Instant now, List<Verdict> kept, List<Verdict> removed, Optional<String> clockDoubt) {

  /** Refuses nulls and keeps copies. */
  public RetentionDecision {
    Objects.requireNonNull(now, "now");
    kept = List.copyOf(kept);
    removed = List.copyOf(removed);
    Objects.requireNonNull(clockDoubt, "clockDoubt");
  }

  /**
   * The decision on one snapshot.
   *
   * @param snapshot the snapshot
   * @param reasons everything that keeps it, or why it goes; never empty
   */
  public record Verdict(Snapshot snapshot, List<RetentionReason> reasons) {
    /** Refuses nulls and keeps a copy. */
    public Verdict {
      Objects.requireNonNull(snapshot, "snapshot");
      reasons = List.copyOf(reasons);
    }

    /** Whether this is one of the reasons. */
    public boolean has(RetentionReason.Code code) {
      return reasons.stream().anyMatch(reason -> reason.code() == code);
    }
  }

  /**
   * How far back the rules reach: the age of the oldest snapshot that a rule keeps, zero if none
   * does. What is held, or stays for safety, is not counted.
   */
  public Duration effectiveWindow() {
    return kept.stream()
        .filter(verdict -> verdict.reasons.stream().anyMatch(r -> r.code().isRule()))
        .map(verdict -> Duration.between(verdict.snapshot.started(), now))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
