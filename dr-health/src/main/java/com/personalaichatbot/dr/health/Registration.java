package com.personalaichatbot.dr.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One registered check and all that is remembered of it. Not thread-safe: its monitor's lock guards
 * it.
 *
 * <p>The thresholds count results that are <em>truly</em> consecutive: whatever is not in the
 * direction being counted ends the count, also while the state stays the same. Fail, pass, fail,
 * pass, fail is one failure in a row, five times.
 */
final class Registration {

  /** The phase of the check's run. */
  enum Phase {
    IDLE,
    QUEUED,
    RUNNING,
    /** Past its time-out and still running: it is waited for, not doubled. */
    OVERDUE
  }

  final String name;
  final HealthCheck check;
  final CheckSettings settings;

  Phase phase = Phase.IDLE;
  long due;
  long phaseSince;
  Thread worker;
  boolean removed;
  long results;

  private Status status = Status.UNKNOWN;
  private CheckResult latest = CheckResult.unknown("NOT_RUN", "not looked at yet");
  private Instant since;
  private Optional<Instant> checkedAt = Optional.empty();
  private Duration took = Duration.ZERO;
  private int streak;
  private boolean streakIsWorse;
  private long goodUntil = Long.MAX_VALUE;
  private CheckState state;

  Registration(String name, HealthCheck check, CheckSettings settings, long now, Instant time) {
    this.name = name;
    this.check = check;
    this.settings = settings;
    this.due = now + settings.delay().toNanos();
    this.since = time;
    this.state = newState();
  }

  /** Takes a result in; true if the state changed by it. */
  boolean record(CheckResult result, long now, Instant time, Duration duration) {
    latest = result;
    checkedAt = Optional.of(time);
    took = duration;
    results++;
    goodUntil = now + settings.timeToLive().toNanos();
    boolean changed = decide(result.status(), time);
    state = newState();
    return changed;
  }

  private boolean decide(Status found, Instant time) {
    if (found == status) {
      streak = 0;
      return false;
    }
    boolean worse = found.compareTo(status) > 0;
    streak = worse == streakIsWorse ? streak + 1 : 1;
    streakIsWorse = worse;
    int needed = worse ? settings.failures() : settings.successes();
    // An unknown state is nobody's knowledge, so there is nothing to be cautious about in leaving
    // it.
    if (status != Status.UNKNOWN && streak < needed) {
      return false;
    }
    enter(found, time);
    return true;
  }

  /** Forgets a result that is too old; true if the state changed by it. */
  boolean expire(long now, Instant time) {
    if (now <= goodUntil) {
      return false;
    }
    goodUntil = Long.MAX_VALUE;
    if (status == Status.UNKNOWN) {
      return false;
    }
    CheckState stale = state.stale(time);
    latest = stale.latest();
    enter(Status.UNKNOWN, time);
    state = stale;
    return true;
  }

  private void enter(Status next, Instant time) {
    status = next;
    since = time;
    streak = 0;
  }

  Status status() {
    return status;
  }

  long goodUntil() {
    return goodUntil;
  }

  CheckState state() {
    return state;
  }

  private CheckState newState() {
    return new CheckState(
        name,
        status,
        latest,
        since,
        checkedAt,
        took,
        settings.weight(),
        settings.groups(),
        settings.tags());
  }
}
