package com.personalaichatbot.dr.core.recovery.schedule;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One call of a job's action in a thread of the executor, interrupted when its time is over. A
 * thread that does not heed its interrupt cannot be ended; {@link #hasEnded} then says no.
 * Thread-safe.
 */
final class Attempt {
  private final FutureTask<String> task;
  private final CountDownLatch ended = new CountDownLatch(1);

  Attempt(Callable<String> action) {
    this.task = new FutureTask<>(action);
  }

  /**
   * Does it and waits for its end.
   *
   * @throws TimeoutException if its time was over
   * @throws InterruptedException if this thread was interrupted; the action was too
   * @throws java.util.concurrent.CancellationException if it was cancelled
   * @throws RejectedExecutionException if there is no thread for it; it was not begun
   * @throws ExecutionException with what the action threw
   */
  String run(Executor executor, Duration timeout)
      throws TimeoutException, InterruptedException, ExecutionException {
    try {
      executor.execute(() -> {
        try {
          task.run();
        } finally {
          ended.countDown();
        }
      });
    } catch (RuntimeException | Error e) {
      ended.countDown();
      throw e;
    }
    try {
      return task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | InterruptedException e) {
      task.cancel(true);
      throw e;
    }
  }

  /** Interrupts it. */
  void cancel() {
    task.cancel(true);
  }

  /** Whether its thread is done with it. */
  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** Waits for its thread to be done with it. */
  boolean awaitEnd(Duration most) throws InterruptedException {
    return ended.await(most.toMillis(), TimeUnit.MILLISECONDS);
  }
}
