package com.personalaichatbot.dr.health;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The state that readers see, and the time until which it may be shown without looking at the ages
 * of the results again. A writer replaces it as a whole, so a reader needs no lock and sees old or
 * new, never a mixture.
 *
 * @param health the whole
 * @param goodUntil of each of its checks
 * @param validUntil the earliest of them
 */
record Published(Health health, long[] goodUntil, long validUntil) {

  static final String SCHEDULER = "scheduler";
  static final String SERVICE = "service";

  static Published of(
      Collection<Registration> registrations, List<CheckState> own, boolean closed, Instant time) {
    List<CheckState> states = new ArrayList<>(registrations.size() + own.size());
    long[] goodUntil = new long[registrations.size() + own.size()];
    Arrays.fill(goodUntil, Long.MAX_VALUE);
    long validUntil = Long.MAX_VALUE;
    for (Registration each : registrations) {
      goodUntil[states.size()] = each.goodUntil();
      validUntil = Math.min(validUntil, each.goodUntil());
      states.add(closed ? each.state().stale(time) : each.state());
    }
    states.addAll(own);
    return new Published(new Health(time, states), goodUntil, validUntil);
  }

  /** The same with what has become too old since. */
  Published age(long now, boolean stalled, Clock clock) {
    Instant time = clock.instant();
    List<CheckState> states = new ArrayList<>(health.checks());
    long[] until = goodUntil.clone();
    long valid = Long.MAX_VALUE;
    for (int i = 0; i < states.size(); i++) {
      if (now > until[i]) {
        until[i] = Long.MAX_VALUE;
        if (states.get(i).status() != Status.UNKNOWN) {
          states.set(i, states.get(i).stale(time));
        }
      }
      valid = Math.min(valid, until[i]);
      if (stalled && states.get(i).name().equals(SCHEDULER)) {
        states.set(i, scheduler(time, true));
      }
    }
    return new Published(new Health(time, states), until, valid);
  }

  static CheckState scheduler(Instant time, boolean stalled) {
    CheckResult result = stalled
        ? CheckResult.unknown("SCHEDULER_STALLED", "checks are no longer being run")
        : CheckResult.up();
    return own(SCHEDULER, result, time, Set.of(Health.LIVE, Health.READY));
  }

  static CheckState service(CheckResult why, Instant since) {
    return own(SERVICE, why, since, Set.of(Health.READY));
  }

  private static CheckState own(
      String name, CheckResult result, Instant since, Set<String> groups) {
    return new CheckState(
        name,
        result.status(),
        result,
        since,
        Optional.of(since),
        Duration.ZERO,
        Weight.CRITICAL,
        groups,
        Set.of());
  }
}
