package com.personalaichatbot.dr.core.operation;

/**
 * The storage failed when an operation had created its entry of the history, or may have. The text
 * names the entry and says how far it got: whether it counts and only later work is left, or
 * whether nobody can tell that it is there and stays there. Running the operation again is safe.
 */
public final class UnfinishedCommitException extends RepositoryException {
  private static final long serialVersionUID = 1L;

  private final long position;
  private final boolean committed;

  /**
   * Describes the failure.
   *
   * @param object the file of the entry
   * @param problem how far the entry got, and what failed
   * @param action what to do next
   * @param position the position of the entry in the history
   * @param committed whether the entry is durable and counts
   * @param cause what led to it
   */
  public UnfinishedCommitException(
      String object,
      String problem,
      String action,
      long position,
      boolean committed,
      Throwable cause) {
    super(object, problem, action);
    this.position = position;
    this.committed = committed;
    initCause(cause);
  }

  /**
   * Returns the position of the entry in the history.
   *
   * @return the position; of a snapshot, its sequence number
   */
  public long position() {
    return position;
  }

  /**
   * Returns whether the entry is known to be durable and to count.
   *
   * @return false if that is not known
   */
  public boolean isCommitted() {
    return committed;
  }
}
