package com.personalaichatbot.dr.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.snapshot.RetentionReason.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories under random policies and clocks, against the rules said once more, one snapshot
 * at a time and without regard for speed. A seed that fails is in the name of the test.
 */
class RetentionPropertyTest {

  private static final int SEEDS = 100;
  private static final List<String> ZONES =
      List.of("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe");

  /**
   * What a rule more may make go: what went before, and what stood in where no rule kept anything.
   */
  private static final Set<Code> MAY_GO =
      EnumSet.of(Code.NO_RULE_KEEPS, Code.QUARANTINE_EXPIRED, Code.ONLY_ONE, Code.LAST_COMPLETE);

  static List<Long> seeds() {
    return LongStream.range(0, SEEDS).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decide_anything_isWhatTheRulesSay(long seed) {
    Draw draw = new Draw(seed);
    Oracle oracle = new Oracle(draw);

    RetentionDecision decision = draw.policy().decide(draw.snapshots, draw.clock, draw.undos);

    Map<Long, Set<Code>> reasons = reasons(decision);
    for (Snapshot snapshot : draw.snapshots) {
      assertThat(reasons.get(snapshot.sequence()))
          .as("%s under %s", snapshot, draw.policy())
          .isEqualTo(oracle.reasons(snapshot));
    }
  }

  @Test
  void draw_allSeeds_comesUponEveryReason() {
    Set<Code> seen = EnumSet.noneOf(Code.class);
    for (long seed : seeds()) {
      Draw draw = new Draw(seed);
      RetentionDecision decision = draw.policy().decide(draw.snapshots, draw.clock, draw.undos);
      reasons(decision).values().forEach(seen::addAll);
    }

    assertThat(seen).containsExactly(Code.values());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decide_anything_putsEachSnapshotInOneListOldestFirst(long seed) {
    Draw draw = new Draw(seed);

    RetentionDecision decision = draw.policy().decide(draw.snapshots, draw.clock, draw.undos);

    List<Snapshot> all = new ArrayList<>(snapshots(decision.kept()));
    all.addAll(snapshots(decision.removed()));
    assertThat(all).containsExactlyInAnyOrderElementsOf(draw.snapshots);
    assertThat(snapshots(decision.kept())).extracting(Snapshot::sequence).isSorted();
    assertThat(snapshots(decision.removed())).extracting(Snapshot::sequence).isSorted();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decide_anything_leavesEachComponentSomething(long seed) {
    Draw draw = new Draw(seed);

    List<Snapshot> kept =
        snapshots(draw.policy().decide(draw.snapshots, draw.clock, draw.undos).kept());

    assertThat(held(kept, (s, c) -> true)).isEqualTo(held(draw.snapshots, (s, c) -> true));
    assertThat(held(kept, Snapshot::isGoodFor))
        .isEqualTo(held(draw.snapshots, Snapshot::isGoodFor));
    assertThat(sets(kept)).isEqualTo(sets(draw.snapshots));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decide_anotherRuleOrALongerOne_removesNothingMore(long seed) {
    Draw draw = new Draw(seed);
    RetentionDecision before = draw.policy().decide(draw.snapshots, draw.clock, draw.undos);

    RetentionDecision after = draw.morePolicy().decide(draw.snapshots, draw.clock, draw.undos);

    Map<Long, Set<Code>> reasons = reasons(before);
    assertThat(after.removed())
        .allSatisfy(verdict ->
            assertThat(MAY_GO).containsAll(reasons.get(verdict.snapshot().sequence())));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decide_oneMoreHeld_removesNothingMore(long seed) {
    Draw draw = new Draw(seed);
    RetentionDecision before = draw.policy().decide(draw.snapshots, draw.clock, draw.undos);
    int pinned = draw.random.nextInt(draw.snapshots.size());
    List<Snapshot> snapshots = new ArrayList<>(draw.snapshots);
    snapshots.set(pinned, heldForEver(snapshots.get(pinned)));

    RetentionDecision after = draw.policy().decide(snapshots, draw.clock, draw.undos);

    assertThat(sequences(before.removed())).containsAll(sequences(after.removed()));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decide_whatRemainsOnceMore_removesNothing(long seed) {
    Draw draw = new Draw(seed);
    List<Snapshot> kept =
        snapshots(draw.policy().decide(draw.snapshots, draw.clock, draw.undos).kept());

    RetentionDecision again = draw.policy().decide(kept, draw.clock, draw.undos);

    assertThat(again.removed()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void decide_anotherOrder_decidesTheSame(long seed) {
    Draw draw = new Draw(seed);
    List<Snapshot> shuffled = new ArrayList<>(draw.snapshots);
    Collections.shuffle(shuffled, draw.random);

    assertThat(draw.policy().decide(shuffled, draw.clock, draw.undos))
        .isEqualTo(draw.policy().decide(draw.snapshots, draw.clock, draw.undos));
  }

  private static Snapshot heldForEver(Snapshot s) {
    return new Snapshot(
        s.id(),
        s.sequence(),
        s.started(),
        s.finished(),
        s.host(),
        s.purpose(),
        s.trust(),
        s.status(),
        s.components(),
        s.files(),
        s.bytes(),
        s.tags(),
        Optional.of(new Hold(Optional.empty())));
  }

  private static List<Snapshot> snapshots(List<RetentionDecision.Verdict> verdicts) {
    return verdicts.stream().map(RetentionDecision.Verdict::snapshot).toList();
  }

  private static List<Long> sequences(List<RetentionDecision.Verdict> verdicts) {
    return verdicts.stream().map(verdict -> verdict.snapshot().sequence()).toList();
  }

  private static Map<Long, Set<Code>> reasons(RetentionDecision decision) {
    List<RetentionDecision.Verdict> all = new ArrayList<>(decision.kept());
    all.addAll(decision.removed());
    return all.stream()
        .collect(Collectors.toMap(
            verdict -> verdict.snapshot().sequence(),
            verdict ->
                verdict.reasons().stream().map(RetentionReason::code).collect(Collectors.toSet())));
  }

  private interface Serves {
    boolean test(Snapshot snapshot, String component);
  }

  private static Set<String> held(List<Snapshot> snapshots, Serves serves) {
    return snapshots.stream()
        .flatMap(s -> s.components().stream()
            .filter(c -> serves.test(s, c.name()))
            .map(c -> s.host() + " " + c.path()))
        .collect(Collectors.toSet());
  }

  private static Set<String> sets(List<Snapshot> snapshots) {
    return snapshots.stream()
        .filter(s -> s.purpose() != Purpose.QUARANTINE)
        .map(RetentionPropertyTest::set)
        .collect(Collectors.toSet());
  }

  private static Set<String> shrunk(Snapshot snapshot) {
    return snapshot.components().stream()
        .map(ComponentState::name)
        .filter(snapshot::isShrunk)
        .collect(Collectors.toSet());
  }

  /** The host and its components, in one text. */
  private static String set(Snapshot snapshot) {
    return snapshot.host()
        + snapshot.components().stream().map(ComponentState::path).sorted().toList();
  }

  /** A history, a policy and a clock out of a seed. */
  private static final class Draw {
    final Random random;
    final List<Snapshot> snapshots = new ArrayList<>();
    final Set<SnapshotId> undos = new HashSet<>();
    final RetentionClock clock;
    final int[] counts = new int[6];
    final Duration[] ages = new Duration[3];
    final Set<String> tags = new HashSet<>();
    final ZoneId zone;

    Draw(long seed) {
      random = new Random(seed);
      zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
      Instant time = Instant.parse("2024-01-01T00:00:00Z").plus(hours(24 * 365));
      int size = 1 + random.nextInt(40);
      int step = List.of(1, 6, 24, 24 * 9).get(random.nextInt(4));
      for (int i = 1; i <= size; i++) {
        time = time.plus(Duration.ofMinutes(random.nextInt(step * 120)));
        Instant dated = random.nextInt(20) == 0 ? time.minus(hours(24 * 365 * 30)) : time;
        snapshots.add(snapshot(i, dated));
      }
      Duration later = random.nextInt(8) == 0 ? Duration.ofDays(401) : hours(24 * 100);
      Instant now = random.nextInt(6) == 0 ? time.minus(hours(step * 5)) : time.plus(later);
      RetentionClock plain = RetentionClock.at(now);
      clock = random.nextInt(3) == 0 ? plain.accept() : plain;
      drawPolicy();
    }

    private Snapshot snapshot(int sequence, Instant dated) {
      Taken taken = Taken.at(sequence, dated)
          .of(random.nextInt(4) == 0 ? "twin" : "bot")
          .as(Purpose.values()[random.nextInt(Purpose.values().length)])
          .being(Trust.values()[random.nextInt(Trust.values().length)]);
      BackupStatus status = switch (random.nextInt(6)) {
        case 0 -> BackupStatus.INCOMPLETE;
        case 1 -> BackupStatus.SHRUNK;
        default -> BackupStatus.COMPLETE;
      };
      ComponentState data = Taken.component("data", status);
      ComponentState config = Taken.component("config", BackupStatus.COMPLETE);
      taken = switch (random.nextInt(4)) {
        case 0 -> taken.holding(config, data);
        case 1 -> taken.holding(data, config);
        case 2 -> taken.holding(config);
        default -> taken.holding(data);
      };
      if (random.nextInt(6) == 0) {
        taken = taken.tagged(random.nextBoolean() ? "a" : "b");
      }
      if (random.nextInt(8) == 0) {
        taken = random.nextBoolean()
            ? taken.held()
            : taken.heldBy(new Hold(Optional.of(dated.plus(hours(24 * 50)))));
      }
      if (random.nextInt(5) == 0) {
        undos.add(Taken.id(sequence));
      }
      return taken.snapshot();
    }

    private void drawPolicy() {
      for (int i = 0; i < counts.length; i++) {
        counts[i] = random.nextInt(3) == 0 ? 1 + random.nextInt(6) : 0;
      }
      for (int i = 0; i < ages.length; i++) {
        ages[i] = random.nextInt(4) == 0 ? hours(1 + random.nextInt(24 * 150)) : Duration.ZERO;
      }
      if (random.nextInt(4) == 0) {
        tags.add("a");
      }
      if (policy().equals(RetentionPolicy.none().withZone(zone))) {
        counts[0] = 1;
      }
    }

    RetentionPolicy policy() {
      return policy(counts, ages, tags);
    }

    /** The policy with some rules added and some made longer. */
    RetentionPolicy morePolicy() {
      int[] moreCounts = counts.clone();
      moreCounts[random.nextInt(counts.length)] += 1 + random.nextInt(3);
      Duration[] moreAges = ages.clone();
      int age = random.nextInt(ages.length);
      moreAges[age] = moreAges[age].plus(hours(random.nextInt(24 * 60)));
      Set<String> moreTags = new HashSet<>(tags);
      if (random.nextBoolean()) {
        moreTags.add("b");
      }
      return policy(moreCounts, moreAges, moreTags);
    }

    private RetentionPolicy policy(int[] numbers, Duration[] durations, Set<String> words) {
      return RetentionPolicy.none()
          .keepLast(numbers[0])
          .keepHourly(numbers[1])
          .keepDaily(numbers[2])
          .keepWeekly(numbers[3])
          .keepMonthly(numbers[4])
          .keepYearly(numbers[5])
          .keepWithin(durations[0])
          .keepAutomated(durations[1])
          .keepManual(durations[2])
          .keepTags(words)
          .withZone(zone);
    }

    private static Duration hours(long hours) {
      return Duration.ofHours(hours);
    }
  }

  /** The rules as a person would check them, for one snapshot at a time. */
  private static final class Oracle {
    private final Draw draw;
    private final Instant now;
    private final boolean doubtful;

    Oracle(Draw draw) {
      this.draw = draw;
      this.now = draw.clock.now();
      Instant newest =
          draw.snapshots.stream().map(Snapshot::started).max(Instant::compareTo).orElseThrow();
      this.doubtful = !draw.clock.accepted()
          && (now.isBefore(newest) || now.isAfter(newest.plus(Duration.ofDays(400))));
    }

    Set<Code> reasons(Snapshot s) {
      Set<Code> reasons = withoutLastResorts(s);
      if (reasons.isEmpty() && isCounted(s) && isNewestOfALostSet(s)) {
        reasons.add(Code.ONLY_ONE);
      }
      if (isCounted(s) && servesAComponentThatNoKeptOneServes(s)) {
        reasons.add(Code.LAST_COMPLETE);
      }
      if (reasons.isEmpty() && isQuarantine(s) && aloneHoldsAComponent(s)) {
        reasons.add(Code.ONLY_ONE);
      }
      boolean young = !made(s).plus(Duration.ofDays(90)).isBefore(now);
      if (reasons.isEmpty() && isCounted(s) && isMisdated(s) && young && hasRuleOfTime()) {
        reasons.add(Code.CLOCK_DOUBTFUL);
      }
      if (reasons.isEmpty()) {
        reasons.add(isQuarantine(s) ? Code.QUARANTINE_EXPIRED : Code.NO_RULE_KEEPS);
      }
      return reasons;
    }

    private Set<Code> withoutLastResorts(Snapshot s) {
      Set<Code> reasons = aside(s);
      if (isCounted(s)) {
        reasons.addAll(rules(s));
        if (reasons.isEmpty() && doubtful && hasRuleOfTime()) {
          reasons.add(Code.CLOCK_DOUBTFUL);
        }
      }
      boolean newestGood = s.components().stream()
          .anyMatch(c -> s.isGoodFor(c.name())
              && later(s).noneMatch(t -> sameHost(s, t) && t.isGoodFor(c.name())));
      if (newestGood) {
        reasons.add(Code.LAST_VERIFIED);
      }
      s.components().forEach(c -> beforeShrunk(s, c.name(), reasons));
      return reasons;
    }

    /** In these histories it is what is dated thirty years back, and nothing else. */
    private boolean isMisdated(Snapshot s) {
      return s.started().isBefore(Instant.parse("2020-01-01T00:00:00Z"));
    }

    private Instant made(Snapshot s) {
      return isMisdated(s)
          ? later(s)
              .filter(t -> !isMisdated(t) && !t.started().isAfter(now))
              .findFirst()
              .map(Snapshot::started)
              .orElse(now)
          : s.started();
    }

    private void beforeShrunk(Snapshot s, String component, Set<Code> reasons) {
      List<Snapshot> holding = draw.snapshots.stream()
          .filter(
              t -> !isQuarantine(t) && sameHost(s, t) && t.component(component).isPresent())
          .toList();
      List<Snapshot> later =
          holding.stream().filter(t -> t.sequence() > s.sequence()).toList();
      Optional<Snapshot> first =
          later.stream().filter(t -> t.isShrunk(component)).findFirst();
      if (isQuarantine(s)
          || s.isShrunk(component)
          || first.isEmpty()
          || later.stream().anyMatch(t -> serves(t, component))) {
        return;
      }
      boolean newest = later.stream()
          .dropWhile(t -> t.isShrunk(component))
          .noneMatch(t -> t.isShrunk(component));
      if (!newest && !serves(s, component)) {
        return;
      }
      if (!made(first.get()).plus(Duration.ofDays(90)).isBefore(now)) {
        reasons.add(Code.BEFORE_SHRUNK);
      } else if (doubtful) {
        reasons.add(Code.CLOCK_DOUBTFUL);
      }
    }

    private Set<Code> aside(Snapshot s) {
      Set<Code> reasons = EnumSet.noneOf(Code.class);
      if (s.hold().isPresent()) {
        Optional<Instant> until = s.hold().get().until();
        if (until.isEmpty() || until.get().isAfter(now)) {
          reasons.add(Code.HOLD);
        } else if (doubtful) {
          reasons.add(Code.CLOCK_DOUBTFUL);
        }
      }
      if (s.started().isAfter(now)) {
        reasons.add(Code.FUTURE);
      }
      if (s.purpose() == Purpose.CONTINUOUS) {
        reasons.add(Code.CONTINUOUS);
      }
      if (isQuarantine(s)) {
        boolean young = !made(s).plus(Duration.ofDays(90)).isBefore(now);
        if (young || draw.undos.contains(s.id())) {
          reasons.add(Code.QUARANTINE);
        }
        if (!young && doubtful) {
          reasons.add(Code.CLOCK_DOUBTFUL);
        }
      }
      return reasons;
    }

    private Set<Code> rules(Snapshot s) {
      Set<Code> reasons = EnumSet.noneOf(Code.class);
      List<Snapshot> group = draw.snapshots.stream()
          .filter(t -> isCounted(t) && set(t).equals(set(s)) && shrunk(t).equals(shrunk(s)))
          .toList();
      if (group.stream().filter(t -> t.sequence() > s.sequence()).count() < draw.counts[0]) {
        reasons.add(Code.LAST);
      }
      calendar(reasons, Code.HOURLY, 1, s, group, this::hour);
      calendar(reasons, Code.DAILY, 2, s, group, ZonedDateTime::toLocalDate);
      calendar(reasons, Code.WEEKLY, 3, s, group, Oracle::week);
      calendar(reasons, Code.MONTHLY, 4, s, group, t -> t.getYear() + "-" + t.getMonthValue());
      calendar(reasons, Code.YEARLY, 5, s, group, ZonedDateTime::getYear);
      boolean automated = s.purpose() == Purpose.SCHEDULED || s.purpose() == Purpose.SHUTDOWN;
      age(reasons, Code.WITHIN, 0, s, true);
      age(reasons, Code.AUTOMATED_AGE, 1, s, automated);
      age(reasons, Code.MANUAL_AGE, 2, s, !automated);
      if (!Collections.disjoint(s.tags(), draw.tags)) {
        reasons.add(Code.TAG);
      }
      return reasons;
    }

    private void calendar(
        Set<Code> reasons,
        Code rule,
        int number,
        Snapshot s,
        List<Snapshot> group,
        Function<ZonedDateTime, Object> period) {
      Function<Snapshot, Object> of = t -> period.apply(t.started().atZone(draw.zone));
      boolean newest = group.stream()
          .noneMatch(t -> of.apply(t).equals(of.apply(s)) && t.sequence() > s.sequence());
      long laterPeriods = group.stream()
          .filter(t -> t.started().isAfter(s.started()))
          .map(of)
          .filter(p -> !p.equals(of.apply(s)))
          .distinct()
          .count();
      if (newest && laterPeriods < draw.counts[number]) {
        reasons.add(rule);
      }
    }

    private Object hour(ZonedDateTime time) {
      return time.toLocalDate() + " " + time.getHour() + " " + time.getOffset();
    }

    private static Object week(ZonedDateTime time) {
      LocalDate date = time.toLocalDate();
      return date.get(IsoFields.WEEK_BASED_YEAR) + "-"
          + date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    }

    private void age(Set<Code> reasons, Code rule, int number, Snapshot s, boolean concerned) {
      Duration age = draw.ages[number];
      if (concerned && !age.isZero() && !made(s).isBefore(now.minus(age))) {
        reasons.add(rule);
      }
    }

    private boolean isNewestOfALostSet(Snapshot s) {
      return draw.snapshots.stream()
          .filter(t -> isCounted(t) && set(t).equals(set(s)))
          .allMatch(t -> withoutLastResorts(t).isEmpty() && t.sequence() <= s.sequence());
    }

    private boolean servesAComponentThatNoKeptOneServes(Snapshot s) {
      return s.components().stream()
          .anyMatch(c -> serves(s, c.name())
              && draw.snapshots.stream()
                  .filter(t -> isCounted(t) && sameHost(s, t) && serves(t, c.name()))
                  .noneMatch(t -> t.sequence() > s.sequence() || isKeptBeforeComplete(t)));
    }

    private boolean isKeptBeforeComplete(Snapshot t) {
      return !withoutLastResorts(t).isEmpty() || isNewestOfALostSet(t);
    }

    private static boolean serves(Snapshot s, String component) {
      return s.trust() != Trust.SUSPECT
          && s.component(component)
              .filter(c -> c.status() == BackupStatus.COMPLETE)
              .isPresent();
    }

    /** Whether it holds what nothing else holds but older QUARANTINE that would go too. */
    private boolean aloneHoldsAComponent(Snapshot s) {
      return s.components().stream()
          .anyMatch(c -> draw.snapshots.stream()
              .filter(t -> t != s && sameHost(s, t) && t.component(c.name()).isPresent())
              .allMatch(t -> isQuarantine(t)
                  && withoutLastResorts(t).isEmpty()
                  && t.sequence() < s.sequence()));
    }

    private boolean isCounted(Snapshot s) {
      return !isQuarantine(s) && aside(s).isEmpty();
    }

    private boolean hasRuleOfTime() {
      boolean calendar = false;
      for (int i = 1; i < draw.counts.length; i++) {
        calendar |= draw.counts[i] > 0;
      }
      for (Duration age : draw.ages) {
        calendar |= !age.isZero();
      }
      return calendar;
    }

    private Stream<Snapshot> later(Snapshot s) {
      return draw.snapshots.stream().filter(t -> t.sequence() > s.sequence());
    }

    private static boolean sameHost(Snapshot one, Snapshot other) {
      return one.host().equals(other.host());
    }

    private static boolean isQuarantine(Snapshot s) {
      return s.purpose() == Purpose.QUARANTINE;
    }
  }
}
