package com.personalaichatbot.dr.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The state of one check. Immutable.
 *
 * @param name the check's name
 * @param status its state, after thresholds and time to live
 * @param latest the newest result; it differs from the state while a threshold is being counted
 * @param since when the state was entered
 * @param checkedAt when the newest result came; empty before the first
 * @param duration how long that run took
 * @param weight how much it counts
 * @param groups the groups it belongs to
 * @param tags its tags
 */
public record CheckState(
    String name,
    Status status,
    CheckResult latest,
    Instant since,
    Optional<Instant> checkedAt,
    Duration duration,
    Weight weight,
    Set<String> groups,
    Set<String> tags) {

  CheckState stale(Instant now) {
    String age = checkedAt.map(at -> "no result since " + at).orElse("no result");
    CheckResult result =
        CheckResult.unknown("STALE", age + "; the last one was " + latest.status());
    return new CheckState(
        name, Status.UNKNOWN, result, now, checkedAt, duration, weight, groups, tags);
  }
}
