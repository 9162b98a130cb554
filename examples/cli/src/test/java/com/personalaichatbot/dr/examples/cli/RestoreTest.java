package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that bring data back or look into a snapshot. */
class RestoreTest {
  @TempDir
  private Path directory;

  private Tool tool;
  private String first;
  private Path target;

  @BeforeEach
  void setUp() throws IOException {
    tool = new Tool(directory).init();
    first = tool.backup();
    target = directory.resolve("target");
  }

  @Test
  void restore_toDirectory_reportsEveryField() throws IOException {
    JsonNode json =
        tool.run("restore", first, "--to", target.toString(), "--json").exits(0).json();

    assertThat(target.resolve("chats/é.json")).content().isEqualTo("héllo");
    assertThat(target.resolve("config/app.json")).content().isEqualTo("{}");
    assertThat(json.get("snapshot").asText()).isEqualTo(first);
    assertThat(json.get("snapshots").toString())
        .isEqualTo("{\"chats\":\"" + first + "\",\"config\":\"" + first + "\"}");
    assertThat(json.get("status").asText()).isEqualTo("COMPLETE");
    assertThat(json.get("dryRun").asBoolean()).isFalse();
    assertThat(json.get("files").toString())
        .isEqualTo("{\"create\":3,\"replace\":0,\"unchanged\":0,\"remove\":0,\"failed\":0}");
    assertThat(json.get("failures")).isEmpty();
    assertThat(json.get("notes").isArray()).isTrue();
    assertThat(json.get("bytes").get("toWrite").asLong()).isEqualTo(13);
    assertThat(json.get("bytes").get("written").asLong()).isEqualTo(13);
    assertThat(json.get("bytes").get("freeSpace").asLong()).isPositive();
    assertThat(json.get("verified").asBoolean()).isTrue();
    assertThat(json.get("safety").isNull()).isTrue();
    assertThat(json.get("durationMillis").isNumber()).isTrue();
  }

  @Test
  void restore_dryRun_changesNothing() throws IOException {
    JsonNode json = tool.run("restore", "latest", "--to", target.toString(), "--dry-run", "--json")
        .exits(0)
        .json();

    assertThat(json.get("dryRun").asBoolean()).isTrue();
    assertThat(json.get("files").get("create").asLong()).isEqualTo(3);
    assertThat(json.get("bytes").get("written").asLong()).isZero();
    assertThat(target).doesNotExist();
  }

  @Test
  void restore_directoryNotEmpty_isRefusedUnlessOverwritten() throws IOException {
    Files.createDirectories(target.resolve("config"));
    Files.writeString(target.resolve("config/app.json"), "other");
    Files.writeString(target.resolve("config/extra"), "extra");

    tool.run("restore", first, "--to", target.toString()).exits(1);
    assertThat(target.resolve("config/app.json")).content().isEqualTo("other");

    tool.run("restore", first, "--to", target.toString(), "--overwrite").exits(0);
    assertThat(target.resolve("config/app.json")).content().isEqualTo("{}");
    assertThat(target.resolve("config/extra")).exists();

    tool.run("restore", first, "--to", target.toString(), "--delete-extra").exits(0);
    assertThat(target.resolve("config/extra")).doesNotExist();
  }

  @Test
  void restore_componentAndInclude_restoresThoseOnly() throws IOException {
    tool.run(
            "restore",
            first,
            "--to",
            target.toString(),
            "--component",
            "chats",
            "--include",
            "active")
        .exits(0);

    assertThat(target.resolve("chats/active/1.json")).exists();
    assertThat(target.resolve("chats/é.json")).doesNotExist();
    assertThat(target.resolve("config")).doesNotExist();
    tool.run("restore", first, "--to", target.toString(), "--include", "nothing")
        .exits(1);
  }

