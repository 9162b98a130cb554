package com.personalaichatbot.dr.core.internal.recovery.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs what may hang in other threads, each call within a time. A call that is out of time is
 * interrupted; whether its thread then ends nobody can force, so what has not ended is remembered.
 * Thread-safe.
 */
public final class StepThreads {
  /** How long a call that was interrupted gets to end. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private final Executor executor;
  private final List<CompletableFuture<Void>> hanging = new ArrayList<>();

  public StepThreads(Executor executor) {
    this.executor = executor;
  }

  /** Whether an executor runs what it is given in the caller's thread, which can end no call. */
  public static boolean runsInCaller(Executor executor) {
    if (executor instanceof ThreadPoolExecutor threads
        && threads.getRejectedExecutionHandler() instanceof ThreadPoolExecutor.CallerRunsPolicy) {
      return true;
    }
    Thread caller = Thread.currentThread();
    AtomicBoolean handedOver = new AtomicBoolean();
    AtomicBoolean inCaller = new AtomicBoolean();
    executor.execute(() -> inCaller.set(Thread.currentThread() == caller && !handedOver.get()));
    handedOver.set(true);
    return inCaller.get();
  }

  /** A call that has begun. */
  final class Call<T> {
    private final FutureTask<T> task;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final long deadline;
    private final Duration timeout;

    private Call(Duration timeout, Callable<T> work) {
      this.timeout = timeout;
      this.deadline = System.nanoTime() + timeout.toNanos();
      this.task = new FutureTask<>(work);
    }

    /**
     * Waits for its end.
     *
     * @throws TimeoutException if its time is over; it was interrupted
     * @throws InterruptedException if this thread is interrupted; it was interrupted too
     * @throws Exception what it threw
     */
    T await() throws Exception {
      try {
        return task.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      } catch (TimeoutException e) {
        throw new TimeoutException("it did not end within " + text(timeout) + giveUp());
      } catch (InterruptedException e) {
        giveUp();
        throw e;
      }
    }

    private String giveUp() {
      task.cancel(true);
      boolean interrupted = false;
      try {
        ended.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        return "";
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException | TimeoutException e) {
        // It hangs.
      }
      synchronized (hanging) {
        hanging.add(ended);
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return ", and has not ended since it was interrupted";
    }
  }

  /**
   * Begins a call.
   *
   * @throws RejectedExecutionException if the executor takes no more
   */
  <T> Call<T> start(Duration timeout, Callable<T> work) {
    Call<T> call = new Call<>(timeout, work);
    executor.execute(() -> {
      try {
        call.task.run();
      } finally {
        call.ended.complete(null);
      }
    });
    return call;
  }

  /** Begins a call and waits for its end. */
  public <T> T call(Duration timeout, Callable<T> work) throws Exception {
    return start(timeout, work).await();
  }

  /** Comes to its end when no call that was given up runs any more. */
  CompletableFuture<Void> quiet() {
    synchronized (hanging) {
      return CompletableFuture.allOf(hanging.toArray(CompletableFuture[]::new));
    }
  }

  /** A duration for people. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 120_000) {
      return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 100 / 10.0 + " s";
    }
    return millis < 7_200_000 ? millis / 60_000 + " min" : millis / 3_600_000 + " h";
  }
}
