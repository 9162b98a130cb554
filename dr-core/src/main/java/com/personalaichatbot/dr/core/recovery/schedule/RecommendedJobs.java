package com.personalaichatbot.dr.core.recovery.schedule;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.PruneReport;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.ShrunkComponent;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.Communication;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Proof;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import java.io.IOException;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The jobs of the user's disaster recovery document, in the order in which those that are due at
 * the same time are done: what protects data first, the widest first, for it does the work of the
 * narrower ones.
 */
final class RecommendedJobs {
  private static final LocalTime NIGHT = LocalTime.of(2, 0);
  private static final LocalTime LATE_NIGHT = LocalTime.of(4, 0);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final String FULL = "full";
  private static final String VERIFICATION = "verification";
  private static final String RETENTION = "retention";

  private final BackupRepository repository;
  private final List<Component> components;
  private final Optional<Recovery> recovery;
  private final Optional<Communication> communication;
  private final RetentionPolicy retention;
  private final Duration logsKept;
  private final Clock clock;

  RecommendedJobs(
      BackupRepository repository,
      List<Component> components,
      Optional<Recovery> recovery,
      Optional<Communication> communication,
      Settings settings) {
    this.repository = repository;
    this.components = components;
    this.recovery = recovery;
    this.communication = communication;
    this.retention = settings.retention;
    this.logsKept = settings.logsKept;
    this.clock = settings.clock;
  }

  /** The settings of retention, logs and time that the schedule was given. */
  record Settings(RetentionPolicy retention, Duration logsKept, Clock clock) {}

  List<Job> all() {
    List<Job> jobs = new ArrayList<>();
    List<Component> configuration =
        components.stream().filter(RecommendedJobs::isConfiguration).toList();
    List<Component> data = components.stream().filter(c -> !isConfiguration(c)).toList();
    jobs.add(backup(FULL, Recurrence.weekly(DayOfWeek.SUNDAY, NIGHT), components));
    if (!data.isEmpty()) {
      Duration rpo = smallestRpo(data);
      jobs.add(backup(
          "data", rpo.compareTo(DAY) < 0 ? Recurrence.every(rpo) : Recurrence.daily(NIGHT), data));
    }
    if (!configuration.isEmpty()) {
      Duration rpo = smallestRpo(configuration);
      Supplier<List<Component>> changes = repository.changes(configuration);
      jobs.add(backup(
              "configuration",
              Recurrence.every(rpo.compareTo(HOUR) < 0 ? rpo : HOUR),
              configuration)
          .orWhen(() -> !changes.get().isEmpty()));
    }
    jobs.add(Job.of(VERIFICATION, Recurrence.weekly(DayOfWeek.SUNDAY, NIGHT), this::verify)
        .withLastRun(recorded -> verifies())
        .after(FULL));
    jobs.add(Job.of(RETENTION, Recurrence.weekly(DayOfWeek.SUNDAY, NIGHT), this::prune)
        .after(VERIFICATION));
    jobs.add(Job.of(
            "log-cleanup",
            Recurrence.daily(LATE_NIGHT),
            new LogCleanup(repository, components, logsKept, clock))
        .after(RETENTION));
    recovery.ifPresent(with -> new DrillJobs(with).addTo(jobs));
    communication.ifPresent(with -> jobs.add(Job.of(
            "channel-test",
            Recurrence.monthly(1, LocalTime.of(10, 0)),
            () -> ReminderJobs.testChannels(with))
        .withLastRun(recorded -> with.lastTest().stream().toList())
        .allowInQuietHours()));
    new ReminderJobs(communication, recovery, clock).addTo(jobs);
    return jobs;
  }

  private static boolean isConfiguration(Component component) {
    return component.kind() == Kind.CONFIG || component.kind() == Kind.SECRETS;
  }

  private static Duration smallestRpo(List<Component> components) {
    return components.stream().map(Component::rpo).min(Duration::compareTo).orElseThrow();
  }

  private Job backup(String name, Recurrence rhythm, List<Component> components) {
    List<String> names = components.stream().map(Component::name).toList();
    return Job.of(name, rhythm, () -> backUp(components))
        .withComponents(names)
        .withLastRun(recorded -> backups(names))
        .allowInQuietHours();
  }

  private String backUp(List<Component> components) throws IOException, JobFailedException {
    BackupReport report = repository.backUp(components, BackupOptions.of(Purpose.SCHEDULED));
    List<ShrunkComponent> shrunk = report.unaccepted();
    if (!shrunk.isEmpty()) {
      throw JobFailedException.settled("snapshot "
          + report.snapshot().orElseThrow().id() + " is SHRUNK: " + shrunk.get(0)
          + (shrunk.size() == 1 ? "" : ", and " + (shrunk.size() - 1) + " more")
          + "; see whether its volume is mounted, or accept the snapshot");
    }
    if (report.status() != BackupStatus.COMPLETE) {
      PathProblem first = report.failures().get(0);
      throw new JobFailedException("the backup is " + report.status() + ", "
          + report.failures().size() + " paths were not read; the first is " + first.path() + ": "
          + first.reason());
    }
    return "snapshot " + report.snapshot().orElseThrow().id().abbreviated() + ", "
        + report.files().created() + " new and " + report.files().changed() + " changed files";
  }

  /**
   * When each snapshot was begun that holds all of some components as they were found. A SHRUNK one
   * is among them: it would be made again and again, and a person has been told.
   */
  private List<Instant> backups(List<String> names) throws IOException {
    return repository.snapshots().stream()
        .filter(s -> s.purpose() != Purpose.QUARANTINE && s.host().equals(repository.host()))
        .filter(s -> names.stream().allMatch(name -> isDone(s, name)))
        .map(Snapshot::started)
        .toList();
  }

  private static boolean isDone(Snapshot snapshot, String component) {
    return snapshot
        .component(component)
        .filter(state -> state.status() != BackupStatus.INCOMPLETE)
        .isPresent();
  }

  /** Reads all that is stored, and plans a restore without doing it. */
  private String verify() throws IOException, JobFailedException {
    VerifyReport report = repository.verify(VerifyOptions.readAll());
    if (!report.isClean()) {
      throw new JobFailedException("the repository is " + report.status() + ", with "
          + report.damages().size() + " damages: verify it to see them");
    }
    RestorePlan plan =
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST_GOOD, components));
    if (!plan.failures().isEmpty()) {
      throw new JobFailedException("all is stored, but " + plan.failures().size()
          + " paths could not be restored; the first is "
          + plan.failures().get(0).path());
    }
    return report.bytes() + " bytes were read and are whole, and a restore of "
        + plan.parts().size() + " components was planned";
  }

  private List<Instant> verifies() throws IOException {
    return repository.proofs().all().stream()
        .filter(proof -> proof.kind() == Proof.Kind.VERIFY && proof.coverage() >= 1)
        .map(Proof::time)
        .toList();
  }

  private String prune() throws IOException, JobFailedException {
    PrunePlan plan = repository.planPrune(retention, false, PruneOptions.DEFAULT);
    if (plan.clockDoubt().isPresent()) {
      throw new JobFailedException(
          "nothing was removed, for the clock is doubtful: " + plan.clockDoubt().get()
              + "; set the clock right if it is wrong; if it is right, run dr prune --accept-clock");
    }
    if (plan.isEmpty()) {
      return "nothing is to be removed";
    }
    PruneReport report = repository.prune(plan);
    return report.removed().size() + " snapshots were removed, " + plan.kept().size() + " kept, "
        + report.waiting().snapshots() + " removed ones can be taken back";
  }
}
