package com.personalaichatbot.dr.core.operation;

/** A backup cannot be taken as asked for; nothing was done. */
public final class BackupRefusedException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  /**
   * Describes the failure.
   *
   * @param object what it is about, as a person would name it
   * @param problem what was found and what was expected
   * @param action what to do next
   */
  public BackupRefusedException(String object, String problem, String action) {
    super(object, problem, action);
  }
}
