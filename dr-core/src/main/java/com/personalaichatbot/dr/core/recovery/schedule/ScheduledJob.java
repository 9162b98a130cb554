package com.personalaichatbot.dr.core.recovery.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job of a schedule, and what is known of when it was done. Thread-safe. */
final class ScheduledJob {
  private static final Logger log = LoggerFactory.getLogger(ScheduledJob.class);
  private static final Duration REREAD = Duration.ofDays(8);

  private final Job job;
  private volatile List<Instant> runs = List.of();
  private volatile Optional<Instant> readAt = Optional.empty();
  private volatile boolean wanted;
  private volatile Optional<Attempt> attempt = Optional.empty();

  ScheduledJob(Job job) {
    this.job = job;
  }

  Job job() {
    return job;
  }

  /** When it was done, by what was last read. */
  List<Instant> runs() {
    return runs;
  }

  /**
   * Whether what was read is too old to go by, or is from a time that the clock has not reached.
   */
  boolean isStale(Instant now) {
    return readAt
        .filter(at -> !at.isAfter(now) && now.isBefore(at.plus(REREAD)))
        .isEmpty();
  }

  /**
   * Reads when it was done from where that is recorded.
   *
   * @param recorded what the schedule itself remembers
   */
  void read(List<Instant> recorded, Instant now) {
    List<Instant> found = recorded;
    if (job.lastRun().isPresent()) {
      try {
        found = List.copyOf(job.lastRun().get().times(recorded));
      } catch (Exception e) {
        log.debug("When {} was done is not known now; what the schedule did counts", job.name(), e);
      }
    }
    runs = found;
    readAt = Optional.of(now);
  }

  /** Has it read again: something was done that may have changed it. */
  void forget() {
    readAt = Optional.empty();
  }

  /** Whether it was read at this very moment. */
  boolean isReadAt(Instant now) {
    return readAt.equals(Optional.of(now));
  }

  /** Asks whether its condition holds, and keeps in mind that it did until it was done. */
  void ask() {
    try {
      wanted |= job.condition().getAsBoolean();
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
      log.warn("Cannot decide whether job {} is due", job.name(), e);
    }
  }

  boolean isWanted() {
    return wanted;
  }

  void begun(Attempt newAttempt) {
    attempt = Optional.of(newAttempt);
  }

  /** Whether its last call was given up and has not ended. */
  boolean isHanging() {
    return attempt.filter(last -> !last.hasEnded()).isPresent();
  }

  /** Takes it for done, until it is read again. */
  void done(Instant began) {
    List<Instant> more = new ArrayList<>(runs);
    more.add(began);
    runs = List.copyOf(more);
    wanted = false;
  }
}
