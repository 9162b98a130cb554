package com.personalaichatbot.dr.health;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One listener and what it was last told of each check. What it is told is decided under the
 * monitor's lock; the telling is done by a thread of its own.
 *
 * <p>A check counts as told UP before anything was told, so a good start is silent. A state is told
 * once it has held for the settling time and only if it differs from the last one told: a check
 * that flips and flips back in between is not worth a message. After that, a state that is not UP
 * is repeated at the reminder interval.
 */
final class Subscription {

  private static final int MAX_WAITING = 1_000;

  private static final class Told {
    Status status = Status.UP;
    Status seen = Status.UP;
    long seenAt;
    long reminderDue = Long.MAX_VALUE;
  }

  final HealthListener listener;
  private final long settle;
  private final long reminder;
  private final Map<String, Told> told = new HashMap<>();
  private final ThreadPoolExecutor teller;

  Subscription(HealthListener listener, long settle, long reminder) {
    this.listener = listener;
    this.settle = settle;
    this.reminder = reminder;
    teller = new ThreadPoolExecutor(
        1,
        1,
        5,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(MAX_WAITING),
        Workers.daemons("dr-health-listener"),
        (task, executor) -> {
          if (!executor.isShutdown()) {
            HealthMonitor.LOG.log(
                Level.WARNING, "A health listener is too slow: a change was not told");
          }
        });
    teller.allowCoreThreadTimeOut(true);
  }

  /** Looks at one check, tells what is due, and gives the time of the next look. */
  long look(CheckState state, long now, Instant time) {
    Told last = told.computeIfAbsent(state.name(), name -> new Told());
    if (state.status() != last.seen) {
      last.seen = state.status();
      last.seenAt = now;
    }
    if (last.seen != last.status) {
      if (now - last.seenAt < settle) {
        return last.seenAt + settle;
      }
      tell(new HealthChange(state.name(), last.status, last.seen, state, state.since()));
      last.status = last.seen;
      boolean repeat = reminder > 0 && last.status != Status.UP;
      last.reminderDue = repeat ? now + reminder : Long.MAX_VALUE;
    } else if (now >= last.reminderDue) {
      last.reminderDue = now + reminder;
      tell(new HealthChange(state.name(), last.status, last.status, state, time));
    }
    return last.reminderDue;
  }

  void forget(String name) {
    told.remove(name);
  }

  private void tell(HealthChange change) {
    teller.execute(() -> {
      try {
        listener.changed(change);
      } catch (Throwable failure) {
        HealthMonitor.LOG.log(Level.WARNING, "A health listener failed", failure);
      }
    });
  }

  /** Lets what is already decided be told, and ends the thread. */
  void close() {
    teller.shutdown();
  }
}
