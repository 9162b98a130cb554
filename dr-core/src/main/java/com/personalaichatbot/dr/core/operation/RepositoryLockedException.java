package com.personalaichatbot.dr.core.operation;

/**
 * Another operation holds the repository, another run the data, or a prune came in between. Nothing
 * was committed; running the operation again is safe.
 */
public final class RepositoryLockedException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  /**
   * Describes the failure.
   *
   * @param object what it is about, as a person would name it
   * @param problem what was found and what was expected
   * @param action what to do next
   */
  public RepositoryLockedException(String object, String problem, String action) {
    super(object, problem, action);
  }

  /**
   * Describes the failure with its cause.
   *
   * @param object what it is about, as a person would name it
   * @param problem what was found and what was expected
   * @param action what to do next
   * @param cause what led to it
   */
  public RepositoryLockedException(String object, String problem, String action, Throwable cause) {
    super(object, problem, action);
    initCause(cause);
  }
}
