package com.personalaichatbot.dr.core.recovery.schedule;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The state of a job now. Immutable.
 *
 * @param last when it was last done; empty if never
 * @param due when it is due; in the past if it is due now
 * @param next from when on it is done: later than due while it waits for the end of quiet hours or
 *     of the pause after a failure
 * @param isOverdue whether it was due so long ago that it should have been done
 * @param failures how often it failed since it was last done
 * @param problem why it failed the last time; empty if it did not
 * @param openSince for a reminder, since when somebody has been asked and has not confirmed
 */
public record JobState(
    Job job,
    Optional<Instant> last,
    Instant due,
    Instant next,
    boolean isOverdue,
    int failures,
    String problem,
    Optional<Instant> openSince) {
  /** Refuses nulls. */
  public JobState {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(last, "last");
    Objects.requireNonNull(due, "due");
    Objects.requireNonNull(next, "next");
    Objects.requireNonNull(problem, "problem");
    Objects.requireNonNull(openSince, "openSince");
  }

  /** For a reminder that is open, until when its owner has time. */
  public Optional<Instant> openUntil() {
    return openSince.map(since -> since.plus(job.dueWithin().orElseThrow()));
  }
}
