package com.personalaichatbot.dr.examples.chatbot;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.checks.RecoveryChecks;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.Communication;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.objective.BackupPolicy;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.recovery.report.PostureReport;
import com.personalaichatbot.dr.core.recovery.report.RecoveryReport;
import com.personalaichatbot.dr.core.recovery.report.RunbookDocument;
import com.personalaichatbot.dr.core.recovery.report.StatusPage;
import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.RunMessage;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.SuggestedScenario;
import com.personalaichatbot.dr.core.recovery.runbook.TemporaryFiles;
import com.personalaichatbot.dr.core.recovery.schedule.Job;
import com.personalaichatbot.dr.core.recovery.schedule.Recurrence;
import com.personalaichatbot.dr.core.recovery.schedule.Schedule;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The chatbot's provisions for disasters: it stops, starts and looks at itself when a runbook asks
 * for it, tells those who have to know, measures what was promised, and leaves pages behind. All
 * that it writes lies in the state directory, outside of the data: journals, {@code messages},
 * {@code reports} and {@code status}.
 */
final class ChatbotRecovery implements Closeable, RunListener {
  private static final String NAME = "Chatbot";

  /**
   * An hour of settings may be lost, and what was not read back is not known to be there: backed up
   * and verified so often, what is known to be there is never older. It is a few megabytes.
   */
  private static final Recurrence OFTEN = Recurrence.every(Duration.ofMinutes(25));

  private static final Recurrence WEEKLY = Recurrence.weekly(DayOfWeek.MONDAY, LocalTime.of(7, 0));
  private static final Duration TIME_OF_A_HOOK = Duration.ofSeconds(30);

