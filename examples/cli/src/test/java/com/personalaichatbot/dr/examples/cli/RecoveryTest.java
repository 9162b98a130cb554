package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The five scenarios, drills, objectives and pages, through the tool. */
class RecoveryTest {

  private static final String CONVERSATION = "conversations/active/" + Installation.ID + ".json";

  @TempDir
  Path directory;

  private Tool tool;

  @AutoClose
  private Installation bot;

  private String snapshot;

  @BeforeEach
  void installAndBackUp() throws IOException {
    tool = new Tool(directory).init();
    bot = new Installation(directory.resolve("bot"));
    snapshot = backUp();
    tool.run("verify").exits(0);
  }

  private String backUp() throws IOException {
    return tool.run(
            "backup",
            "--json",
            "--component",
            "config=" + bot.data.resolve("config"),
            "--component",
            "secrets:env=" + bot.data.resolve(".env"),
            "--component",
            "conversations=" + bot.data.resolve("conversations"),
            "--component",
            "logs=" + bot.data.resolve("logs"))
        .exits(0)
        .json()
        .get("snapshot")
        .asText();
  }

  private JsonNode recover(int exit, String... more) throws IOException {
    List<String> all = Stream.concat(
            Stream.of("recover"),
            Stream.concat(Stream.of(more), Stream.of("--data", bot.path(), "--json")))
        .toList();
    return tool.run(all.toArray(String[]::new)).exits(exit).json();
  }

  private static String status(JsonNode run, String step) {
    for (JsonNode one : run.get("steps")) {
      if (one.get("id").asText().equals(step)) {
        return one.get("status").asText();
      }
    }
    return "";
  }

  @Test
  void recover_dataCorruption_bringsBackWhatWasHitAndLeavesWhatIsNewer() throws IOException {
    String sound = bot.read(CONVERSATION);
    String newer = sound.replace(Installation.ID, "6f1c2f0e-0000-4000-8000-000000000002");
    bot.write("conversations/active/6f1c2f0e-0000-4000-8000-000000000002.json", newer);
    bot.write(CONVERSATION, "{\"id\": \"broken");

    JsonNode run = recover(0, "data-corruption", "--yes", "--stop-command", "true");

    assertThat(run.get("status").asText()).isEqualTo("RECOVERED");
    assertThat(run.get("snapshot").asText()).isEqualTo(snapshot);
    assertThat(run.get("rtoMillis").asLong()).isPositive();
    assertThat(run.get("dataLossMillis").asLong()).isPositive();
    assertThat(bot.read(CONVERSATION)).isEqualTo(sound);
    assertThat(bot.read("conversations/active/6f1c2f0e-0000-4000-8000-000000000002.json"))
        .isEqualTo(newer);
    assertThat(Path.of(run.get("report").asText())).content().contains("Data corruption");
    JsonNode snapshots = tool.run("snapshots", "--json").exits(0).json().get("snapshots");
    assertThat(snapshots.findValuesAsText("purpose")).contains("QUARANTINE");
  }

  @Test
  void recover_nobodyToAskAndNoYes_stopsBeforeAnythingIsChanged() throws IOException {
    bot.write(CONVERSATION, "{\"id\": \"broken");

    JsonNode run = recover(1, "data-corruption");

    assertThat(run.get("status").asText()).isEqualTo("STOPPED");
    assertThat(bot.read(CONVERSATION)).isEqualTo("{\"id\": \"broken");
    assertThat(run.get("remaining")).isNotEmpty();
    assertThat(Path.of(run.get("report").asText()))
        .content()
        .containsSubsequence("Why it ended", "none exists to ask", "To do by hand");
  }

  @Test
  void recover_dryRun_changesNothing() throws IOException {
    bot.write(CONVERSATION, "{\"id\": \"broken");

    JsonNode run = recover(0, "data-corruption", "--dry-run");

    assertThat(status(run, "restore")).isEqualTo("PLANNED");
    assertThat(bot.read(CONVERSATION)).isEqualTo("{\"id\": \"broken");
    assertThat(tool.run("snapshots", "--json").json().get("snapshots")).hasSize(1);
  }

  @Test
  void recover_dryRunWhereNothingIsVerified_saysThatItWouldBeReadBackFirst() throws IOException {
    tool = new Tool(Files.createDirectory(directory.resolve("unread"))).init();
    String unread = backUp();
    Files.delete(bot.data.resolve("config/app_config.json"));

    JsonNode run = recover(0, "hardware-failure", "--dry-run");

    assertThat(run.get("steps").findValuesAsText("message"))
        .anyMatch(said -> said.startsWith("Would first read back all that is stored"))
        .anyMatch(said -> said.startsWith("1 files would be created"));
    assertThat(tool.run("snapshots").out()).contains(unread).contains("UNVERIFIED");
  }

