package com.personalaichatbot.dr.core.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoriesTest {
  @TempDir
  private Path temp;

  private FaultyFileSystem files;
  private Path root;

  @BeforeEach
  void make() throws IOException {
    files = new FaultyFileSystem(temp.getFileSystem());
    root = files.path(temp);
    Files.createDirectories(temp.resolve("a/b"));
    Files.writeString(temp.resolve("a/b/two"), "2");
    Files.writeString(temp.resolve("a/one"), "1");
  }

  @Test
  void look_nothingThereOrBelowAFile_isEmpty() throws IOException {
    assertThat(Directories.look(root.resolve("none"))).isEmpty();
    assertThat(Directories.look(root.resolve("none/below"))).isEmpty();
    assertThat(Directories.look(root.resolve("a/one/below/it"))).isEmpty();
    assertThat(Directories.holds(root.resolve("a/one/below"))).isFalse();
  }

  @Test
  void look_cannotBeTold_isAnError() {
    Path file = root.resolve("a/one");
    files.fail(FileCall.ATTRIBUTES).of(file.toString());

    assertThatIOException().isThrownBy(() -> Directories.look(file));
    assertThatIOException().isThrownBy(() -> Directories.holds(file));
    assertThatIOException()
        .isThrownBy(() -> Directories.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    assertThatIOException().isThrownBy(() -> Directories.isDirectory(file));
  }

  @Test
  void filesBelow_allCanBeListed_isAllOfThemAndFollowsNoLink() throws IOException {
    Files.createSymbolicLink(temp.resolve("a/round"), temp);

    assertThat(Directories.filesBelow(root))
        .containsExactlyInAnyOrder(root.resolve("a/one"), root.resolve("a/b/two"));
  }

  @Test
  void filesBelow_oneDirectoryCannotBeListed_isAnError() {
    files.fail(FileCall.LIST).of(root.resolve("a/b").toString());

    assertThatIOException().isThrownBy(() -> Directories.filesBelow(root));
  }
}
