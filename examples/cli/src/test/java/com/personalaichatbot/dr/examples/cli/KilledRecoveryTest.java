package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The five scenarios on the chatbot, with real processes, HTTP and files: it starts broken, and
 * ends verified, also where {@code dr} is killed at a line of the journal and told to go on.
 *
 * <p>By default each scenario is killed at one line; {@code -Ddr.lines=all} kills it at every line,
 * before and after it is written, and prints how many that were.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(7200)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledRecoveryTest {
  private static final String DATA = "chatbot/data";
  private static final boolean ALL_LINES = "all".equals(System.getProperty("dr.lines"));

  @TempDir
  private static Path directory;

  private Path passphrase;
  private RunningChatbot bot;
  private final Map<UUID, String> said = new HashMap<>();
  private UUID broken;
  private UUID removed;
  private UUID newer;
  private Instant started;

  @BeforeAll
  void prepare() throws Exception {
    Path world = Files.createDirectories(directory.resolve("world"));
    passphrase = Files.writeString(directory.resolve("passphrase"), Tool.PASSPHRASE);
    Tool tool = new Tool(directory.resolve("tool")).init();
    Files.move(tool.repository, world.resolve("repository"));
    bot =
        new RunningChatbot(directory, world.resolve(DATA), world.resolve("repository"), passphrase);
    bot.start();
    broken = say("a table for two");
    removed = say("a taxi at noon");
    bot.stop();
    // In its last 8 seconds a loaded machine may not get to all: then it is given more of them.
    for (int stop = 1; !isBackedUpWhole(); stop++) {
      assertThat(stop).as("stops without a whole backup").isLessThan(10);
      bot.start();
      bot.stop();
    }
    run(0, "verify");
    bot.start();
    newer = say("after the backup");
    bot.kill();
    PathUtils.copyDirectory(
        world, directory.resolve("template"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  @AfterAll
  void end() throws Exception {
    bot.close();
  }

  private boolean isBackedUpWhole() throws IOException {
    JsonNode snapshots = run(0, "snapshots").get("snapshots");
    JsonNode last = snapshots.get(snapshots.size() - 1);
    return last != null
        && last.get("purpose").asText().equals("SHUTDOWN")
        && last.get("status").asText().equals("COMPLETE");
  }

  private UUID say(String message) throws Exception {
    UUID id = bot.say(message);
    said.put(id, bot.conversation(id));
    return id;
  }

  private List<String> command(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(
        "--repo",
        bot.data.resolve("../../repository").normalize().toString(),
        "--state",
        bot.data.resolve("../../state").normalize().toString(),
        "--passphrase-file",
        passphrase.toString(),
        "--json"));
    return all;
  }

  private JsonNode run(int exit, String... words) throws IOException {
    return run(exit, command(words));
  }

  private JsonNode run(int exit, List<String> command) throws IOException {
    Tool tool = new Tool(directory.resolve("none"));
    tool.environment.clear();
    return tool.run(command.toArray(String[]::new)).exits(exit).json();
  }

  private List<String> recover(Scenario scenario) {
    List<String> all = command(
        "recover",
        scenario.id(),
        "--data",
        bot.data.toString(),
        "--url",
        bot.url(),
        "--stop-command",
        bot.stopScript.toString(),
        "--start-command",
        bot.startScript.toString(),
        "--yes");
    if (scenario == Scenario.SECURITY_BREACH) {
      all.addAll(List.of("--secrets", directory.resolve("renewed.env").toString()));
      // The chatbot backs itself up from its start on, perhaps with what the intruder wrote.
      all.addAll(List.of("--compromised-since", started.toString()));
    }
    return all;
  }

  /** Everything as it was, and then what the scenario is about. */
  private void breakIt(Scenario scenario) throws Exception {
    bot.kill();
    Path world = directory.resolve("world");
    PathUtils.deleteDirectory(world);
    PathUtils.copyDirectory(
        directory.resolve("template"), world, StandardCopyOption.COPY_ATTRIBUTES);
    if (ALL_LINES) {
      // The chatbot verifies when that is due, and with it what is broken here: not within the run.
      run(0, "verify");
    }
    started = Instant.now();
    if (scenario != Scenario.PROCESS_FAILURE) {
      bot.start();
    }
    switch (scenario) {
      case PROCESS_FAILURE -> assertThat(bot.answers()).isFalse();
      case DATA_CORRUPTION -> {
        Files.writeString(bot.file(broken), "{\"id\": ");
        Files.delete(bot.file(removed));
      }
      case CONFIGURATION_LOSS -> {
        Files.delete(bot.data.resolve(".env"));
        Files.delete(bot.data.resolve("config/app_config.json"));
      }
      case HARDWARE_FAILURE -> {
        bot.kill();
        PathUtils.deleteDirectory(bot.data);
      }
      case SECURITY_BREACH -> {
        Files.writeString(bot.data.resolve("config/backdoor.sh"), "echo");
        Files.writeString(bot.file(broken), said.get(broken).replace("two", "twelve"));
        Files.writeString(
            directory.resolve("renewed.env"),
            Files.readString(bot.data.resolve(".env"))
                .replaceAll("(?m)^(.*KEY=(?:sk-or-v1-)?)[0-9a-f]{8}", "$1facade00"));
      }
    }
  }

  private void assertRecovered(Scenario scenario, JsonNode run, String where) throws Exception {
    assertThat(run.get("status").asText()).as(where + ": " + run).isEqualTo("RECOVERED");
    assertThat(bot.answers()).as(where).isTrue();
    for (UUID id : List.of(broken, removed)) {
      assertThat(bot.conversation(id)).as(where).isEqualTo(said.get(id));
    }
    boolean wasRestoredWhole =
        scenario == Scenario.HARDWARE_FAILURE || scenario == Scenario.SECURITY_BREACH;
    assertThat(bot.conversation(newer))
        .as(where)
        .isEqualTo(wasRestoredWhole ? "404" : said.get(newer));
    Path env = scenario == Scenario.SECURITY_BREACH
        ? directory.resolve("renewed.env")
        : directory.resolve("template").resolve(DATA).resolve(".env");
    assertThat(bot.data.resolve(".env")).as(where).hasSameTextualContentAs(env);
    assertThat(bot.data.resolve("config/app_config.json"))
        .as(where)
        .hasSameTextualContentAs(
            directory.resolve("template").resolve(DATA).resolve("config/app_config.json"));
    assertThat(bot.data.resolve("config/backdoor.sh")).as(where).doesNotExist();
    run(0, "verify");
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void recover_brokenAndKilledAtALine_endsVerified(Scenario scenario) throws Exception {
    breakIt(scenario);
    JsonNode whole = run(0, recover(scenario));
    assertRecovered(scenario, whole, "not killed");
    int lines = lines();
    assertThat(lines).isGreaterThan(2 * 8);

    int kills = 0;
    for (int line = ALL_LINES ? 2 : lines / 2; line <= (ALL_LINES ? lines : lines / 2); line++) {
      for (KilledProcess.Moment moment : KilledProcess.Moment.values()) {
        boolean isEnd = line == lines && moment == KilledProcess.Moment.WRITTEN;
        boolean isChosen = ALL_LINES || moment.ordinal() == scenario.ordinal() % 2;
        if (!isEnd && isChosen) {
          kill(scenario, line, moment);
          kills++;
        }
      }
    }
    if (ALL_LINES) {
      System.out.printf("%s: %d lines, killed and resumed %d times%n", scenario, lines, kills);
    }
  }

  @Test
  void recover_anotherProcessIsAtIt_isRefused() throws Exception {
    breakIt(Scenario.PROCESS_FAILURE);
    List<String> command = recover(Scenario.PROCESS_FAILURE);

    KilledProcess.End end = KilledProcess.run(
        command,
        5,
        KilledProcess.Moment.BEFORE,
        () -> assertThat(run(11, command).at("/error/message").asText())
            .contains("another run works on it"));

    assertThat(end.killed()).as("%s", end).isTrue();
    assertThat(run(1, command).at("/error/message").asText()).contains("cut off");
    command.add("--resume");
    assertRecovered(Scenario.PROCESS_FAILURE, run(0, command), "resumed");
  }

  @Test
  void recover_stopCommandKillsTheTool_isResumed() throws Exception {
    breakIt(Scenario.DATA_CORRUPTION);
    String stop = Files.readString(bot.stopScript);
    Files.writeString(bot.stopScript, stop + "kill -9 $PPID\n");
    List<String> command = recover(Scenario.DATA_CORRUPTION);

    KilledProcess.End end =
        KilledProcess.run(command, Integer.MAX_VALUE, KilledProcess.Moment.BEFORE, () -> {});

    assertThat(end.exit()).as("%s", end).isEqualTo(137);
    Files.writeString(bot.stopScript, stop);
    command.add("--resume");
    assertRecovered(Scenario.DATA_CORRUPTION, run(0, command), "resumed");
  }

  @Test
  void recover_stepsAreOthersThanBefore_isResumedOnceTheirHashIsAccepted() throws Exception {
    breakIt(Scenario.PROCESS_FAILURE);
    List<String> command = recover(Scenario.PROCESS_FAILURE);
    KilledProcess.End end = KilledProcess.run(command, 5, KilledProcess.Moment.WRITTEN, () -> {});
    assertThat(end.killed()).as("%s", end).isTrue();
    int stop = command.indexOf("--stop-command");
    command.subList(stop, stop + 2).clear(); // A person does it now.
    command.add("--resume");

    String action = run(1, command).at("/error/action").asText();

    command.addAll(List.of("--accept-plan", action.replaceAll(".*([0-9a-f]{64}).*", "$1")));
    assertRecovered(Scenario.PROCESS_FAILURE, run(0, command), action);
  }

  private void kill(Scenario scenario, int line, KilledProcess.Moment moment) throws Exception {
    String where = scenario + ", line " + line + " " + moment;
    breakIt(scenario);
    KilledProcess.End end = KilledProcess.run(recover(scenario), line, moment, () -> {});
    assertThat(end.killed()).as("%s was killed: %s", where, end).isTrue();
    assertThat(end.out()).as(where).isEmpty();
    List<String> again = recover(scenario);
    again.add("--resume");

    JsonNode run = run(0, again);

    assertRecovered(scenario, run, where);
    assertThat(run.get("notes").toString()).as(where).contains("It was cut off, and went on at");
  }

  private int lines() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("world/state"))) {
      Path journal =
          files.filter(f -> f.toString().endsWith(".journal")).findFirst().orElseThrow();
      return Files.readAllLines(journal).size();
    }
  }
}
