package com.personalaichatbot.dr.health;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run checks when the user brings none: daemons named {@code dr-health-1} and on.
 * A thread that is stuck in a check past its time-out is replaced, so that a few hung checks cannot
 * stop all others, up to a bound.
 */
final class Workers implements Executor {

  private static final int MAX_REPLACED = 64;

  private final ThreadPoolExecutor pool;
  private final int size;
  private int stuck;

  Workers(int size) {
    this.size = size;
    // Each check is in the queue at most once, so the queue is bounded by the number of checks.
    pool = new ThreadPoolExecutor(
        size, size, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons("dr-health"));
    pool.allowCoreThreadTimeOut(true);
  }

  static ThreadFactory daemons(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Whether an executor runs a task in the thread that hands it over; such a one cannot enforce a
   * time-out.
   */
  static boolean runsInCaller(Executor executor) {
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

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  synchronized void stuck() {
    stuck++;
    resize();
  }

  synchronized void freed() {
    stuck--;
    resize();
  }

  private void resize() {
    int threads = size + Math.min(stuck, MAX_REPLACED);
    if (threads > pool.getMaximumPoolSize()) {
      pool.setMaximumPoolSize(threads);
      pool.setCorePoolSize(threads);
    } else {
      pool.setCorePoolSize(threads);
      pool.setMaximumPoolSize(threads);
    }
  }

  /** Interrupts what still runs and waits a moment for it. */
  void close(long millis) throws InterruptedException {
    pool.shutdownNow();
    pool.awaitTermination(millis, TimeUnit.MILLISECONDS);
  }
}
