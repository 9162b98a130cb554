package com.personalaichatbot.dr.core.operation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
 * @param damagedEntries the entries that are missing, damaged or out of place, in ascending order,
 *     each by its name and with what is wrong. What they record is not seen: a snapshot of them is
 *     in no list, a mark of them has no effect
 */
public record HistoryState(
    Standing standing, String head, Optional<Instant> time, long lag, List<String> damagedEntries) {
  /** Refuses nulls and keeps a copy. */
  public HistoryState {
    Objects.requireNonNull(standing, "standing");
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(time, "time");
    damagedEntries = List.copyOf(damagedEntries);
  }

  private static final int MAX_NAMED = 5;

  /** The relation of a history to what is known of it outside the repository. */
  public enum Standing {
    /**
     * Nothing is known: when the repository was opened this client remembered nothing of it, and no
     * fingerprint was given. An older state of the repository would look the same. What is read now
     * is remembered, so that the next opening by this client is anchored.
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
    List<String> warnings = new ArrayList<>();
    switch (standing) {
      case CONTINUED -> {}
      case UNANCHORED ->
        warnings.add("UNANCHORED: this client remembers nothing of this repository and cannot tell"
            + " an older state of it; compare its head " + head
            + time.map(at -> " of " + at).orElse("")
            + " with the last report, or give that fingerprint: --expect-head FINGERPRINT");
      case ROLLED_BACK, FORKED ->
        warnings.add("the history of the repository is not the one that this client has seen ("
            + standing + "); look into it with dr verify");
    }
    if (lag > 0) {
      warnings.add("LAG: this copy is " + lag
          + " entries behind what this client has seen of the original; bring it up to date with"
          + " dr copy");
    }
    if (!damagedEntries.isEmpty()) {
      warnings.add(damage(damagedEntries));
    }
    return warnings.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", warnings));
  }

  private static String damage(List<String> entries) {
    int more = entries.size() - MAX_NAMED;
    return "DAMAGED: the history of the repository is not whole: "
        + String.join(", ", entries.subList(0, Math.min(MAX_NAMED, entries.size())))
        + (more > 0 ? " and " + more + " more" : "")
        + ". Snapshots, holds and removals that are recorded there are not seen. Heal the"
        + " repository from a copy: dr heal COPY";
  }
}
