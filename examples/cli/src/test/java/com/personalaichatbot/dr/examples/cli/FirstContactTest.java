package com.personalaichatbot.dr.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The words of a client without memory about a repository, and the fingerprint that takes the
 * memory's place.
 */
class FirstContactTest {

  @TempDir
  Path directory;

  private Tool tool;

  @AutoClose
  private Installation bot;

  private String head;
  private int runs;

  @BeforeEach
  void installAndBackUp() throws IOException {
    tool = new Tool(directory).init();
    bot = new Installation(directory.resolve("bot"));
    head = tool.run(
            "backup",
            "--json",
            "--component",
            "config=" + bot.data.resolve("config"),
            "--component",
            "secrets:env=" + bot.data.resolve(".env"),
            "--component",
            "conversations=" + bot.data.resolve("conversations"))
        .exits(0)
        .json()
        .get("head")
        .asText();
  }

  private Map<String, List<String>> readingVerbs() {
    Map<String, List<String>> verbs = new TreeMap<>();
    verbs.put("verify", List.of("verify", "--structure"));
    verbs.put("snapshots", List.of("snapshots"));
    verbs.put("ls", List.of("ls", "latest"));
    verbs.put("cat", List.of("cat", "latest", "config/app_config.json"));
    verbs.put("diff", List.of("diff", "latest", "latest"));
    verbs.put("export", List.of("export", "latest", fresh() + ".tar.gz"));
    verbs.put("copy", List.of("copy", fresh()));
    verbs.put("restore", List.of("restore", "latest", "--to", fresh()));
    verbs.put(
        "recover",
        List.of("recover", "configuration-loss", "--dry-run", "--data", bot.data.toString()));
    verbs.put("drill", List.of("drill", "restore", "--data", bot.data.toString()));
    return verbs;
  }

  private String fresh() {
    return directory.resolve("fresh" + runs++).toString();
  }

  private Tool.Result withoutMemory(List<String> verb, String... more) {
    List<String> all = new ArrayList<>(verb);
    all.addAll(List.of(more));
    all.addAll(List.of("--state", fresh()));
    return tool.run(all.toArray(String[]::new));
  }

  @Test
  void everyReadingVerb_withoutMemory_saysUnanchoredWithTheHead() {
    readingVerbs()
        .forEach((name, verb) -> assertThat(withoutMemory(verb).err())
            .as(name)
            .containsPattern("UNANCHORED: .* its head [0-9a-f]{64} of 2"));
  }

  @Test
  void everyReadingVerb_expectingAnotherHead_is13() {
    readingVerbs().forEach((name, verb) -> {
      Tool.Result result = withoutMemory(verb, "--expect-head", "0".repeat(64));
      assertThat(result.exit()).as("%s: %s", name, result.err()).isEqualTo(13);
    });
  }

  @Test
  void everyReadingVerb_expectingTheHead_isAnchored() throws IOException {
    for (Map.Entry<String, List<String>> verb : readingVerbs().entrySet()) {
      boolean hasJson = !List.of("cat", "export").contains(verb.getKey());
      Tool.Result result = hasJson
          ? withoutMemory(verb.getValue(), "--json", "--expect-head", head)
          : withoutMemory(verb.getValue(), "--expect-head", head);
      assertThat(result.exit()).as("%s: %s", verb.getKey(), result.err()).isZero();
      assertThat(result.err()).as(verb.getKey()).doesNotContain("UNANCHORED");
      if (hasJson) {
        assertThat(result.json().get("anchored").asBoolean()).as(verb.getKey()).isTrue();
      }
    }
  }

  @Test
  void drill_withoutMemory_writesHeadAndStandingInItsReport() throws IOException {
    JsonNode run = withoutMemory(readingVerbs().get("drill"), "--json").exits(0).json();
    assertThat(run.get("anchored").asBoolean()).isFalse();
    Path page = Path.of(run.get("report").asText());
    assertThat(page).content().contains(head, "UNANCHORED");
    JsonNode twin = new ObjectMapper()
        .readTree(Files.readString(Path.of(page.toString().replace(".html", ".json"))));
    assertThat(twin.get("head").asText()).isEqualTo(head);
    assertThat(twin.get("anchored").asBoolean()).isFalse();
    assertThat(twin.get("headTime").asText()).isNotEmpty();
  }
}
