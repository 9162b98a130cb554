package com.personalaichatbot.dr.core.operation;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * The options of a prune. Immutable. Packs of which nothing is needed are always deleted.
 *
 * @param maxDeadPercent a pack is rewritten when more than this share of it is not needed, 0 to 100
 * @param rewriteBudget bytes of blobs to rewrite at most; what is left is for the next prune.
 *     Damaged packs are rewritten beyond it, but not if it is 0
 * @param grace how long a removed snapshot can be taken back; zero waives the grace of all that the
 *     operation removes, also of what was removed before; empty for that of the repository's
 *     builder
 */
public record PruneOptions(int maxDeadPercent, long rewriteBudget, Optional<Duration> grace) {
  /** Packs with more than a fifth dead are rewritten, all of them. */
  public static final PruneOptions DEFAULT = new PruneOptions(20, Long.MAX_VALUE);

  /** The same, and removed snapshots go immediately, whatever the clock says. */
  public static final PruneOptions NOW = DEFAULT.now();

  /** Refuses shares, budgets and times that cannot be. */
  public PruneOptions {
    Objects.requireNonNull(grace, "grace");
    if (maxDeadPercent < 0 || maxDeadPercent > 100 || rewriteBudget < 0) {
      throw new IllegalArgumentException("a share is 0 to 100 percent and a budget not negative: "
          + maxDeadPercent
          + ", "
          + rewriteBudget);
    }
    grace.ifPresent(PruneOptions::requireGrace);
  }

  /** Takes the grace from the repository's builder. */
  public PruneOptions(int maxDeadPercent, long rewriteBudget) {
    this(maxDeadPercent, rewriteBudget, Optional.empty());
  }

  /**
   * Refuses a grace that cannot be.
   *
   * @return the same
   * @throws IllegalArgumentException if it is negative or above 1,000 years
   */
  public static Duration requireGrace(Duration grace) {
    if (grace.isNegative() || grace.compareTo(Duration.ofDays(365_250)) > 0) {
      throw new IllegalArgumentException("a grace is 0 (none) to 1,000 years: " + grace);
    }
    return grace;
  }

  /** The same with this grace. */
  public PruneOptions withGrace(Duration newGrace) {
    return new PruneOptions(maxDeadPercent, rewriteBudget, Optional.of(newGrace));
  }

  /** The same without a grace: removed snapshots go immediately, whatever the clock says. */
  public PruneOptions now() {
    return withGrace(Duration.ZERO);
  }
}