  @Test
  void restore_inPlaceAndUndo_goThereAndBack() throws IOException {
    tool.write("chats/é.json", "changed");

    JsonNode restored =
        tool.run("restore", first, "--in-place", "--json").exits(0).json();

    assertThat(tool.read("chats/é.json")).isEqualTo("héllo");
    assertThat(restored.get("safety").asText()).matches("[0-9a-f]{32}");
    JsonNode undone = tool.run("undo", "--json").exits(0).json();
    assertThat(tool.read("chats/é.json")).isEqualTo("changed");
    assertThat(undone.get("files").get("replace").asLong()).isEqualTo(1);
    assertThat(undone.get("bytes").get("freeSpace").asLong()).isPositive();
    tool.run("undo").exits(1);
  }

  @Test
  void restore_inPlaceDeletingExtras_leavesWhatWasExcluded() throws IOException {
    String chats = tool.source.resolve("chats").toString();
    tool.run("backup", chats, "--exclude", "active").exits(0);
    tool.write("chats/extra.json", "extra");

    JsonNode json = tool.run(
            "restore", "latest", "--component", "chats", "--in-place", "--delete-extra", "--json")
        .exits(0)
        .json();

    assertThat(json.get("files").get("remove").asLong()).isEqualTo(1);
    assertThat(tool.source.resolve("chats/extra.json")).doesNotExist();
    assertThat(tool.read("chats/active/1.json")).isEqualTo("hello");
  }

  @Test
  void undo_discarded_isGone() throws IOException {
    tool.write("chats/é.json", "changed");
    tool.run("restore", first, "--in-place").exits(0);

    tool.run("undo", "--discard").exits(0);

    tool.run("undo").exits(1);
    assertThat(tool.read("chats/é.json")).isEqualTo("héllo");
  }

  @Test
  void undo_underAnotherStateDirectory_saysWhatIsMissingAndWhatToWrite() throws IOException {
    tool.write("chats/é.json", "changed");
    tool.run("restore", first, "--in-place").exits(0);
    String other = tool.directory.resolve("other").toString();

    for (String how : List.of("--without-repository", "--json")) {
      Tool.Result undo = tool.run("undo", how, "--state", other).exits(1);
      assertThat(undo.err())
          .contains("no restore in place is known")
          .contains(tool.directory.resolve("other/restores") + " is missing")
          .contains("dr undo --state DIR")
          .contains("dr undo --confirm DIRECTORY");
    }
    assertThat(tool.read("chats/é.json")).isEqualTo("héllo");

    assertThat(tool.run("undo").exits(0).out())
        .startsWith("Undone: COMPLETE.\n")
        .doesNotContain("Restored");
    assertThat(tool.read("chats/é.json")).isEqualTo("changed");
    assertThat(tool.run("undo").exits(1).err())
        .contains("no restore in place is there to undo in " + tool.directory.resolve("state/dr"))
        .contains("--state DIR");
  }

  @Test
  void restore_latestGood_needsAVerifiedOne() throws IOException {
    String to = target.toString();
    assertThat(tool.run("restore", "latest-good", "--to", to).exits(1).err()).contains("dr verify");
    tool.run("verify").exits(0);
    tool.write("config/app.json", "newer");
    String second = tool.backup();

    JsonNode good =
        tool.run("restore", "latest-good", "--to", to, "--json").exits(0).json();
    JsonNode latest =
        tool.run("restore", "latest", "--dry-run", "--to", to + 2, "--json").json();

    assertThat(good.get("snapshot").asText()).isEqualTo(first);
    assertThat(latest.get("snapshot").asText()).isEqualTo(second);
  }

  @Test
  void restore_snapshotByName_takesAUniquePrefixOnly() throws IOException {
    String to = target.toString();

    tool.run("restore", first.substring(0, 12), "--to", to).exits(0);
    tool.run("restore", "0123456789abcdef0123456789abcdef", "--to", to).exits(1);
    tool.run("restore", "neither", "--to", to).exits(1);
    tool.run("restore", "", "--to", to).exits(1);
  }

