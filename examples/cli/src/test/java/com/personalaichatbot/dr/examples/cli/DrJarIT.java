package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jar as an operator runs it: as a process, in whatever locale, and stopped by a signal. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class DrJarIT {
  /** Set once the jar is packaged; before that none exists, or an old one. */
  private static final String JAR = System.getProperty("dr.jar");

  @TempDir
  private Path directory;

  private Tool tool;

  @BeforeEach
  void setUp() throws IOException {
    tool = new Tool(directory).init();
  }

  @Test
  void run_poorLocale_writesUtf8AndTakesNoMangledArgument() throws Exception {
    tool.backup();

    byte[] text = output(start(Map.of("LC_ALL", "C"), "ls", "latest", "chats"), 0);
    byte[] json = output(start(Map.of("LC_ALL", "C"), "ls", "latest", "--json"), 0);
    output(start(Map.of("LC_ALL", "C"), "cat", "latest", "chats/é.json"), 64);

    assertThat(new String(text, StandardCharsets.UTF_8)).contains("chats/é.json");
    assertThat(new String(json, StandardCharsets.US_ASCII)).contains("chats/\\u00E9.json");
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void run_signalWhileItWaits_endsWithItsCodeAndCommitsNothing(String signal, int exit)
      throws Exception {
    try (Storage storage = LocalStorage.at(tool.repository);
        StorageLock held = storage.tryLock(true).orElseThrow()) {
      assertThat(held).isNotNull();
      Process backup =
          start(Map.of(), "backup", "--debug", "--json", "--wait", "10m", tool.source.toString());
      awaitLine(backup.errorReader(StandardCharsets.UTF_8), "Waiting up to");

      new ProcessBuilder("kill", "-" + signal, Long.toString(backup.pid()))
          .start()
          .waitFor();

      JsonNode error = new ObjectMapper().readTree(output(backup, exit)).get("error");
      assertThat(error.get("exit").asInt()).isEqualTo(exit);
    }
    assertThat(tool.run("snapshots", "--json").json().get("snapshots")).isEmpty();
    tool.run("verify").exits(0);
  }

  @Test
  void health_watchedAndInterrupted_endsQuietlyWithItsCode() throws Exception {
    try (Installation bot = new Installation(directory.resolve("bot"))) {
      tool.environment.remove("DR_REPO");
      Process watch = start(
          Map.of(), "health", "--json", "--data", bot.path(), "--group", "ready", "--watch", "60");
      BufferedReader lines = watch.inputReader(StandardCharsets.UTF_8);
      assertThat(new ObjectMapper().readTree(lines.readLine()).get("status").asText())
          .isEqualTo("UP");

      new ProcessBuilder("kill", "-INT", Long.toString(watch.pid())).start().waitFor();

      assertThat(watch.waitFor()).isEqualTo(130);
      assertThat(lines.readLine()).isNull();
      assertThat(watch.errorReader(StandardCharsets.UTF_8).readLine()).isNull();
    }
  }

  private static void awaitLine(BufferedReader lines, String part) throws IOException {
    String line;
    do {
      line = lines.readLine();
      assertThat(line).as("a line with '%s'", part).isNotNull();
    } while (!line.contains(part));
  }

  @Test
  void run_failure_isOneObjectAndTwoLines() throws Exception {
    Process process = start(Map.of("DR_PASSPHRASE", "wrong"), "snapshots", "--json");
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    JsonNode error = new ObjectMapper().readTree(output(process, 12)).get("error");

    assertThat(err.lines()).hasSize(2);
    assertThat(error.get("exit").asInt()).isEqualTo(12);
  }

  private Process start(Map<String, String> environment, String... arguments) throws IOException {
    assumeThat(JAR).isNotNull();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", JAR));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(tool.environment);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static byte[] output(Process process, int exit) throws Exception {
    byte[] out = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isEqualTo(exit);
    return out;
  }
}
