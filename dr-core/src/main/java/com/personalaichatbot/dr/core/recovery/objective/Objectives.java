package com.personalaichatbot.dr.core.recovery.objective;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The promises, measured. The recovery point of a component is the age of its newest verified
 * snapshot, from the start of its capture: what came later is not in it. The recovery time is that
 * of the newest drill or recovery of all components that ended RECOVERED. Immutable.
 *
 * <p>A drill has no fault to be detected and nobody who has to wake up first. {@link #allowance}
 * adds the time that people need; four hours are not met by a machine alone.
 */
public final class Objectives {
  /** Group of the components without which the application does not work. */
  public static final String CRITICAL = "critical";

  /** Group of all components. */
  public static final String FULL = "full";

  private static final Duration CRITICAL_TIME = Duration.ofHours(4);
  private static final Duration FULL_TIME = Duration.ofHours(24);
  private static final Duration VALID = Duration.ofDays(93);

  private final List<Objective> objectives;
  private final Duration allowance;
  private final Duration valid;

  private Objectives(List<Objective> objectives, Duration allowance, Duration valid) {
    this.objectives = List.copyOf(objectives);
    this.allowance = allowance;
    this.valid = valid;
  }

  /**
   * The recovery point objective of each component, as it carries it, and the recovery time
   * objectives of the user's disaster recovery document: 4 hours for what is critical, 24 for all.
   * A drill counts for a quarter of a year, and people get no time.
   */
  public static Objectives of(List<Component> components) {
    List<Objective> all = new ArrayList<>();
    components.forEach(c -> all.add(new Objective(c.name(), Objective.Kind.RPO, c.rpo())));
    all.add(new Objective(CRITICAL, Objective.Kind.RTO, CRITICAL_TIME));
    all.add(new Objective(FULL, Objective.Kind.RTO, FULL_TIME));
    return new Objectives(all, Duration.ZERO, VALID);
  }

  /** The same, with another target in the place of the one of the same scope and kind. */
  public Objectives with(Objective objective) {
    List<Objective> all = new ArrayList<>(objectives);
    all.removeIf(o -> o.scope().equals(objective.scope()) && o.kind() == objective.kind());
    all.add(objective);
    return new Objectives(all, allowance, valid);
  }

  /**
   * The same, with the time that people need until a recovery begins, added to every measured time
   * of a drill.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Objectives allowance(Duration people) {
    if (people.isNegative()) {
      throw new IllegalArgumentException("an allowance is not negative");
    }
    return new Objectives(objectives, people, valid);
  }

  /**
   * The same, where a drill proves nothing any more when it is older than this.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public Objectives drillsValid(Duration age) {
    if (age.isNegative() || age.isZero()) {
      throw new IllegalArgumentException("a drill is valid for some time");
    }
    return new Objectives(objectives, allowance, age);
  }

  /** What was promised, in the order in which it is measured. */
  public List<Objective> all() {
    return objectives;
  }

  /**
   * Measures all of them.
   *
   * @throws IOException if the repository or the journals cannot be read
   */
  public List<ObjectiveResult> measure(BackupRepository repository, Recovery recovery, Instant now)
      throws IOException {
    Map<String, String> plans = new HashMap<>();
    for (Drill drill : Drill.values()) {
      var plan = recovery.plan(drill);
      plans.put(plan.runbook().id(), plan.hash());
    }
    for (Scenario scenario : Scenario.values()) {
      plans.put(scenario.id(), recovery.plan(scenario, RunOptions.none()).hash());
    }
    return measure(repository.snapshots(), recovery.history(), plans, now);
  }

  /**
   * Measures all of them, from what is given.
   *
   * @param snapshots of the repository
   * @param history of runs and drills, oldest first
   * @param plans hash of the plan of each runbook as it is now, by its id; of a run without options
   */
  public List<ObjectiveResult> measure(
      List<Snapshot> snapshots, List<RunReport> history, Map<String, String> plans, Instant now) {
    Objects.requireNonNull(now, "now");
    return objectives.stream()
        .map(objective -> objective.kind() == Objective.Kind.RPO
            ? point(objective, snapshots, now)
            : time(objective, snapshots, history, plans, now))
        .toList();
  }

  private static ObjectiveResult point(Objective objective, List<Snapshot> snapshots, Instant now) {
    List<Snapshot> own = snapshots.stream()
        .filter(s -> s.purpose() != Purpose.QUARANTINE)
        .filter(s -> s.component(objective.scope()).isPresent())
        .sorted(Comparator.comparing(Snapshot::started))
        .toList();
    if (own.isEmpty()) {
      return result(objective, ObjectiveState.BREACHED, null, null, "there is no snapshot of it");
    }
    Optional<Snapshot> good =
        own.stream().filter(s -> s.isGoodFor(objective.scope())).reduce((older, newer) -> newer);
    if (good.isEmpty()) {
      return result(
          objective, ObjectiveState.UNPROVEN, null, null, "none of its snapshots is verified");
    }
    Duration age = positive(Duration.between(good.get().started(), now));
    if (age.compareTo(objective.target()) > 0) {
      boolean newer = own.stream()
          .anyMatch(s -> s.started().isAfter(good.get().started())
              && positive(Duration.between(s.started(), now)).compareTo(objective.target()) <= 0);
      return result(
          objective,
          ObjectiveState.BREACHED,
          age,
          null,
          own.get(own.size() - 1).isShrunk(objective.scope())
              ? "the newest snapshot is SHRUNK, and nobody has accepted it"
              : newer
                  ? "a newer snapshot is there and not verified"
                  : "the newest verified snapshot is too old");
    }
    Duration atNext = ageWhenNextRunEnds(own, good.get(), now);
    return atNext.compareTo(objective.target()) > 0
        ? result(
            objective,
            ObjectiveState.AT_RISK,
            age,
            null,
            "at the usual interval the next snapshot comes too late")
        : result(
            objective, ObjectiveState.COMPLIANT, age, null, "verified snapshots are young enough");
  }

  /** How old the newest verified one will be when the next run has ended, if it comes as usual. */
  private static Duration ageWhenNextRunEnds(List<Snapshot> own, Snapshot good, Instant now) {
    if (own.size() < 3) {
      return Duration.ZERO;
    }
    List<Duration> intervals = new ArrayList<>();
    List<Duration> lengths = new ArrayList<>();
    for (int i = 1; i < own.size(); i++) {
      intervals.add(Duration.between(own.get(i - 1).started(), own.get(i).started()));
      lengths.add(positive(Duration.between(own.get(i).started(), own.get(i).finished())));
    }
    Instant next = own.get(own.size() - 1).started().plus(quantile(intervals, 0.5));
    Instant end = (next.isBefore(now) ? now : next).plus(quantile(lengths, 0.95));
    return Duration.between(good.started(), end);
  }

  private ObjectiveResult time(
      Objective objective,
      List<Snapshot> snapshots,
      List<RunReport> history,
      Map<String, String> plans,
      Instant now) {
    Optional<RunReport> newest = history.stream()
        .filter(run -> run.status() == RunStatus.RECOVERED && isWhole(run))
        .max(Comparator.comparing(RunReport::started));
    if (newest.isEmpty()) {
      return result(objective, ObjectiveState.UNPROVEN, null, null, "never drilled: run a drill");
    }
    RunReport run = newest.get();
    Optional<Duration> machine = objective.scope().equals(CRITICAL)
        ? run.criticalTime().or(run::recoveryTime)
        : run.recoveryTime();
    if (machine.isEmpty()) {
      return result(objective, ObjectiveState.UNPROVEN, null, null, "its time was not measured");
    }
    Duration measured = run.mode() == RunMode.DRILL ? machine.get().plus(allowance) : machine.get();
    Duration predicted = predict(run, measured, snapshots);
    if (measured.compareTo(objective.target()) > 0) {
      return result(
          objective, ObjectiveState.BREACHED, measured, predicted, "the last run took longer");
    }
    if (run.started().plus(valid).isBefore(now)) {
      return result(
          objective, ObjectiveState.UNPROVEN, measured, predicted, "the last drill is too old");
    }
    if (run.mode() == RunMode.DRILL && !run.planHash().equals(plans.get(run.runbook()))) {
      return result(
          objective,
          ObjectiveState.UNPROVEN,
          measured,
          predicted,
          "the plan, the policy or the application changed since the last drill");
    }
    return predicted.compareTo(objective.target()) > 0
        ? result(
            objective,
            ObjectiveState.AT_RISK,
            measured,
            predicted,
            "with today's amount of data it would take too long")
        : result(
            objective,
            ObjectiveState.COMPLIANT,
            measured,
            predicted,
            "the last run was fast enough");
  }

  /** Whether a run brought everything back, not only what was damaged. */
  private static boolean isWhole(RunReport run) {
    return run.mode() == RunMode.DRILL
        || run.mode() == RunMode.LIVE && run.runbook().equals(Scenario.HARDWARE_FAILURE.id());
  }

  /** The part that restores grows with the data; the rest does not. */
  private static Duration predict(RunReport run, Duration measured, List<Snapshot> snapshots) {
    long then = snapshots.stream()
        .filter(s -> run.snapshots().containsValue(s.id()))
        .mapToLong(Snapshot::bytes)
        .max()
        .orElse(0);
    long today = snapshots.stream()
        .filter(s -> s.purpose() != Purpose.QUARANTINE)
        .max(Comparator.comparing(Snapshot::sequence))
        .map(Snapshot::bytes)
        .orElse(0L);
    if (then <= 0 || today <= then) {
      return measured;
    }
    Duration restoring = run.step("restore").map(StepReport::duration).orElse(Duration.ZERO);
    double more = restoring.toMillis() * ((double) today / then - 1);
    return measured.plusMillis(Math.round(more));
  }

  private static Duration quantile(List<Duration> durations, double share) {
    List<Duration> sorted = durations.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  private static ObjectiveResult result(
      Objective objective,
      ObjectiveState state,
      Duration measured,
      Duration predicted,
      String reason) {
    return new ObjectiveResult(
        objective, state, Optional.ofNullable(measured), Optional.ofNullable(predicted), reason);
  }
}
