package com.personalaichatbot.dr.core.snapshot;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A pin that keeps a snapshot from being removed.
 *
 * @param until when it ends; empty if never
 */
public record Hold(Optional<Instant> until) {
  /** Refuses null. */
  public Hold {
    Objects.requireNonNull(until, "until");
  }
}
