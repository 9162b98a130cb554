package com.personalaichatbot.dr.core.operation;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * State of a repository's history, as this client sees it.
 *
 * @param standing how the history compares with what is known of it outside the repository
 * @param head the fingerprint of its newest entry, 64 hexadecimal digits
 * @param time the time that this entry records, if it records one
 * @param lag of a copy, by how many entries it is behind what this client has seen of its original;
 *     else 0. Being behind is no rollback
 */
public record HistoryState(Standing standing, String head, Optional<Instant> time, long lag) {
  /** Refuses nulls. */
  public HistoryState {
    Objects.requireNonNull(standing, "standing");
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(time, "time");
  }

  /** How a history compares with what is known of it outside the repository. */
  public enum Standing {
    /**
     * Nothing is known: when the repository was opened this client remembered nothing of it, and no
     * fingerprint was given. An older state of the repository would look the same.
     */
    UNANCHORED,
    /** It continues what is known. */
    CONTINUED,
    /** It ends before what this client has seen. */
    ROLLED_BACK,
    /** It is not the history that this client has seen. */
    FORKED
  }

  /** Whether something outside the repository says how far its history must reach. */
  public boolean isAnchored() {
    return standing != Standing.UNANCHORED;
  }

  /** Returns what a person should know of it before trusting a restore; empty if all is well. */
  public Optional<String> warning() {
    String behind = lag == 0
        ? ""
        : "LAG: this copy is " + lag
            + " entries behind what this client has seen of the original; bring it up to date with"
            + " dr copy";
    return switch (standing) {
      case CONTINUED -> Optional.of(behind).filter(text -> !text.isEmpty());
      case UNANCHORED ->
        Optional.of("UNANCHORED: this client sees the repository for the first time and cannot tell"
            + " an older state of it; compare its head " + head
            + time.map(at -> " of " + at).orElse("")
            + " with the last report, or give that as the head to expect"
            + (behind.isEmpty() ? "" : "; " + behind));
      case ROLLED_BACK, FORKED ->
        Optional.of("the history of the repository is not the one that this client has seen ("
            + standing + "); look into it with verify");
    };
  }
}
