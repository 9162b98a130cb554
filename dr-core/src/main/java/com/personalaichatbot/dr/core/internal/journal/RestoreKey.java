package com.personalaichatbot.dr.core.internal.journal;

/**
 * Random key of one restore in the forms that a new journal needs.
 *
 * <p>The client keeps it in its state directory, and the header of each journal carries it wrapped
 * under the client key of the repository. Either is enough to read the journal.
 */
public interface RestoreKey {
  /** Returns a fresh copy of the 32 bytes. */
  byte[] bytes();

  /** Returns the key, sealed under the client key of the repository; at most 1,024 bytes. */
  byte[] wrapped();

  /** Returns 32 fresh random bytes. */
  byte[] newSalt();
}
