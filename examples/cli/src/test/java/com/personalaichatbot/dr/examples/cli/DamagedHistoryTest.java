package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The messages to a person where an entry of the history, or what opens the repository, is lost.
 */
class DamagedHistoryTest {
  private static final String POSITION = "00000000000000000002";

  @TempDir
  Path directory;

  private Tool tool;
  private String first;
  private String second;
  private String third;

  /** The loss of an entry in the middle. */
  enum Loss {
    MISSING,
    DAMAGED
  }

  @BeforeEach
  void setUp() throws IOException {
    tool = new Tool(directory).init();
    first = tool.backup();
    tool.write("chats/active/1.json", "hello again");
    second = tool.backup();
    tool.write("chats/active/1.json", "hello once more");
    third = tool.backup();
  }

  private void lose(Loss loss) throws IOException {
    Path entry = tool.repository.resolve("catalog").resolve(POSITION);
    byte[] bytes = Files.readAllBytes(entry);
    Files.delete(entry);
    if (loss == Loss.DAMAGED) {
      bytes[300] ^= 1;
      Files.write(entry, bytes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void snapshots_anEntryInTheMiddleIsLost_is13AndNamesIt(Loss loss) throws IOException {
    lose(loss);

    Tool.Result text = tool.run("snapshots").exits(13);
    assertThat(text.out()).contains(first, third).doesNotContain(second);
    assertThat(text.err()).contains("catalog/" + POSITION, "dr heal COPY");

    JsonNode json = tool.run("snapshots", "--json").exits(13).json();
    assertThat(json.get("snapshots")).hasSize(2);
    assertThat(json.get("damagedEntries")).hasSize(1);
    assertThat(json.get("damagedEntries").get(0).asText()).contains(POSITION);
    tool.run("snapshots", "--removed").exits(13);
  }

  @ParameterizedTest
  @EnumSource
  void readingVerbs_anEntryInTheMiddleIsLost_goOnAndNameIt(Loss loss) throws IOException {
    lose(loss);
    List<List<String>> verbs = List.of(
        List.of("ls", "latest"),
        List.of("cat", first, "config/app.json"),
        List.of("diff", first, "latest"),
        List.of("export", "latest", directory.resolve("all.tar.gz").toString()),
        List.of("restore", "latest", "--to", directory.resolve("back").toString()),
        List.of("key", "list"));
    for (List<String> verb : verbs) {
      Tool.Result result = tool.run(verb.toArray(String[]::new));
      assertThat(result.exit()).as("%s: %s", verb, result.err()).isZero();
      assertThat(result.err()).as("%s", verb).contains("catalog/" + POSITION);
    }
    JsonNode restored = tool.run(
            "restore", "latest", "--json", "--to", directory.resolve("again").toString())
        .exits(0)
        .json();
    assertThat(restored.get("notes").toString()).contains(POSITION);
    assertThat(tool.run("ls", "latest", "--json").json().get("damagedEntries")).hasSize(1);
    assertThat(directory.resolve("back/chats/active/1.json")).hasContent("hello once more");
    assertThat(tool.run("cat", second, "config/app.json").exits(13).err()).contains(POSITION);
  }

  @ParameterizedTest
  @EnumSource
  void marks_ofTheSnapshotWhoseEntryIsLost_nameTheEntryAndNotThatNothingHasTheName(Loss loss)
      throws IOException {
    lose(loss);
    for (List<String> verb : List.of(
        List.of("hold", second),
        List.of("release", second),
        List.of("mark", second, "suspect"),
        List.of("forget", second),
        List.of("unforget", second))) {
      Tool.Result result = tool.run(verb.toArray(String[]::new));
      assertThat(result.exit()).as("%s: %s", verb, result.err()).isEqualTo(13);
      assertThat(result.err())
          .as("%s", verb)
          .contains(second, "catalog/" + POSITION, "dr heal COPY")
          .doesNotContain("nothing has that name");
    }
  }

  @Test
  void snapshots_wholeHistory_is0WithoutDamage() throws IOException {
    Tool.Result result = tool.run("snapshots", "--json").exits(0);
    assertThat(result.err()).isEmpty();
    assertThat(result.json().get("damagedEntries")).isEmpty();
  }

  @Test
  void verify_anEntryInTheMiddleIsLost_saysWhatThatForbidsAndWhatHelps() throws IOException {
    lose(Loss.MISSING);
    assertThat(tool.run("verify").exits(13).out())
        .contains("dr heal COPY", "back up to a new repository");
  }

  private Path tree() throws IOException {
    for (Path pack : tool.files("packs")) {
      byte[] whole = Files.readAllBytes(pack);
      byte[] wrong = whole.clone();
      wrong[250] ^= 1;
      Files.setPosixFilePermissions(pack, PosixFilePermissions.fromString("rw-------"));
      Files.write(pack, wrong);
      if (tool.run("prune", "--keep-last", "1", "--dry-run").exit() == 13) {
        return pack;
      }
      Files.write(pack, whole);
    }
    throw new AssertionError("no pack holds a tree");
  }

  @Test
  void prune_blockedByDamage_saysWhatLeftTheListAndHowToTakeItBack() throws IOException {
    tree();
    JsonNode dry =
        tool.run("prune", "--keep-last", "1", "--dry-run", "--json").exits(13).json();
    assertThat(dry.get("error").get("message").asText()).doesNotContain("Removed from the list");

    JsonNode done = tool.run("prune", "--keep-last", "1", "--json").exits(13).json();

    assertThat(done.get("error").get("message").asText())
        .contains("Removed from the list: " + first + " " + second, "No data was deleted");
    assertThat(done.get("error").get("action").asText())
        .contains("dr unforget ID")
        .endsWith("this deletes their data for good.");
    tool.run("unforget", first).exits(0);
  }

  @Test
  void backup_refusedSinceTheRepositoryLiesInside_leavesNoTrace() throws IOException {
    tool.run("backup", directory.toString()).exits(1);
    tool.run("copy", directory.resolve("copy").toString()).exits(0);
  }

  @Test
  void ls_afterInitByThisClient_isNoFirstContact() throws IOException {
    Path place = directory.resolve("other");
    tool.environment.put("DR_REPO", place.toString());
    tool.run("init").exits(0);
    assertThat(tool.run("snapshots").exits(0).err()).isEmpty();
  }

  @Test
  void ls_again_isNoFirstContact() throws IOException {
    String state = directory.resolve("fresh").toString();
    assertThat(tool.run("ls", "latest", "--state", state).exits(0).err()).contains("UNANCHORED");
    assertThat(tool.run("ls", "latest", "--state", state).exits(0).err()).isEmpty();
  }

  @Test
  void ls_again_knowsThatTheRepositoryWasRolledBack() throws IOException {
    String state = directory.resolve("fresh").toString();
    tool.run("ls", "latest", "--state", state).exits(0);
    Files.delete(tool.repository.resolve("catalog").resolve("00000000000000000003"));
    assertThat(tool.run("ls", "latest", "--state", state).exits(13).err())
        .contains("dr heal", "dr restore ID");
  }

  @Test
  void formatAndItsCopyAreLost_isDamageAndNothingIsToBeDeleted() throws IOException {
    Files.delete(tool.repository.resolve("FORMAT"));
    Files.delete(tool.repository.resolve("FORMAT.copy"));
    for (List<String> verb : List.of(List.of("snapshots"), List.of("init"))) {
      assertThat(tool.run(verb.toArray(String[]::new)).exits(13).err())
          .contains("FORMAT and FORMAT.copy are missing", "elete nothing", "dr heal COPY");
    }
  }

  @Test
  void keySlotsAreMissing_isNotAskedToCheckThePassphrase() throws IOException {
    for (Path slot : tool.files("keys")) {
      Files.delete(slot);
    }
    assertThat(tool.run("snapshots").exits(12).err())
        .contains("no key slot", "dr heal COPY")
        .doesNotContain("keyboard");
  }

  @Test
  void keySlotsAreDamaged_is13AndSaysNothingOfThePassphrase() throws IOException {
    for (Path slot : tool.files("keys")) {
      byte[] bytes = Files.readAllBytes(slot);
      bytes[60] ^= 1;
      Files.setPosixFilePermissions(slot, PosixFilePermissions.fromString("rw-------"));
      Files.write(slot, bytes);
    }
    assertThat(tool.run("snapshots").exits(13).err())
        .contains(
            "no key slot can be read", "this says nothing about the passphrase", "dr heal COPY");
  }

  @Test
  void heal_noCopyThere_namesTheCopy() throws IOException {
    Path nope = directory.resolve("nope");
    assertThat(tool.run("heal", nope.toString()).exits(10).err())
        .contains("the copy at " + nope, "dr heal COPY");
  }

  @Test
  void restore_noSnapshotsAtAll_saysToBackUp() throws IOException {
    tool.environment.put("DR_REPO", directory.resolve("other").toString());
    tool.run("init").exits(0);
    assertThat(tool.run("ls", "latest").exits(1).err()).contains("dr backup", "--host");
  }

  @Test
  void statusPage_intoTheRepository_isRefused() {
    Tool.Result result = tool.run("status-page", tool.repository.toString()).exits(1);
    assertThat(result.err()).contains("it is a repository");
    assertThat(tool.repository.resolve("index.html")).doesNotExist();
  }

  @Test
  void verify_structureOnly_saysThatNoDataWasRead() throws IOException {
    assertThat(tool.run("verify", "--structure").exits(0).out())
        .contains("no data was read")
        .doesNotContain("CLEAN");
    assertThat(
            tool.run("verify", "--structure", "--json").json().get("dataRead").asBoolean())
        .isFalse();
    assertThat(tool.run("verify").exits(0).out()).contains("CLEAN");
  }

  @Test
  void keyRemove_unknownId_is1() {
    assertThat(tool.run("key", "remove", "0".repeat(32)).exits(1).err()).contains("dr key list");
  }

  @Test
  void messages_nameTheRemedyAsACommand() throws IOException {
    Path there =
        Files.createDirectories(directory.resolve("there/config/x")).getParent().getParent();
    assertThat(tool.run("restore", "latest", "--to", there.toString()).exits(1).err())
        .contains("--overwrite", "--delete-extra");
    assertThat(tool.run("restore", "latest", "--to", "/proc/nothing").exits(1).err())
        .contains("cannot be created");
    assertThat(tool.run("import", directory.resolve("nope.tar.gz").toString())
            .exits(1)
            .err())
        .contains("no such file or directory", "Check the path");
    assertThat(tool.run("backup", directory.resolve("nonexistent").toString())
            .exits(1)
            .err())
        .contains(directory.resolve("nonexistent").toString());
    assertThat(tool.run("ls", "latest", "nothing/there").exits(1).err()).contains("chats, config");
    assertThat(tool.run("undo").exits(1).err())
        .contains("no restore in place is known", "dr undo --state DIR");
    assertThat(tool.run("verify", "--accept-head", "0".repeat(64)).exits(64).err())
        .contains("the head of the history is", "nothing was acknowledged");
    assertThat(
            tool.run("health", "--data", directory.resolve("nodata").toString()).out())
        .contains("no such file or directory")
        .doesNotContain("NoSuchFileException");
  }

  @Test
  void help_showsWholeSentences() {
    String help = tool.run("--help").exits(0).out().replaceAll("\\s+", " ");
    assertThat(help)
        .contains(
            "Remove the snapshots that no rule keeps.",
            "Remove single snapshots.",
            "Recover an application by the runbook of a scenario.",
            "Default: 0s, not at all.");
  }
}
