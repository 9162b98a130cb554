package com.personalaichatbot.dr.examples.chatbot;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.check.JvmCheck;
import com.personalaichatbot.dr.health.deployment.ApplicationChecks;
import com.personalaichatbot.dr.health.publish.HealthHandler;
import com.personalaichatbot.dr.health.security.HardeningPlan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A small chatbot that looks after its own data: it checks it before it starts and while it runs,
 * backs it up when it stops, before its settings change, and before an upgrade, and recovers it
 * ({@link ChatbotRecovery}). Its health is at {@code /health}, {@code /health/live} and
 * {@code /health/ready}.
 */
public final class Chatbot {
  /** Of the 10 seconds that Docker gives; the rest is for the JVM. */
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(8);

  private static final Duration TIME_TO_FINISH_REQUESTS = Duration.ofSeconds(2);

  private final DataDirectory data;
  private final DisasterRecovery backups;
  private final AppLog log;
  private final ChatServer server;
  private final HealthMonitor monitor;
  private Settings settings;

  private Chatbot(
      DataDirectory data,
      DisasterRecovery backups,
      AppLog log,
      ChatServer server,
      HealthMonitor monitor,
      Settings settings) {
    this.data = data;
    this.backups = backups;
    this.log = log;
    this.server = server;
    this.monitor = monitor;
    this.settings = settings;
  }

  /**
   * Runs the chatbot until it is told to stop: {@code Chatbot DATA REPOSITORY PASSPHRASE-FILE
   * [PORT]}. Damaged data is recovered first. Journals, messages and reports of recoveries lie in
   * {@code REPOSITORY-state}.
   */
  public static void main(String[] args) throws Exception {
    if (args.length < 3) {
      throw new IllegalArgumentException("give DATA REPOSITORY PASSPHRASE-FILE [PORT]");
    }
    DataDirectory data = new DataDirectory(Path.of(args[0]));
    Path place = Path.of(args[1]);
    Path state = place.resolveSibling(place.getFileName() + "-state");
    int port = args.length > 3 ? Integer.parseInt(args[3]) : 7860;
    String passphrase = Files.readString(Path.of(args[2])).strip();
    try (Secret secret = Secret.ofPassphrase(passphrase.toCharArray())) {
      DisasterRecovery backups = ChatbotRecovery.backups(data, state)
          .clock(Clock.systemDefaultZone())
          .repository(place)
          .passphrase(secret)
          .openOrCreate();
      BackupRepository repository = backups.repository();
      repository.finishRestores(); // Before anything reads the data: it may be half exchanged.
      if (repository.snapshots().isEmpty() && Files.notExists(data.settings())) {
        writeInitial(data); // A new installation; where there are backups, this is a disaster.
      }
      run(new ChatbotRecovery(
          data,
          backups,
          port == 0 ? freePort() : port,
          People.plan(System.getenv(), state),
          Operator.NOBODY));
    }
  }

  private static void writeInitial(DataDirectory data) throws IOException {
    Settings.initial().write(data);
    Secrets.write(data, new SecureRandom());
    data.replace(data.state(), "{\"operation\":{\"status\":\"idle\"}}");
  }

