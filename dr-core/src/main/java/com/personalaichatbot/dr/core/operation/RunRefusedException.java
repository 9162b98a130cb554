package com.personalaichatbot.dr.core.operation;

/**
 * A run of a runbook cannot begin or go on as asked for: another one was cut off, its steps have
 * changed, its journal was damaged, or it would work on the wrong place. Nothing was changed.
 */
public final class RunRefusedException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  /**
   * Describes the failure.
   *
   * @param object the run, by its incident, or the place
   * @param problem what was found and what was expected
   * @param action what to do next
   */
  public RunRefusedException(String object, String problem, String action) {
    super(object, problem, action);
  }
}