  @Test
  void recover_configurationLoss_bringsBackSettingsAndSecrets() throws IOException {
    String settings = bot.read("config/app_config.json");
    String env = bot.read(".env");
    Files.delete(bot.data.resolve("config/app_config.json"));
    Files.delete(bot.data.resolve(".env"));

    JsonNode run = recover(0, "configuration-loss", "--yes", "--stop-command", "true");

    assertThat(run.get("status").asText()).isEqualTo("RECOVERED");
    assertThat(bot.read("config/app_config.json")).isEqualTo(settings);
    assertThat(bot.read(".env")).isEqualTo(env);
    assertThat(run.toString()).doesNotContain(Installation.KEY);
  }

  @Test
  void recover_processFailure_startsItAgain() throws IOException {
    Path started = directory.resolve("started");

    JsonNode run =
        recover(0, "process-failure", "--yes", "--start-command", "touch '" + started + "'");

    assertThat(started).exists();
    assertThat(run.get("status").asText()).isEqualTo("RECOVERED");
    assertThat(status(run, "start")).isEqualTo("DONE");
    assertThat(run.get("snapshot").isNull()).isTrue();
  }

  @Test
  void recover_saidToBeStoppedAndStillAnswers_fails() throws IOException {
    bot.write(CONVERSATION, "{\"id\": \"broken");

    JsonNode run =
        recover(1, "data-corruption", "--yes", "--stop-command", "true", "--url", bot.url());

    assertThat(status(run, "stop")).isEqualTo("FAILED");
    assertThat(bot.read(CONVERSATION)).isEqualTo("{\"id\": \"broken");
  }

  private JsonNode recoverHardware(Path there) throws IOException {
    return tool.run(
            "recover",
            "hardware-failure",
            "--host",
            "another",
            "--data",
            there.toString(),
            "--yes",
            "--json")
        .exits(0)
        .json();
  }

  @Test
  void recover_hardwareFailure_needsTheRepositoryAndThePassphraseAlone() throws IOException {
    Path there = directory.resolve("new-machine/data");
    tool.environment.put(
        "XDG_STATE_HOME", directory.resolve("new-machine/state").toString());

    JsonNode run = recoverHardware(there);

    assertThat(run.get("status").asText()).isEqualTo("RECOVERED");
    for (String name : List.of(".env", CONVERSATION, "config/app_config.json", "logs/app.log")) {
      assertThat(there.resolve(name)).hasSameBinaryContentAs(bot.data.resolve(name));
    }
  }

