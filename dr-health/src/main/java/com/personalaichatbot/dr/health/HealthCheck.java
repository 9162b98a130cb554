package com.personalaichatbot.dr.health;

/**
 * Asks one part how it is. An implementation is called on a worker thread, never twice at the same
 * time by the same monitor, and may block up to its time-out. It may throw whatever it likes: a
 * check that throws, or returns null, is {@link Status#DOWN}.
 */
@FunctionalInterface
public interface HealthCheck {

  /**
   * Looks now.
   *
   * @return what was found
   * @throws Exception if the part cannot be asked; counts as DOWN with the exception's type and
   *     message
   */
  CheckResult check() throws Exception;

  /**
   * How often and how strictly this check wants to be run, unless its user says otherwise.
   *
   * @return the settings that {@link HealthMonitor#register(String, HealthCheck)} uses
   */
  default CheckSettings settings() {
    return CheckSettings.DEFAULT;
  }
}
