package com.personalaichatbot.dr.core.snapshot;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The rules that say which snapshots stay. A snapshot stays if any rule keeps it; the rules count
 * for each host and set of components by themselves. Immutable: each {@code keep} gives a new
 * policy, with the rule set, or off if its number or age is zero.
 *
 * <p>Whatever the rules say, these stay: what is held; QUARANTINE for 90 days and while its undo
 * exists; what is dated after now; everything that would go by its age or date while the clock is
 * doubtful; the newest VERIFIED or PROVEN snapshot of each component of each host; the newest
 * COMPLETE one that is not SUSPECT, if otherwise none were left of a component; and one of each
 * host and set of components. The first three fill no place in any rule.
 */
public final class RetentionPolicy {
  /** Longer is a slip of the keyboard; what is to stay for ever is held. */
  private static final Duration LONGEST_AGE = Duration.ofDays(365_250);

  private static final RetentionPolicy NONE =
      new RetentionPolicy(0, Map.of(), Map.of(), Set.of(), ZoneOffset.UTC);

  private final int last;
  private final Map<Period, Integer> periods;
  private final Map<RetentionReason.Code, Duration> ages;
  private final Set<String> tags;
  private final ZoneId zone;

  private RetentionPolicy(
      int last,
      Map<Period, Integer> periods,
      Map<RetentionReason.Code, Duration> ages,
      Set<String> tags,
      ZoneId zone) {
    this.last = last;
    this.periods = periods;
    this.ages = ages;
    this.tags = tags;
    this.zone = zone;
  }

  /** No rule yet, the calendar in UTC. It cannot decide anything before it has a rule. */
  public static RetentionPolicy none() {
    return NONE;
  }

  /** 7 daily, 4 weekly, automated for 30 days, manual for 90 days, the calendar in UTC. */
  public static RetentionPolicy recommended() {
    return none()
        .keepDaily(7)
        .keepWeekly(4)
        .keepAutomated(Duration.ofDays(30))
        .keepManual(Duration.ofDays(90));
  }

  /**
   * Keeps the newest snapshots, by their place in the history.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public RetentionPolicy keepLast(int count) {
    return new RetentionPolicy(checked("last", count), periods, ages, tags, zone);
  }

  /**
   * Keeps the newest snapshot of each of the newest hours that have one.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public RetentionPolicy keepHourly(int count) {
    return with(Period.HOURLY, count);
  }

  /**
   * Keeps the newest snapshot of each of the newest days that have one.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public RetentionPolicy keepDaily(int count) {
    return with(Period.DAILY, count);
  }

  /**
   * Keeps the newest snapshot of each of the newest ISO weeks that have one.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public RetentionPolicy keepWeekly(int count) {
    return with(Period.WEEKLY, count);
  }

  /**
   * Keeps the newest snapshot of each of the newest months that have one.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public RetentionPolicy keepMonthly(int count) {
    return with(Period.MONTHLY, count);
  }

  /**
   * Keeps the newest snapshot of each of the newest years that have one.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public RetentionPolicy keepYearly(int count) {
    return with(Period.YEARLY, count);
  }

  /**
   * Keeps every snapshot that is not older than this.
   *
   * @throws IllegalArgumentException if the age is negative or above 1,000 years
   */
  public RetentionPolicy keepWithin(Duration age) {
    return with(RetentionReason.Code.WITHIN, age);
  }

  /**
   * Keeps every SCHEDULED and SHUTDOWN snapshot that is not older than this.
   *
   * @throws IllegalArgumentException if the age is negative or above 1,000 years
   */
  public RetentionPolicy keepAutomated(Duration age) {
    return with(RetentionReason.Code.AUTOMATED_AGE, age);
  }

  /**
   * Keeps every MANUAL and PRE_CHANGE snapshot that is not older than this.
   *
   * @throws IllegalArgumentException if the age is negative or above 1,000 years
   */
  public RetentionPolicy keepManual(Duration age) {
    return with(RetentionReason.Code.MANUAL_AGE, age);
  }

  /**
   * Keeps every snapshot that bears one of these tags, in place of those given before.
   *
   * @param tags none blank; an empty set turns the rule off
   * @throws IllegalArgumentException if one is blank
   */
  public RetentionPolicy keepTags(Set<String> tags) {
    Set<String> sorted = Collections.unmodifiableSet(new TreeSet<>(tags));
    if (sorted.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("a tag to keep is blank");
    }
    return new RetentionPolicy(last, periods, ages, sorted, zone);
  }

  /** The same rules by the calendar of this zone. */
  public RetentionPolicy withZone(ZoneId zone) {
    return new RetentionPolicy(last, periods, ages, tags, Objects.requireNonNull(zone, "zone"));
  }

