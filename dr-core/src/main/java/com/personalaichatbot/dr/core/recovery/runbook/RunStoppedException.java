package com.personalaichatbot.dr.core.recovery.runbook;

import java.util.Objects;

/**
 * Thrown by a step that found that going on would do harm. The run ends STOPPED, whatever the step
 * says about failures; its message says why and what to do, and never holds a secret.
 */
public final class RunStoppedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says why. */
  public RunStoppedException(String message) {
    super(Objects.requireNonNull(message, "message"));
  }
}
