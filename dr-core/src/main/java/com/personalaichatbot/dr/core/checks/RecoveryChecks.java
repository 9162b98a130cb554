package com.personalaichatbot.dr.core.checks;

import static java.util.Objects.requireNonNull;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.objective.BackupPolicy;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.recovery.schedule.Schedule;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Proof;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.check.DiskCheck;
import com.personalaichatbot.dr.health.check.SizeCheck;
import com.personalaichatbot.dr.health.trend.TrendCheck;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The ready-made checks of a repository and the backups in it, each with the settings it asks for
 * itself:
 *
 * <ul>
 *   <li>{@code backup:NAME} for each component: the age of its newest backup against its recovery
 *       point objective, and whether the next backup will come in time;
 *   <li>{@code verified} and {@code drill}: when stored data was last read back and last restored
 *       in a drill, how much of it, and how that ended;
 *   <li>{@code repository}: whether it is there and takes what is written;
 *   <li>{@code repository-space} and {@code repository-size}: how full its volume is and how large
 *       it is, with {@link #trends} also when it will be full;
 *   <li>{@code copy} for each {@link #copy} that is named: whether it keeps up;
 *   <li>{@code policy} and {@code objectives}, if {@link #policy} and {@link #objectives} are
 *       given: what cannot be kept, and what is not;
 *   <li>{@code schedule}, if {@link #schedule} is given: whether its jobs are done in time;
 *   <li>{@code passphrase}, if {@link #passphrase} is given: whether it opens a key slot.
 * </ul>
 *
 * <p>They look at the history, every five minutes, and never at stored data: what they cost does
 * not grow with the amount of data. They belong to the groups {@link Health#RECOVERY} and
 * {@link Health#CAPACITY}, never to {@link Health#READY} or {@link Health#LIVE}, for an application
 * with an old backup still serves its users. Immutable.
 */
public final class RecoveryChecks {
  private static final int LONGEST_NAME = 100;
  private static final String SPACE = "repository-space";
  private static final String SIZE = "repository-size";
  private static final Path ANY = Path.of("");

  private final BackupRepository repository;
  private final List<Component> components;
  private final Clock clock;
  private Optional<TrendStore> trends = Optional.empty();
  private Optional<Supplier<Secret>> passphrase = Optional.empty();
  private Function<Component, Optional<Instant>> nextRun = component -> Optional.empty();
  private Optional<Schedule> schedule = Optional.empty();
  private Duration verifiedWithin = Duration.ofDays(8);
  private Duration drilledWithin = Duration.ofDays(35);
  private Map<Storage, Duration> copies = Map.of();
  private Optional<BackupPolicy> policy = Optional.empty();
  private Optional<HealthCheck> objectives = Optional.empty();

  private RecoveryChecks(BackupRepository repository, List<Component> components) {
    this.repository = repository;
    this.components = components;
    this.clock = repository.clock();
  }

  private RecoveryChecks copy() {
    RecoveryChecks copy = new RecoveryChecks(repository, components);
    copy.trends = trends;
    copy.passphrase = passphrase;
    copy.nextRun = nextRun;
    copy.schedule = schedule;
    copy.verifiedWithin = verifiedWithin;
    copy.drilledWithin = drilledWithin;
    copy.copies = copies;
    copy.policy = policy;
    copy.objectives = objectives;
    return copy;
  }

  /**
   * Checks of a repository.
   *
   * @param repository stays the caller's, and open as long as the checks run
   * @param components whose backups are looked at; may be empty
   * @return the checks, with a verify owed every 8 days and a drill every 35
   */
  public static RecoveryChecks of(BackupRepository repository, List<Component> components) {
    return new RecoveryChecks(repository, List.copyOf(components));
  }

  /**
   * Remembers how full and how large the repository is, in the series {@code repository-space} and
   * {@code repository-size}, and forecasts from them.
   *
   * @param trends where; its clock is that of the checks
   * @return a changed copy
   */
  public RecoveryChecks trends(TrendStore trends) {
    RecoveryChecks copy = copy();
    copy.trends = Optional.of(trends);
    return copy;
  }

  /**
   * Also makes sure, once a day, that a passphrase opens the repository. Each time a key is
   * derived, which takes about a second and much memory by intent.
   *
   * @param passphrase gives it again each time, best from where a person would look for it; the
   *     check closes what it is given
   * @return a changed copy
   */
  public RecoveryChecks passphrase(Supplier<Secret> passphrase) {
    RecoveryChecks copy = copy();
    copy.passphrase = Optional.of(passphrase);
    return copy;
  }

  /**
   * Says when a component is backed up next. Without it, and where it gives nothing, that is taken
   * from how often it was backed up.
   *
   * @param nextRun gives the time for a component; called on a worker thread, must not block
   * @return a changed copy
   */
  public RecoveryChecks nextRun(Function<Component, Optional<Instant>> nextRun) {
    RecoveryChecks copy = copy();
    copy.nextRun = requireNonNull(nextRun, "nextRun");
    return copy;
  }

  /**
   * Goes by a schedule: it says when components are backed up next, and its jobs are looked at.
   *
   * @param schedule stays the caller's, and open as long as the checks run
   * @return a changed copy
   */
  public RecoveryChecks schedule(Schedule schedule) {
    RecoveryChecks copy = nextRun(schedule::next);
    copy.schedule = Optional.of(schedule);
    return copy;
  }

  /**
   * How long ago the last verify and the last drill may be.
   *
   * @param verified for a verify that reads data, positive
   * @param drilled for a drill, positive
   * @return a changed copy
   * @throws IllegalArgumentException if one is not positive
   */
  public RecoveryChecks provenWithin(Duration verified, Duration drilled) {
    if (verified.isNegative() || verified.isZero() || drilled.isNegative() || drilled.isZero()) {
      throw new IllegalArgumentException("a limit must be positive: " + verified + ", " + drilled);
    }
    RecoveryChecks copy = copy();
    copy.verifiedWithin = verified;
    copy.drilledWithin = drilled;
    return copy;
  }

  /**
   * Also looks after a copy of the repository, in the checks {@code copy}, {@code copy-2} and so
   * on: whether it is there, and how long the oldest snapshot that it lacks has been waiting.
   *
   * @param target where {@link com.personalaichatbot.dr.core.repository.Copies#copyTo} writes it;
   *     stays the caller's, and open as long as the checks run
   * @param within how long that may be; positive
   * @return a changed copy
   * @throws IllegalArgumentException if it is not positive
   */
  public RecoveryChecks copy(Storage target, Duration within) {
    requireNonNull(target, "target");
    if (within.isNegative() || within.isZero()) {
      throw new IllegalArgumentException("a limit must be positive: " + within);
    }
    RecoveryChecks copy = copy();
    copy.copies = new LinkedHashMap<>(copies);
    copy.copies.put(target, within);
    return copy;
  }

  /**
   * Also looks, once an hour, for promises that the policy cannot keep, in the check
   * {@code policy}: a schedule too slow for an objective, a retention that does not reach its
   * stated age, a repository on the volume of the data, no second copy, no second key. The copies
   * are those that {@link #copy} names.
   *
   * @param newPolicy what is to be looked at
   * @return a changed copy
   */
  public RecoveryChecks policy(BackupPolicy newPolicy) {
    RecoveryChecks copy = copy();
    copy.policy = Optional.of(newPolicy);
    return copy;
  }

  /**
   * Also checks, as {@link #policy(BackupPolicy)}, the policy of these components with the
   * {@link #schedule} that was given before.
   *
   * @return a changed copy
   */
  public RecoveryChecks policy() {
    BackupPolicy own = BackupPolicy.of(components);
    return policy(schedule.map(s -> own.withSchedule(s.jobs(), s.zone())).orElse(own));
  }

  /**
   * Also measures, as {@link #objectives(Objectives, Recovery)}, the objectives of these
   * components.
   *
   * @return a changed copy
   */
  public RecoveryChecks objectives(Recovery recovery) {
    return objectives(Objectives.of(components), recovery);
  }

  /**
   * Also measures, every quarter of an hour, what was promised, in the check {@code objectives}.
   *
   * @param newObjectives what was promised
   * @param recovery whose drills and runs are looked at; stays the caller's, and open as long as
   *     the checks run
   * @return a changed copy
   */
  public RecoveryChecks objectives(Objectives newObjectives, Recovery recovery) {
    requireNonNull(newObjectives, "objectives");
    requireNonNull(recovery, "recovery");
    RecoveryChecks copy = copy();
    copy.objectives = Optional.of(new ObjectivesCheck(repository, recovery, newObjectives, clock));
    return copy;
  }

  /**
   * Registers the checks.
   *
   * @param monitor where
   * @return the monitor
   * @throws IllegalArgumentException if one of the names is taken there
   */
  public HealthMonitor register(HealthMonitor monitor) {
    checks().forEach(monitor::register);
    return monitor;
  }

  private Map<String, HealthCheck> checks() {
    RecentHistory history = new RecentHistory(repository);
    Map<String, HealthCheck> checks = new LinkedHashMap<>();
    for (Component component : components) {
      checks.put(name(component, checks), new BackupAgeCheck(component, history, clock, nextRun));
    }
    checks.put("verified", new ProofCheck(Proof.Kind.VERIFY, verifiedWithin, history, clock));
    checks.put("drill", new ProofCheck(Proof.Kind.DRILL, drilledWithin, history, clock));
    checks.put("repository", new RepositoryCheck(repository));
    int number = 1;
    for (Map.Entry<Storage, Duration> copy : copies.entrySet()) {
      checks.put(
          number == 1 ? "copy" : "copy-" + number,
          new CopyCheck(repository, copy.getKey(), copy.getValue(), clock));
      number++;
    }
    policy.ifPresent(
        of -> checks.put("policy", new PolicyCheck(repository, of, List.copyOf(copies.keySet()))));
    objectives.ifPresent(check -> checks.put("objectives", check));
    checks.put(SPACE, new InDirectoryCheck(repository, DiskCheck.of(ANY).settings(), this::space));
    checks.put(SIZE, new InDirectoryCheck(repository, SizeCheck.of(ANY).settings(), this::size));
    schedule.ifPresent(s -> checks.put("schedule", new ScheduleCheck(s, clock)));
    passphrase.ifPresent(p -> checks.put("passphrase", new PassphraseCheck(repository, p)));
    return checks;
  }

  private HealthCheck space(Path directory) {
    DiskCheck space = DiskCheck.of(directory);
    return trends
        .<HealthCheck>map(to -> TrendCheck.percent(to, SPACE, space, "usedPercent", clock))
        .orElse(space);
  }

  private HealthCheck size(Path directory) {
    SizeCheck size = SizeCheck.of(directory);
    return trends
        .<HealthCheck>map(to -> TrendCheck.figure(to, SIZE, size, "bytes", clock))
        .orElse(size);
  }

  /** A component may be named by any text, a check may not. */
  private static String name(Component component, Map<String, HealthCheck> taken) {
    String wanted = "backup:" + component.name().replaceAll("[^A-Za-z0-9._:-]", "_");
    String name = wanted.substring(0, Math.min(wanted.length(), LONGEST_NAME));
    for (int number = 2; taken.containsKey(name); number++) {
      String suffix = "-" + number;
      name =
          wanted.substring(0, Math.min(wanted.length(), LONGEST_NAME - suffix.length())) + suffix;
    }
    return name;
  }
}
