package com.personalaichatbot.dr.examples.chatbot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  @TempDir
  private Path directory;

  @Test
  void play_wholeStory_holdsAndIsTold() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    Demo.play(directory, 30, new PrintStream(out, true, StandardCharsets.UTF_8));

    List<String> story = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(story.stream().filter(line -> line.matches("\\S.*  .*")).map(DemoTest::step))
        .containsExactly(
            "Start",
            "Talk",
            "Back up",
            "Verify",
            "Change",
            "Back up",
            "Verify",
            "Drill",
            "Talk",
            "Disaster",
            "Detect",
            "Propose",
            "Recover",
            "Recovered",
            "Ask",
            "Stop",
            "Verify",
            "Repository",
            "Objective",
            "Report",
            "Posture");
    assertThat(story).filteredOn(line -> line.contains("COMPLIANT")).hasSize(7);
    Path report = Path.of(story.get(story.size() - 2).substring(12));
    assertThat(report).content().contains("RECOVERED").contains("Data corruption");
    assertThat(story).allMatch(line -> line.length() <= 100 || line.contains(directory.toString()));
    assertThat(directory.resolve("repository/FORMAT")).exists();
  }

  private static String step(String line) {
    return line.substring(0, line.indexOf("  "));
  }

  @Test
  void strike_data_isDamagedAsItSays() throws IOException {
    DataDirectory data = new DataDirectory(directory);
    Conversations conversations = new Conversations(data);
    SampleData.write(data, 12, 1);
    Path certain = conversations.files().get(5);

    Disaster disaster = Disaster.strike(data, conversations.files(), certain, 1);

    assertThat(conversations.damaged())
        .hasSize(disaster.damaged() - 1)
        .containsKey(certain)
        .containsKeys(disaster.noisy().toArray(Path[]::new))
        .containsKeys(disaster.cut().toArray(Path[]::new));
    assertThat(disaster.gone()).doesNotExist();
    assertThatThrownBy(() -> Settings.read(data)).isInstanceOf(IOException.class);
  }

  @Test
  void write_sameSeed_isSameData() throws IOException {
    DataDirectory first = new DataDirectory(directory.resolve("1"));
    DataDirectory second = new DataDirectory(directory.resolve("2"));

    SampleData.write(first, 12, 7);
    SampleData.write(second, 12, 7);

    List<Path> files = new Conversations(first).files();
    assertThat(files).hasSize(12);
    for (Path file : files) {
      Path same = directory.resolve("2").resolve(directory.resolve("1").relativize(file));
      assertThat(Files.mismatch(file, same)).isEqualTo(-1);
    }
    assertThat(new Conversations(first).damaged()).isEmpty();
  }

  @Test
  void require_whatDoesNotHold_endsTheStory() {
    assertThatCode(() -> StepFailedException.require(true, "x")).doesNotThrowAnyException();
    assertThatThrownBy(() -> StepFailedException.require(false, "the disk spins"))
        .isInstanceOf(StepFailedException.class)
        .hasMessage("the disk spins");
  }
}
