package com.personalaichatbot.dr.core.operation;

/** The last key slot that opens a repository was to be removed; nothing was changed. */
public final class LastKeyException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  /**
   * Describes the failure.
   *
   * @param object what it is about, as a person would name it
   * @param problem what was found and what was expected
   * @param action what to do next
   */
  public LastKeyException(String object, String problem, String action) {
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
  public LastKeyException(String object, String problem, String action, Throwable cause) {
    super(object, problem, action);
    initCause(cause);
  }
}
