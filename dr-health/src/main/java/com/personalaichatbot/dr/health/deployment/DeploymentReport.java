package com.personalaichatbot.dr.health.deployment;

import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.deployment.DeploymentResult.Outcome;
import java.util.List;

/**
 * The results of a run of deployment tests.
 *
 * @param results one for each test, in their order
 */
public record DeploymentReport(List<DeploymentResult> results) {

  /**
   * Copies the results.
   *
   * @param results one for each test
   */
  public DeploymentReport {
    results = List.copyOf(results);
  }

  /**
   * What follows for the whole.
   *
   * @return DOWN if a test FAILED, else UNKNOWN if one ended in ERROR or none exist, else UP
   */
  public Status status() {
    if (results.stream().anyMatch(result -> result.outcome() == Outcome.FAILED)) {
      return Status.DOWN;
    }
    boolean error = results.stream().anyMatch(result -> result.outcome() == Outcome.ERROR);
    return error || results.isEmpty() ? Status.UNKNOWN : Status.UP;
  }
}
