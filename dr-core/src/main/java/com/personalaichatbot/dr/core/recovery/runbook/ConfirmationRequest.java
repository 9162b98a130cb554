package com.personalaichatbot.dr.core.recovery.runbook;

import java.util.Objects;

/**
 * A question of a run to a person. Immutable.
 *
 * @param incident name of the incident
 * @param step id of the step
 * @param kind of the step: something to do, or something to approve
 * @param impact of what follows from a yes
 * @param owner the role that should answer
 * @param text one or more sentences
 * @param voice 1 for the first person asked, 2 for the second, who must be another one
 */
public record ConfirmationRequest(
    String incident,
    String step,
    StepKind kind,
    Impact impact,
    String owner,
    String text,
    int voice) {
  /** Refuses nulls. */
  public ConfirmationRequest {
    Objects.requireNonNull(incident, "incident");
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(impact, "impact");
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(text, "text");
  }
}
