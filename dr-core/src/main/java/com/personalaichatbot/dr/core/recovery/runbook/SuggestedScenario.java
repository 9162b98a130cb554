package com.personalaichatbot.dr.core.recovery.runbook;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A scenario that fits what was seen. Immutable. It is proposed and not begun: what was seen may
 * have another cause.
 *
 * @param since when the first of it was seen; what a run gives as its time of detection
 * @param reasons what was seen, one sentence each, at least one
 */
public record SuggestedScenario(Scenario scenario, Instant since, List<String> reasons) {
  /** Refuses nulls and keeps a copy. */
  public SuggestedScenario {
    Objects.requireNonNull(scenario, "scenario");
    Objects.requireNonNull(since, "since");
    reasons = List.copyOf(reasons);
  }
}
