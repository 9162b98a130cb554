package com.personalaichatbot.dr.core.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The proofs that a repository's history still holds. A prune keeps the newest of each kind.
 *
 * @param since a time at which the repository was there already: the oldest that is still recorded
 * @param all oldest first; unmodifiable
 */
public record Proofs(Instant since, List<Proof> all) {

  /** Refuses nulls and keeps a copy. */
  public Proofs {
    Objects.requireNonNull(since, "since");
    all = List.copyOf(all);
  }

  /** The newest of a kind, if there is one. */
  public Optional<Proof> newest(Proof.Kind kind) {
    return all.stream().filter(proof -> proof.kind() == kind).reduce((older, newer) -> newer);
  }
}