  @Test
  void restore_damagedData_is13AndNothingHalfDone() throws IOException {
    for (Path pack : tool.files("packs")) {
      byte[] bytes = Files.readAllBytes(pack);
      for (int i = 200; i < bytes.length; i++) {
        bytes[i] ^= 0x55;
      }
      Files.write(pack, bytes);
    }

    tool.run("restore", first, "--to", target.toString()).exits(13);

    assertThat(target.resolve("chats/é.json")).doesNotExist();
    assertThat(target.resolve("config/app.json")).doesNotExist();
  }

  @Test
  void ls_wholeOrPart_listsEntries() throws IOException {
    JsonNode all = tool.run("ls", first, "--json").exits(0).json().get("entries");
    JsonNode part = tool.run("ls", "latest", "chats/active", "--json").exits(0).json();

    assertThat(all.findValuesAsText("path"))
        .containsExactlyInAnyOrder(
            "chats",
            "chats/active",
            "chats/active/1.json",
            "chats/é.json",
            "config",
            "config/app.json");
    assertThat(part.get("entries").findValuesAsText("path"))
        .containsExactly("chats/active", "chats/active/1.json");
    assertThat(part.get("entries").get(1).get("type").asText()).isEqualTo("FILE");
    assertThat(part.get("entries").get(1).get("size").asLong()).isEqualTo(5);
    assertThat(tool.run("ls", "latest").exits(0).out()).contains(" chats/é.json\n");
    tool.run("ls", first, "chats/nothing").exits(1);
  }

  @Test
  void lsAndCat_readerHasSeenEnough_endSilently() throws IOException {
    OutputStream closed = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("Broken pipe");
      }
    };
    for (String[] command : List.of(
        new String[] {"ls", "latest"},
        new String[] {"ls", "latest", "--json"},
        new String[] {"cat", "latest", "config/app.json"})) {
      Tool.Result result = tool.runInto(closed, command);
      assertThat(result.exit()).isEqualTo(141);
      assertThat(result.err()).isEmpty();
    }
  }

  @Test
  void cat_file_writesItsBytes() throws IOException {
    assertThat(tool.run("cat", "latest", "chats/é.json").exits(0).out()).isEqualTo("héllo");
    assertThat(tool.run("cat", first, "chats/\\xc3\\xa9.json").exits(0).out()).isEqualTo("héllo");
    tool.run("cat", first, "chats").exits(1);
    tool.run("cat", first, "chats/nothing").exits(1);
  }

  @Test
  void diff_twoSnapshots_listsPaths() throws IOException {
    tool.write("config/app.json", "newer");
    tool.write("chats/2.json", "two");
    Files.delete(tool.source.resolve("chats/active/1.json"));
    tool.backup();

    JsonNode json = tool.run("diff", first, "latest", "--json").exits(0).json();

    assertThat(json.get("added").toString()).isEqualTo("[\"chats/2.json\"]");
    assertThat(json.get("removed").toString()).isEqualTo("[\"chats/active/1.json\"]");
    assertThat(json.get("changed").toString()).contains("config/app.json");
    assertThat(tool.run("diff", first, first).exits(0).out()).isEmpty();
  }

  @Test
  void diffAndLs_latestOfSeveralSnapshots_isChosenPerComponent() throws IOException {
    tool.write("config/app.json", "newer");
    String second = tool.run("backup", "--json", tool.source.resolve("config").toString())
        .exits(0)
        .json()
        .get("snapshot")
        .asText();

    JsonNode diff = tool.run("diff", first, "latest", "--json").exits(0).json();
    JsonNode listed = tool.run("ls", "latest", "--json").exits(0).json();

    assertThat(diff.get("removed")).isEmpty();
    assertThat(diff.get("added")).isEmpty();
    assertThat(diff.get("changed").toString()).isEqualTo("[\"config/app.json\"]");
    assertThat(listed.get("snapshots").get("config").asText()).isEqualTo(second);
    assertThat(listed.get("snapshots").get("chats").asText()).isEqualTo(first);
    JsonNode explicit = tool.run("diff", first, second, "--json").exits(0).json();
    assertThat(explicit.get("removed").toString()).contains("chats/active/1.json");
  }
}
