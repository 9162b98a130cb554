package com.personalaichatbot.dr.core.internal.recovery.run;

/** A built-in step did not come out; the message is for people as it is. */
public final class StepFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  public StepFailedException(String message) {
    super(message);
  }
}
