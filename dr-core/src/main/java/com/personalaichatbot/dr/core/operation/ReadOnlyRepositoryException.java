package com.personalaichatbot.dr.core.operation;

/**
 * The repository lies where this process may not write; nothing was changed. What only reads works:
 * restore, listing, verify.
 */
public final class ReadOnlyRepositoryException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  /**
   * Describes the failure.
   *
   * @param object what it is about, as a person would name it
   * @param problem what was found and what was expected
   * @param action what to do next
   */
  public ReadOnlyRepositoryException(String object, String problem, String action) {
    super(object, problem, action);
  }
}
