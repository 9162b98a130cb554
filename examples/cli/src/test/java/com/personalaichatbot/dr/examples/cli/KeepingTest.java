package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that keep a repository for years: prune, marks, keys, deadlines. */
class KeepingTest {
  @TempDir
  private Path directory;

  private Tool tool;
  private String first;
  private String second;

  @BeforeEach
  void setUp() throws IOException {
    tool = new Tool(directory).init();
    first = tool.backup();
    second = tool.backup();
  }

  private int snapshots() throws IOException {
    return tool.run("snapshots", "--json").exits(0).json().get("snapshots").size();
  }

  @Test
  void prune_dryRun_printsThePlanAndChangesNothing() throws IOException {
    JsonNode json =
        tool.run("prune", "--keep-last", "1", "--dry-run", "--json").exits(0).json();

    assertThat(json.get("dryRun").asBoolean()).isTrue();
    assertThat(json.get("removed").findValuesAsText("id")).containsExactly(first);
    assertThat(json.get("removed").get(0).get("reasons")).isNotEmpty();
    assertThat(json.get("kept").findValuesAsText("id")).containsExactly(second);
    assertThat(json.get("bytesFreed").isNumber()).isTrue();
    assertThat(snapshots()).isEqualTo(2);
  }

  @Test
  void prune_withRules_keepsWhatTheyKeep() throws IOException {
    tool.run("prune").exits(0);
    assertThat(snapshots()).isEqualTo(2);

    tool.run("prune", "--keep-last", "1").exits(0);
    assertThat(snapshots()).isEqualTo(1);
    tool.run("verify").exits(0);
  }

  @Test
  void prune_withinTheGrace_canBeTakenBack() throws IOException {
    JsonNode json = tool.run("prune", "--keep-last", "1", "--json").exits(0).json();
    assertThat(json.get("removed").findValuesAsText("id")).containsExactly(first);
    assertThat(json.get("swept")).isEmpty();
    assertThat(json.get("waiting").get("snapshots").asInt()).isEqualTo(1);
    assertThat(json.get("waiting").get("bytes").isNumber()).isTrue();
    JsonNode removed = tool.run("snapshots", "--removed", "--json").exits(0).json();
    assertThat(removed.get("snapshots").findValuesAsText("id")).containsExactly(first);
    assertThat(tool.run("snapshots", "--removed").exits(0).out())
        .contains(first, "taken back until");
    String target = directory.resolve("removed").toString();
    tool.run("restore", first.substring(0, 12), "--to", target).exits(0);

    tool.run("unforget", first).exits(0);
    assertThat(snapshots()).isEqualTo(2);
    tool.run("prune", "--keep-last", "1", "--now").exits(0);
    assertThat(snapshots()).isEqualTo(2);
    tool.run("unforget", first).exits(1);

    JsonNode forgotten = tool.run("forget", first, "--yes", "--json").exits(0).json();
    assertThat(forgotten.get("changed").get(0).asText()).isEqualTo(first);
    assertThat(forgotten.get("waiting").get("snapshots").asInt()).isEqualTo(1);
    tool.run("forget", first, "--now").exits(0);
    tool.run("unforget", first).exits(1);
    tool.run("prune", "--now", "--grace", "1d").exits(64);
    tool.run("prune", "--grace", "-1d").exits(64);
  }

  @Test
  void prune_besideADamagedTree_isRefusedAndTheDryRunSaysTheSame() throws IOException {
    int refused = 0;
    List<Path> packs;
    try (Stream<Path> walk = Files.walk(tool.repository.resolve("packs"))) {
      packs = walk.filter(Files::isRegularFile).toList();
    }
    for (Path pack : packs) {
      byte[] whole = Files.readAllBytes(pack);
      byte[] wrong = whole.clone();
      wrong[250] ^= 1;
      Files.setPosixFilePermissions(pack, PosixFilePermissions.fromString("rw-------"));
      Files.write(pack, wrong);
      if (tool.run("prune", "--keep-last", "1", "--dry-run").exit() == 13) {
        refused++;
        JsonNode dry = tool.run("prune", "--keep-last", "1", "--dry-run", "--json")
            .exits(13)
            .json();
        JsonNode done =
            tool.run("prune", "--keep-last", "1", "--now", "--json").exits(13).json();
        for (JsonNode json : List.of(dry, done)) {
          assertThat(json.get("error").get("message").asText()).contains("bytes");
          assertThat(json.get("error").get("action").asText())
              .contains("dr heal", "dr forget --now ");
        }
        assertThat(Files.exists(pack)).isTrue();
      }
      Files.write(pack, whole);
    }
    assertThat(refused).isPositive();
    tool.run("verify").exits(0);
  }

