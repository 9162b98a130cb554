package com.personalaichatbot.dr.examples.chatbot;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.Reports;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.Communication;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
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
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The chatbot's provisions for disasters: it stops, starts and looks at itself when a runbook asks
 * for it, tells those who have to know, measures what was promised, and leaves pages behind. All
 * that it writes lies in the state directory, outside of the data: journals, {@code messages},
 * {@code reports} and {@code status}.
 */
final class ChatbotRecovery implements Closeable, RunListener {
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
  private final TrendStore trends;
  private final Communication communication;
  private final Recovery recovery;
  private final Schedule schedule;
  private final Reports reports;
  private final ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
    Thread thread = new Thread(task, "messages");
    thread.setDaemon(true);
    return thread;
  });
  private volatile Chatbot chatbot;

  /**
   * @param backups with a state directory; stays the caller's, who closes it later than this
   * @param port where the chatbot answers, on this machine
   * @param person who is asked what only a person can do
   */
  ChatbotRecovery(
      DataDirectory data,
      DisasterRecovery backups,
      int port,
      CommunicationPlan plan,
      Operator person)
      throws IOException {
    this.data = data;
    this.backups = backups;
    this.state = backups.repository().state().orElseThrow();
    this.port = port;
    this.trends = TrendStore.open(state.resolve("trends"), backups.repository().clock());
    this.communication = backups.communication(plan, threads);
    this.recovery = backups
        .recovery()
        .url(URI.create("http://127.0.0.1:" + port + "/"))
        .hooks(hooks())
        .operator(person)
        .listener(this)
        .build();
    this.schedule = backups
        .schedule()
        .recovery(recovery)
        .communication(communication)
        .rhythm("configuration", OFTEN)
        .rhythm("verification", OFTEN)
        .job(Job.of("pages", WEEKLY, () -> "see " + writePages()))
        .build();
    this.reports = backups
        .reports(recovery)
        .schedule(schedule)
        .communication(communication)
        .trends(trends)
        .health(() -> Optional.ofNullable(chatbot).map(Chatbot::checkHealth));
  }

  /** Begins to open the backups of a chatbot; the caller says where they are, and the key. */
  static DisasterRecovery.Builder backups(DataDirectory data, Path state) {
    return DisasterRecovery.builder()
        .name("Chatbot")
        .components(data.components())
        .data(data.root())
        .state(state);
  }

  private ApplicationHooks hooks() {
    return ApplicationHooks.none()
        .with(HookKind.STOP, TIME_OF_A_HOOK, call -> halt())
        .with(HookKind.START, TIME_OF_A_HOOK, call -> start())
        .with(HookKind.READY, TIME_OF_A_HOOK, call -> requireReady())
        .with(HookKind.CLEAR_TEMPORARY_FILES, TIME_OF_A_HOOK, call -> {
          data.removeTemporaries();
          TemporaryFiles.ofChatbot(backups.repository().clock()).clear(Duration.ofDays(1));
        })
        .with(
            HookKind.ROTATE_SECRETS,
            TIME_OF_A_HOOK,
            call -> data.replace(renewed(), Secrets.make(new SecureRandom())));
  }

  /** Starts the chatbot, if its data is whole. */
  synchronized void start() throws IOException {
    halt();
    chatbot = Chatbot.start(data, backups, port, this::register);
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
    backups
        .checks()
        .trends(trends)
        .schedule(schedule)
        .objectives(recovery)
        .policy()
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
    return reports.objectives();
  }

  /** Where the secrets lie that replace those that somebody knows. */
  private Path renewed() {
    return state.resolve("renewed.env");
  }

  /** The page of a run. */
  Path page(RunReport run) {
    return reports.page(run);
  }

  private RunReport report(RunReport run) throws IOException {
    reports.writeRun(run);
    return run;
  }

  /** Writes down what is to be done in a disaster, and how ready everything is: that page. */
  Path writePages() throws IOException {
    reports.writeRunbook();
    return reports.writePosture();
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
      reports.writeStatusPage();
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
