package com.personalaichatbot.dr.core.internal.session;

import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.lock.AdvisoryLock;
import com.personalaichatbot.dr.core.internal.report.OperationEvent;
import com.personalaichatbot.dr.core.internal.seal.ClientSeal;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.OperationCancelledException;
import com.personalaichatbot.dr.core.storage.StorageLock;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The frame of every call on one open repository: they count as under way until they return, take
 * the courtesy lock if they need it, tell an interrupt from a failure, and leave an event. Closing
 * waits for them. Thread-safe.
 */
public final class Operations implements Closeable {
  private final Session session;
  private final Duration patience;
  private final Optional<ExecutorService> ownExecutor;
  private final ClientSeal clientSeal;
  private final ReentrantReadWriteLock closing = new ReentrantReadWriteLock();
  private final ResourceRelease lastUse = new ResourceRelease(this::release);
  private boolean closed;

  /**
   * Takes over a session.
   *
   * @param patience how long to wait for others who hold the repository
   * @param ownExecutor the threads that end with it, if they are its own
   */
  public Operations(Session session, Duration patience, Optional<ExecutorService> ownExecutor) {
    this.session = session;
    this.patience = patience;
    this.ownExecutor = ownExecutor;
    this.clientSeal = session.seals().newClientSeal();
  }

  /** The work of one call. */
  @FunctionalInterface
  public interface Operation<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /** What the calls work on. */
  public Session session() {
    return session;
  }

  /** Who else uses the session beside the calls under way. */
  public ResourceRelease lastUse() {
    return lastUse;
  }

  /** Runs a call without the lock. */
  public <T> T run(String name, Operation<T> operation) throws IOException {
    closing.readLock().lock();
    OperationEvent event =
        new OperationEvent(name, session.format().repositoryId().toString());
    try {
      requireOpen();
      T result = cancellable(name, operation);
      event.succeed();
      return result;
    } finally {
      event.commit();
      closing.readLock().unlock();
    }
  }

  /** Does it, and tells an interrupt of the calling thread from a failure. */
  public static <T> T cancellable(String name, Operation<T> operation) throws IOException {
    try {
      return operation.run();
    } catch (InterruptedIOException | ClosedByInterruptException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new OperationCancelledException(
            name, "interrupted; nothing was committed that is not whole", "run it again", e);
      }
      throw e;
    }
  }

  /** Runs a call that shares the repository with others. */
  public <T> T shared(String name, Operation<T> operation) throws IOException {
    return run(name, () -> shared(operation));
  }

  /** Does a part of a call with the lock, shared. */
  public <T> T shared(Operation<T> operation) throws IOException {
    return holding(session.storage().singleWriter(), operation);
  }

  /** Runs a call that has the repository alone. */
  public <T> T exclusive(String name, Operation<T> operation) throws IOException {
    return run(name, () -> {
      session.requireWritable();
      return holding(true, operation);
    });
  }

  private <T> T holding(boolean exclusive, Operation<T> operation) throws IOException {
    try (StorageLock lock = AdvisoryLock.acquire(session.storage(), exclusive, patience)) {
      Objects.requireNonNull(lock);
      return operation.run();
    }
  }

  /** Seals bytes that a client keeps outside of the repository. */
  public byte[] sealState(byte[] bytes) {
    closing.readLock().lock();
    try {
      requireOpen();
      return clientSeal.seal(bytes);
    } finally {
      closing.readLock().unlock();
    }
  }

  /**
   * Opens such bytes again.
   *
   * @throws CorruptRepositoryException if they are not what was sealed
   */
  public byte[] openState(byte[] sealed) throws IOException {
    closing.readLock().lock();
    try {
      requireOpen();
      return clientSeal.open(sealed);
    } catch (MalformedException e) {
      throw new CorruptRepositoryException(
          "state", "sealed bytes do not open: " + e.getMessage(), "discard them");
    } finally {
      closing.readLock().unlock();
    }
  }

  /**
   * Throws an exception if the repository is closed.
   *
   * @throws IllegalStateException if it is
   */
  public void requireOpen() {
    closing.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "the repository is closed: open it again with BackupRepository.builder(STORAGE)");
      }
    } finally {
      closing.readLock().unlock();
    }
  }

  /**
   * Waits for the calls under way, and then releases everything. What was given up at a deadline is
   * not waited for: the last of it to end releases it.
   *
   * @throws IllegalStateException if a call under way makes this one; nothing was closed
   */
  @Override
  public void close() throws IOException {
    if (closing.getReadHoldCount() > 0 || lastUse.isUser() || session.workers().isInTask()) {
      throw new IllegalStateException("a call cannot close the repository that it works on");
    }
    closing.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      lastUse.close();
    } finally {
      closing.writeLock().unlock();
    }
  }

  private void release() throws IOException {
    ownExecutor.ifPresent(Operations::join);
    session.dictionaries().close();
    clientSeal.close();
    session.keys().close();
    session.storage().close();
  }

  private static void join(ExecutorService executor) {
    executor.shutdown();
    try {
      executor.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
