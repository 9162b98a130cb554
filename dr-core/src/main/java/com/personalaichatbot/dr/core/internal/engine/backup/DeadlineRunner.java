package com.personalaichatbot.dr.core.internal.engine.backup;

import com.personalaichatbot.dr.core.internal.session.ResourceRelease;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.OperationCancelledException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a backup that has a deadline in a thread of its own, because a storage may not answer in
 * time and no call on it can be broken off. The run itself stops reading early enough to commit in
 * time; this is for the case that even that takes too long. The thread then ends by itself.
 *
 * <p>Run and waiter agree on whether there is a snapshot: a run that has not begun to commit when
 * it is given up will not. Only where the storage does not answer the commit itself nobody can
 * know, and the report says so.
 */
public final class DeadlineRunner {
  /** A run that is about to commit just now is worth waiting for a little. */
  private static final Duration GRACE = Duration.ofMillis(60);

  /** One that commits is worth a little more: its answer makes the report certain. */
  private static final Duration COMMIT_GRACE = Duration.ofMillis(60);

  private static final Logger log = LoggerFactory.getLogger(DeadlineRunner.class);

  private final Duration deadline;
  private final ResourceRelease use;

  /** So much time for work on what is released by {@code use}. */
  public DeadlineRunner(Duration deadline, ResourceRelease use) {
    this.deadline = deadline;
    this.use = use;
  }

  /** Runs a backup, and gives a FAILED report if it is not done in time. */
  public BackupReport backUp(BackupRun run, Callable<BackupReport> call) throws IOException {
    FutureTask<BackupReport> task = new FutureTask<>(() -> {
      try {
        return call.call();
      } finally {
        use.end();
      }
    });
    Thread thread = new Thread(task, "dr-deadline");
    thread.setDaemon(true);
    use.begin(thread);
    thread.start();
    try {
      return await(task, run);
    } catch (InterruptedException e) {
      boolean isGivenUp = run.giveUp();
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw isGivenUp
          ? new OperationCancelledException(
              "backup", "interrupted; no snapshot was made", "run it again", e)
          : new OperationCancelledException(
              "backup",
              "interrupted while it committed, and it is not known whether there is a snapshot",
              "dr snapshots shows whether there is; if not, run it again",
              e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw new IOException("the backup failed", e.getCause());
    }
  }

  private BackupReport await(FutureTask<BackupReport> task, BackupRun run)
      throws InterruptedException, ExecutionException {
    Duration waited = deadline.plus(GRACE);
    try {
      return task.get(waited.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      log.debug("The deadline has passed; the backup is given up unless it commits");
    }
    if (run.giveUp()) {
      log.warn("The backup was given up: the storage did not answer within {}", deadline);
      return run.givenUpReport(waited, "no snapshot was made");
    }
    try {
      return task.get(COMMIT_GRACE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      log.warn("The storage did not answer the commit of a backup within {}", deadline);
      return run.givenUpReport(
          waited.plus(COMMIT_GRACE),
          "it was asked to commit, and the list of snapshots tells whether it did");
    }
  }
}
