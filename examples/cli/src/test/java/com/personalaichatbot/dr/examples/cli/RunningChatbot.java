package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.personalaichatbot.dr.examples.chatbot.Chatbot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The chatbot of the examples as a process of its own, talked to over HTTP. Two scripts start and
 * stop it, as an operator would give them to {@code dr}.
 */
final class RunningChatbot implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  final Path data;
  final Path startScript;
  final Path stopScript;
  private final Path pid;
  private final int port;
  private final HttpClient client = HttpClient.newHttpClient();

  RunningChatbot(Path directory, Path data, Path repository, Path passphrase) throws IOException {
    this.data = data;
    this.pid = directory.resolve("chatbot.pid");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = free.getLocalPort();
    }
    this.startScript = script(directory.resolve("start.sh"), """
        echo $$ > '%s'
        exec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s '%s' '%s' '%s' %d
        """.formatted(
            pid,
            Path.of(System.getProperty("java.home"), "bin", "java"),
            System.getProperty("java.class.path"),
            Chatbot.class.getName(),
            data,
            repository,
            passphrase,
            port));
    // A terminated chatbot first backs up what there is.
    this.stopScript = script(directory.resolve("stop.sh"), """
        pid=$(cat '%s') || exit 0
        kill "$pid" 2> /dev/null
        while kill -0 "$pid" 2> /dev/null; do sleep 0.05; done
        rm -f '%s'
        """.formatted(pid, pid));
  }

  private static Path script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  String url() {
    return "http://127.0.0.1:" + port + "/";
  }

  /** Starts it, and waits until it answers. */
  void start() throws Exception {
    ProcessBuilder command = new ProcessBuilder(startScript.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    command.environment().clear();
    command.environment().put("LC_ALL", "C.UTF-8");
    Process process = command.start();
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!answers()) {
      assertThat(process.isAlive()).as("the chatbot has not ended").isTrue();
      assertThat(System.nanoTime()).as("the chatbot answers").isLessThan(until);
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
  }

  /** Lets it end by itself, with its backup. */
  void stop() throws Exception {
    assertThat(new ProcessBuilder(stopScript.toString()).start().waitFor()).isZero();
  }

  /** Ends it immediately, as a crash does. */
  void kill() throws IOException {
    if (Files.exists(pid)) {
      long id = Long.parseLong(Files.readString(pid).strip());
      ProcessHandle.of(id).ifPresent(process -> {
        process.destroyForcibly();
        process.onExit().join();
      });
      Files.delete(pid);
    }
  }

  boolean answers() throws InterruptedException {
    try {
      return get("").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path)).timeout(PATIENCE).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Begins a conversation. */
  UUID say(String message) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "chat"))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString("{\"message\": \"" + message + "\"}"))
        .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    JsonNode json = new ObjectMapper().readTree(answer.body());
    return UUID.fromString(json.get("conversation_id").asText());
  }

  /** What a conversation holds, or the code of the answer. */
  String conversation(UUID id) throws IOException, InterruptedException {
    HttpResponse<String> answer = get("conversations/" + id);
    return answer.statusCode() == 200 ? answer.body() : Integer.toString(answer.statusCode());
  }

  Path file(UUID conversation) {
    return data.resolve("conversations/active/" + conversation + ".json");
  }

  @Override
  public void close() throws IOException {
    kill();
  }
}