  @Test
  void prune_clockThatCannotBeRight_keepsAllAndSaysHowToGoOn() throws IOException {
    Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofDays(20_000));
    try (Secret secret = Secret.ofPassphrase(Tool.PASSPHRASE.toCharArray());
        BackupRepository later = BackupRepository.builder(LocalStorage.at(tool.repository))
            .clock(ahead)
            .open(secret)) {
      SnapshotId id = later.snapshots().get(0).id();
      later.hold(id, Optional.empty());
      later.release(id);
    }
    Tool.Result told = tool.run("prune", "--keep-within", "1s", "--dry-run").exits(0);
    assertThat(told.out()).contains("the clock is doubtful").contains("--accept-clock");
    JsonNode json = tool.run("prune", "--keep-within", "1s", "--json").exits(0).json();
    assertThat(json.get("clockDoubt").asText()).isNotEmpty();
    assertThat(snapshots()).isEqualTo(2);
    json = tool.run("prune", "--keep-within", "1s", "--accept-clock", "--json")
        .exits(0)
        .json();
    assertThat(json.get("clockDoubt").isNull()).isTrue();
  }

  @Test
  void prune_numbersThatCannotBe_areRefused() throws IOException {
    for (String[] rule : List.of(
        new String[] {"--keep-last", "99999999999"},
        new String[] {"--keep-last", "many"},
        new String[] {"--keep-within", "-1d"},
        new String[] {"--keep-within", "99999999999999d"},
        new String[] {"--keep-manual", "0s"})) {
      tool.run("prune", rule[0], rule[1]).exits(64);
    }
    assertThat(snapshots()).isEqualTo(2);
  }

  @Test
  void prune_rulesThatKeepNothing_areRefused() throws IOException {
    tool.run("prune", "--keep-last", "0").exits(64);
    tool.run("prune", "--keep-daily", "-1").exits(64);
    assertThat(snapshots()).isEqualTo(2);
  }

  @Test
  void forget_heldOrLastVerified_needsYes() throws IOException {
    tool.run("verify").exits(0);
    tool.run("hold", first).exits(0);
    tool.run("forget", first).exits(1);
    tool.run("release", first).exits(0);
    tool.run("forget", first).exits(0);
    tool.run("forget", second).exits(1);
    assertThat(snapshots()).isEqualTo(1);
    tool.run("forget", second, "--yes").exits(0);
    assertThat(snapshots()).isZero();
  }

  private Tool.Result backUpChats(String... more) {
    List<String> line = new ArrayList<>(List.of(
        "backup", "--json", "--component", "conversations:chats=" + tool.source.resolve("chats")));
    line.addAll(List.of(more));
    return tool.run(line.toArray(String[]::new));
  }

  private void loseChats() throws IOException {
    Files.delete(tool.source.resolve("chats/active/1.json"));
    Files.delete(tool.source.resolve("chats/é.json"));
  }

  @Test
  void backup_emptiedSource_is3AndNeverLatestGoodUntilAccepted() throws IOException {
    tool.run("verify").exits(0);
    loseChats();

    Tool.Result result = backUpChats().exits(3);

    JsonNode json = result.json();
    String id = json.get("snapshot").asText();
    assertThat(json.get("status").asText()).isEqualTo("SHRUNK");
    assertThat(json.get("failures")).isEmpty();
    JsonNode shrunk = json.get("shrunk").get(0);
    assertThat(shrunk.get("component").asText()).isEqualTo("chats");
    assertThat(shrunk.get("before").asInt()).isEqualTo(2);
    assertThat(shrunk.get("after").asInt()).isZero();
    assertThat(shrunk.get("bytesBefore").asInt()).isEqualTo(11);
    assertThat(shrunk.get("bytesAfter").asInt()).isZero();
    assertThat(result.err())
        .startsWith("dr: component chats has 0 of 2 files and 0 of 11 bytes left")
        .contains("dr mark " + id + " accepted");
    backUpChats().exits(3);

    tool.run("verify").exits(0);
    assertThat(chosen("latest-good")).isEqualTo(second);
    tool.run("mark", id, "accepted", "--json").exits(0);
    assertThat(chosen("latest-good")).isEqualTo(id);
    assertThat(tool.run("mark", id, "accepted").exits(1).err()).contains("no component");
  }

  private String chosen(String selector) throws IOException {
    return tool.run("ls", selector, "chats", "--json")
        .exits(0)
        .json()
        .get("snapshots")
        .get("chats")
        .asText();
  }

  @Test
  void backup_acceptShrunk_isDone() throws IOException {
    loseChats();
    JsonNode json = backUpChats("--accept-shrunk").exits(0).json();
    assertThat(json.get("status").asText()).isEqualTo("COMPLETE");
    assertThat(json.get("shrunk").get(0).get("accepted").asBoolean()).isTrue();
    assertThat(backUpChats().exits(0).json().get("shrunk")).isEmpty();
  }

  @Test
  void latest_shrunk_isNamedAndNeverMirrored() throws IOException {
    loseChats();
    String id = backUpChats().exits(3).json().get("snapshot").asText();
    Path to = directory.resolve("to");

    assertThat(tool.run("ls", "latest", "chats").exits(0).err()).contains("SHRUNK", id);
    assertThat(tool.run("snapshots").exits(0).out()).contains("SHRUNK");
    JsonNode notes = tool.run("restore", "latest", "--to", to.toString(), "--json")
        .exits(0)
        .json()
        .get("notes");
    assertThat(notes.toString()).contains("component chats is SHRUNK", second);
    for (String where : List.of("--in-place", "--to=" + to)) {
      for (String more : List.of("--json", "--dry-run")) {
        assertThat(tool.run("restore", "latest", where, "--delete-extra", more)
                .exits(1)
                .err())
            .contains("component chats", "SHRUNK", "dr mark " + id + " accepted");
      }
    }
  }

  @Test
  void prune_shrunkIsNewest_keepsTheOneBefore() throws IOException {
    loseChats();
    backUpChats().exits(3);
    backUpChats().exits(3);
    tool.run("prune", "--keep-last", "1").exits(0);
    Path to = directory.resolve("to");
    tool.run("verify").exits(0);
    tool.run("restore", "latest-good", "--to", to.toString()).exits(0);
    assertThat(to.resolve("chats/é.json")).hasContent("héllo");
  }

  @Test
  void mark_suspect_isNeverLatestGood() throws IOException {
    tool.run("verify").exits(0);
    String target = directory.resolve("target").toString();
    JsonNode changed = tool.run("mark", second, "suspect", "--json").exits(0).json();
    assertThat(changed.get("changed").get(0).asText()).isEqualTo(second);
    JsonNode restored =
        tool.run("restore", "latest-good", "--to", target, "--json").exits(0).json();
    assertThat(restored.get("snapshot").asText()).isEqualTo(first);
    tool.run("mark", second, "clean").exits(0);
    tool.run("mark", second, "maybe").exits(64);
  }

  @Test
  void hold_untilThePast_isRefused() {
    tool.run("hold", first, "--until", "2000-01-01T00:00:00Z").exits(64);
    tool.run("hold", first, "--until", "2000-01-01").exits(64);
    for (String wrong : List.of("2000-02-30", "2100-1-1", "tomorrow", "2100-01-01T00:00:00")) {
      assertThat(tool.run("hold", first, "--until", wrong).exits(64).err())
          .contains("'" + wrong + "' is no instant")
          .doesNotContain("Exception");
    }
  }

  @Test
  void hold_untilADate_endsAtItsStart() throws IOException {
    tool.run("hold", first, "--until", "2100-12-10").exits(0);

    assertThat(tool.run("snapshots", "--json")
            .exits(0)
            .json()
            .get("snapshots")
            .get(0)
            .get("hold")
            .get("until")
            .asText())
        .isEqualTo("2100-12-10T00:00:00Z");
    assertThat(tool.run("snapshots").exits(0).out().lines().findFirst().orElseThrow())
        .contains("COMPLETE HELD ")
        .endsWith("  held until 2100-12-10T00:00:00Z");
  }

  @Test
  void snapshots_held_saysSoInItsLineOnly() {
    assertThat(tool.run("snapshots").exits(0).out()).doesNotContain("HELD");
    tool.run("hold", second).exits(0);

    List<String> lines = tool.run("snapshots").exits(0).out().lines().toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).contains(first, "COMPLETE  ").doesNotContain("HELD");
    assertThat(lines.get(1)).contains(second, "COMPLETE HELD ").doesNotContain("until");
    assertThat(lines.get(0).indexOf(" files ")).isEqualTo(lines.get(1).indexOf(" files "));

    tool.run("release", second).exits(0);
    assertThat(tool.run("snapshots").exits(0).out()).doesNotContain("HELD");
  }

  @Test
  void forget_removedAlready_isSaidAndItsGraceGoesOn() throws IOException, InterruptedException {
    tool.run("forget", first).exits(0);
    JsonNode before = removed();
    Thread.sleep(1100); // A grace that began again would end in another second.

    Tool.Result text = tool.run("forget", first).exits(0);
    assertThat(text.err())
        .contains("snapshot " + first + " was removed already", "dr unforget", "--now");
    assertThat(text.out()).doesNotContain("removed    ").contains("waiting");
    JsonNode json = tool.run("forget", first, second, "--grace", "30d", "--yes", "--json")
        .exits(0)
        .json();
    assertThat(json.get("changed").toString()).isEqualTo("[\"" + second + "\"]");
    assertThat(json.get("already").toString()).isEqualTo("[\"" + first + "\"]");
    assertThat(json.get("waiting").get("snapshots").asInt()).isEqualTo(2);
    assertThat(removed().get("graceEnds")).isEqualTo(before.get("graceEnds"));
    assertThat(removed().get("removed")).isEqualTo(before.get("removed"));

    json = tool.run("forget", first, "--now", "--json").exits(0).json();
    assertThat(json.get("changed").toString()).isEqualTo("[\"" + first + "\"]");
    assertThat(json.get("already")).isEmpty();
    tool.run("unforget", first).exits(1);
  }

  private JsonNode removed() throws IOException {
    return tool.run("snapshots", "--removed", "--json")
        .exits(0)
        .json()
        .get("snapshots")
        .get(0);
  }

  @Test
  void text_times_areToTheSecond() throws IOException {
    Path next = Files.writeString(directory.resolve("next"), "another passphrase\n");
    tool.run("key", "add", "--new-passphrase-file", next.toString()).exits(0);
    String state = directory.resolve("another").toString();
    StringBuilder all = new StringBuilder();
    for (List<String> line : List.of(
        List.of("snapshots"),
        List.of("snapshots", "--state", state),
        List.of("forget", first),
        List.of("forget", first),
        List.of("prune"),
        List.of("key", "list"),
        List.of("snapshots", "--removed"))) {
      Tool.Result result = tool.run(line.toArray(String[]::new)).exits(0);
      all.append(result.out()).append(result.err());
    }
    assertThat(all).contains("UNANCHORED", "waiting", "opened now").containsPattern(":\\d\\dZ");
    assertThat(all).doesNotContainPattern(":\\d\\d\\.\\d+Z");
  }

  @Test
  void key_changed_opensWithTheNewPassphraseOnly() throws IOException {
    Path next = Files.writeString(directory.resolve("next"), "another passphrase\n");
    JsonNode json = tool.run("key", "passwd", "--new-passphrase-file", next.toString(), "--json")
        .exits(0)
        .json();
    assertThat(json.get("slots")).hasSize(1);
    assertThat(json.get("slots").get(0).get("kind").asText()).isEqualTo("PASSPHRASE");
    tool.run("verify").exits(12);
  }

  @Test
  void key_lastSlot_isNeverRemoved() throws IOException {
    String only = tool.run("key", "list", "--json")
        .exits(0)
        .json()
        .get("slots")
        .get(0)
        .get("id")
        .asText();
    tool.run("key", "remove", only).exits(1);
    tool.run("key", "remove").exits(64);
    tool.run("key", "remove", only.substring(0, 8)).exits(1);
    assertThat(tool.run("key", "remove", "xyz").exits(1).err())
        .contains("key slot 'xyz': nothing has that id", "dr key list");
    assertThat(tool.run("key", "list").exits(0).out()).contains(only + "  ", "opened now");
  }

  @Test
  void key_list_marksTheSlotThatOpened() throws IOException {
    Path next = Files.writeString(directory.resolve("next"), "another passphrase\n");
    tool.run("key", "add", "--new-passphrase-file", next.toString()).exits(0);
    JsonNode slots = tool.run("key", "list", "--json").exits(0).json().get("slots");
    assertThat(slots.findValuesAsText("opened")).containsExactly("true", "false");
    assertThat(slots.get(0).fieldNames())
        .toIterable()
        .containsExactly("id", "kind", "created", "opened");

    List<String> lines = tool.run("key", "list", "--passphrase-file", next.toString())
        .exits(0)
        .out()
        .lines()
        .toList();
    assertThat(lines.get(0)).startsWith(slots.get(0).get("id").asText()).endsWith("  PASSPHRASE");
    assertThat(lines.get(1)).startsWith(slots.get(1).get("id").asText()).endsWith("  opened now");
  }

  @Test
  void key_remove_takesAUniquePrefix() throws IOException {
    Path next = Files.writeString(directory.resolve("next"), "another passphrase\n");
    for (int i = 0; i < 17; i++) { // Then two of them begin with the same digit.
      tool.run("key", "add", "--new-passphrase-file", next.toString()).exits(0);
    }
    List<String> ids = tool.run("key", "list", "--json").exits(0).json().findValuesAsText("id");
    String twice = ids.stream()
        .map(id -> id.substring(0, 1))
        .filter(digit -> ids.stream().filter(id -> id.startsWith(digit)).count() > 1)
        .findFirst()
        .orElseThrow();

    assertThat(tool.run("key", "remove", twice).exits(1).err())
        .contains("key slots begin with that", "dr key list");
    tool.run("key", "remove", "").exits(1);
    String gone = ids.get(3);
    JsonNode left =
        tool.run("key", "remove", gone.substring(0, 16), "--json").exits(0).json();
    assertThat(left.findValuesAsText("id")).hasSize(ids.size() - 1).doesNotContain(gone);
  }

  @Test
  void backup_withDeadline_isCompleteWhenThereIsTime() throws IOException {
    tool.run("backup", "--deadline", "10m", directory.toString()).exits(1);
    JsonNode json = tool.run(
            "backup",
            "--purpose",
            "shutdown",
            "--deadline",
            "10m",
            "--json",
            tool.source.toString())
        .exits(0)
        .json();
    assertThat(json.get("purpose").asText()).isEqualTo("SHUTDOWN");
  }

  @Test
  void export_andImport_giveTheSameSnapshot() throws IOException {
    Path archive = directory.resolve("out.tar.gz");
    JsonNode exported =
        tool.run("export", first, archive.toString(), "--json").exits(0).json();
    assertThat(exported.get("files").asLong()).isEqualTo(3);
    assertThat(exported.get("snapshot").asText()).isEqualTo(first);
    tool.run("export", first, archive.toString()).exits(1);
    String nowhere = directory.resolve("nowhere/out.tar.gz").toString();
    JsonNode error =
        tool.run("export", first, nowhere, "--json").exits(1).json().get("error");
    assertThat(error.get("object").asText()).isEqualTo(nowhere);

    JsonNode imported =
        tool.run("import", archive.toString(), "--json").exits(0).json();
    assertThat(imported.get("files").asLong()).isEqualTo(3);
    String target = directory.resolve("target").toString();
    tool.run("restore", imported.get("snapshot").asText(), "--to", target).exits(0);
    assertThat(Path.of(target, "chats/é.json")).content().isEqualTo("héllo");
  }
}
