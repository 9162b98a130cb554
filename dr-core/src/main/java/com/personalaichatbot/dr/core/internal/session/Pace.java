package com.personalaichatbot.dr.core.internal.session;

import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The speed of one operation, and its end on request. All its threads ask here before they move
 * bytes and between pieces of work that take some milliseconds; so a limit is kept, and an
 * operation that is cancelled ends soon. Thread-safe.
 *
 * <p>An operation is cancelled by an interrupt of the thread that called it. The threads that work
 * for it are not interrupted in turn: one of them may just read a channel that the application
 * lent, and an interrupt would close that channel, and with it take the application's locks.
 */
public final class Pace {
  private final Optional<Throttle> throttle;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** The pace of one operation; empty if nothing limits its bytes. */
  public Pace(Optional<Throttle> throttle) {
    this.throttle = throttle;
  }

  /** The pace of another operation under the same limit. */
  Pace newReader() {
    return new Pace(throttle);
  }

  /** Whether the bytes that it moves are limited. */
  boolean isLimited() {
    return throttle.isPresent();
  }

  /** Has the operation end at the next look, in all its threads. */
  public void stop() {
    stopped.countDown();
  }

  /**
   * Says whether the operation goes on.
   *
   * @throws InterruptedIOException if it was stopped, or this thread interrupted
   */
  public void check() throws InterruptedIOException {
    if (stopped.getCount() == 0 || Thread.currentThread().isInterrupted()) {
      throw cancelled();
    }
  }

  /**
   * Waits until some bytes may be moved.
   *
   * @throws InterruptedIOException if the operation was stopped, or this thread interrupted
   */
  public void take(long bytes) throws InterruptedIOException {
    await(bytes);
    check();
  }

  /**
   * Waits until some bytes may be moved; where nothing has to be waited for, nothing is looked at.
   *
   * @throws InterruptedIOException if while it waits the operation is stopped, or this thread
   *     interrupted
   */
  void await(long bytes) throws InterruptedIOException {
    long nanos = throttle.isPresent() ? throttle.get().claim(bytes) : 0;
    if (nanos > 0) {
      pause(nanos);
    }
  }

  /**
   * Waits for some time.
   *
   * @throws InterruptedIOException if meanwhile the operation is stopped, or this thread
   *     interrupted
   */
  public void pause(long nanos) throws InterruptedIOException {
    try {
      if (stopped.await(nanos, TimeUnit.NANOSECONDS)) {
        throw cancelled();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled();
    }
  }

  private static InterruptedIOException cancelled() {
    return new InterruptedIOException("the operation was cancelled");
  }
}
