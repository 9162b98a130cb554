package com.personalaichatbot.dr.core.internal.session;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs the tasks of one operation on an executor, a bounded number at a time, and remembers the
 * first failure. Works with an executor that runs tasks in the caller, where everything is then
 * done in order.
 */
public final class Workers {
  private final Executor executor;
  private final int parallelism;
  private final ThreadLocal<Task> current;
  private final Pace pace;

  /** Uses at most {@code parallelism} threads of the executor for each operation. */
  public Workers(Executor executor, int parallelism) {
    this(executor, parallelism, new ThreadLocal<>(), new Pace(Optional.empty()));
  }

  private Workers(Executor executor, int parallelism, ThreadLocal<Task> current, Pace pace) {
    if (parallelism < 1) {
      throw new IllegalArgumentException("parallelism must be at least 1: " + parallelism);
    }
    this.executor = executor;
    this.parallelism = parallelism;
    this.current = current;
    this.pace = pace;
  }

  /** The same threads for an operation with a pace of its own. */
  Workers at(Pace newPace) {
    return new Workers(executor, parallelism, current, newPace);
  }

  /** How many tasks of one operation run at a time. */
  public int parallelism() {
    return parallelism;
  }

  /** Whether the calling thread is in the midst of a task: it must not wait for tasks to end. */
  boolean isInTask() {
    return current.get() != null;
  }

  /** Begins an operation that has at most {@code waiting} tasks queued besides those that run. */
  public Batch newBatch(int waiting) {
    return new Batch(waiting);
  }

  /** A task that may fail as files do. */
  @FunctionalInterface
  public interface Task {
    /** Does it. */
    void run() throws IOException;
  }

  /** The tasks of one operation. {@link #submit} may be called from any thread but a task's. */
  public final class Batch {
    private final int permits;
    private final Semaphore room;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private Batch(int waiting) {
      this.permits = parallelism + waiting;
      this.room = new Semaphore(permits);
    }

    /** Runs a task if there is room; gives false, and drops it, if none exists. */
    public boolean trySubmit(Task task) throws IOException {
      if (!room.tryAcquire()) {
        return false;
      }
      execute(task);
      return true;
    }

    /** Runs a task when there is room; after a failure tasks are dropped. */
    public void submit(Task task) throws IOException {
      acquire(1);
      execute(task);
    }

    /**
     * Runs parts of one piece of work, each once: the calling thread goes through them, and as far
     * as there is room, others help. From any thread, a task's too, for nobody waits for a part
     * that nobody has begun. Parts do not fail.
     */
    public void spread(List<? extends Runnable> parts) throws IOException {
      List<FutureTask<Void>> begun = new ArrayList<>(parts.size());
      parts.forEach(part -> begun.add(new FutureTask<>(part, null)));
      for (int i = begun.size() - 1; i > 0 && trySubmit(begun.get(i)::run); i--) {}
      begun.forEach(FutureTask::run); // does nothing if another has begun with it
      for (FutureTask<Void> part : begun) {
        result(part);
      }
    }

    /** Runs a task in the room that was acquired for it. */
    private void execute(Task task) throws IOException {
      if (failure.get() != null) {
        room.release();
        rethrow();
      }
      try {
        executor.execute(() -> {
          current.set(task);
          try {
            if (failure.get() == null) {
              task.run();
            }
          } catch (Throwable t) {
            failure.compareAndSet(null, t);
          } finally {
            current.remove();
            room.release();
          }
        });
      } catch (RuntimeException e) {
        room.release();
        throw new IOException("the executor does not take tasks: " + e.getMessage(), e);
      } catch (Error e) {
        // As where there is no memory for another thread: who waits for all tasks must not wait
        // for this one.
        room.release();
        throw e;
      }
    }

    /**
     * Ends a long task of an operation that has failed or was given up.
     *
     * @throws IOException if it has
     */
    public void check() throws IOException {
      if (failure.get() != null) {
        throw new InterruptedIOException("the operation was given up");
      }
    }

    /** Waits for all tasks and throws the first failure. */
    public void finish() throws IOException {
      acquire(permits);
      room.release(permits);
      rethrow();
    }

    /**
     * Waits for all tasks, whatever they came to. Further tasks are dropped; if this thread was
     * interrupted, those that run end soon.
     */
    public void abandon() {
      if (Thread.currentThread().isInterrupted()) {
        pace.stop();
      }
      failure.compareAndSet(null, new IOException("the operation was given up"));
      room.acquireUninterruptibly(permits);
      room.release(permits);
    }

    private void acquire(int count) throws IOException {
      try {
        room.acquire(count);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for the workers");
      }
    }

    private void rethrow() throws IOException {
      Throwable cause = failure.get();
      if (cause == null) {
        return;
      }
      if (cause instanceof UncheckedIOException unchecked) {
        throw unchecked.getCause();
      }
      if (cause instanceof IOException io) {
        throw io;
      }
      if (cause instanceof RuntimeException runtime) {
        throw runtime;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IOException(cause);
    }
  }

  /** What came of a task that this thread or another runs. */
  public static <T> T result(FutureTask<T> task) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
