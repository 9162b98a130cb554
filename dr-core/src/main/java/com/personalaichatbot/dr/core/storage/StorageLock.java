package com.personalaichatbot.dr.core.storage;

import java.io.Closeable;
import java.io.IOException;

/**
 * The courtesy lock of a storage, held until it is closed.
 *
 * <p>It saves work and protects nothing: two operations that would get in each other's way see it
 * and do not start. Losing it, as happens on network file systems, loses no data, because no
 * decision about the safety of data reads it. Safe for use by several threads.
 */
public interface StorageLock extends Closeable {

  /**
   * Gives the lock up. A second call does nothing.
   *
   * @throws IOException if the lock file cannot be closed; the lock is given up in any case
   */
  @Override
  void close() throws IOException;
}