  @Test
  void recover_hardwareFailure_whereTheRepositoryIsLostToo_isDoneFromACopy() throws IOException {
    Path medium = directory.resolve("medium");
    tool.run("copy", medium.toString()).exits(0);
    PathUtils.deleteDirectory(tool.repository);
    tool.environment.put("DR_REPO", medium.toString());
    tool.environment.put(
        "XDG_STATE_HOME", directory.resolve("new-machine/state").toString());
    Path there = directory.resolve("new-machine/data");
    List<Path> before = files(medium);

    JsonNode run = recoverHardware(there);

    assertThat(run.get("status").asText()).as(run.toString()).isEqualTo("RECOVERED");
    assertThat(there.resolve(CONVERSATION)).hasSameBinaryContentAs(bot.data.resolve(CONVERSATION));
    assertThat(files(medium)).isEqualTo(before);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void recover_breachWithoutRenewedSecrets_endsStoppedEvenWithYes() throws IOException {
    JsonNode run = recover(1, "security-breach", "--yes", "--stop-command", "true");

    assertThat(run.get("status").asText()).isEqualTo("STOPPED");
  }

  @Test
  void recover_breachWithAnOldKeyAmongTheRenewed_endsStopped() throws IOException {
    Path secrets = Files.writeString(directory.resolve("renewed.env"), bot.read(".env"));

    JsonNode run = recover(
        1, "security-breach", "--yes", "--stop-command", "true", "--secrets", secrets.toString());

    assertThat(run.get("status").asText()).isEqualTo("STOPPED");
    assertThat(run.toString()).doesNotContain(Installation.KEY);
  }

  @Test
  void recover_breachWithRenewedSecrets_restoresTheRestAndPutsThemIn() throws IOException {
    String renewed = bot.read(".env")
        .replace(Installation.KEY, "sk-or-v1-" + "aa11bb22cc33dd44ee55ff6677889900")
        .replace("made-up-for-the-test-0123456789abcdef", "another-made-up-one-7777777777777777")
        .replace("made-up-for-the-test-fedcba9876543210", "yet-another-made-up-8888888888888888");
    Path secrets = Files.writeString(directory.resolve("renewed.env"), renewed);
    bot.write("conversations/active/planted.json", "{\"id\":\"planted\"}");

    JsonNode run = recover(
        0, "security-breach", "--yes", "--stop-command", "true", "--secrets", secrets.toString());

    assertThat(run.get("status").asText()).isEqualTo("RECOVERED");
    assertThat(bot.read(".env")).isEqualTo(renewed);
    assertThat(bot.modeOf(".env")).isEqualTo("rw-------");
    assertThat(bot.data.resolve("conversations/active/planted.json")).doesNotExist();
    assertThat(bot.data.resolve(CONVERSATION)).exists();
  }

  @Test
  void recover_wrongScenarioOrOptions_is64() {
    tool.run("recover", "flood", "--data", bot.path()).exits(64);
    tool.run("recover", "data-corruption").exits(64);
    tool.run("recover", "data-corruption", "--data", bot.path(), "--secrets", "x")
        .exits(64);
    tool.run("recover", "process-failure", "--data", bot.path(), "--start-command", "'x")
        .exits(64);
    tool.run("recover", "process-failure", "--data", bot.path(), "--accept-plan", "0a")
        .exits(64);
    tool.run("recover", "security-breach", "--data", bot.path(), "--compromised-since", "soon")
        .exits(64);
  }

  @Test
  void recover_resumeWithNothingCutOff_is1() {
    tool.run("recover", "data-corruption", "--data", bot.path(), "--resume").exits(1);
  }

  @Test
  void drill_each_provesTheSnapshotAndTouchesNoData() throws IOException {
    Path before = directory.resolve("before");
    PathUtils.copyDirectory(bot.data, before);

    for (String drill : List.of("restore", "simulation", "complete")) {
      JsonNode run =
          tool.run("drill", drill, "--data", bot.path(), "--json").exits(0).json();
      assertThat(run.get("status").asText()).isEqualTo("RECOVERED");
      assertThat(run.get("trust").asText()).isEqualTo("PROVEN");
    }
    assertThat(PathUtils.directoryAndFileContentEquals(bot.data, before)).isTrue();
  }

  @Test
  void objectives_neverDrilled_are3_andAfterADrill0() throws IOException {
    JsonNode before =
        tool.run("objectives", "--data", bot.path(), "--json").exits(3).json().get("objectives");
    assertThat(before.findValuesAsText("component"))
        .containsExactlyInAnyOrder("config", "env", "conversations", "logs", "critical", "full");

    tool.run("drill", "complete", "--data", bot.path()).exits(0);

    JsonNode after =
        tool.run("objectives", "--data", bot.path(), "--json").exits(0).json().get("objectives");
    assertThat(after.findValuesAsText("state")).containsOnly("COMPLIANT");
  }

  @Test
  void objectives_placesAndKeys_areFoundAndDecideNothing() throws IOException {
    tool.run("drill", "complete", "--data", bot.path()).exits(0);
    String medium = directory.resolve("medium").toString();
    JsonNode findings = tool.run("objectives", "--data", bot.path(), "--copy", medium, "--json")
        .exits(0)
        .json()
        .get("findings");
    assertThat(findings.findValuesAsText("code")).containsExactly("VOLUME", "COPY", "KEYS");

    tool.run("copy", medium).exits(0);
    String text =
        tool.run("objectives", "--data", bot.path(), "--copy", medium).exits(0).out();
    assertThat(text)
        .contains("COMPLIANT", medium + " lies on a volume of what it protects", "another medium");
  }

  @Test
  void pages_withAndWithoutARepository_areWritten() throws IOException {
    Path status = directory.resolve("www");
    Path runbook = directory.resolve("runbook.html");

    JsonNode files =
        tool.run("status-page", status.toString(), "--json").exits(0).json();
    assertThat(files.get("files")).hasSize(2);
    assertThat(new ObjectMapper()
            .readTree(status.resolve("status.json").toFile())
            .get("state")
            .asText())
        .isEqualTo("OPERATIONAL");
    tool.environment.remove("DR_REPO");
    tool.run("runbook", runbook.toString()).exits(0);
    assertThat(runbook).content().contains("Security breach").contains("Whom to call");
    assertThat(directory.resolve("runbook.json")).exists();
  }

  @Test
  void objectives_page_isThePostureDigest() throws IOException {
    Path page = directory.resolve("posture.html");

    tool.run("objectives", "--data", bot.path(), "--page", page.toString()).exits(3);

    assertThat(page).content().contains("UNPROVEN").contains("Snapshots, and how long they stay");
    JsonNode json =
        new ObjectMapper().readTree(directory.resolve("posture.json").toFile());
    assertThat(json.get("objectives")).isNotEmpty();
    assertThat(json.at("/capacity/usedPercent").asDouble()).isPositive();
  }

  @Test
  void commandHook_splitsAtBlanksOutsideQuotes() {
    assertThat(CommandHook.split("--x", " a  'b c' \"d 'e\"f '' "))
        .containsExactly("a", "b c", "d 'ef", "");
  }
}
