package com.personalaichatbot.dr.core.recovery.runbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFilesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T03:45:12Z");
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir
  Path temp;

  private final SettableClock clock = SettableClock.at(NOW);

  private TemporaryFiles files() {
    return TemporaryFiles.of(temp, "personal-ai-chatbot-", clock);
  }

  private Path old(String name) throws IOException {
    Path directory = Files.createDirectory(temp.resolve(name));
    Path file = Files.writeString(directory.resolve("x"), "x");
    FileTime before = FileTime.from(NOW.minus(Duration.ofDays(2)));
    Files.setLastModifiedTime(file, before);
    Files.setLastModifiedTime(directory, before);
    return directory;
  }

  @Test
  void clear_directoryOfThisProcess_isLeft() throws IOException {
    Path mine = files().create("cache");
    Files.setLastModifiedTime(mine, FileTime.from(Instant.EPOCH));

    TemporaryFiles.Cleared cleared = files().clear(DAY);

    assertThat(mine).exists();
    assertThat(cleared.removed()).isEmpty();
    assertThat(cleared.left()).singleElement().asString().contains("is alive");
  }

  @Test
  void clear_directoryOfAProcessThatEnded_isRemovedWhateverItsAge() throws IOException {
    Path dead = files().create("cache");
    Files.writeString(dead.resolve(".owner"), "999999999 2026-01-01T00:00:00Z");
    Files.writeString(dead.resolve("file"), "x");

    assertThat(files().clear(DAY).removed()).containsExactly(dead);
    assertThat(dead).doesNotExist();
  }

  /** The clock of the machine cannot be set in a test, but what is written can be looked at. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void create_marker_doesNotGoByTheClock() throws IOException {
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    String self = ProcessHandle.current().pid() + " " + boot + "/";
    Path mine = files().create("cache");

    assertThat(Files.readString(mine.resolve(".owner"))).startsWith(self).doesNotContain(":");
    Files.writeString(mine.resolve(".owner"), self + "1");
    assertThat(files().clear(DAY).removed()).as("other ticks").containsExactly(mine);
    Path before = files().create("cache");
    String marker = Files.readString(before.resolve(".owner"));
    Files.writeString(
        before.resolve(".owner"), marker.replace(boot, "00000000-0000-4000-8000-000000000000"));
    assertThat(files().clear(DAY).removed()).as("another boot").containsExactly(before);
  }

  @Test
  void clear_markerThatIsBeingWritten_goesByAge() throws IOException {
    Path mine = files().create("cache");
    Files.writeString(mine.resolve(".owner"), "");
    Files.setLastModifiedTime(mine.resolve(".owner"), FileTime.from(NOW));

    assertThat(files().clear(DAY).left()).singleElement().asString().contains("no marker");
    assertThat(mine).exists();
  }

  @Test
  void clear_numberOfAnotherProcessByNow_isRemoved() throws IOException {
    Path dead = files().create("cache");
    Files.writeString(
        dead.resolve(".owner"), ProcessHandle.current().pid() + " 2001-01-01T00:00:00Z");

    assertThat(files().clear(DAY).removed()).containsExactly(dead);
  }

  @Test
  void clear_withoutMarker_goesByAge() throws IOException {
    Path old = old("personal-ai-chatbot-old");
    Path young = old("personal-ai-chatbot-young");
    Files.setLastModifiedTime(young.resolve("x"), FileTime.from(NOW));

    TemporaryFiles.Cleared cleared = files().clear(DAY);

    assertThat(cleared.removed()).containsExactly(old);
    assertThat(young).exists();
    assertThat(cleared.left()).singleElement().asString().contains("bears no marker");
  }

  @Test
  void clear_similarNamesAndLinks_areLeftAndNotFollowed() throws IOException {
    Path other = old("personal-other");
    Path target = old("elsewhere");
    Path link = Files.createSymbolicLink(temp.resolve("personal-ai-chatbot-link"), target);
    Path holder = old("personal-ai-chatbot-holder");
    Files.createSymbolicLink(holder.resolve("inner"), target);
    Files.setLastModifiedTime(holder, FileTime.from(NOW.minus(Duration.ofDays(2))));
    clock.advance(Duration.ofDays(300_000)); // The link itself is as old as the rest then.

    TemporaryFiles.Cleared cleared = files().clear(DAY);

    assertThat(cleared.removed()).containsExactly(holder);
    assertThat(link).exists();
    assertThat(other).exists();
    assertThat(target.resolve("x")).exists();
  }

  @Test
  void of_shortPrefix_isRefused() {
    assertThatThrownBy(() -> TemporaryFiles.of(temp, "p", clock))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
