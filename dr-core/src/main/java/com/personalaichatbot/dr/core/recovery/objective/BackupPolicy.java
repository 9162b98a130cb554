package com.personalaichatbot.dr.core.recovery.objective;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.Shrinkage;
import com.personalaichatbot.dr.core.recovery.objective.PolicyFinding.Rule;
import com.personalaichatbot.dr.core.recovery.schedule.Job;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.health.Severity;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The policy of what is backed up how often, and how long it is kept; with a linter that says which
 * of its promises cannot be kept, whatever happens. What is not given is not looked at. Immutable;
 * each method returns a changed copy.
 */
public final class BackupPolicy {
  /** The job of a schedule that reads back what is stored. */
  private static final String VERIFICATION = "verification";

  /** An hourly backup takes seconds and starts seconds late; that breaks no promise of an hour. */
  private static final int TOLERANCE = 20;

  private final List<Component> components;
  private final Optional<Map<String, Duration>> intervals;
  private final Optional<Duration> verification;
  private final Optional<RetentionPolicy> retention;
  private final Duration automated;
  private final Duration manual;

  private BackupPolicy(
      List<Component> components,
      Optional<Map<String, Duration>> intervals,
      Optional<Duration> verification,
      Optional<RetentionPolicy> retention,
      Duration automated,
      Duration manual) {
    this.components = components;
    this.intervals = intervals;
    this.verification = verification;
    this.retention = retention;
    this.automated = automated;
    this.manual = manual;
  }

  /** A policy for these components, of which nothing more is known yet. */
  public static BackupPolicy of(List<Component> components) {
    return new BackupPolicy(
        List.copyOf(components),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ofDays(30),
        Duration.ofDays(90));
  }

  /**
   * With a schedule: its jobs that back up components, and the one named {@code verification}.
   *
   * @param jobs of a {@link com.personalaichatbot.dr.core.recovery.schedule.Schedule}
   * @param zone of that schedule
   */
  public BackupPolicy withSchedule(List<Job> jobs, ZoneId zone) {
    Map<String, Duration> shortest = new HashMap<>();
    Optional<Duration> verified = verification;
    for (Job job : jobs) {
      Duration longest = job.recurrence().maxInterval(zone);
      for (String component : job.components()) {
        shortest.merge(component, longest, (a, b) -> a.compareTo(b) < 0 ? a : b);
      }
      if (job.name().equals(VERIFICATION)) {
        verified = Optional.of(longest);
      }
    }
    return new BackupPolicy(
        components, Optional.of(Map.copyOf(shortest)), verified, retention, automated, manual);
  }

  /**
   * With a component that is backed up by some other timer.
   *
   * @param longest from the start of one backup to the start of the next
   */
  public BackupPolicy withInterval(String component, Duration longest) {
    Map<String, Duration> more = new HashMap<>(intervals.orElse(Map.of()));
    more.put(component, Objects.requireNonNull(longest, "longest"));
    return new BackupPolicy(
        components, Optional.of(Map.copyOf(more)), verification, retention, automated, manual);
  }

  /**
   * With a verify by some other timer.
   *
   * @param longest from one verify that reads everything to the next; zero if each backup is
   *     verified
   */
  public BackupPolicy withVerification(Duration longest) {
    return new BackupPolicy(
        components, intervals, Optional.of(longest), retention, automated, manual);
  }

  /**
   * With a retention, and what was stated of it; 30 days for automated and 90 for manual snapshots
   * is what the user's disaster recovery document states.
   */
  public BackupPolicy withRetention(
      RetentionPolicy newRetention, Duration newAutomated, Duration newManual) {
    return new BackupPolicy(
        components,
        intervals,
        verification,
        Optional.of(newRetention),
        Objects.requireNonNull(newAutomated, "automated"),
        Objects.requireNonNull(newManual, "manual"));
  }

  /** The components that it is for. */
  public List<Component> components() {
    return components;
  }

  /**
   * Looks for promises that cannot be kept. A pure function of the policy and the facts.
   *
   * @return findings in the order of the rules; empty if none exist
   */
  public List<PolicyFinding> lint(PolicyFacts facts) {
    List<PolicyFinding> findings = new ArrayList<>();
    for (Component component : components) {
      schedule(component, facts).ifPresent(findings::add);
    }
    for (Component component : components) {
      verification(component, facts).ifPresent(findings::add);
    }
    components.forEach(component -> shrinkage(component).ifPresent(findings::add));
    retention.ifPresent(policy -> {
      stated(facts, policy, Purpose.SCHEDULED, automated, "automated").ifPresent(findings::add);
      stated(facts, policy, Purpose.MANUAL, manual, "manual").ifPresent(findings::add);
    });
    places(facts, findings);
    return List.copyOf(findings);
  }

