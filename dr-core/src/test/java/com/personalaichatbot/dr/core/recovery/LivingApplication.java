package com.personalaichatbot.dr.core.recovery;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.recovery.scenario.Probe;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.DataValidator;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A small application with data of the original's layout and a real port: it starts only on data
 * that is whole, and answers as long as it was not stopped.
 */
public final class LivingApplication implements AutoCloseable {
  static final String OLD_KEY = "sk-or-v1-0123456789abcdefghijklmnopqrstuvwxyzABCD";
  static final String NEW_KEY = "sk-or-v1-ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210zyxw";

  final Path root;
  public final Path data;
  public final Path state;
  public final Storage storage;
  public final BackupRepository repository;
  final List<String> calls = new ArrayList<>();
  private final int port;
  private HttpServer server;

  public LivingApplication(Path root) throws IOException {
    this(root, new MemoryStorage());
  }

  LivingApplication(Path root, Clock clock) throws IOException {
    this(root, new MemoryStorage(), clock);
  }

  LivingApplication(Path root, Storage storage) throws IOException {
    this(root, storage, Clock.systemUTC());
  }

  private LivingApplication(Path root, Storage storage, Clock clock) throws IOException {
    this.root = root;
    this.storage = storage;
    this.data = root.resolve("data");
    this.state = root.resolve("state");
    try (RootKey key = TestKeys.root()) {
      repository = BackupRepository.builder(storage)
          .state(state)
          .clock(clock)
          .host("chatbot")
          .executor(Runnable::run, 1)
          .create(key);
    }
    try (ServerSocket free = new ServerSocket()) {
      free.bind(local(0));
      port = free.getLocalPort();
    }
    writeData(data, 4);
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  static void writeData(Path data, int conversations) throws IOException {
    for (String directory : List.of("config", "conversations/active", "logs", "state")) {
      Files.createDirectories(data.resolve(directory));
    }
    writeEnv(data.resolve(".env"), OLD_KEY, "old");
    Files.writeString(data.resolve("config/app_config.json"), """
        {"app": {"name": "chatbot", "port": 7860},
         "data": {"data_dir": "data", "config_dir": "data/config", "logs_dir": "data/logs"},
         "security": {}}
        """);
    for (int i = 0; i < conversations; i++) {
      writeConversation(data, i, "hello " + i);
    }
    Files.writeString(data.resolve("logs/app.log"), "INFO started\nERROR lost a message\n");
    Files.writeString(data.resolve("state/application_state.json"), "{\"count\": 1}");
    for (String directory : List.of("config", "conversations", "conversations/active")) {
      Files.setPosixFilePermissions(
          data.resolve(directory), PosixFilePermissions.fromString("rwx------"));
    }
  }

  static void writeEnv(Path file, String key, String word) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        file,
        "OPENROUTER_API_KEY=" + key + "\nAPP_HOST=127.0.0.1\nAPP_PORT=7860\nLOG_LEVEL=INFO\n"
            + "MAX_TOKENS=4096\nSECRET_KEY=" + word + "-secret-0123456789abcdefghijklmnop\n"
            + "ENCRYPTION_KEY=" + word + "-encryption-ponmlkjihgfedcba9876543210\n");
  }

  public static Path conversation(Path data, int number) {
    return data.resolve("conversations/active/" + id(number) + ".json");
  }

  private static String id(int number) {
    return String.format("00000000-0000-4000-8000-%012d", number);
  }

  static void writeConversation(Path data, int number, String text) throws IOException {
    Files.writeString(conversation(data, number), """
        {"id": "%s", "title": "t",
         "messages": [{"role": "user", "content": "%s", "timestamp": "2026-04-04T08:01:15.000000"}],
         "created_at": "2026-04-04T08:01:15.000000", "updated_at": "2026-04-04T08:01:15.000000"}
        """.formatted(id(number), text));
  }

  static List<Component> components(Path data) {
    return List.of(
        Component.at("config", Kind.CONFIG, data.resolve("config")),
        Component.at("secrets", Kind.SECRETS, data.resolve(".env")),
        Component.at("conversations", Kind.CONVERSATIONS, data.resolve("conversations")),
        Component.at("logs", Kind.LOGS, data.resolve("logs")),
        Component.at("state", Kind.STATE, data.resolve("state")));
  }

  public SnapshotId backUp() throws IOException {
    return repository
        .backUp(components(data), BackupOptions.of(Purpose.SCHEDULED))
        .snapshot()
        .orElseThrow()
        .id();
  }

  SnapshotId backUpAndVerify() throws IOException {
    SnapshotId id = backUp();
    repository.verify(VerifyOptions.readAll());
    return id;
  }

  URI url() {
    return URI.create(
        "http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + port + "/health");
  }

  /** Starts it on what lies in its data directory, if that is whole. */
  public synchronized void start() throws Exception {
    if (server != null) {
      throw new IllegalStateException("it runs already");
    }
    if (DataValidator.ORIGINAL.validate(data).findings().stream()
        .anyMatch(f -> f.severity() == com.personalaichatbot.dr.health.Severity.ERROR)) {
      throw new IllegalStateException("the data is damaged");
    }
    listen();
  }

  /** Has it answer, as if it had been started before the data was damaged. */
  synchronized void listen() throws IOException {
    HttpServer next = HttpServer.create(local(port), 0);
    next.createContext("/health", exchange -> {
      byte[] body = "ok".getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    next.start();
    server = next;
  }

  public synchronized void stop() {
    if (server != null) {
      server.stop(0);
      server = null;
      notifyAll();
    }
  }

  synchronized void awaitStop() throws InterruptedException {
    while (server != null) {
      wait();
    }
  }

  synchronized boolean isRunning() {
    return server != null;
  }

  /** Hooks of every kind, which note that they were called. */
  ApplicationHooks hooks() {
    ApplicationHooks hooks = ApplicationHooks.none();
    for (HookKind kind : HookKind.values()) {
      hooks = hooks.with(kind, Duration.ofSeconds(20), call -> {
        synchronized (calls) {
          calls.add(kind + " " + call.mode());
        }
        if (kind == HookKind.STOP && call.mode() == RunMode.LIVE) {
          stop();
        } else if (kind == HookKind.START) {
          start();
        } else if (kind == HookKind.READY && !new Probe(url()).answers()) {
          throw new IOException("it does not answer");
        }
      });
    }
    return hooks;
  }

  public Recovery.Builder recovery() {
    return recovery(repository);
  }

  /** Opens the repository once more, on another clock or a state directory with faults. */
  BackupRepository open(Path itsState, Clock clock) throws IOException {
    try (RootKey key = TestKeys.root()) {
      return BackupRepository.builder(storage)
          .state(itsState)
          .clock(clock)
          .host("chatbot")
          .executor(Runnable::run, 1)
          .open(key);
    }
  }

  /** Where everything was opened again after a crash. */
  Recovery.Builder recovery(BackupRepository opened) {
    return Recovery.builder(opened)
        .components(components(data))
        .data(data)
        .scratch(root)
        .hooks(hooks())
        .url(url())
        .operator(Operator.ASSUME_YES)
        .restarts(2, Duration.ofMillis(1));
  }

  /** The content of every file of the data, by its path; what restores keep for undo is not. */
  public Map<String, String> content() throws IOException {
    return content(data);
  }

  public static Map<String, String> content(Path data) throws IOException {
    Map<String, String> content = new TreeMap<>();
    if (Files.exists(data)) {
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = data.relativize(file).toString();
          if (!name.contains(".dr-restore")) {
            content.put(name, Files.readString(file, StandardCharsets.ISO_8859_1));
          }
        }
      }
    }
    return content;
  }

  /** What a report says of the steps that did not pass. */
  public static String failures(RunReport report) {
    return report.steps().stream()
        .filter(step -> !step.status().isPassed())
        .map(step -> step.id() + " " + step.status() + " " + step.message() + " " + step.notes())
        .collect(Collectors.joining("\n"));
  }

  @Override
  public void close() throws IOException {
    stop();
    repository.close();
  }
}
