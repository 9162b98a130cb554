package com.personalaichatbot.dr.core.recovery.schedule;

import java.time.Instant;
import java.util.Objects;

/**
 * One run of a job, and its outcome. Immutable.
 *
 * @param job name of the job
 * @param due when it was due
 * @param passed whether it was done; if not, it is tried again later
 * @param message one sentence: what was done, or why it was not
 */
public record JobRun(
    String job, Instant due, Instant started, Instant ended, boolean passed, String message) {
  /** Refuses nulls. */
  public JobRun {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(due, "due");
    Objects.requireNonNull(started, "started");
    Objects.requireNonNull(ended, "ended");
    Objects.requireNonNull(message, "message");
  }
}
