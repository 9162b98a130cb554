package com.personalaichatbot.dr.core.snapshot;

import com.personalaichatbot.dr.core.snapshot.RetentionReason.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One decision of a policy, from the first to the last snapshot.
 *
 * <p>Five passes, in this order, each of which only ever adds reasons to keep:
 *
 * <ol>
 *   <li>What is held, QUARANTINE or dated after now is judged by that alone and leaves the count:
 *       it fills no place in a rule and no guard relies on it, so that pinning an old snapshot
 *       never makes a newer one go.
 *   <li>The rules, for each host and set of components by itself; snapshots in which a component is
 *       SHRUNK count apart, so that they never take the place of those from before. By place in the
 *       history within a period, since that order no clock can change; but the newest periods by
 *       date, so that a snapshot with a date of long ago takes no place from those with the right
 *       one.
 *   <li>If the clock is doubtful and the policy goes by time, all that is left stays.
 *   <li>The guards: whatever the rules say, no component loses its newest good snapshot or its last
 *       complete one, or for 90 days the one before it became SHRUNK. No host and set of components
 *       loses all of theirs.
 *   <li>If the policy goes by time, what is misdated stays for 90 days; no guard relies on it.
 * </ol>
 */
final class Retention {
  private static final Duration QUARANTINE_AGE = Duration.ofDays(90);
  private static final Duration SHRUNK_AGE = Duration.ofDays(90);
  private static final Duration MISDATED_AGE = Duration.ofDays(90);

  private final RetentionPolicy policy;
  private final RetentionClock clock;
  private final Set<SnapshotId> undos;
  private final Optional<String> doubt;
  private final List<Candidate> newestFirst;

  Retention(
      RetentionPolicy policy,
      List<Snapshot> snapshots,
      RetentionClock clock,
      Set<SnapshotId> undos) {
    this.policy = policy;
    this.clock = clock;
    this.undos = Set.copyOf(undos);
    this.doubt = clock.doubt(snapshots);
    Map<SnapshotId, Misdated> misdated = Misdated.among(snapshots, clock);
    this.newestFirst = snapshots.stream()
        .sorted(Comparator.comparingLong(Snapshot::sequence).reversed())
        .map(snapshot -> new Candidate(snapshot, misdated.get(snapshot.id()), policy.zone()))
        .toList();
  }

  /** A snapshot and what was found so far that keeps it. */
  private static final class Candidate {
    final Snapshot snapshot;
    /** Null if its date is believed. */
    final Misdated misdated;

    final Set<Place> places;
    final Set<Place> shrunk;
    final OffsetDateTime wallClock;
    final List<RetentionReason> keeps = new ArrayList<>();
    boolean counts = true;

    Candidate(Snapshot snapshot, Misdated misdated, ZoneId zone) {
      this.snapshot = snapshot;
      this.misdated = misdated;
      this.places = Place.allOf(snapshot);
      this.shrunk = snapshot.components().stream()
          .filter(c -> c.status() == BackupStatus.SHRUNK)
          .map(c -> Place.of(snapshot, c))
          .collect(Collectors.toSet());
      this.wallClock = Period.wallClock(snapshot.started(), zone);
    }

    boolean isQuarantine() {
      return snapshot.purpose() == Purpose.QUARANTINE;
    }

    boolean isKept() {
      return !keeps.isEmpty();
    }

    void keep(Code code, String detail) {
      keeps.add(new RetentionReason(code, detail));
    }
  }

  /**
   * A component of a host, told from its namesakes by where it lies: a component, told from its
   * namesakes by where it lies.
   */
  private record Place(String host, String name, String path) {
    static Place of(Snapshot snapshot, ComponentState component) {
      return new Place(snapshot.host(), component.name(), component.path());
    }

    static Set<Place> allOf(Snapshot snapshot) {
      Set<Place> places = new HashSet<>();
      snapshot.components().forEach(component -> places.add(of(snapshot, component)));
      return places;
    }
  }

  RetentionDecision decide() {
    newestFirst.forEach(this::setAside);
    List<Candidate> counted = newestFirst.stream().filter(c -> c.counts).toList();
    grouped(counted, c -> List.of(c.places, c.shrunk)).forEach(this::applyRules);
    if (doubt.isPresent() && policy.goesByTime()) {
      counted.stream()
          .filter(c -> !c.isKept())
          .forEach(c -> c.keep(Code.CLOCK_DOUBTFUL, doubt.get()));
    }
    keepBeforeShrunk();
    keepNewestGood();
    grouped(counted, c -> c.places).forEach(Retention::keepOne);
    keepLastComplete(counted);
    keepOnlyQuarantine();
    if (policy.goesByTime()) {
      counted.stream()
          .filter(c -> !c.isKept() && c.misdated != null && isWithin(c, MISDATED_AGE))
          .forEach(c -> c.keep(Code.CLOCK_DOUBTFUL, c.misdated.reason()));
    }
    return result();
  }

