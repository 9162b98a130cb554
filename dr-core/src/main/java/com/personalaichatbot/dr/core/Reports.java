package com.personalaichatbot.dr.core;

import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.Communication;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.recovery.report.PostureReport;
import com.personalaichatbot.dr.core.recovery.report.RecoveryReport;
import com.personalaichatbot.dr.core.recovery.report.RunbookDocument;
import com.personalaichatbot.dr.core.recovery.report.StatusPage;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.schedule.Schedule;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Writer of an application's reports, as {@link DisasterRecovery#reports} gives it. The report of a
 * run, the runbook and the posture page are written to the directory {@code reports}, for the owner
 * alone. The status page is written to {@code status}, for everybody. Each file is written whole or
 * not at all, with a JSON twin beside it. Immutable and thread-safe. Once the
 * {@link DisasterRecovery} is closed, every method that reads or writes throws
 * {@link IllegalStateException}.
 */
public final class Reports {
  private static final String REPORTS = "reports";

  private final DisasterRecovery application;
  private final Recovery recovery;
  private final Path directory;
  private final Objectives objectives;
  private Optional<Schedule> schedule = Optional.empty();
  private Optional<Communication> communication = Optional.empty();
  private Optional<TrendStore> trends = Optional.empty();
  private Supplier<Optional<Health>> health;

  Reports(DisasterRecovery application, Recovery recovery, Path directory) {
    this.application = application;
    this.recovery = Objects.requireNonNull(recovery, "recovery");
    this.directory = Objects.requireNonNull(directory, "directory");
    this.objectives = Objectives.of(application.components());
    this.health = () -> application.health().map(HealthMonitor::health);
  }

  private Reports copy() {
    Reports copy = new Reports(application, recovery, directory);
    copy.schedule = schedule;
    copy.communication = communication;
    copy.trends = trends;
    copy.health = health;
    return copy;
  }

  /** Returns the same, with the jobs of a schedule. */
  public Reports schedule(Schedule newSchedule) {
    Reports copy = copy();
    copy.schedule = Optional.of(newSchedule);
    return copy;
  }

  /** Returns the same, with the people to call and the messages that were sent. */
  public Reports communication(Communication newCommunication) {
    Reports copy = copy();
    copy.communication = Optional.of(newCommunication);
    return copy;
  }

  /** Returns the same, with a forecast of the room that is left. */
  public Reports trends(TrendStore newTrends) {
    Reports copy = copy();
    copy.trends = Optional.of(newTrends);
    return copy;
  }

  /**
   * Returns the same, with what the application's own checks find.
   *
   * @param newHealth asked when the posture page is written; empty if the application does not run.
   *     Without it the health is asked that the {@link DisasterRecovery} was given
   */
  public Reports health(Supplier<Optional<Health>> newHealth) {
    Reports copy = copy();
    copy.health = Objects.requireNonNull(newHealth, "health");
    return copy;
  }

  /**
   * Measures the objectives of the components, now.
   *
   * @throws IOException if the repository or the journals cannot be read
   */
  public List<ObjectiveResult> objectives() throws IOException {
    application.requireOpen();
    return objectives.measure(application.repository(), recovery, now());
  }

  /** Returns where {@link #writeRun} writes the page of a run. */
  public Path page(RunReport run) {
    application.requireOpen();
    return directory.resolve(REPORTS).resolve(run.incident() + ".html");
  }

  /**
   * Writes the report of a run.
   *
   * @return the page
   * @throws IOException if the repository or the journals cannot be read, or it cannot be written
   */
  public Path writeRun(RunReport run) throws IOException {
    application.requireOpen();
    RecoveryReport report = RecoveryReport.of(run)
        .withObjectives(objectives())
        .withHistory(recovery.history())
        .withRepository(application.repository().history());
    return communication
        .map(with -> report.withDeliveries(with.deliveries()))
        .orElse(report)
        .write(directory.resolve(REPORTS));
  }

  /**
   * Writes the runbook {@code runbook.html}: what has to be done in a disaster, and by whom.
   *
   * @return the page
   * @throws IOException if the journals cannot be read, or it cannot be written
   */
  public Path writeRunbook() throws IOException {
    application.requireOpen();
    RunbookDocument document = RunbookDocument.of(
        Stream.of(Scenario.values()).map(Recovery::builtIn).toList(),
        communication.map(Communication::plan).orElseGet(CommunicationPlan::recommended),
        objectives.all(),
        recovery.history(),
        now());
    return schedule
        .map(with -> document.withSchedule(with.jobs()))
        .orElse(document)
        .write(directory.resolve(REPORTS).resolve("runbook.html"))
        .get(0);
  }

  /**
   * Writes the posture page {@code posture.html}: how ready the application is for a disaster.
   *
   * @return the page
   * @throws IOException if the repository or the journals cannot be read, or it cannot be written
   */
  public Path writePosture() throws IOException {
    application.requireOpen();
    PostureReport posture = PostureReport.of(
        application.name(),
        objectives(),
        application.repository().snapshots(),
        application.repository().proofs(),
        recovery.history(),
        now());
    posture = trends.map(posture::withTrends).orElse(posture);
    if (schedule.isPresent()) {
      posture = posture.withSchedule(schedule.get().states());
    }
    return health
        .get()
        .map(posture::withHealth)
        .orElse(posture)
        .write(directory.resolve(REPORTS).resolve("posture.html"))
        .get(0);
  }

  /**
   * Writes the status page {@code status/index.html} for users, which names no internals. A web
   * server other than the application's should serve it: the application is down when the page is
   * wanted.
   *
   * @return the page
   * @throws IOException if the journals cannot be read, or it cannot be written
   */
  public Path writeStatusPage() throws IOException {
    application.requireOpen();
    return StatusPage.of(application.name(), recovery.history(), Optional.empty(), now())
        .write(directory.resolve("status"))
        .get(0);
  }

  private Instant now() {
    return application.repository().clock().instant();
  }
}
