package com.personalaichatbot.dr.core.recovery.objective;

import com.personalaichatbot.dr.health.Severity;
import java.util.Objects;

/**
 * A reason why a policy cannot keep what it promises. Immutable.
 *
 * @param rule which promise
 * @param severity ERROR where it is sure to be broken, WARNING where nothing holds it
 * @param object the component or place that it is about, as a person would name it
 * @param message one sentence
 * @param action what to do
 */
public record PolicyFinding(
    Rule rule, Severity severity, String object, String message, String action) {
  /** The rules of the linter. */
  public enum Rule {
    /** Each component is backed up often enough for its recovery point objective. */
    SCHEDULE,

    /** What is backed up is read back often enough for it. */
    VERIFICATION,

    /** The loss of a component whose data is wanted back is noticed. */
    SHRINKAGE,

    /** Snapshots are kept for as long as was stated. */
    RETENTION,

    /** The repository does not lie on the volume of the data. */
    VOLUME,

    /** There is a copy of the repository on another volume. */
    COPY,

    /** More than one key opens the repository. */
    KEYS
  }

  /** Refuses nulls. */
  public PolicyFinding {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(object, "object");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(action, "action");
  }
}
