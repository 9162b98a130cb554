package com.personalaichatbot.dr.core.recovery;

/** A built-in step did not come out; the message is for people as it is. */
final class StepFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  StepFailedException(String message) {
    super(message);
  }
}
