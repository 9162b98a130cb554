package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exit codes and the form of every answer. */
class DrTest {
  @TempDir
  private Path directory;

  private Tool tool;

  @BeforeEach
  void setUp() throws IOException {
    tool = new Tool(directory);
  }

  static Stream<String> wrongCommandLines() {
    return Stream.of(
        "",
        "nothing",
        "snapshots --unknown",
        "snapshots --wait soon",
        "snapshots --wait -1s",
        "snapshots --repo s3://bucket/prefix",
        "snapshots --repo=",
        "snapshots --state=",
        "backup",
        "backup --component config=",
        "backup --component unknown=/x",
        "backup /a/x /b/x",
        "backup --purpose daily /a",
        "backup --purpose MANUAL /a",
        "backup --tag= /a",
        "backup --exclude= /a",
        "restore",
        "restore latest",
        "restore latest --to /x --in-place",
        "restore latest --in-place --overwrite",
        "restore latest --to=",
        "verify --sample 0",
        "verify --sample 101",
        "verify --sample all",
        "verify --sample 5 --structure",
        "verify --structure --read-data",
        "cat latest",
        "cat latest x --json",
        "diff latest",
        "ls latest bad\uFFFDname",
        "snapshots --host=");
  }

  @ParameterizedTest
  @MethodSource("wrongCommandLines")
  void run_wrongCommandLine_is64(String line) throws IOException {
    Tool.Result result = tool.run(line.isEmpty() ? new String[0] : line.split(" "));

    result.exits(64);
    assertThat(result.out()).isEqualTo(line.contains("--json") ? result.out() : "");
    assertThat(result.err()).startsWith("dr: ");
    assertThat(result.err().lines()).hasSizeBetween(1, 2);
    assertThat(tool.repository).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "backup --help", "restore --version"})
  void run_helpOrVersion_isText(String line) {
    tool.environment.clear();

    assertThat(tool.run(line.split(" ")).exits(0).out()).contains("dr ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "backup --help"})
  void run_helpThatCannotBeWritten_failsWithoutATrace(String arguments) throws IOException {
    OutputStream full = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("No space left on device");
      }
    };

    Tool.Result result = new Tool(directory.resolve("full")).runInto(full, arguments.split(" "));

    assertThat(result.exit()).isNotZero();
    assertThat(result.err()).doesNotContain("\tat ").isNotEmpty();
  }

  @Test
  void run_passphraseMissingOrTwice_is64() throws IOException {
    tool.init();
    tool.environment.put("DR_PASSPHRASE_FILE", "/x");
    tool.run("snapshots").exits(64);
    tool.environment.clear();
    tool.run("snapshots", "--repo", tool.repository.toString()).exits(64);
  }

  @Test
  void run_userWithoutAnEntry_keepsItsStateInHomeOrAsksForIt() throws IOException {
    tool.init();
    tool.environment.remove("XDG_STATE_HOME");
    String home = System.getProperty("user.home");
    System.setProperty("user.home", "?");
    try {
      assertThat(tool.run("snapshots").exits(64).err()).contains("--state DIR");
      tool.environment.put("HOME", tool.directory.resolve("home").toString());
      tool.run("backup", tool.source.toString()).exits(0);
    } finally {
      System.setProperty("user.home", home);
    }
    assertThat(tool.directory.resolve("home/.local/state/dr")).isDirectory();
    assertThat(Path.of("?")).doesNotExist();
  }

  @Test
  void run_noRepository_is10() throws IOException {
    Files.createDirectories(tool.repository);

    JsonNode error = tool.run("snapshots", "--json").exits(10).json().get("error");

    assertThat(error.get("exit").asInt()).isEqualTo(10);
    assertThat(error.get("message").asText()).contains(tool.repository.toString());
    assertThat(error.get("object").asText()).isEqualTo(tool.repository.toString());
    assertThat(error.get("action").asText()).isNotEmpty();
    assertThat(error).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"config/app.json", "config/app.json/below/it"})
  void run_fileInPlaceOfTheRepository_is10(String name) throws IOException {
    String place = tool.source.resolve(name).toString();

    JsonNode error =
        tool.run("snapshots", "--repo", place, "--json").exits(10).json().get("error");

    assertThat(error.get("object").asText()).isEqualTo(place);
    tool.run("init", "--repo", place).exits(1);
  }

  @Test
  void run_wrongPassphrase_is12AndNothingSecretIsTold() throws IOException {
    tool.init();
    tool.environment.put("DR_PASSPHRASE", "wrong-horse");

    Tool.Result result = tool.run("snapshots", "--debug").exits(12);

    assertThat(result.out() + result.err()).doesNotContain("horse");
  }

  @Test
  void run_failure_showsAStackTraceOnlyWithDebug() throws IOException {
    Files.createDirectories(tool.repository);

    assertThat(tool.run("snapshots").exits(10).err()).doesNotContain("\tat ");
    assertThat(tool.run("snapshots", "--debug").exits(10).err()).contains("\tat ");
  }

  @Test
  void run_jsonAndWrongOption_isOneObject() throws IOException {
    JsonNode error =
        tool.run("snapshots", "--json", "--unknown").exits(64).json().get("error");

    assertThat(error.get("exit").asInt()).isEqualTo(64);
    assertThat(error.get("object").asText()).isEqualTo("dr snapshots");
  }

  @Test
  void run_optionsBeforeTheCommand_count() throws IOException {
    tool.init();

    assertThat(tool.run("--json", "snapshots").exits(0).json().get("snapshots")).isEmpty();
  }

  @Test
  void run_heldByAnother_is11() throws IOException {
    tool.init();
    try (Storage storage = LocalStorage.at(tool.repository);
        StorageLock held = storage.tryLock(true).orElseThrow()) {
      assertThat(held).isNotNull();
      tool.run("verify").exits(11);
      tool.run("verify", "--wait", "PT0.01S").exits(11);
    }
    tool.run("verify").exits(0);
  }

  @Test
  void init_again_is1() throws IOException {
    String id = tool.run("init", "--json").exits(0).json().get("repository").asText();

    assertThat(id).matches("[0-9a-f]{32}");
    tool.run("init").exits(1);
  }

  @Test
  void backup_twoComponents_reportsEveryField() throws IOException {
    tool.init();

    JsonNode json = tool.run(
            "backup",
            "--json",
            "--component",
            "config=" + tool.source.resolve("config"),
            tool.source.resolve("chats").toString(),
            "--tag",
            "a",
            "--tag",
            "b",
            "--exclude",
            "active",
            "--purpose",
            "pre-change",
            "--host",
            "here")
        .exits(0)
        .json();

    assertThat(json.get("snapshot").asText()).matches("[0-9a-f]{32}");
    assertThat(json.get("sequence").asLong()).isPositive();
    assertThat(json.get("status").asText()).isEqualTo("COMPLETE");
    assertThat(json.get("purpose").asText()).isEqualTo("PRE_CHANGE");
    assertThat(json.get("head").asText()).matches("[0-9a-f]{64}");
    assertThat(json.get("files").toString())
        .isEqualTo("{\"new\":2,\"changed\":0,\"unchanged\":0,\"removed\":0,\"failed\":0}");
    assertThat(json.get("failures")).isEmpty();
    assertThat(json.get("skipped").isArray()).isTrue();
    assertThat(json.get("bytes").get("read").asLong()).isEqualTo(8);
    assertThat(json.get("bytes").get("added").asLong()).isPositive();
    assertThat(json.get("bytes").get("stored").asLong()).isPositive();
    assertThat(json.get("durationMillis").isNumber()).isTrue();
    JsonNode snapshot =
        tool.run("snapshots", "--json").exits(0).json().get("snapshots").get(0);
    assertThat(snapshot.get("id")).isEqualTo(json.get("snapshot"));
    assertThat(snapshot.get("sequence")).isEqualTo(json.get("sequence"));
    assertThat(snapshot.get("host").asText()).isEqualTo("here");
    assertThat(snapshot.get("purpose").asText()).isEqualTo("PRE_CHANGE");
    assertThat(snapshot.get("trust").asText()).isEqualTo("UNVERIFIED");
    assertThat(snapshot.get("status").asText()).isEqualTo("COMPLETE");
    assertThat(snapshot.get("components").toString()).isEqualTo("[\"config\",\"chats\"]");
    assertThat(snapshot.get("files").asLong()).isEqualTo(2);
    assertThat(snapshot.get("bytes").asLong()).isEqualTo(8);
    assertThat(snapshot.get("tags").toString()).isEqualTo("[\"a\",\"b\"]");
    assertThat(snapshot.get("hold").isNull()).isTrue();
    assertThat(snapshot.get("time").asText()).matches("[-0-9]{10}T[:.0-9]+Z");
  }

  @Test
  void backup_oneOfTwoMissing_is3AndNamesIt() throws IOException {
    tool.init();

    JsonNode json =
        tool.run("backup", "--json", "nowhere", tool.source.toString()).exits(3).json();

    assertThat(json.get("status").asText()).isEqualTo("INCOMPLETE");
    assertThat(json.get("failures").get(0).get("path").asText()).isEqualTo("nowhere");
    assertThat(json.get("failures").get(0).get("reason").asText()).isNotEmpty();
  }

  @Test
  void backup_nothingThere_is1AndNoSnapshot() throws IOException {
    tool.init();

    JsonNode error = tool.run("backup", "--json", "nowhere").exits(1).json().get("error");

    assertThat(error.get("object").asText()).isEqualTo("nowhere");
    assertThat(tool.run("snapshots", "--json").json().get("snapshots")).isEmpty();
  }

  @Test
  void backup_ofTheRepository_isRefused() throws IOException {
    tool.init();

    tool.run("backup", directory.toString()).exits(1);
    JsonNode error = tool.run("backup", tool.repository.resolve("packs").toString(), "--json")
        .exits(1)
        .json()
        .get("error");

    assertThat(error.get("object").asText()).isEqualTo("component packs");
    assertThat(error.get("action").asText()).isNotEmpty();
  }

  @Test
  void init_insideWhatIsBackedUp_isRefused() throws IOException {
    tool.init().backup();

    tool.run("init", "--repo", tool.source.resolve("config/repository").toString())
        .exits(1);
  }

  @Test
  void state_insideWhatIsBackedUp_isRefused() throws IOException {
    tool.init().backup();
    String state = tool.source.resolve("chats/state").toString();

    String backup = tool.run(
            "backup", "--state", state, tool.source.resolve("chats").toString())
        .exits(1)
        .err();
    String restore =
        tool.run("restore", "latest", "--in-place", "--state", state).exits(1).err();

    assertThat(backup).contains("component chats: the state directory " + state, "apart");
    assertThat(restore).contains("the state directory " + state + "/", "elsewhere");
    tool.run("restore", "latest", "--in-place", "--component", "config", "--state", state)
        .exits(0);
  }

  @Test
  void state_thatCannotBeKept_isTold() throws IOException {
    tool.init();
    String file = Files.createFile(tool.directory.resolve("file")).toString();

    Tool.Result result =
        tool.run("backup", "--state", file, tool.source.toString()).exits(1);

    assertThat(result.err()).contains("dr: " + file, "name another --state DIR");
  }

  @Test
  void output_thatTakesNothing_isNamed() throws IOException {
    tool.init();
    OutputStream full = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("No space left on device");
      }
    };

    Tool.Result result =
        tool.runInto(full, "backup", tool.source.resolve("chats").toString()).exits(1);

    assertThat(result.err())
        .contains("dr: standard output: No space left on device", "look before you run it again");
    assertThat(tool.run("snapshots", "--json").exits(0).json().get("snapshots")).hasSize(1);
  }

  @Test
  void commandLine_wrong_saysSoOnce() {
    assertThat(tool.run("nope").exits(64).err()).startsWith("dr: 'nope' is no command\n");
    assertThat(tool.run("restore", "latest").exits(64).err())
        .startsWith("dr: Missing required argument");
  }

  @Test
  void verify_wholeRepository_isCleanAndMakesVerified() throws IOException {
    tool.init().backup();

    JsonNode json = tool.run("verify", "--json").exits(0).json();

    assertThat(json.get("status").asText()).isEqualTo("CLEAN");
    assertThat(json.get("damages")).isEmpty();
    assertThat(json.get("blobs").asLong()).isPositive();
    assertThat(json.get("bytes").asLong()).isPositive();
    assertThat(json.get("durationMillis").isNumber()).isTrue();
    assertThat(tool.run("snapshots").out()).contains("VERIFIED").doesNotContain("UNVERIFIED");
  }

  @Test
  void verify_flippedByte_is13AndNamesObjectSnapshotAndPath() throws IOException {
    String id = tool.init().backup();
    for (Path pack : tool.files("packs")) {
      byte[] bytes = Files.readAllBytes(pack);
      bytes[200] ^= 1;
      Files.setPosixFilePermissions(pack, PosixFilePermissions.fromString("rw-------"));
      Files.write(pack, bytes);
    }

    JsonNode json = tool.run("verify", "--json").exits(13).json();

    assertThat(json.get("status").asText()).isEqualTo("DAMAGED");
    assertThat(json.get("damages").findValuesAsText("object"))
        .anyMatch(object -> object.startsWith("packs/"));
    assertThat(json.get("damages").findValues("snapshots").toString()).contains(id);
    assertThat(json.get("damages").get(0).get("kind").asText()).isEqualTo("CORRUPT");
    assertThat(tool.run("verify").exits(13).out()).contains("packs/").contains(id);
  }

  @Test
  void verify_acceptHeadThatIsNot_is64() throws IOException {
    tool.init().backup();

    tool.run("verify", "--accept-head", "0".repeat(64)).exits(64);
  }

  @Test
  void verify_repositoryRolledBack_is13UntilItsHeadIsAccepted() throws IOException {
    String first = tool.init().backup();
    tool.backup();
    List<Path> catalog = tool.files("catalog");
    Files.delete(catalog.get(catalog.size() - 1));

    JsonNode json = tool.run("verify", "--json").exits(13).json();

    assertThat(json.get("status").asText()).isEqualTo("ROLLED_BACK");
    String source = tool.source.toString();
    assertThat(tool.run("backup", source).exits(13).err())
        .contains(json.get("head").asText());
    tool.run("restore", "latest", "--to", directory.resolve("1").toString()).exits(13);
    tool.run("restore", first, "--to", directory.resolve("2").toString()).exits(0);
    tool.run("verify", "--accept-head", json.get("head").asText()).exits(0);
    tool.run("backup", source).exits(0);
  }

  @Test
  void run_outOfMemory_isToldInTwoLines() throws IOException {
    OutputStream starved = new OutputStream() {
      @Override
      public void write(int b) {
        throw new OutOfMemoryError("Java heap space");
      }
    };

    Tool.Result result = new Tool(directory).init().runInto(starved, "snapshots");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err().lines().filter(line -> !line.contains("UNANCHORED")))
        .containsExactly(
            "dr: dr snapshots: not enough memory: Java heap space",
            "Start Java with a larger -Xmx.");
  }
}
