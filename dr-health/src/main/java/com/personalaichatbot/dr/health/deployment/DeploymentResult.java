package com.personalaichatbot.dr.health.deployment;

import java.time.Duration;

/**
 * The result of one deployment test.
 *
 * @param name the test's name
 * @param outcome how it ended
 * @param message why, in one sentence
 * @param duration how long it took
 */
public record DeploymentResult(String name, Outcome outcome, String message, Duration duration) {

  /** The outcome of a test. */
  public enum Outcome {
    /** It works. */
    PASSED,
    /** It does not work as it should. */
    FAILED,
    /** It could not be found out. */
    ERROR
  }
}
