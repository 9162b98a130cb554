package com.personalaichatbot.dr.core.recovery.runbook;

import java.util.Objects;

/**
 * Something that somebody is to be told. Immutable.
 *
 * @param run the state of the run
 * @param step id of the step that says it
 * @param audience role of those who are to know, such as {@code team} or {@code security}
 * @param text one or more sentences; holds file names at most, never a secret
 * @param urgency how it is to reach them
 */
public record RunMessage(
    RunReport run, String step, String audience, String text, Urgency urgency) {
  /** Refuses nulls. */
  public RunMessage {
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(audience, "audience");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(urgency, "urgency");
  }
}
