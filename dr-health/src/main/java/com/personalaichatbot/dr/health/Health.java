package com.personalaichatbot.dr.health;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/**
 * The health of the whole at one moment: the state of every check and what follows from them.
 * Immutable and thread-safe. The worst state wins, after each check's {@link Weight}; a whole
 * without any check is UNKNOWN.
 */
public final class Health {

  /**
   * Group of what a supervisor should restart the process for; takes {@link LivenessCheck}s only.
   */
  public static final String LIVE = "live";

  /** Group of what must work before requests are sent here. */
  public static final String READY = "ready";

  /** Group of backups, drills and objectives. */
  public static final String RECOVERY = "recovery";

  /** Group of permissions, secrets and certificates. */
  public static final String SECURITY = "security";

  /** Group of disks, memory, processor and their trends. */
  public static final String CAPACITY = "capacity";

  private static final List<String> BUILT_IN = List.of(LIVE, READY, RECOVERY, SECURITY, CAPACITY);

  private final Status status;
  private final Instant time;
  private final List<CheckState> checks;
  private final boolean whole;
  private final ConcurrentMap<String, Health> groups = new ConcurrentHashMap<>();

  Health(Instant time, List<CheckState> checks) {
    this(time, checks, true);
  }

  private Health(Instant time, List<CheckState> checks, boolean whole) {
    this.whole = whole;
    this.time = time;
    this.checks = List.copyOf(checks);
    Status worst = checks.isEmpty() ? Status.UNKNOWN : Status.UP;
    for (CheckState check : checks) {
      worst = worst.worst(check.weight().effect(check.status()));
    }
    this.status = worst;
  }

  /**
   * The state of the whole.
   *
   * @return the worst of the checks, by weight
   */
  public Status status() {
    return status;
  }

  /**
   * When this was put together: at the last result, not at the time of reading.
   *
   * @return the time
   */
  public Instant time() {
    return time;
  }

  /**
   * Every check, in the order of registration.
   *
   * @return an unmodifiable list
   */
  public List<CheckState> checks() {
    return checks;
  }

  /**
   * One check.
   *
   * @param name its name
   * @return its state, or empty if there is no such check
   */
  public Optional<CheckState> check(String name) {
    return checks.stream().filter(check -> check.name().equals(name)).findFirst();
  }

  /**
   * The names of the groups: the five built-in ones, then the user's own. A group or a selection
   * has none.
   *
   * @return an unmodifiable set
   */
  public Set<String> groups() {
    if (!whole) {
      return Set.of();
    }
    Set<String> names = new LinkedHashSet<>(BUILT_IN);
    checks.forEach(check -> names.addAll(check.groups()));
    return java.util.Collections.unmodifiableSet(names);
  }

  /**
   * One group as a whole of its own.
   *
   * @param name one of the {@link #groups()} of the whole
   * @return the group, or empty if nothing has that name
   */
  public Optional<Health> group(String name) {
    Health known = groups.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    Health group = select(check -> check.groups().contains(name));
    if (group.checks.isEmpty() && !BUILT_IN.contains(name)) {
      return Optional.empty();
    }
    groups.put(name, group);
    return Optional.of(group);
  }

  /**
   * The checks that satisfy a condition, for instance those with a tag, as a whole of their own.
   *
   * @param condition what to keep
   * @return the chosen checks
   */
  public Health select(Predicate<CheckState> condition) {
    List<CheckState> chosen = new ArrayList<>();
    for (CheckState check : checks) {
      if (condition.test(check)) {
        chosen.add(check);
      }
    }
    return new Health(time, chosen, false);
  }

  @Override
  public String toString() {
    return status + " " + checks.stream().map(c -> c.name() + "=" + c.status()).toList();
  }
}
