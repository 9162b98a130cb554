package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.operation.BackupReport;
import java.io.IOException;
import java.io.InterruptedIOException;
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
 * time; this is for the case that even that takes too long. The thread then ends by itself, without
 * a snapshot.
 */
public final class LimitedTime {
  /** A run that is about to commit just now is worth waiting for a little. */
  private static final Duration GRACE = Duration.ofMillis(100);

  private static final Logger log = LoggerFactory.getLogger(LimitedTime.class);

  private final Duration deadline;

  /** So much time. */
  public LimitedTime(Duration deadline) {
    this.deadline = deadline;
  }

  /** Runs a backup, and gives a FAILED report if it is not done in time. */
  public BackupReport backUp(BackupRun run, Callable<BackupReport> call) throws IOException {
    FutureTask<BackupReport> task = new FutureTask<>(call);
    Thread thread = new Thread(task, "dr-deadline");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(deadline.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      run.giveUp();
      log.warn("The backup was given up: the storage did not answer within {}", deadline);
      return run.givenUpReport(deadline.plus(GRACE));
    } catch (InterruptedException e) {
      run.giveUp();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the backup ran");
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
}