  private final DataDirectory data;
  private final DisasterRecovery backups;
  private final Path state;
  private final int port;
  private final Clock clock;
  private final TrendStore trends;
  private final Communication communication;
  private final Objectives objectives;
  private final Recovery recovery;
  private final Schedule schedule;
  private final ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
    Thread thread = new Thread(task, "messages");
    thread.setDaemon(true);
    return thread;
  });
  private volatile Chatbot chatbot;

  /**
   * @param backups stays the caller's, who closes it later than this
   * @param state the state directory of the repository
   * @param port where the chatbot answers, on this machine
   * @param person who is asked what only a person can do
   */
  ChatbotRecovery(
      DataDirectory data,
      DisasterRecovery backups,
      Path state,
      int port,
      CommunicationPlan plan,
      Operator person,
      Clock clock)
      throws IOException {
    this.data = data;
    this.backups = backups;
    this.state = Files.createDirectories(state);
    this.port = port;
    this.clock = clock;
    this.trends = TrendStore.open(state.resolve("trends"), clock);
    this.communication = new Communication(plan, state, clock, threads);
    this.objectives = Objectives.of(backups.components());
    this.recovery = Recovery.builder(backups.repository())
        .components(backups.components())
        .data(data.root())
        .state(state)
        .url(URI.create("http://127.0.0.1:" + port + "/"))
        .hooks(hooks())
        .operator(person)
        .listener(this)
        .clock(clock)
        .build();
    this.schedule = Schedule.recommended(backups)
        .recovery(recovery)
        .communication(communication)
        .rhythm("configuration", OFTEN)
        .rhythm("verification", OFTEN)
        .job(Job.of("pages", WEEKLY, () -> "see " + writePages()))
        .state(state)
        .zone(clock.getZone())
        .clock(clock)
        .build();
  }

  private ApplicationHooks hooks() {
    return ApplicationHooks.none()
        .with(HookKind.STOP, TIME_OF_A_HOOK, call -> halt())
        .with(HookKind.START, TIME_OF_A_HOOK, call -> start())
        .with(HookKind.READY, TIME_OF_A_HOOK, call -> requireReady())
        .with(HookKind.CLEAR_TEMPORARY_FILES, TIME_OF_A_HOOK, call -> {
          data.removeTemporaries();
          TemporaryFiles.ofChatbot(clock).clear(Duration.ofDays(1));
        })
        .with(
            HookKind.ROTATE_SECRETS,
            TIME_OF_A_HOOK,
            call -> data.replace(renewed(), Secrets.make(new SecureRandom())));
  }

  /** Starts the chatbot, if its data is whole. */
  synchronized void start() throws IOException {
    halt();
    chatbot = Chatbot.start(data, backups, clock, port, this::register);
    threads.execute(this::writeStatusPage);
  }

  /** The one that was started last. */
  Chatbot chatbot() {
    return chatbot;
  }

  /** Ends it, without a backup: what is there may be damaged. */
  synchronized void halt() {
    if (chatbot != null) {
      chatbot.halt();
      chatbot = null;
    }
  }

  /** Ends it as its process ends, with a backup; empty if it does not run. */
  synchronized Optional<BackupReport> stop() throws IOException {
    Chatbot ending = chatbot;
    chatbot = null;
    return ending == null ? Optional.empty() : Optional.of(ending.stop());
  }

  private void requireReady() throws IOException {
    Health ready = chatbot.checkHealth().group(Health.READY).orElseThrow();
    if (ready.status() == Status.DOWN) {
      throw new IOException("the chatbot is not ready: " + ready);
    }
  }

  private void register(HealthMonitor monitor) {
    RecoveryChecks.of(backups.repository(), backups.components(), clock)
        .trends(trends)
        .schedule(schedule)
        .objectives(objectives, recovery)
        .policy(
            BackupPolicy.of(backups.components()).withSchedule(schedule.jobs(), schedule.zone()))
        .register(monitor);
    monitor.register("communication", communication.check());
  }

  /**
   * Starts the chatbot. A recovery that was cut off is finished first, and damaged data recovered
   * by the scenario that fits it best.
   *
   * @return how the recovery went, if there was one; only if it is RECOVERED the chatbot runs
   */
  Optional<RunReport> startOrRecover() throws Exception {
    Optional<RunReport> cutOff = recovery.history().stream()
        .filter(run -> run.mode() == RunMode.LIVE && run.status() == RunStatus.RUNNING)
        .findFirst();
    if (cutOff.isPresent()) {
      return Optional.of(report(recovery.resume(cutOff.get().incident())));
    }
    try {
      start();
      return Optional.empty();
    } catch (DamagedDataException e) {
      return Optional.of(recover(recovery.propose().stream().findFirst().orElseThrow(() -> e)));
    }
  }

  /** What fits what is wrong now, the worst first. */
  List<SuggestedScenario> propose() throws Exception {
    return recovery.propose();
  }

  /** Runs the runbook of what is proposed, and leaves its report. */
  RunReport recover(SuggestedScenario proposal) throws IOException {
    RunOptions options = RunOptions.none().withDetected(proposal.since());
    if (proposal.scenario() == Scenario.SECURITY_BREACH) {
      options = options.withSecrets(renewed());
    }
    return report(recovery.run(recovery.plan(proposal.scenario(), options)));
  }

  /** Rehearses in a scratch directory, and leaves its report. */
  RunReport drill(Drill drill) throws IOException {
    return report(recovery.drill(drill));
  }

  /** The state of the promises. */
  List<ObjectiveResult> objectives() throws IOException {
    return objectives.measure(backups.repository(), recovery, clock.instant());
  }

  /** Where the secrets lie that replace those that somebody knows. */
  private Path renewed() {
    return state.resolve("renewed.env");
  }

  /** The page of a run. */
  Path page(RunReport run) {
    return reports().resolve(run.incident() + ".html");
  }

  private Path reports() {
    return state.resolve("reports");
  }

  private RunReport report(RunReport run) throws IOException {
    RecoveryReport.of(run)
        .withObjectives(objectives())
        .withDeliveries(communication.deliveries())
        .withHistory(recovery.history())
        .withRepository(backups.repository().history())
        .write(reports());
    return run;
  }

  /** Writes down what is to be done in a disaster, and how ready everything is: that page. */
  Path writePages() throws IOException {
    RunbookDocument.of(
            Stream.of(Scenario.values()).map(Recovery::builtIn).toList(),
            communication.plan(),
            objectives.all(),
            recovery.history(),
            clock.instant())
        .withSchedule(schedule.jobs())
        .write(reports().resolve("runbook.html"));
    PostureReport digest = PostureReport.of(
            NAME,
            objectives(),
            backups.repository().snapshots(),
            backups.repository().proofs(),
            recovery.history(),
            clock.instant())
        .withTrends(trends)
        .withSchedule(schedule.states());
    return (chatbot == null ? digest : digest.withHealth(chatbot.checkHealth()))
        .write(reports().resolve("posture.html"))
        .get(0);
  }

  @Override
  public void changed(RunReport run) {
    communication.changed(run);
    if (run.status() != RunStatus.RUNNING
        || run.steps().stream().allMatch(s -> s.started().isEmpty())) {
      threads.execute(this::writeStatusPage);
    }
  }

  @Override
  public String tell(RunMessage notice) throws Exception {
    return communication.tell(notice);
  }

  /** For a web server other than the chatbot's own, which is down when the page is wanted. */
  private synchronized void writeStatusPage() {
    try {
      StatusPage.of(NAME, recovery.history(), Optional.empty(), clock.instant())
          .write(state.resolve("status"));
    } catch (IOException e) {
      System.err.println("The status page cannot be written: " + e.getMessage());
    }
  }

  /** From now on everything that is to be done regularly is done when it is due. */
  void keepSchedule() {
    schedule.start();
  }

  /** Ends what goes on beside the chatbot, not the chatbot itself. */
  @Override
  public void close() {
    schedule.close();
    threads.shutdown();
    try {
      threads.awaitTermination(TIME_OF_A_HOOK.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    recovery.close();
  }
}
