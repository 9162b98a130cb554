package com.personalaichatbot.dr.core.recovery.schedule;

/** A job came to its end and did not do what it is there for; the message says what is wrong. */
final class JobFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  JobFailedException(String message) {
    super(message);
  }
}
