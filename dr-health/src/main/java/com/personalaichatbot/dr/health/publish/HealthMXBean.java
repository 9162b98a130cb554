package com.personalaichatbot.dr.health.publish;

import java.util.Map;

/**
 * The health as a management bean. It also sends a notification of type {@code dr.health.change}
 * when a check changes its state.
 */
public interface HealthMXBean {

  /**
   * The state of the whole.
   *
   * @return the name of a status
   */
  String getStatus();

  /**
   * When the state was put together.
   *
   * @return the time in ISO-8601, UTC
   */
  String getTime();

  /**
   * The state of each check.
   *
   * @return names of statuses by names of checks
   */
  Map<String, String> getChecks();

  /**
   * The state of each group.
   *
   * @return names of statuses by names of groups
   */
  Map<String, String> getGroups();

  /**
   * Everything about one check.
   *
   * @param check its name
   * @return its newest result as text; empty if there is no such check
   */
  String describe(String check);
}
