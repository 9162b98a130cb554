package com.personalaichatbot.dr.core.recovery.objective;

import java.time.Duration;
import java.util.Objects;

/**
 * One promise. Immutable.
 *
 * @param scope name of a component for {@link Kind#RPO}; {@code critical} or {@code full} for
 *     {@link Kind#RTO}
 * @param target positive
 */
public record Objective(String scope, Kind kind, Duration target) {
  /** Of what a promise speaks. */
  public enum Kind {
    /** How much may be lost: the age that the newest verified snapshot may reach. */
    RPO,

    /** How long it may take: from detection until verified. */
    RTO
  }

  /** Refuses nulls and a target that is not positive. */
  public Objective {
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(kind, "kind");
    if (target.isZero() || target.isNegative()) {
      throw new IllegalArgumentException("the target of " + scope + " is not positive: " + target);
    }
  }
}
