package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second copy of the repository, as an operator makes and uses it. */
class CopyTest {
  @TempDir
  private Path directory;

  private Tool tool;
  private String medium;

  @BeforeEach
  void setUp() throws IOException {
    tool = new Tool(directory).init();
    tool.backup();
    medium = directory.resolve("medium/copy").toString();
  }

  private JsonNode copy(String... more) throws IOException {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "copy";
    arguments[1] = medium;
    arguments[2] = "--json";
    System.arraycopy(more, 0, arguments, 3, more.length);
    return tool.run(arguments).exits(0).json();
  }

  @Test
  void copy_thenAgain_copiesWhatIsNewAndTellsIt() throws IOException {
    JsonNode first = copy();
    assertThat(first.get("filesCopied").asInt()).isPositive();
    assertThat(first.get("damages")).isEmpty();
    assertThat(copy().get("filesCopied").asInt()).isZero();
    tool.write("chats/active/2.json", "more");
    tool.backup();
    assertThat(copy().get("filesCopied").asInt()).isPositive();
    assertThat(tool.run("copy", medium).exits(0).out()).contains("copied");
  }

  @Test
  void copyOfALostRepository_restores_andIsTheRepositoryOnceItsMarkIsGone() throws IOException {
    copy();
    Files.move(tool.repository, directory.resolve("lost"));
    tool.environment.put("DR_REPO", medium);
    String target = directory.resolve("target").toString();
    tool.run("restore", "latest", "--to", target).exits(0);
    assertThat(directory.resolve("target/chats/active/1.json")).hasContent("hello");
    Tool.Result refused = tool.run("backup", tool.source.toString()).exits(1);
    assertThat(refused.err()).contains("a copy of a repository", "delete the file copy");
    Files.delete(Path.of(medium).resolve("copy"));
    tool.backup();
    tool.run("verify").exits(0);
  }

  @Test
  void copy_damagedRepository_is13AndDamagedCopy_isMended() throws IOException {
    copy();
    Path pack = packs(Path.of(medium)).get(0);
    byte[] bytes = Files.readAllBytes(pack);
    bytes[200] ^= 1;
    Files.write(pack, bytes);
    assertThat(copy("--read-data").get("filesMended").asInt()).isEqualTo(1);
    tool.write("chats/active/2.json", "more");
    tool.backup();
    for (Path each : packs(tool.repository)) {
      byte[] whole = Files.readAllBytes(each);
      whole[200] ^= 1;
      Files.write(each, whole);
    }
    JsonNode json = tool.run("copy", medium, "--json").exits(13).json();
    assertThat(json.get("damages").get(0).get("kind").asText()).isEqualTo("CORRUPT");
    assertThat(tool.run("copy", medium).exits(13).out()).contains("dr heal", "dr verify");
  }

  @Test
  void heal_damagedRepository_isAsBefore() throws IOException {
    String snapshot = tool.backup();
    copy();
    Path pack = packs(tool.repository).get(0);
    byte[] bytes = Files.readAllBytes(pack);
    bytes[200] ^= 1;
    Files.write(pack, bytes);
    Files.delete(packs(tool.repository).get(1));
    for (Path file : tool.files("keys")) {
      Files.write(file, new byte[50]);
    }
    tool.run("verify").exits(13);
    JsonNode json = tool.run("heal", medium, "--json").exits(0).json();
    assertThat(json.get("filesMended").asInt()).isGreaterThan(2);
    assertThat(json.get("filesCopied").asInt()).isEqualTo(1);
    assertThat(json.get("damages")).isEmpty();
    tool.run("verify").exits(0);
    String target = directory.resolve("target").toString();
    tool.run("restore", snapshot, "--to", target).exits(0);
    assertThat(directory.resolve("target/chats/active/1.json")).hasContent("hello");
    assertThat(tool.run("heal", medium).exits(0).out()).contains("0 files", "dr verify");
  }

  @Test
  void heal_whatTheCopyLacks_is13AndNamed() throws IOException {
    copy();
    tool.write("chats/active/2.json", "more");
    tool.backup();
    for (Path pack : packs(tool.repository)) {
      Files.delete(pack);
    }
    tool.run("verify").exits(13);
    JsonNode json = tool.run("heal", medium, "--structure", "--json").exits(13).json();
    assertThat(json.get("damages").get(0).get("kind").asText()).isEqualTo("MISSING");
    assertThat(tool.run("heal", medium).exits(13).out()).contains("Back up");
    tool.backup();
    assertThat(tool.run("verify").exits(0).out()).contains("stored elsewhere");
  }

  @Test
  void heal_placeThatIsNoCopy_isRefused() throws IOException {
    tool.run("heal", medium).exits(10);
    copy();
    tool.run("heal", tool.repository.toString()).exits(64);
    tool.run("--repo", medium, "heal", tool.repository.toString()).exits(1);
    tool.run("--repo", directory.resolve("none").toString(), "heal", medium).exits(10);
    assertThat(directory.resolve("none")).doesNotExist();
  }

  private static List<Path> packs(Path repository) throws IOException {
    try (var files = Files.walk(repository.resolve("packs"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void health_withACopy_tellsWhetherItIsThere() throws IOException {
    try (Installation bot = new Installation(directory.resolve("bot"))) {
      String[] health = {"health", "--data", bot.path(), "--copy", medium, "--json"};
      JsonNode none = tool.run(health).json().get("components").get("copy");
      assertThat(none.get("details").get("code").asText()).isEqualTo("COPY_MISSING");
      copy();
      JsonNode there = tool.run(health).json().get("components").get("copy");
      assertThat(there.get("status").asText()).isEqualTo("UP");
    }
  }

  @Test
  void copy_toAnotherPlaceThanOne_isRefused() {
    tool.run("copy", tool.source.toString()).exits(1);
    tool.run("copy", tool.repository.toString()).exits(64);
    tool.run("copy", "s3://bucket/x").exits(64);
    tool.run("copy", medium, "--sample", "5", "--read-data").exits(64);
    assertThat(Path.of(medium)).doesNotExist();
  }
}
