package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands about health, as an operator runs them. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class HealthTest {
  @TempDir
  private Path directory;

  private Tool tool;

  @AutoClose
  private Installation bot;

  @BeforeEach
  void setUp() throws IOException {
    tool = new Tool(directory);
    tool.environment.remove("DR_REPO");
    bot = new Installation(directory.resolve("bot"));
  }

  private JsonNode health(String... more) throws IOException {
    return health(tool, bot, more);
  }

  static JsonNode health(Tool tool, Installation bot, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("health", "--json", "--data", bot.path()));
    arguments.addAll(List.of(more));
    return tool.run(arguments.toArray(String[]::new)).json();
  }

  private static String status(JsonNode json, String component) {
    return json.at("/components/" + component + "/status").asText();
  }

  private static List<String> errors(JsonNode json) {
    List<String> codes = new ArrayList<>();
    json.get("findings").forEach(finding -> {
      if (finding.get("severity").asText().equals("ERROR")) {
        codes.add(finding.get("code").asText());
      }
    });
    return codes;
  }

  @Test
  void health_soundInstallation_isInActuatorsShape() throws IOException {
    JsonNode json = health("--url", bot.url());

    for (String name : List.of("directories", "settings", "log", "page", "port", "disk", "data")) {
      assertThat(status(json, name)).as(name).isEqualTo("UP");
    }
    assertThat(json.get("components")).allSatisfy(component -> {
      assertThat(component.get("status").isTextual()).isTrue();
      assertThat(component.get("description").isTextual()).isTrue();
      assertThat(component.get("details").isObject()).isTrue();
    });
    assertThat(json.get("groups"))
        .extracting(JsonNode::asText)
        .contains("live", "ready", "recovery", "security", "capacity");
  }

  @Test
  void health_cpu_isSampledTwice() throws IOException {
    JsonNode cpu = health("--group", "capacity").at("/components/cpu");
    assertThat(cpu.at("/details/usedPercent").isNumber()).isTrue();
    assertThat(cpu.at("/details/checkedAt").isTextual()).isTrue();
  }

  @Test
  void health_group_runsAndShowsOnlyThat() throws IOException {
    bot.write("config/app_config.json", "{");
    JsonNode ready = health("--group", "ready", "--url", bot.url());
    assertThat(ready.get("components").properties())
        .extracting(e -> e.getKey())
        .containsExactlyInAnyOrder("directories", "settings", "port", "page");
    assertThat(ready.get("status").asText()).isEqualTo("DOWN");
    tool.run("health", "--data", bot.path(), "--group", "ready").exits(2);
    bot.write("config/app_config.json", "{}");
    tool.run("health", "--data", bot.path(), "--group", "ready").exits(0);
    tool.run("health", "--data", bot.path(), "--group", "live").exits(3);
    assertThat(tool.run("health", "--data", bot.path(), "--group", "nonsense")
            .exits(64)
            .err())
        .contains("recovery");
  }

  @Test
  void health_text_saysWhatToDo() throws IOException {
    bot.write("config/app_config.json", "{");
    assertThat(tool.run("health", "--data", bot.path(), "--group", "ready")
            .exits(2)
            .out())
        .contains("settings")
        .contains("restore it from a backup")
        .endsWith("DOWN\n");
  }

  @Test
  void health_namedRepositoryMissing_isDown() throws IOException {
    String nowhere = directory.resolve("nowhere").toString();
    JsonNode json = health("--repo", nowhere, "--group", "recovery");
    assertThat(status(json, "repository")).isEqualTo("DOWN");
    assertThat(json.get("status").asText()).isEqualTo("DOWN");
    tool.environment.put("DR_REPO", nowhere);
    tool.environment.remove("DR_PASSPHRASE");
    tool.run("health", "--data", bot.path()).exits(2);
    assertThat(directory.resolve("nowhere")).doesNotExist();
  }

  @Test
  void health_repository_showsItsBackups() throws IOException {
    tool.init();
    String[] recovery = {"--repo", tool.repository.toString(), "--group", "recovery"};
    assertThat(health(recovery).at("/components/backup:data/details/code").asText())
        .isEqualTo("NO_BACKUP");
    tool.environment.put("DR_REPO", tool.repository.toString());
    tool.backup();
    JsonNode unread = health(recovery);
    assertThat(status(unread, "backup:config")).isEqualTo("DEGRADED");
    tool.run("verify").exits(0);
    JsonNode read = health(recovery);
    assertThat(read.get("status").asText()).isEqualTo("UP");
    assertThat(read.get("components").properties())
        .extracting(e -> e.getKey())
        .containsExactly("backup:chats", "backup:config", "verified", "drill", "repository");
    tool.environment.put("DR_PASSPHRASE", "wrong");
    tool.run("health", "--data", bot.path()).exits(12);
  }

  @Test
  void health_secretsInAddresses_areNotRepeated() throws IOException {
    String url = bot.url().replace("//", "//me:hunter2@");
    Tool.Result result = tool.run("health", "--data", bot.path(), "--url", url, "--group", "ready");
    assertThat(result.out() + result.err()).doesNotContain("hunter2");
    for (String bad : List.of("http://me:hunter2@[", "ftp://me:hunter2@x/", "hunter2", "")) {
      Tool.Result refused =
          tool.run("health", "--data", bot.path(), "--url", bad).exits(64);
      assertThat(refused.out() + refused.err()).doesNotContain("hunter2");
    }
  }

  @Test
  void health_stateThatCannotBeWritten_isChecked() throws IOException {
    tool.environment.put(
        "XDG_STATE_HOME", Files.writeString(directory.resolve("file"), "").toString());
    Tool.Result result =
        tool.run("health", "--data", bot.path(), "--group", "ready").exits(0);
    assertThat(result.err()).contains("trends are not kept");
  }

  @Test
  void watch_tellsChangesUntilInterrupted() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(2);
    ByteArrayOutputStream out = new ByteArrayOutputStream() {
      @Override
      public synchronized void write(byte[] bytes, int offset, int length) {
        super.write(bytes, offset, length);
        for (int i = offset; i < offset + length; i++) {
          if (bytes[i] == '\n') {
            first.countDown();
            second.countDown();
          }
        }
      }
    };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int[] exit = {-1};
    Thread watching = new Thread(
        () -> exit[0] = new Dr(tool.environment, out, err, new Interruption(Thread.currentThread()))
            .run("health", "--json", "--data", bot.path(), "--group", "ready", "--watch", "1"));
    watching.start();
    first.await();
    bot.write("config/app_config.json", "{");
    second.await();
    watching.interrupt();
    watching.join();

    assertThat(exit[0]).isEqualTo(130);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    List<String> statuses = new ArrayList<>();
    for (String line : out.toString(StandardCharsets.UTF_8).split("\n")) {
      statuses.add(new ObjectMapper().readTree(line).get("status").asText());
    }
    assertThat(statuses).containsExactly("UP", "DOWN");
  }

  @Test
  void watch_noSeconds_isRefused() {
    tool.run("health", "--data", bot.path(), "--watch", "0").exits(64);
    tool.run("health", "--data", bot.path(), "--watch", "x").exits(64);
  }

  @Test
  void data_notGivenMissingOrAFile_isToldApart() throws IOException {
    for (String command : List.of("health", "validate-config", "validate-security", "harden")) {
      tool.run(command).exits(64);
      tool.run(command, "--data", "").exits(64);
    }
    String file = Files.writeString(directory.resolve("file"), "x").toString();
    for (String path : List.of(directory.resolve("nowhere").toString(), file)) {
      assertThat(errors(
              tool.run("validate-config", "--json", "--data", path).exits(2).json()))
          .containsExactly("DATA_MISSING");
      assertThat(errors(
              tool.run("validate-security", "--json", "--data", path).exits(2).json()))
          .containsExactly("DATA_MISSING");
      tool.run("health", "--data", path).exits(2);
      tool.run("harden", "--data", path).exits(1);
      tool.run("test-deployment", "--data", path, "--url", bot.url()).exits(2);
    }
    assertThat(Path.of(file)).content().isEqualTo("x");
  }

  @Test
  void validateConfig_warning_isAnErrorOnlyWhenStrict() throws IOException {
    tool.run("validate-config", "--data", bot.path()).exits(0);
    bot.write(".env", bot.read(".env").replace("LOG_LEVEL=INFO", "LOG_LEVEL=LOUD"));
    JsonNode json =
        tool.run("validate-config", "--json", "--data", bot.path()).exits(1).json();
    assertThat(json.get("status").asText()).isEqualTo("DEGRADED");
    JsonNode warning = null;
    for (JsonNode finding : json.get("findings")) {
      warning = finding.get("severity").asText().equals("WARNING") ? finding : warning;
    }
    assertThat(warning).isNotNull();
    assertThat(warning.get("path").asText()).isEqualTo(bot.path() + "/.env");
    assertThat(warning.get("line").asInt()).isEqualTo(4);
    assertThat(warning.get("message").asText()).contains("LOG_LEVEL").doesNotContain("LOUD");
    assertThat(warning.get("action").asText()).isNotEmpty();
    tool.run("validate-config", "--strict", "--data", bot.path()).exits(2);
  }

  @Test
  void validations_neverPrintAValue() throws IOException {
    bot.write("logs/app.log", "using " + Installation.KEY + "\n");
    bot.write(".env", bot.read(".env").replace("APP_PORT=7860", "APP_PORT=hunter2"));
    for (String command : List.of("validate-config", "validate-security", "health")) {
      for (String form : List.of("--json", "--debug")) {
        Tool.Result result = tool.run(command, form, "--data", bot.path()).exits(2);
        assertThat(result.out() + result.err())
            .doesNotContain(Installation.KEY)
            .doesNotContain("made-up-for-the-test")
            .doesNotContain("hunter2");
      }
    }
  }

  @Test
  void validations_oddNames_areShownByTheirBytes() throws IOException {
    bot.write("conversations/active/é\n.json", "{");
    JsonNode json =
        tool.run("validate-config", "--json", "--data", bot.path()).exits(2).json();
    assertThat(json.get("findings").findValuesAsText("path"))
        .contains(bot.path() + "/conversations/active/é\n.json");
    assertThat(tool.run("validate-config", "--data", bot.path()).exits(2).out())
        .contains("é\\x0a.json");
  }

  @Test
  void harden_dryRun_thenReal_thenUndo() throws IOException {
    bot.mode("", "rwxr-xr-x");
    bot.mode(".env", "rw-r--r--");
    Files.createSymbolicLink(bot.data.resolve("link"), bot.data.resolve("config"));

    JsonNode plan =
        tool.run("harden", "--json", "--dry-run", "--data", bot.path()).exits(0).json();
    assertThat(plan.get("dryRun").asBoolean()).isTrue();
    assertThat(plan.get("changed").findValuesAsText("path"))
        .containsExactly(bot.path(), bot.path() + "/.env");
    assertThat(plan.get("notes")).hasSize(1);
    assertThat(bot.modeOf(".env")).isEqualTo("rw-r--r--");

    JsonNode done = tool.run("harden", "--json", "--data", bot.path()).exits(0).json();
    assertThat(done.get("dryRun").asBoolean()).isFalse();
    assertThat(done.get("changed").get(1).get("from").asText()).isEqualTo("rw-r--r--");
    assertThat(done.get("changed").get(1).get("to").asText()).isEqualTo("rw-------");
    assertThat(done.get("failures")).isEmpty();
    assertThat(bot.modeOf("") + bot.modeOf(".env")).isEqualTo("rwx------rw-------");
    tool.run("harden", "--data", bot.path()).exits(0);

    tool.run("harden", "--undo", "--dry-run", "--data", bot.path()).exits(0);
    assertThat(bot.modeOf(".env")).isEqualTo("rw-------");
    tool.run("harden", "--undo", "--data", bot.path()).exits(0);
    assertThat(bot.modeOf("") + bot.modeOf(".env")).isEqualTo("rwxr-xr-xrw-r--r--");
    tool.run("harden", "--undo", "--data", bot.path()).exits(1);
  }

  @Test
  void harden_undoAfterATornRecord_putsBackWhatIsWhole() throws IOException {
    bot.mode(".env", "rw-r--r--");
    tool.run("harden", "--data", bot.path()).exits(0);
    Path record = only(directory.resolve("state/dr")).resolve("hardened");
    Files.writeString(record, Files.readString(record) + "{\"path\":\"fi");
    bot.mode("config", "rwxr-xr-x");
    tool.run("harden", "--data", bot.path()).exits(0);
    tool.run("harden", "--undo", "--data", bot.path()).exits(0);
    assertThat(bot.modeOf(".env") + bot.modeOf("config")).isEqualTo("rw-r--r--rwxr-xr-x");
  }

  @Test
  void harden_stateThatCannotBeWritten_changesNothing() throws IOException {
    bot.mode(".env", "rw-r--r--");
    tool.environment.put(
        "XDG_STATE_HOME", Files.writeString(directory.resolve("file"), "").toString());
    tool.run("harden", "--data", bot.path()).exits(1);
    assertThat(bot.modeOf(".env")).isEqualTo("rw-r--r--");
  }

  @Test
  void testDeployment_passedFailedAndError_haveTheirExits() throws IOException {
    String[] arguments = {"test-deployment", "--json", "--data", bot.path(), "--url", bot.url()};
    JsonNode json = tool.run(arguments).exits(0).json();
    assertThat(json.get("status").asText()).isEqualTo("UP");
    assertThat(json.get("tests")).hasSizeGreaterThan(9).allSatisfy(test -> {
      assertThat(test.get("result").asText()).isEqualTo("PASSED");
      assertThat(test.get("name").asText()).isNotEmpty();
      assertThat(test.get("message").asText()).isNotEmpty();
      assertThat(test.get("durationMillis").isNumber()).isTrue();
    });

    bot.answer = 500;
    JsonNode failed = tool.run(arguments).exits(2).json();
    assertThat(failed.get("tests").get(1).get("result").asText()).isEqualTo("FAILED");
    tool.run("test-deployment", "--data", bot.path()).exits(64);
    tool.run("test-deployment", "--data", bot.path(), "--url", "nonsense").exits(64);
  }

  private static Path only(Path parent) throws IOException {
    try (var children = Files.list(parent)) {
      return children.findFirst().orElseThrow();
    }
  }
}
