package com.personalaichatbot.dr.core.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file that is in the place of another between the check and its opening. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeldFileTest {
  @TempDir
  private Path temp;

  private Path file;
  private FileStat seen;

  @BeforeEach
  void write() throws IOException {
    assumeTrue(HeldDirectory.isOffered(temp), "nothing is held on this system: not tested");
    file = Files.writeString(temp.resolve("file"), "content");
    seen = FileStat.read(file);
  }

  private void exchangeForPipe() throws Exception {
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
  }

  @Test
  void open_pipeInThePlaceOfTheFile_isRefusedAtOnce() throws Exception {
    exchangeForPipe();
    assertThatThrownBy(() -> HeldFile.open(file, seen)).isInstanceOf(IOException.class);
  }

  @Test
  void openToRead_pipeInThePlaceOfTheFile_isRefusedAtOnce() throws Exception {
    exchangeForPipe();
    assertThatThrownBy(() ->
            OpenFiles.guarding(file).open(file, seen.identity(), OpenFiles.Way.TO_READ_AND_WRITE))
        .isInstanceOf(IOException.class);
  }

  @Test
  void open_anotherFileOrALinkInThePlaceOfTheFile_isRefused() throws IOException {
    Path other = Files.writeString(temp.resolve("other"), "other");
    Files.delete(file);
    Files.createSymbolicLink(file, other);
    assertThatThrownBy(() -> HeldFile.open(file, seen)).isInstanceOf(IOException.class);
    Files.delete(file);
    Files.createLink(file, other);
    assertThatThrownBy(() -> HeldFile.open(file, seen))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exchanged");
  }

  @Test
  void path_afterTheFileWasExchanged_leadsToTheFile() throws IOException {
    try (HeldFile held = HeldFile.open(file, seen)) {
      Files.move(file, temp.resolve("away"));
      Files.writeString(file, "evil");
      assertThat(Files.readString(held.path())).isEqualTo("content");
      assertThat(HeldFile.links(held.path())).isEmpty();
      assertThat(HeldFile.links(file)).isNotEmpty();
    }
  }
}