  private Optional<PolicyFinding> schedule(Component component, PolicyFacts facts) {
    if (intervals.isEmpty()) {
      return Optional.empty();
    }
    Duration rpo = component.rpo();
    Duration interval = intervals.get().get(component.name());
    if (interval == null) {
      return Optional.of(new PolicyFinding(
          Rule.SCHEDULE,
          Severity.ERROR,
          component.name(),
          "no backup of it is scheduled, and no more than " + text(rpo) + " may be lost",
          "schedule one at least every " + text(rpo)));
    }
    return late(component, interval, facts)
        ? Optional.of(new PolicyFinding(
            Rule.SCHEDULE,
            Severity.ERROR,
            component.name(),
            "it is backed up every " + text(interval) + ", which takes "
                + text(duration(component, facts)) + ", and no more than " + text(rpo)
                + " may be lost",
            "back it up more often, or allow more to be lost"))
        : Optional.empty();
  }

  private Optional<PolicyFinding> verification(Component component, PolicyFacts facts) {
    Duration interval = intervals.map(all -> all.get(component.name())).orElse(null);
    if (verification.isEmpty() || interval == null || late(component, interval, facts)) {
      return Optional.empty();
    }
    return late(component, interval.plus(verification.get()), facts)
        ? Optional.of(new PolicyFinding(
            Rule.VERIFICATION,
            Severity.WARNING,
            component.name(),
            "what is backed up is read back every " + text(verification.get())
                + ", so that what is known to be there can be older than the "
                + text(component.rpo()) + " that may be lost",
            "verify after each backup"))
        : Optional.empty();
  }

  private static Optional<PolicyFinding> shrinkage(Component component) {
    return component.kind() != Kind.LOGS && component.shrinkage().equals(Shrinkage.IGNORED)
        ? Optional.of(new PolicyFinding(
            Rule.SHRINKAGE,
            Severity.WARNING,
            component.name(),
            "an empty directory, as of a volume that is not mounted, becomes its latest good"
                + " snapshot",
            "set limits for its loss"))
        : Optional.empty();
  }

  private static boolean late(Component component, Duration interval, PolicyFacts facts) {
    Duration allowed = component.rpo().plus(component.rpo().dividedBy(TOLERANCE));
    return interval.plus(duration(component, facts)).compareTo(allowed) > 0;
  }

  private static Duration duration(Component component, PolicyFacts facts) {
    return facts.durations().getOrDefault(component.name(), Duration.ZERO);
  }

  private static Optional<PolicyFinding> stated(
      PolicyFacts facts, RetentionPolicy policy, Purpose purpose, Duration stated, String kind) {
    Duration reach = policy.reach(purpose);
    return reach.compareTo(stated) < 0
        ? Optional.of(new PolicyFinding(
            Rule.RETENTION,
            Severity.ERROR,
            facts.repository(),
            kind + " snapshots are to be kept for " + text(stated) + ", and the rules (" + policy
                + ") reach back " + text(reach) + " at the most",
            "keep " + kind + " snapshots by their age: " + text(stated)))
        : Optional.empty();
  }

  private static void places(PolicyFacts facts, List<PolicyFinding> findings) {
    if (!facts.onVolumeOf().isEmpty()) {
      findings.add(new PolicyFinding(
          Rule.VOLUME,
          Severity.WARNING,
          facts.repository(),
          "it lies on the volume of " + String.join(", ", facts.onVolumeOf())
              + ": when that fails, both are gone",
          "move it to another volume, or keep a copy on one"));
    }
    if (facts.copies().isEmpty()) {
      findings.add(new PolicyFinding(
          Rule.COPY,
          Severity.WARNING,
          facts.repository(),
          facts.copiesNear().isEmpty()
              ? "there is no second copy of it"
              : "its copy " + facts.copiesNear().get(0) + " lies on a volume of what it protects",
          "copy it to another medium, best one that is kept elsewhere"));
    }
    if (facts.keySlots() < 2) {
      findings.add(new PolicyFinding(
          Rule.KEYS,
          Severity.WARNING,
          facts.repository(),
          facts.keySlots() == 0
              ? "no passphrase opens it, but only the root key that the application keeps"
              : "one passphrase opens it: when that is lost, so is everything",
          "add a second key, and keep it in another place"));
    }
  }

  private static String text(Duration time) {
    if (time.compareTo(Duration.ofDays(2)) >= 0 || time.equals(Duration.ZERO)) {
      return time.toDays() + " days";
    }
    if (time.compareTo(Duration.ofHours(2)) >= 0) {
      return time.toHours() + " h"
          + (time.toMinutesPart() > 0 ? " " + time.toMinutesPart() + " min" : "");
    }
    return time.compareTo(Duration.ofMinutes(2)) >= 0
        ? time.toMinutes() + " min"
        : time.toSeconds() + " s";
  }
}
