package com.personalaichatbot.dr.core.internal.recovery.run;

import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.recovery.runbook.RunStoppedException;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;

/** Outcome of one attempt at a step. */
public record StepResult(StepStatus status, String message) {

  /** Returns the result of a step that threw: STOPPED if it says so, else FAILED. */
  static StepResult failed(Throwable failure) {
    return new StepResult(
        failure instanceof RunStoppedException ? StepStatus.STOPPED : StepStatus.FAILED,
        text(failure));
  }

  /** Returns the text of a failure, for people. */
  public static String text(Throwable failure) {
    return Failures.message(failure, RunStoppedException.class, StepFailedException.class);
  }
}