  private static Collection<List<Candidate>> grouped(
      List<Candidate> candidates, Function<Candidate, Object> by) {
    return candidates.stream()
        .collect(Collectors.groupingBy(by, LinkedHashMap::new, Collectors.toList()))
        .values();
  }

  private void setAside(Candidate candidate) {
    Snapshot snapshot = candidate.snapshot;
    snapshot.hold().ifPresent(hold -> keepHeld(candidate, hold));
    if (snapshot.started().isAfter(clock.now())) {
      candidate.keep(Code.FUTURE, "dated " + snapshot.started() + ", after now");
    }
    if (candidate.isQuarantine()) {
      keepQuarantine(candidate);
    }
    if (snapshot.purpose() == Purpose.CONTINUOUS) {
      candidate.keep(Code.CONTINUOUS, "written by a newer version");
    }
    candidate.counts = !candidate.isKept() && !candidate.isQuarantine();
  }

  private void keepHeld(Candidate candidate, Hold hold) {
    if (hold.until().isEmpty()) {
      candidate.keep(Code.HOLD, "held for ever");
    } else if (clock.now().isBefore(hold.until().get())) {
      candidate.keep(Code.HOLD, "held until " + hold.until().get());
    } else if (doubt.isPresent()) {
      candidate.keep(Code.CLOCK_DOUBTFUL, "held until " + hold.until().get() + "; " + doubt.get());
    }
  }

  private void keepQuarantine(Candidate candidate) {
    if (undos.contains(candidate.snapshot.id())) {
      candidate.keep(Code.QUARANTINE, "its undo exists");
    }
    if (isWithin(candidate, QUARANTINE_AGE)) {
      candidate.keep(Code.QUARANTINE, "within " + RetentionPolicy.text(QUARANTINE_AGE));
    } else if (doubt.isPresent()) {
      candidate.keep(Code.CLOCK_DOUBTFUL, doubt.get());
    }
  }

  private void applyRules(List<Candidate> group) {
    int newest = Math.min(policy.last(), group.size());
    for (int i = 0; i < newest; i++) {
      group.get(i).keep(Code.LAST, "number " + (i + 1) + " of the newest " + policy.last());
    }
    policy.periods().forEach((period, count) -> keepNewestOfEach(period, count, group));
    for (Candidate candidate : group) {
      Snapshot snapshot = candidate.snapshot;
      policy.ages().forEach((rule, age) -> {
        if (concerns(rule, snapshot.purpose()) && isWithin(candidate, age)) {
          candidate.keep(rule, snapshot.purpose() + " within " + RetentionPolicy.text(age));
        }
      });
      snapshot.tags().stream()
          .distinct()
          .filter(policy.tags()::contains)
          .forEach(tag -> candidate.keep(Code.TAG, "tag " + tag));
    }
  }

  private void keepNewestOfEach(Period period, int count, List<Candidate> group) {
    TreeMap<Long, Candidate> newestOf = new TreeMap<>(Comparator.reverseOrder());
    for (Candidate candidate : group) {
      newestOf.putIfAbsent(period.number(candidate.wallClock), candidate);
    }
    int number = 0;
    for (Candidate candidate : newestOf.values()) {
      if (++number > count) {
        break;
      }
      String name = period.noun() + " " + period.name(candidate.wallClock);
      candidate.keep(period.code(), "newest of " + name + ", number " + number + " of " + count);
    }
  }

  private static boolean concerns(Code rule, Purpose purpose) {
    return rule == Code.WITHIN || (rule == Code.AUTOMATED_AGE) == purpose.isAutomated();
  }

  private boolean isWithin(Candidate candidate, Duration age) {
    return age(candidate).compareTo(age) <= 0;
  }

  private Duration age(Candidate candidate) {
    Instant made = candidate.misdated == null
        ? candidate.snapshot.started()
        : candidate.misdated.madeAtTheLatest();
    return Duration.between(made, clock.now());
  }

