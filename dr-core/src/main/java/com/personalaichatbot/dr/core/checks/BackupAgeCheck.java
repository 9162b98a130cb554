package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Criticality;
import com.personalaichatbot.dr.core.component.DataSize;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Weight;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * The data of a component that would be lost now: the age of its newest backup against its recovery
 * point objective, from the start of the capture, because what was written later is not in it.
 *
 * <p>Only what was read back is known to be there, so the newest verified backup is what counts;
 * but a backup that is young and not read back is far better than none. Hence an old backup is
 * DOWN, and one that is only unproven is DEGRADED. A backup that is young enough now is DEGRADED as
 * well if the next one will come too late, and while the component is SHRUNK: then its data is
 * probably out of reach, and what is backed up now is not what should be.
 */
final class BackupAgeCheck implements HealthCheck {
  /** So many of the newest backups tell how often they are made and how long they take. */
  private static final int USUAL = 8;

  private static final int FEWEST_INTERVALS = 2;

  /** An hourly backup takes seconds and starts seconds late; that breaks no promise of an hour. */
  private static final int TOLERANCE = 20;

  private final Component component;
  private final RecentHistory history;
  private final Clock clock;
  private final Function<Component, Optional<Instant>> nextRun;

  BackupAgeCheck(
      Component component,
      RecentHistory history,
      Clock clock,
      Function<Component, Optional<Instant>> nextRun) {
    this.component = component;
    this.history = history;
    this.clock = clock;
    this.nextRun = nextRun;
  }

  @Override
  public CheckSettings settings() {
    return CheckDefaults.SETTINGS.weight(
        component.criticality() == Criticality.CRITICAL ? Weight.CRITICAL : Weight.IMPORTANT);
  }

  @Override
  public CheckResult check() {
    List<Snapshot> all;
    try {
      all = history.of(component.name()).stream().filter(this::isCounted).toList();
    } catch (IOException unreadable) {
      return CheckDefaults.unreadable(unreadable);
    }
    List<Snapshot> complete = all.stream().filter(this::isComplete).toList();
    if (complete.isEmpty()) {
      return CheckResult.down(
          "NO_BACKUP",
          "there is no complete backup of " + component.name(),
          "back it up now, and look why it was not");
    }
    Snapshot newest = complete.get(complete.size() - 1);
    Optional<Snapshot> verified = complete.stream()
        .filter(s -> s.isGoodFor(component.name()))
        .reduce((older, newer) -> newer);
    Instant now = clock.instant();
    Optional<Snapshot> shrunk =
        Optional.of(all.get(all.size() - 1)).filter(latest -> latest.isShrunk(component.name()));
    CheckResult result = judge(complete, newest, verified, shrunk, now)
        .with("rpoSeconds", component.rpo().toSeconds())
        .with("newestAgeSeconds", age(newest, now).toSeconds())
        .with("newestSnapshot", newest.id().toString())
        .with("newestTrust", newest.trust().name())
        .with("host", newest.host());
    return verified
        .map(good -> result
            .with("verifiedAgeSeconds", age(good, now).toSeconds())
            .with("verifiedSnapshot", good.id().toString()))
        .orElse(result);
  }

  private boolean isCounted(Snapshot snapshot) {
    return snapshot.purpose() != Purpose.QUARANTINE && snapshot.trust() != Trust.SUSPECT;
  }

  private boolean isComplete(Snapshot snapshot) {
    return state(snapshot).status() == BackupStatus.COMPLETE;
  }

  private ComponentState state(Snapshot snapshot) {
    return snapshot.component(component.name()).orElseThrow();
  }

  private CheckResult judge(
      List<Snapshot> complete,
      Snapshot newest,
      Optional<Snapshot> verified,
      Optional<Snapshot> shrunk,
      Instant now) {
    Duration rpo = component.rpo();
    Duration age = age(newest, now);
    String text = component.name() + " was last backed up " + ago(age);
    String promise = ", and no more than " + CheckDefaults.text(rpo) + " may be lost";
    if (age.compareTo(rpo) > 0) {
      return CheckResult.down(
          "BACKUP_STALE", text + promise, "back it up now, and look why it was not");
    }
    if (shrunk.isPresent()) {
      ComponentState lost = state(shrunk.get());
      return CheckResult.degraded(
          "BACKUP_SHRUNK",
          component.name() + " has lost most of its data: its newest backup holds " + size(lost)
              + ", the one before its loss " + size(state(newest)),
          "see whether its volume is mounted; if the loss is intended, run dr mark "
              + shrunk.get().id() + " accepted");
    }
    if (age.isNegative() && age.negated().compareTo(tolerance()) > 0) {
      return CheckResult.degraded(
          "CLOCK", text, "set the clock: it was or is wrong, so no age can be told");
    }
    Optional<Duration> known = verified.map(good -> age(good, now));
    if (known.isEmpty() || known.get().compareTo(rpo) > 0) {
      String proof = known
          .map(old -> "what was last read back is of " + ago(old))
          .orElse("nothing was ever read back");
      return CheckResult.degraded(
          "BACKUP_UNVERIFIED", text + ", but " + proof + promise, "verify the repository");
    }
    return ahead(complete, newest, now)
        .map(late -> CheckResult.degraded(
            "BACKUP_LATE",
            text + "; the next one will be there " + CheckDefaults.text(late)
                + " after the objective of " + CheckDefaults.text(rpo) + " was missed",
            "back up more often, or sooner"))
        .orElse(CheckResult.up(text));
  }

  private static DataSize size(ComponentState state) {
    return new DataSize(state.files(), state.bytes());
  }

  /** By how much the objective will be missed if the next backup goes as they usually do. */
  private Optional<Duration> ahead(List<Snapshot> complete, Snapshot newest, Instant now) {
    Optional<Instant> next =
        nextRun.apply(component).or(() -> usualInterval(complete).map(newest.started()::plus));
    return next.map(planned -> planned.isBefore(now) ? now : planned)
        .map(start -> start.plus(usualDuration(complete)))
        .map(done -> Duration.between(newest.started().plus(component.rpo()), done))
        .filter(late -> late.compareTo(tolerance()) > 0);
  }

  private Duration tolerance() {
    return component.rpo().dividedBy(TOLERANCE);
  }

  private static Optional<Duration> usualInterval(List<Snapshot> complete) {
    List<Snapshot> recent = newestOf(complete, USUAL + 1);
    LongStream.Builder intervals = LongStream.builder();
    for (int i = 1; i < recent.size(); i++) {
      intervals.add(
          Duration.between(recent.get(i - 1).started(), recent.get(i).started()).toMillis());
    }
    return recent.size() <= FEWEST_INTERVALS
        ? Optional.empty()
        : Optional.of(median(intervals.build()));
  }

  private static Duration usualDuration(List<Snapshot> complete) {
    return median(newestOf(complete, USUAL).stream()
        .mapToLong(s -> Duration.between(s.started(), s.finished()).toMillis()));
  }

  private static List<Snapshot> newestOf(List<Snapshot> snapshots, int count) {
    return snapshots.subList(Math.max(0, snapshots.size() - count), snapshots.size());
  }

  private static Duration median(LongStream millis) {
    long[] sorted = millis.sorted().toArray();
    return Duration.ofMillis(Math.max(0, sorted[sorted.length / 2]));
  }

  private static Duration age(Snapshot snapshot, Instant now) {
    return Duration.between(snapshot.started(), now);
  }

  private static String ago(Duration age) {
    return age.isNegative()
        ? CheckDefaults.text(age.negated()) + " in the future"
        : CheckDefaults.text(age) + " ago";
  }
}
