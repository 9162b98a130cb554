package com.personalaichatbot.dr.core.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyFileSystemTest {

  @TempDir
  private Path temp;

  private FaultyFileSystem files;
  private Path root;

  @BeforeEach
  void wrap() {
    files = new FaultyFileSystem(temp.getFileSystem());
    root = files.path(temp);
  }

  @Test
  void noFault_filesAreThoseBelow() throws IOException {
    Path file = Files.createDirectory(root.resolve("a")).resolve("b");
    Files.writeString(file, "text");
    Files.createLink(root.resolve("link"), file);
    Files.createSymbolicLink(root.resolve("symlink"), files.getPath("a", "b"));
    Files.move(root.resolve("link"), root.resolve("moved"));

    assertThat(temp.resolve("a/b")).content(UTF_8).isEqualTo("text");
    assertThat(Files.readString(root.resolve("moved"))).isEqualTo("text");
    assertThat(Files.readSymbolicLink(root.resolve("symlink"))).hasToString("a/b");
    assertThat(root.relativize(file)).hasToString("a/b");
    assertThat(file.toRealPath()).isEqualTo(file);
    try (Stream<Path> walk = Files.walk(root)) {
      assertThat(walk).allMatch(path -> path.getFileSystem() == files).hasSize(5);
    }
    assertThat(files.calls(FileCall.MOVE)).isEqualTo(1);
  }

  @Test
  void fail_read_strikesThatFileOnly() throws IOException {
    Files.writeString(root.resolve("good"), "text");
    Files.writeString(root.resolve("bad"), "text");
    Fault unreadable = files.fail(FileCall.READ).of(temp.resolve("bad").toString());

    assertThat(Files.readString(root.resolve("good"))).isEqualTo("text");
    assertThatIOException().isThrownBy(() -> Files.readString(root.resolve("bad")));

    assertThat(unreadable.fired()).isTrue();
  }

  @Test
  void fail_forceOnce_strikesOnceAndTheFileCanBeClosed() throws IOException {
    Fault unforced = files.fail(FileCall.FORCE).once();
    try (FileChannel channel =
        FileChannel.open(root.resolve("a"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThatIOException().isThrownBy(() -> channel.force(true));
      channel.force(true);
    }

    assertThat(unforced.count()).isEqualTo(1);
  }
}
