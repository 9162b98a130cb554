package com.personalaichatbot.dr.core.internal.lock;

import com.personalaichatbot.dr.core.operation.OperationCancelledException;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the lock of a repository. Backup, restore and verify share it; prune and changes of
 * keys have it alone. Losing it loses nothing: what must not happen is prevented by the commit
 * itself.
 */
public final class AdvisoryLock {
  private static final long POLL = 20_000_000;

  /** Longer than a sweep of temporaries, for which an operation that starts has the lock alone. */
  private static final Duration MOMENT = Duration.ofMillis(500);

  private static final Logger log = LoggerFactory.getLogger(AdvisoryLock.class);

  private AdvisoryLock() {}

  /**
   * Takes the lock. Where the storage fails to lock at all, as some network file systems do,
   * whoever would share the lock goes on without it, and a warning says so; whoever needs it alone
   * fails.
   *
   * @param patience how long to wait for others; whoever shares the lock waits half a second at
   *     least
   * @throws RepositoryLockedException if others hold it still
   * @throws IOException if the storage fails to lock, and {@code exclusive} is set
   */
  public static StorageLock acquire(Storage storage, boolean exclusive, Duration patience)
      throws IOException {
    Duration wait = exclusive || patience.compareTo(MOMENT) > 0 ? patience : MOMENT;
    long begun = System.nanoTime();
    boolean told = wait.equals(MOMENT);
    while (true) {
      Optional<StorageLock> lock = tryLock(storage, exclusive);
      if (lock.isPresent()) {
        return () -> release(storage, lock.get());
      }
      if (System.nanoTime() - begun >= wait.toNanos()) {
        throw new RepositoryLockedException(
            storage.location(),
            "another operation holds it",
            "wait until it has ended, or let the command wait for it: --wait 15m");
      }
      if (!told) {
        log.info("Waiting up to {} for another operation on {}", wait, storage.location());
        told = true;
      }
      LockSupport.parkNanos(POLL);
      if (Thread.interrupted()) {
        Thread.currentThread().interrupt();
        throw new OperationCancelledException(
            storage.location(), "interrupted while waiting for it", "run the operation again");
      }
    }
  }

  /** What the operation did is, whatever becomes of its lock. */
  private static void release(Storage storage, StorageLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      log.warn(
          "The lock of {} could not be released ({}); it ends with this process",
          storage.location(),
          e.toString());
    }
  }

  private static Optional<StorageLock> tryLock(Storage storage, boolean exclusive)
      throws IOException {
    try {
      return storage.tryLock(exclusive);
    } catch (InterruptedIOException | ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      if (exclusive) {
        throw e;
      }
      log.warn(
          "The repository {} cannot be locked ({}); the operation goes on without the lock, which"
              + " only saves work",
          storage.location(),
          e.toString());
      return Optional.of(() -> {});
    }
  }
}