  /**
   * Says of each snapshot whether it stays. Changes nothing and reads nothing but its arguments: it
   * does not matter in which order the snapshots are.
   *
   * @param snapshots all snapshots of a repository, each once; none may be left out, for the rules
   *     count them
   * @param clock what time it is, and how far that can be believed
   * @param undos the QUARANTINE snapshots whose undo still exists; may be empty
   * @throws IllegalArgumentException if the policy has no rule, and so would keep nothing
   */
  public RetentionDecision decide(
      List<Snapshot> snapshots, RetentionClock clock, Set<SnapshotId> undos) {
    if (equals(none().withZone(zone))) {
      throw new IllegalArgumentException(
          "the retention policy has no rule and would keep nothing: give it one, or take the"
              + " recommended one");
    }
    return new Retention(this, snapshots, clock, undos).decide();
  }

  /**
   * How far back its rules can reach at the most, whenever snapshots are taken: the longest of its
   * ages and of what its periods span. What it keeps by number or tag promises no age.
   *
   * @param purpose of the snapshots that are meant; SCHEDULED and SHUTDOWN are automated
   * @return zero if no rule promises an age
   */
  public Duration reach(Purpose purpose) {
    RetentionReason.Code own = purpose.isAutomated()
        ? RetentionReason.Code.AUTOMATED_AGE
        : RetentionReason.Code.MANUAL_AGE;
    return Stream.concat(
            ages.entrySet().stream()
                .filter(age -> age.getKey() == RetentionReason.Code.WITHIN || age.getKey() == own)
                .map(Map.Entry::getValue),
            periods.entrySet().stream()
                .map(period -> period.getKey().longest().multipliedBy(period.getValue())))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  int last() {
    return last;
  }

  /** The rules of the calendar: how many of each period. */
  Map<Period, Integer> periods() {
    return periods;
  }

  /** The rules of age: WITHIN, AUTOMATED_AGE, MANUAL_AGE. */
  Map<RetentionReason.Code, Duration> ages() {
    return ages;
  }

  Set<String> tags() {
    return tags;
  }

  ZoneId zone() {
    return zone;
  }

  /** Whether a wrong clock can make it remove what it would otherwise keep. */
  boolean goesByTime() {
    return !periods.isEmpty() || !ages.isEmpty();
  }

  private RetentionPolicy with(Period period, int count) {
    return new RetentionPolicy(
        last,
        changed(Period.class, periods, period, checked(period.noun(), count), count == 0),
        ages,
        tags,
        zone);
  }

  private RetentionPolicy with(RetentionReason.Code rule, Duration age) {
    if (age.isNegative() || age.compareTo(LONGEST_AGE) > 0) {
      throw new IllegalArgumentException(
          "an age to keep is 0 (off) to 1,000 years: " + age + "; hold what is to stay for ever");
    }
    return new RetentionPolicy(
        last,
        periods,
        changed(RetentionReason.Code.class, ages, rule, age, age.isZero()),
        tags,
        zone);
  }

  private static int checked(String what, int count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "a number to keep is 0 (off) or more: " + count + " (" + what + ")");
    }
    return count;
  }

  private static <K extends Enum<K>, V> Map<K, V> changed(
      Class<K> type, Map<K, V> rules, K rule, V value, boolean off) {
    Map<K, V> changed = new EnumMap<>(type);
    changed.putAll(rules);
    if (off) {
      changed.remove(rule);
    } else {
      changed.put(rule, value);
    }
    return Collections.unmodifiableMap(changed);
  }

  /** Whether it has the same rules and zone. */
  @Override
  public boolean equals(Object other) {
    return other instanceof RetentionPolicy that
        && last == that.last
        && periods.equals(that.periods)
        && ages.equals(that.ages)
        && tags.equals(that.tags)
        && zone.equals(that.zone);
  }

  @Override
  public int hashCode() {
    return Objects.hash(last, periods, ages, tags, zone);
  }

  /** The rules for people, such as {@code 7 daily, 4 weekly, manual 90 days}. */
  @Override
  public String toString() {
    List<String> rules = new ArrayList<>();
    if (last > 0) {
      rules.add("last " + last);
    }
    periods.forEach((period, count) -> rules.add(count + " " + word(period.name())));
    ages.forEach((rule, age) -> rules.add(word(rule.name().replace("_AGE", "")) + " " + text(age)));
    tags.forEach(tag -> rules.add("tag " + tag));
    if (!periods.isEmpty() && !zone.equals(ZoneOffset.UTC)) {
      rules.add("by the calendar of " + zone);
    }
    return rules.isEmpty() ? "no rule" : String.join(", ", rules);
  }

  private static String word(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** An age for people: whole days where it is that, else whole hours, else ISO 8601. */
  static String text(Duration age) {
    if (age.equals(Duration.ofDays(age.toDays()))) {
      return age.toDays() == 1 ? "1 day" : age.toDays() + " days";
    }
    if (age.equals(Duration.ofHours(age.toHours()))) {
      return age.toHours() == 1 ? "1 hour" : age.toHours() + " hours";
    }
    return age.toString();
  }
}
