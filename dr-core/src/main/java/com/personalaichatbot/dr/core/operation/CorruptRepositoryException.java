package com.personalaichatbot.dr.core.operation;

/**
 * Stored data is missing or is not what was written. Nothing was changed, unless the text names an
 * entry of the history that was written; other data is not affected. Its cause is an
 * {@link java.io.IOException} where the storage has the data and fails to read it, as on a bad
 * sector.
 */
public final class CorruptRepositoryException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  /**
   * Describes the failure.
   *
   * @param object what it is about, as a person would name it
   * @param problem what was found and what was expected
   * @param action what to do next
   */
  public CorruptRepositoryException(String object, String problem, String action) {
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
  public CorruptRepositoryException(String object, String problem, String action, Throwable cause) {
    super(object, problem, action);
    initCause(cause);
  }
}
