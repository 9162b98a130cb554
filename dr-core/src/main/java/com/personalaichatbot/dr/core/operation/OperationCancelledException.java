package com.personalaichatbot.dr.core.operation;

/**
 * The operation was cancelled by its caller before it was committed, unless the text names an entry
 * of the history that was written by then.
 */
public final class OperationCancelledException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  /**
   * Describes the failure.
   *
   * @param object what it is about, as a person would name it
   * @param problem what was found and what was expected
   * @param action what to do next
   */
  public OperationCancelledException(String object, String problem, String action) {
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
  public OperationCancelledException(
      String object, String problem, String action, Throwable cause) {
    super(object, problem, action);
    initCause(cause);
  }
}