  /** A port that nobody listens at now; it is needed again when the chatbot is restarted. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void run(ChatbotRecovery recovery) throws Exception {
    // Before it answers: what it was told from its first answer on is in the last backup.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(recovery), "stop"));
    Optional<RunReport> recovered = recovery.startOrRecover();
    if (recovered.isPresent()) {
      RunReport run = recovered.get();
      System.out.println(run.title() + ": " + run.status() + ", see " + recovery.page(run));
      run.remaining().forEach(step -> System.out.println("To do by hand: " + step));
      if (run.status() != RunStatus.RECOVERED) {
        recovery.halt(); // What is there may be damaged: no backup.
        System.exit(1);
      }
    }
    Chatbot chatbot = recovery.chatbot();
    if (chatbot == null) {
      return; // It was told to end meanwhile.
    }
    System.out.println("Listening on " + chatbot.address());
    System.out.println(
        "Backed up at the start: " + chatbot.backUp(Purpose.SCHEDULED).status());
    recovery.keepSchedule();
  }

  /**
   * Starts to answer.
   *
   * @param backups stays the caller's, who closes it after {@link #stop}
   * @param port 0 for any that is free
   * @param checks registers checks besides those of the chatbot itself
   * @throws DamagedDataException if files cannot be read; nothing was started or changed
   */
  static Chatbot start(
      DataDirectory data, DisasterRecovery backups, int port, Consumer<HealthMonitor> checks)
      throws IOException {
    Clock clock = backups.repository().clock();
    Conversations conversations = new Conversations(data);
    Map<Path, String> damaged = new TreeMap<>(conversations.damaged());
    Settings settings = null;
    try {
      settings = Settings.read(data);
    } catch (IOException e) {
      damaged.put(data.settings(), e.getMessage());
    }
    if (!damaged.isEmpty()) {
      throw new DamagedDataException(damaged);
    }
    Files.createDirectories(data.active());
    AppLog log = new AppLog(data, clock);
    ChatServer server = ChatServer.start(conversations, log, clock, port);
    log.info(settings.name() + " " + settings.version() + " started");
    HardeningPlan.of(data.root()).execute();
    // region health
    HealthMonitor monitor = HealthMonitor.builder().clock(clock).build();
    monitor.register("jvm", JvmCheck.create());
    ApplicationChecks.of(data.root()).url(server.address()).register(monitor);
    checks.accept(monitor);
    server.serve("/health", HealthHandler.of(monitor.start()));
    // endregion
    return new Chatbot(data, backups, log, server, monitor, settings);
  }

  /** Where it answers. */
  URI address() {
    return server.address();
  }

  /** How everything is, looked at now. */
  Health checkHealth() {
    return monitor.check();
  }

  /** Takes a snapshot of everything. */
  BackupReport backUp(Purpose purpose) throws IOException {
    return backups.backUp(purpose);
  }

  /** Gives the chatbot another name, after a backup of what was. */
  synchronized BackupReport rename(String name) throws IOException {
    return change(settings.withName(name), "renamed to " + name);
  }

  /** Makes the data that of another version, after a backup of what was. */
  synchronized BackupReport upgrade(String version) throws IOException {
    return change(settings.withVersion(version), "upgraded to " + version);
  }

  private BackupReport change(Settings changed, String what) throws IOException {
    BackupReport report = backUp(Purpose.PRE_CHANGE);
    changed.write(data);
    settings = changed;
    log.info(what);
    return report;
  }

  /** Stops to answer, and backs up what there is then, in the time that is left. */
  BackupReport stop() throws IOException {
    try (monitor) {
      // region stop
      long begun = System.nanoTime();
      server.stop(TIME_TO_FINISH_REQUESTS);
      log.info("stopped");
      Duration left = TIME_TO_STOP.minusNanos(System.nanoTime() - begun);
      return backups.backUpForShutdown(left.isNegative() ? Duration.ZERO : left);
      // endregion
    }
  }

  /** Stops to answer, without a backup: as a process does that fails, and before a recovery. */
  void halt() {
    monitor.close();
    server.stop(Duration.ZERO);
  }

  /**
   * What the end of the process calls. It leaves the repository open: closing it waits for backups
   * that are under way, and all that is done is durable. A chatbot that is just being started is
   * waited for; where none runs, there is nothing to back up.
   */
  private static void end(ChatbotRecovery recovery) {
    try {
      Optional<BackupReport> report = recovery.stop();
      report.ifPresent(r -> System.out.println("Backed up at the end: " + r.status()));
      report.stream()
          .flatMap(r -> r.failures().stream())
          .forEach(f -> System.out.println("Not in it: " + f.path() + ": " + f.reason()));
    } catch (IOException e) {
      System.err.println("The last backup failed: " + e.getMessage());
    }
  }
}
