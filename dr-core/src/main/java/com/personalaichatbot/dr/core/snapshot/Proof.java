package com.personalaichatbot.dr.core.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The record of one attempt to find out whether stored data can be relied on.
 *
 * @param kind what was done
 * @param time when it ended, by the clock of the machine that did it
 * @param coverage the share of the stored data that was looked at, 0 to 1
 * @param failed the snapshots that were found wanting; empty if all was well
 */
public record Proof(Kind kind, Instant time, double coverage, List<SnapshotId> failed) {

  /** The ways to find out. */
  public enum Kind {
    /** Stored bytes were read back. */
    VERIFY,
    /** A snapshot was restored elsewhere and validated. */
    DRILL
  }

  /** Refuses nulls and keeps a copy. */
  public Proof {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(time, "time");
    failed = List.copyOf(failed);
  }

  /** Whether nothing was found wanting. */
  public boolean passed() {
    return failed.isEmpty();
  }
}
