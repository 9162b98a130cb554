package com.personalaichatbot.dr.core.operation;

/**
 * An export or import cannot be done as asked for, or an archive is damaged or holds what must not
 * be imported. Nothing was changed: there is no new file, and no new snapshot.
 */
public final class ExchangeRefusedException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  /**
   * Describes the failure.
   *
   * @param object the archive
   * @param problem what was found and what was expected
   * @param action what to do next
   */
  public ExchangeRefusedException(String object, String problem, String action) {
    super(object, problem, action);
  }

  /**
   * Describes the failure with its cause.
   *
   * @param object the archive
   * @param problem what was found and what was expected
   * @param action what to do next
   * @param cause what led to it
   */
  public ExchangeRefusedException(String object, String problem, String action, Throwable cause) {
    super(object, problem, action);
    initCause(cause);
  }
}
