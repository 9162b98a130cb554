package com.personalaichatbot.dr.health.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.SampleData;
import com.personalaichatbot.dr.health.check.JsonFileCheck;
import com.personalaichatbot.dr.health.check.LogCheck;
import com.personalaichatbot.dr.health.config.ConfigValidator;
import com.personalaichatbot.dr.health.config.EnvFile;
import com.personalaichatbot.dr.health.security.SecurityValidator;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A check inside an application does not take away the locks that the application holds. */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
class LockedFilesTest {

  @TempDir
  Path directory;

  private Path data;

  @BeforeEach
  void create() throws IOException {
    data = SampleData.create(directory.resolve("data"));
  }

  /** Does something while this process holds a lock, and sees that it still does afterwards. */
  private void locked(String name, Looking looking) throws Exception {
    Path file = data.resolve(name);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid() && isHeld(file)).isTrue();
      looking.look(file);
      assertThat(isHeld(file)).as("lock on %s", name).isTrue();
    }
    assertThat(isHeld(file)).isFalse();
  }

  @FunctionalInterface
  private interface Looking {
    void look(Path file) throws Exception;
  }

  private static boolean isHeld(Path file) throws IOException {
    String end = ":" + Files.getAttribute(file, "unix:ino") + " 0 EOF";
    String pid = " " + ProcessHandle.current().pid() + " ";
    return Files.readAllLines(Path.of("/proc/locks")).stream()
        .anyMatch(line -> line.contains(pid) && line.endsWith(end));
  }

  private static List<String> codes(List<Finding> findings, Path file) {
    return findings.stream()
        .filter(f -> f.path().equals(file))
        .map(Finding::code)
        .toList();
  }

  @Test
  void validators_lockedFile_isSparedAndSaidSo() throws Exception {
    for (String name : List.of(
        ".env", "config/app_config.json", "conversations/active/" + SampleData.ID + ".json")) {
      locked(name, file -> {
        List<Finding> findings = ConfigValidator.of(data).validate().findings();
        assertThat(codes(findings, file)).as(name).containsExactly("IN_USE");
      });
    }
    for (String name : List.of("logs/app.log", "config/app_config.json")) {
      locked(name, file -> {
        List<Finding> findings = SecurityValidator.of(data).validate().findings();
        assertThat(codes(findings, file)).as(name).containsExactly("IN_USE");
      });
    }
  }

  @Test
  void checks_lockedFile_areUnknown() throws Exception {
    locked(
        "config/app_config.json",
        file -> assertThat(JsonFileCheck.of(file).check().code()).isEqualTo("IN_USE"));
    locked(
        "logs/app.log", file -> assertThat(LogCheck.of(file).check().code()).isEqualTo("IN_USE"));
    locked(".env", file -> assertThat(EnvFile.read(file).entries()).isEmpty());
  }
}
