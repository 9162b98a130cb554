package com.personalaichatbot.dr.core.internal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.NotRegularFileException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Something else than a plain file has the name of one of ours. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StrangeFilesTest {
  @TempDir
  private Path directory;

  private Path put(String what, String name) throws Exception {
    Path place = directory.resolve(name);
    Path other = Files.writeString(directory.resolve("other"), "of somebody else");
    switch (what) {
      case "pipe" ->
        assertThat(new ProcessBuilder("mkfifo", place.toString())
                .start()
                .waitFor(10, TimeUnit.SECONDS))
            .isTrue();
      case "directory" -> Files.writeString(Files.createDirectory(place).resolve("x"), "x");
      case "link" -> Files.createSymbolicLink(place, other);
      case "link to nothing" -> Files.createSymbolicLink(place, Path.of("nothing"));
      default -> throw new IllegalArgumentException(what);
    }
    return place;
  }

  @ParameterizedTest
  @ValueSource(strings = {"pipe", "directory", "link", "link to nothing"})
  void read_noPlainFile_isSaidWithItsNameAndARemedy(String what) throws Exception {
    Path place = put(what, "head");
    StateDirectory state = StateDirectory.at(directory);
    assertThatExceptionOfType(NotRegularFileException.class)
        .isThrownBy(() -> state.read("head"))
        .withMessageContaining(place.toString())
        .withMessageContaining("move it away");
    assertThatExceptionOfType(NotRegularFileException.class)
        .isThrownBy(() -> DurableFile.open(place));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pipe", "link", "link to nothing"})
  void write_noPlainFile_replacesItAndNotWhatItLeadsTo(String what) throws Exception {
    Path place = put(what, "head");
    StateDirectory.at(directory).write("head", "ours".getBytes(UTF_8));
    assertThat(Files.isSymbolicLink(place)).isFalse();
    assertThat(place).hasContent("ours");
    assertThat(directory.resolve("other")).hasContent("of somebody else");
    assertThat(directory.resolve("nothing")).doesNotExist();
  }

  @Test
  void write_directory_isSaidAndLeavesNothing() throws Exception {
    Path place = put("directory", "head");
    assertThatExceptionOfType(NotRegularFileException.class)
        .isThrownBy(() -> StateDirectory.at(directory).write("head", new byte[1]))
        .withMessageContaining(place.toString());
    assertThat(place.resolve("x")).hasContent("x");
    assertThat(StateDirectory.at(directory).names()).containsExactlyInAnyOrder("head", "other");
  }

  @Test
  void read_tooLong_isRefused() throws IOException {
    Path file = Files.write(directory.resolve("f"), new byte[11]);
    assertThat(DurableFile.read(file, 11)).hasSize(11);
    assertThatExceptionOfType(FileSystemException.class)
        .isThrownBy(() -> DurableFile.read(file, 10))
        .withMessageContaining(file.toString());
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> DurableFile.read(directory.resolve("none"), 10));
  }

  @Test
  void open_plainFile_isWritten() throws IOException {
    Path file = Files.writeString(directory.resolve("f"), "abc");
    try (FileChannel channel = DurableFile.open(file)) {
      DurableFile.write(channel, "x".getBytes(UTF_8));
    }
    assertThat(file).hasContent("xbc");
  }

  @Test
  void list_pipe_isNoDirectory() throws Exception {
    Path place = put("pipe", "restores");
    assertThatExceptionOfType(NotDirectoryException.class)
        .isThrownBy(() -> Directories.list(place));
    assertThatExceptionOfType(NotDirectoryException.class)
        .isThrownBy(() -> Directories.requireListable(place));
    assertThatExceptionOfType(NotDirectoryException.class)
        .isThrownBy(() -> StateDirectory.at(place).names());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pipe", "directory", "link", "link to nothing"})
  void tryLock_noPlainFile_isSaidWithARemedy(String what) throws Exception {
    Path place = put(what, "lock");
    assertThatExceptionOfType(NotRegularFileException.class)
        .isThrownBy(() -> LocalStorage.at(directory).tryLock(true))
        .withMessageContaining(place.toString())
        .withMessageContaining("move it away");
  }
}
