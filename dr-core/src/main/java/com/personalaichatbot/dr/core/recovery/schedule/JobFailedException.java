package com.personalaichatbot.dr.core.recovery.schedule;

/**
 * A job came to its end and did not do what it is there for; the message says what is wrong. One
 * that would end like this again until a person acts is settled: it is done again when it is due
 * again, and jobs that come after it do not wait.
 */
final class JobFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean settled;

  JobFailedException(String message) {
    this(message, false);
  }

  private JobFailedException(String message, boolean settled) {
    super(message);
    this.settled = settled;
  }

  static JobFailedException settled(String message) {
    return new JobFailedException(message, true);
  }

  boolean isSettled() {
    return settled;
  }
}
