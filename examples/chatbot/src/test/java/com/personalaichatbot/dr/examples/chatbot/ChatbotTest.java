package com.personalaichatbot.dr.examples.chatbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.Status;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatbotTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  private Path directory;

  private DataDirectory data;
  private DisasterRecovery recovery;
  private Chatbot chatbot;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws IOException {
    data = new DataDirectory(directory);
    Settings.initial().write(data);
    Secrets.write(data, new SecureRandom());
    data.replace(data.state(), "{}");
    try (RootKey root = RootKey.generate(new SecureRandom())) {
      recovery = DisasterRecovery.of(
          BackupRepository.builder(new MemoryStorage()).create(root), data.components());
    }
    chatbot = Chatbot.start(data, recovery, 0, monitor -> recovery.checks().register(monitor));
  }

  @AfterEach
  void stop() throws IOException {
    chatbot.halt();
    recovery.close();
  }

  @Test
  void backUp_whileItWritesItsOwnLog_isComplete() throws Exception {
    AppLog log = new AppLog(data, Clock.systemUTC());
    AtomicBoolean ended = new AtomicBoolean();
    AtomicInteger lines = new AtomicInteger();
    FutureTask<Void> writing = new FutureTask<>(() -> {
      while (!ended.get()) {
        log.info("line " + lines.incrementAndGet());
        Thread.sleep(100);
      }
      return null;
    });
    new Thread(writing, "log").start();
    try {
      int written = 0;
      // A quick backup may fall between two lines.
      for (int i = 0; i < 5 || (written == 0 && i < 200); i++) {
        int before = lines.get();
        while (before < 2) {
          Thread.onSpinWait();
          before = lines.get();
        }

        BackupReport report = chatbot.backUp(Purpose.MANUAL);

        assertThat(report.failures()).isEmpty();
        assertThat(report.status()).isEqualTo(BackupStatus.COMPLETE);
        written += lines.get() - before;
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        recovery.repository().read(report.snapshot().orElseThrow().id(), "logs/app.log", stored);
        assertThat(stored.toString(StandardCharsets.UTF_8))
            .contains("line " + (before - 1) + "\n")
            .endsWith("\n");
      }
      assertThat(written).as("lines written during a backup").isPositive();
    } finally {
      ended.set(true);
      writing.get();
    }
  }

  @Test
  void chat_newConversation_isAnsweredAndStored() throws Exception {
    JsonNode reply = JSON.readTree(say("{\"message\":\"Hello there\"}").body());

    UUID id = UUID.fromString(reply.get("conversation_id").asText());
    assertThat(reply.get("reply").asText()).isEqualTo(Replies.to("Hello there", 0));
    Conversation stored = Conversation.parse(Files.readString(data.active().resolve(id + ".json")));
    assertThat(stored.messages())
        .extracting(Conversation.Message::content)
        .containsExactly("Hello there", Replies.to("Hello there", 0));
    assertThat(JSON.readTree(get("conversations/" + id).body()))
        .isEqualTo(JSON.readTree(stored.toJson()));
  }

  @Test
  void chat_knownConversation_goesOn() throws Exception {
    String id = JSON.readTree(say("{\"message\":\"one\"}").body())
        .get("conversation_id")
        .asText();

    JsonNode second = JSON.readTree(
        say("{\"message\":\"two\",\"conversation_id\":\"" + id + "\"}").body());

    assertThat(second.get("conversation_id").asText()).isEqualTo(id);
    assertThat(second.get("messages").asInt()).isEqualTo(4);
  }

  @Test
  void chat_whatIsNoMessage_isRefused() throws Exception {
    assertThat(say("{\"message\"").statusCode()).isEqualTo(400);
    assertThat(say("{}").statusCode()).isEqualTo(400);
    assertThat(say("{\"message\":\"  \"}").statusCode()).isEqualTo(400);
    assertThat(say("{\"message\":\"" + "x".repeat(4001) + "\"}").statusCode()).isEqualTo(400);
    assertThat(say(" ".repeat(70_000)).statusCode()).isEqualTo(413);
  }

  @Test
  void chat_formOfAnotherPage_isRefused() throws Exception {
    HttpRequest form = HttpRequest.newBuilder(uri("chat"))
        .header("Content-Type", "text/plain")
        .POST(BodyPublishers.ofString("{\"message\":\"Hello\"}"))
        .build();

    assertThat(http.send(form, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
  }

  @Test
  void server_otherHostName_isRefusedEverywhere() throws Exception {
    for (String path : List.of("/", "/chat", "/health", "/conversations/x")) {
      try (Socket socket = connect()) {
        socket
            .getOutputStream()
            .write(("GET " + path + " HTTP/1.1\r\nHost: evil.example:80\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        assertThat(new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                .readLine())
            .startsWith("HTTP/1.1 421");
      }
    }
  }

  @Test
  void server_requestsThatNobodyFinishes_leaveHealthAndChatAnswering() throws Exception {
    List<Socket> unfinished = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        Socket socket = connect();
        unfinished.add(socket);
        String headers = "POST /chat HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: 100\r\n";
        socket
            .getOutputStream()
            .write((i % 2 == 0 ? headers : headers + "\r\n{").getBytes(StandardCharsets.US_ASCII));
      }

      assertThat(get("health/live").statusCode()).isEqualTo(200);
      assertThat(say("{\"message\":\"Hello\"}").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : unfinished) {
        socket.close();
      }
    }
  }

  private Socket connect() throws IOException {
    return new Socket(chatbot.address().getHost(), chatbot.address().getPort());
  }

  @Test
  void conversation_idThatIsAPath_isNotFound() throws Exception {
    String request = "{\"message\":\"hello\",\"conversation_id\":\"../../config/app_config\"}";

    assertThat(say(request).statusCode()).isEqualTo(404);
    assertThat(get("conversations/..%2f..%2fconfig%2fapp_config").statusCode()).isEqualTo(404);
    assertThat(get("conversations/" + UUID.randomUUID()).statusCode()).isEqualTo(404);
  }

  @Test
  void server_pageAndWrongRequests_areAnswered() throws Exception {
    assertThat(get("").body()).contains("<title>Chatbot</title>");
    assertThat(get("nothing").statusCode()).isEqualTo(404);
    assertThat(get("chat").statusCode()).isEqualTo(405);
  }

  @Test
  void health_groups_areServedByStatusAlone() throws Exception {
    assertThat(chatbot.checkHealth().status()).isEqualTo(Status.DOWN); // Nothing is backed up.

    assertThat(get("health").statusCode()).isEqualTo(503);
    assertThat(get("health/live").body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(get("health/ready").body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(get("health/ready?details").body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(get("health/recovery").body()).isEqualTo("{\"status\":\"DOWN\"}");
    assertThat(get("health/nonsense").statusCode()).isEqualTo(404);
    assertThat(get("health/ready").headers().firstValue("Cache-Control").orElseThrow())
        .contains("no-store");
  }

  @Test
  void health_backedUpAndVerified_hasNothingToMend() throws Exception {
    chatbot.backUp(Purpose.MANUAL);
    recovery.verify();

    Health health = chatbot.checkHealth();

    assertThat(health.check("configuration").orElseThrow().status()).isEqualTo(Status.UP);
    assertThat(health.group(Health.RECOVERY).orElseThrow().checks())
        .extracting(CheckState::name, CheckState::status)
        .contains(
            tuple("backup:config", Status.UP),
            tuple("backup:conversations", Status.UP),
            tuple("repository", Status.UP));
    assertThat(health.check("security").orElseThrow().status()).isNotEqualTo(Status.DOWN);
    assertThat(get("health/recovery").statusCode()).isEqualTo(200);
  }

  @Test
  void health_brokenSettings_isNotReadyButAlive() throws Exception {
    data.replace(data.settings(), "{");
    chatbot.checkHealth();

    assertThat(get("health/ready").statusCode()).isEqualTo(503);
    assertThat(get("health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void stop_afterChat_isBackedUp() throws Exception {
    say("{\"message\":\"remember this\"}");

    assertThat(chatbot.stop().status()).isEqualTo(BackupStatus.COMPLETE);

    Snapshot snapshot = only(recovery.repository().snapshots());
    assertThat(snapshot.purpose()).isEqualTo(Purpose.SHUTDOWN);
    assertThat(snapshot.components()).hasSize(5);
    assertThat(snapshot.files()).isEqualTo(5);
    assertThatThrownBy(() -> get("health")).isInstanceOf(IOException.class);
  }

  @Test
  void change_ofNameOrVersion_isBackedUpBefore() throws Exception {
    chatbot.rename("Ada");
    chatbot.upgrade("1.1.0");

    assertThat(recovery.repository().snapshots())
        .extracting(Snapshot::purpose)
        .containsExactly(Purpose.PRE_CHANGE, Purpose.PRE_CHANGE);
    Settings settings = Settings.read(data);
    assertThat(settings.name()).isEqualTo("Ada");
    assertThat(settings.version()).isEqualTo("1.1.0");
  }

  @Test
  void start_damagedFiles_isRefusedAndNamesThem() throws Exception {
    JsonNode reply = JSON.readTree(say("{\"message\":\"hello\"}").body());
    Path conversation = data.active().resolve(reply.get("conversation_id").asText() + ".json");
    chatbot.halt();
    Files.writeString(conversation, Files.readString(conversation).substring(0, 100));
    Files.writeString(data.settings(), "{}");

    assertThatThrownBy(() -> Chatbot.start(data, recovery, 0, monitor -> {}))
        .isInstanceOfSatisfying(
            DamagedDataException.class,
            damaged -> assertThat(damaged.files()).containsOnlyKeys(conversation, data.settings()));
  }

  @Test
  void replace_fails_leavesNoTemporary() throws IOException {
    Path file = data.active().resolve("x");
    Files.createDirectories(file.resolve("not-empty"));

    assertThatThrownBy(() -> data.replace(file, "text")).isInstanceOf(IOException.class);

    try (Stream<Path> left = Files.list(data.active())) {
      assertThat(left).containsExactly(file);
    }
  }

  private HttpResponse<String> say(String json) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(uri("chat"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return chatbot.address().resolve("/" + path);
  }

  private static Snapshot only(List<Snapshot> snapshots) {
    assertThat(snapshots).hasSize(1);
    return snapshots.get(0);
  }
}
