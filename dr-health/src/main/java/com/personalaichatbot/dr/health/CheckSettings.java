package com.personalaichatbot.dr.health;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules for when a check runs and how its results count. Immutable: each method returns a
 * changed copy.
 *
 * <pre>{@code
 * CheckSettings.DEFAULT.every(Duration.ofMinutes(1)).downAfter(3).upAfter(2).in("ready")
 * }</pre>
 */
public final class CheckSettings {

  /**
   * Every 30 s, at most 5 s long, immediately, believed at the first result, critical, in no group.
   * A result is good for three intervals and one time-out.
   */
  public static final CheckSettings DEFAULT = new CheckSettings();

  private static final Duration LONGEST = Duration.ofDays(3650);

  private Duration interval = Duration.ofSeconds(30);
  private Duration timeout = Duration.ofSeconds(5);
  private Duration delay = Duration.ZERO;
  private Duration timeToLive = Duration.ZERO;
  private int failures = 1;
  private int successes = 1;
  private boolean interrupting;
  private Weight weight = Weight.CRITICAL;
  private Set<String> groups = Set.of();
  private Set<String> tags = Set.of();

  private CheckSettings() {}

  private CheckSettings(CheckSettings other) {
    interval = other.interval;
    timeout = other.timeout;
    delay = other.delay;
    timeToLive = other.timeToLive;
    failures = other.failures;
    successes = other.successes;
    interrupting = other.interrupting;
    weight = other.weight;
    groups = other.groups;
    tags = other.tags;
  }

  /**
   * The time from one start to the next; a run that takes longer is not doubled.
   *
   * @param interval at least a millisecond
   * @return a changed copy
   */
  public CheckSettings every(Duration interval) {
    CheckSettings copy = new CheckSettings(this);
    copy.interval = positive(interval, "interval");
    return copy;
  }

  /**
   * How long one run may take. Past it the check is DOWN; the run itself goes on and no second one
   * is started beside it.
   *
   * @param timeout at least a millisecond
   * @return a changed copy
   */
  public CheckSettings timeoutAfter(Duration timeout) {
    CheckSettings copy = new CheckSettings(this);
    copy.timeout = positive(timeout, "time-out");
    return copy;
  }

  /**
   * Interrupts the thread of a run that is past its time-out. Off by default, because an interrupt
   * closes the channel or the client that the run happens to use.
   *
   * @return a changed copy
   */
  public CheckSettings interrupting() {
    CheckSettings copy = new CheckSettings(this);
    copy.interrupting = true;
    return copy;
  }

  /**
   * How long to wait before the first run; until then the check is UNKNOWN.
   *
   * @param delay zero or more
   * @return a changed copy
   */
  public CheckSettings startAfter(Duration delay) {
    if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("the delay must be 0 to 3,650 days: " + delay);
    }
    CheckSettings copy = new CheckSettings(this);
    copy.delay = delay;
    return copy;
  }

  /**
   * How many results in a row must be worse than the state before the state gets worse. One that is
   * not worse starts the count again.
   *
   * @param results at least 1
   * @return a changed copy
   */
  public CheckSettings downAfter(int results) {
    CheckSettings copy = new CheckSettings(this);
    copy.failures = count(results);
    return copy;
  }

  /**
   * How many results in a row must be better than the state before the state gets better. One that
   * is not better starts the count again.
   *
   * @param results at least 1
   * @return a changed copy
   */
  public CheckSettings upAfter(int results) {
    CheckSettings copy = new CheckSettings(this);
    copy.successes = count(results);
    return copy;
  }

  /**
   * How long a result is good; an older one is UNKNOWN.
   *
   * @param timeToLive at least a millisecond
   * @return a changed copy
   */
  public CheckSettings goodFor(Duration timeToLive) {
    CheckSettings copy = new CheckSettings(this);
    copy.timeToLive = positive(timeToLive, "time to live");
    return copy;
  }

  /**
   * How much the check counts for the whole.
   *
   * @param weight the weight
   * @return a changed copy
   */
  public CheckSettings weight(Weight weight) {
    CheckSettings copy = new CheckSettings(this);
    copy.weight = requireNonNull(weight, "weight");
    return copy;
  }

  /**
   * The groups that the check belongs to, instead of those it had.
   *
   * @param groups names of one or more groups; none puts the check into the whole only
   * @return a changed copy
   */
  public CheckSettings in(String... groups) {
    CheckSettings copy = new CheckSettings(this);
    copy.groups = names(groups);
    return copy;
  }

  /**
   * The tags of the check, instead of those it had.
   *
   * @param tags free words
   * @return a changed copy
   */
  public CheckSettings tagged(String... tags) {
    CheckSettings copy = new CheckSettings(this);
    copy.tags = names(tags);
    return copy;
  }

  Duration interval() {
    return interval;
  }

  Duration timeout() {
    return timeout;
  }

  Duration delay() {
    return delay;
  }

  Duration timeToLive() {
    return timeToLive.isZero() ? interval.multipliedBy(3).plus(timeout) : timeToLive;
  }

  int failures() {
    return failures;
  }

  int successes() {
    return successes;
  }

  boolean isInterrupting() {
    return interrupting;
  }

  Weight weight() {
    return weight;
  }

  Set<String> groups() {
    return groups;
  }

  Set<String> tags() {
    return tags;
  }

  private static Duration positive(Duration duration, String what) {
    if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the " + what + " must be between 1 ms and 3,650 days: " + duration);
    }
    return duration;
  }

  private static int count(int results) {
    if (results < 1) {
      throw new IllegalArgumentException("at least one result is needed: " + results);
    }
    return results;
  }

  private static Set<String> names(String... names) {
    Set<String> set = new LinkedHashSet<>(List.of(names));
    if (set.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("a group or tag without a name: " + set);
    }
    return Collections.unmodifiableSet(set);
  }
}