  /**
   * Keeps what a SHRUNK component was before, until somebody accepts its loss, or it is back. It
   * ends too when somebody must have noticed, so long after it was first seen.
   */
  private void keepBeforeShrunk() {
    Map<Place, Candidate> since = new HashMap<>();
    Set<Place> found = new HashSet<>();
    Set<Place> settled = new HashSet<>();
    for (Candidate candidate : newestFirst) {
      Map<Boolean, Set<String>> names = new TreeMap<>();
      for (ComponentState component : candidate.snapshot.components()) {
        Place place = Place.of(candidate.snapshot, component);
        if (candidate.isQuarantine() || settled.contains(place)) {
          continue;
        }
        if (candidate.shrunk.contains(place)) {
          since.put(place, candidate);
          continue;
        }
        boolean complete = isComplete(candidate, component);
        if (since.containsKey(place) && (found.add(place) || complete)) {
          boolean young = isWithin(since.get(place), SHRUNK_AGE);
          names.computeIfAbsent(young, key -> new LinkedHashSet<>()).add(component.name());
        }
        if (complete) {
          settled.add(place);
        }
      }
      names.forEach(
          (young, of) -> keepBeforeShrunk(candidate, "of " + String.join(", ", of), young));
    }
  }

  private void keepBeforeShrunk(Candidate candidate, String of, boolean young) {
    if (young) {
      candidate.keep(Code.BEFORE_SHRUNK, of);
    } else if (doubt.isPresent()) {
      candidate.keep(Code.CLOCK_DOUBTFUL, of + ", before it was SHRUNK; " + doubt.get());
    }
  }

  /** What is latest good, or would be without a hold or a wrong date, never goes. */
  private void keepNewestGood() {
    Set<Place> seen = new HashSet<>();
    for (Candidate candidate : newestFirst) {
      Snapshot snapshot = candidate.snapshot;
      keepFor(candidate, seen, c -> snapshot.isGoodFor(c.name()), Code.LAST_VERIFIED);
    }
  }

  private static void keepOne(List<Candidate> group) {
    if (group.stream().noneMatch(Candidate::isKept)) {
      Candidate newest = group.get(0);
      newest.keep(
          Code.ONLY_ONE, "nothing else stays of these components of " + newest.snapshot.host());
    }
  }

  private static void keepLastComplete(List<Candidate> counted) {
    Set<Place> complete = new HashSet<>();
    for (Candidate candidate : counted) {
      if (candidate.isKept()) {
        candidate.snapshot.components().stream()
            .filter(c -> isComplete(candidate, c))
            .forEach(c -> complete.add(Place.of(candidate.snapshot, c)));
      }
    }
    for (Candidate candidate : counted) {
      keepFor(candidate, complete, c -> isComplete(candidate, c), Code.LAST_COMPLETE);
    }
  }

  private static boolean isComplete(Candidate candidate, ComponentState component) {
    return component.status() == BackupStatus.COMPLETE
        && candidate.snapshot.trust() != Trust.SUSPECT;
  }

  /** Keeps a snapshot for those of its components that it serves as the first one seen. */
  private static void keepFor(
      Candidate candidate, Set<Place> seen, Predicate<ComponentState> serves, Code code) {
    Set<String> names = new LinkedHashSet<>();
    for (ComponentState component : candidate.snapshot.components()) {
      if (serves.test(component) && seen.add(Place.of(candidate.snapshot, component))) {
        names.add(component.name());
      }
    }
    if (!names.isEmpty()) {
      candidate.keep(code, "of " + String.join(", ", names));
    }
  }

  /** Where a component was never saved but on the way into a restore, that is better than none. */
  private void keepOnlyQuarantine() {
    Set<Place> kept = new HashSet<>();
    for (Candidate candidate : newestFirst) {
      if (candidate.isKept()) {
        kept.addAll(candidate.places);
      }
    }
    for (Candidate candidate : newestFirst) {
      if (candidate.isQuarantine() && !candidate.isKept()) {
        keepFor(candidate, kept, c -> true, Code.ONLY_ONE);
      }
    }
  }

  private RetentionDecision result() {
    List<RetentionDecision.Verdict> kept = new ArrayList<>();
    List<RetentionDecision.Verdict> removed = new ArrayList<>();
    String rules = policy.toString();
    for (Candidate candidate : newestFirst) {
      List<RetentionReason> reasons =
          candidate.isKept() ? candidate.keeps : List.of(whyRemoved(candidate, rules));
      (candidate.isKept() ? kept : removed)
          .add(new RetentionDecision.Verdict(candidate.snapshot, reasons));
    }
    Collections.reverse(kept);
    Collections.reverse(removed);
    return new RetentionDecision(clock.now(), kept, removed, doubt);
  }

  private RetentionReason whyRemoved(Candidate candidate, String rules) {
    if (candidate.isQuarantine()) {
      return new RetentionReason(
          Code.QUARANTINE_EXPIRED,
          "older than " + RetentionPolicy.text(QUARANTINE_AGE) + " and its undo is gone");
    }
    String age = RetentionPolicy.text(Duration.ofDays(age(candidate).toDays()));
    return new RetentionReason(
        Code.NO_RULE_KEEPS,
        candidate.snapshot.purpose() + ", " + age + " old, not kept by " + rules);
  }
}
