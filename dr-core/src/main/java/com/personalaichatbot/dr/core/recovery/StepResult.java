package com.personalaichatbot.dr.core.recovery;

import com.personalaichatbot.dr.core.internal.report.Failures;

/** Outcome of one attempt at a step. */
record StepResult(StepStatus status, String message) {

  /** Returns the result of a step that threw: STOPPED if it says so, else FAILED. */
  static StepResult failed(Throwable failure) {
    return new StepResult(
        failure instanceof RunStoppedException ? StepStatus.STOPPED : StepStatus.FAILED,
        text(failure));
  }

  /** Returns the text of a failure, for people. */
  static String text(Throwable failure) {
    return Failures.message(failure, RunStoppedException.class, StepFailedException.class);
  }
}
