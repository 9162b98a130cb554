package com.personalaichatbot.dr.health.deployment;

import java.time.Duration;

/**
 * What one deployment test gave.
 *
 * @param name the test's name
 * @param outcome how it ended
 * @param message why, in one sentence
 * @param duration how long it took
 */
public record DeploymentResult(String name, Outcome outcome, String message, Duration duration) {

  /** How a test ended. */
  public enum Outcome {
    /** It works. */
    PASSED,
    /** It does not work as it should. */
    FAILED,
    /** It could not be found out. */
    ERROR
  }
}
