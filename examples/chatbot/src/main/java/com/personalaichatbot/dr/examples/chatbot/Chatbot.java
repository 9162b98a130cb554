package com.personalaichatbot.dr.examples.chatbot;

import com.personalaichatbot.dr.core.BackupRepository;
import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A small chatbot that looks after its own data: it checks it before it starts, and backs it up
 * when it stops, before its settings change, and before an upgrade.
 */
public final class Chatbot {
  private static final Duration SHUTDOWN_DEADLINE = Duration.ofSeconds(10);

  private final DataDirectory data;
  private final DisasterRecovery recovery;
  private final AppLog log;
  private final ChatServer server;
  private Settings settings;

  private Chatbot(
      DataDirectory data,
      DisasterRecovery recovery,
      AppLog log,
      ChatServer server,
      Settings settings) {
    this.data = data;
    this.recovery = recovery;
    this.log = log;
    this.server = server;
    this.settings = settings;
  }

  /**
   * Runs the chatbot until it is told to stop: {@code Chatbot DATA REPOSITORY PASSPHRASE-FILE
   * [PORT]}.
   */
  public static void main(String[] args) throws IOException {
    if (args.length < 3) {
      throw new IllegalArgumentException("give DATA REPOSITORY PASSPHRASE-FILE [PORT]");
    }
    DataDirectory data = new DataDirectory(Path.of(args[0]));
    if (!Files.exists(data.settings())) {
      Settings.initial().write(data);
      data.replace(data.secrets(), "# KEY=value\n");
      data.replace(data.state(), "{\"operation\":{\"status\":\"idle\"}}");
      Files.createDirectories(data.active());
    }
    int port = args.length > 3 ? Integer.parseInt(args[3]) : 7860;
    String passphrase = Files.readString(Path.of(args[2])).strip();
    try (Secret secret = Secret.ofPassphrase(passphrase.toCharArray())) {
      BackupRepository repository =
          BackupRepository.builder(LocalStorage.at(Path.of(args[1]))).openOrCreate(secret);
      DisasterRecovery recovery = DisasterRecovery.of(repository, data.components());
      Chatbot chatbot = start(data, recovery, Clock.systemDefaultZone(), port);
      Closeable watch = recovery.watchConfiguration();
      System.out.println("Listening on " + chatbot.address());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> chatbot.stopAndClose(watch), "stop"));
    }
  }

  /**
   * Starts to answer.
   *
   * @param recovery stays the caller's, who closes it after {@link #stop}
   * @param port 0 for any that is free
   * @throws DamagedDataException if files cannot be read; nothing was started or changed
   */
  static Chatbot start(DataDirectory data, DisasterRecovery recovery, Clock clock, int port)
      throws IOException {
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
    AppLog log = new AppLog(data, clock);
    ChatServer server = ChatServer.start(conversations, log, clock, port);
    log.info(settings.name() + " " + settings.version() + " started");
    return new Chatbot(data, recovery, log, server, settings);
  }

  /** Where it answers. */
  URI address() {
    return server.address();
  }

  /** Takes a snapshot of everything. */
  BackupReport backUp(Purpose purpose) throws IOException {
    return recovery.backUp(purpose);
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

  /** Stops to answer, and backs up what there is then. */
  BackupReport stop() throws IOException {
    server.stop();
    log.info("stopped");
    return recovery.backUpForShutdown(SHUTDOWN_DEADLINE);
  }

  /** Ends as a process does that fails: no more answers, and no backup. */
  void fail() {
    server.stop();
  }

  private void stopAndClose(Closeable watch) {
    try (recovery;
        watch) {
      System.out.println("Backed up: " + stop().status());
    } catch (IOException e) {
      System.err.println("The last backup failed: " + e.getMessage());
    }
  }
}
