package com.personalaichatbot.dr.core.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NestingTest {

  @TempDir
  Path temp;

  private Path source;

  @BeforeEach
  void createSource() throws Exception {
    source = Files.createDirectories(temp.resolve("source"));
    Files.createDirectories(source.resolve("inside/deep"));
    Files.createDirectories(temp.resolve("source-evil"));
  }

  @Test
  void contains_itselfAndWhatLiesBelow_isTrue() throws Exception {
    assertThat(Nesting.contains(source, source)).isTrue();
    assertThat(Nesting.contains(source, source.resolve("inside/deep"))).isTrue();
    assertThat(Nesting.contains(source, source.resolve("inside/../inside"))).isTrue();
  }

  @Test
  void contains_aboveOrBeside_isFalse() throws Exception {
    assertThat(Nesting.contains(source, temp)).isFalse();
    assertThat(Nesting.contains(source, temp.resolve("source-evil"))).isFalse();
    assertThat(Nesting.contains(source.resolve("inside"), source)).isFalse();
    assertThat(Nesting.contains(source, source.resolve("inside/../.."))).isFalse();
  }

  @Test
  void contains_whatDoesNotExistYet_isAnsweredByWhatDoes() throws Exception {
    assertThat(Nesting.contains(source, source.resolve("new/repo"))).isTrue();
    assertThat(Nesting.contains(source, source.resolve("new/../../out"))).isFalse();
    assertThat(Nesting.contains(source, temp.resolve("new/../source/repo"))).isTrue();
    assertThat(Nesting.contains(temp.resolve("new"), temp.resolve("new/repo"))).isTrue();
    assertThat(Nesting.contains(temp.resolve("new"), source)).isFalse();
  }

  @Test
  void contains_throughLinks_isTrue() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("link"), source.resolve("inside"));
    Path dangling = Files.createSymbolicLink(temp.resolve("dangling"), Path.of("source/not/yet"));
    Path twice = Files.createSymbolicLink(temp.resolve("twice"), Path.of("dangling"));

    assertThat(Nesting.contains(source, link)).isTrue();
    assertThat(Nesting.contains(source, link.resolve("new/repo"))).isTrue();
    assertThat(Nesting.contains(link, source.resolve("inside/deep"))).isTrue();
    assertThat(Nesting.contains(source, dangling)).isTrue();
    assertThat(Nesting.contains(source, dangling.resolve("repo"))).isTrue();
    assertThat(Nesting.contains(source, twice)).isTrue();
    assertThat(Nesting.contains(
            source, Files.createSymbolicLink(source.resolve("out"), temp.resolve("source-evil"))))
        .isFalse();
  }

  @Test
  void contains_linksInACircle_isAnError() throws Exception {
    Path circle = Files.createSymbolicLink(temp.resolve("circle"), Path.of("circle"));

    assertThatIOException()
        .isThrownBy(() -> Nesting.contains(source, circle))
        .withMessageContaining("links");
  }

  @Test
  void contains_relativePaths_areSeenFromTheWorkingDirectory() throws Exception {
    assertThat(Nesting.contains(Path.of(""), Path.of("not-there"))).isTrue();
    assertThat(Nesting.contains(Path.of("").toAbsolutePath(), Path.of("not-there")))
        .isTrue();
  }

  @Test
  void contains_lettersThatTheFileSystemTakesForTheSame_areTheSame() throws Exception {
    try (FileSystem mac = Jimfs.newFileSystem(Configuration.osX())) {
      Files.createDirectories(mac.getPath("/Users/Data"));

      assertThat(Nesting.contains(mac.getPath("/users/data"), mac.getPath("/USERS/DATA/repo")))
          .isTrue();
      assertThat(Nesting.contains(mac.getPath("/users/data"), mac.getPath("/users/data2")))
          .isFalse();
    }
  }

  @Test
  void contains_otherFileSystem_isFalse() throws Exception {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      assertThat(Nesting.contains(temp.getRoot(), memory.getPath("/work"))).isFalse();
    }
  }
}
