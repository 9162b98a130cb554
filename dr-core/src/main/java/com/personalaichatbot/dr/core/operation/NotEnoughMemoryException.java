package com.personalaichatbot.dr.core.operation;

/**
 * Deriving the key of a passphrase needs more memory than this process may use. Nothing is wrong
 * with repository or passphrase, and nothing was changed: the same call works in a larger heap.
 */
public final class NotEnoughMemoryException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  /**
   * Describes the failure.
   *
   * @param object what it is about, as a person would name it
   * @param problem what was found and what was expected
   * @param action what to do next
   * @param cause what the derivation said
   */
  public NotEnoughMemoryException(String object, String problem, String action, Throwable cause) {
    super(object, problem, action);
    initCause(cause);
  }
}
