package com.personalaichatbot.dr.core.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Root reads the directory of another user, who puts links and pipes in the places of what was
 * listed. Needs root on Linux.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExchangedSourceTest {
  private static final int OWNER = 54_321;

  @TempDir
  private Path temp;

  private final RecordedProblems problems = new RecordedProblems();
  private Path source;
  private Path outside;
  private SourceScan scan;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(
        Files.isDirectory(Path.of("/proc/self/fdinfo"))
            && Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
        "only root on Linux reads the directories of others: not tested");
    source = Files.createDirectory(temp.toRealPath().resolve("source"));
    outside = Files.createDirectory(temp.resolve("outside"));
    Files.createDirectory(source.resolve("dir"));
    Files.writeString(source.resolve("dir/file"), "inside");
    Files.writeString(outside.resolve("file"), "secret");
    Files.createSymbolicLink(outside.resolve("link"), Path.of("secret"));
    for (Path path : List.of(source, source.resolve("dir"), source.resolve("dir/file"))) {
      Files.setAttribute(path, "unix:uid", OWNER);
    }
    scan = new SourceScan(
        Component.of("data", Kind.STATE, Source.at(source)), ScanRules.NONE, problems);
  }

  private void exchange() throws IOException {
    Files.move(source.resolve("dir"), source.resolve("moved"));
    Files.createSymbolicLink(source.resolve("dir"), outside);
  }

  private static String readAll(Reading reading) throws IOException {
    byte[] buffer = new byte[100];
    int read = reading.read(buffer, 0, 100);
    return new String(buffer, 0, read, StandardCharsets.US_ASCII);
  }

  @Test
  void open_directoryExchangedForLink_isRefused() throws Exception {
    ScannedEntry directory = scan.list(scan.root()).entries().get(0);
    List<ScannedEntry> files = scan.list(directory).entries();
    exchange();
    try (ReadBatch batch = scan.begin(files)) {
      assertThatIOException()
          .isThrownBy(() -> batch.open(files.get(0)))
          .withMessageContaining("symbolic link");
    }
  }

  @Test
  void open_directoryExchangedAfterFirstFile_staysInWhatIsHeld() throws Exception {
    ScannedEntry directory = scan.list(scan.root()).entries().get(0);
    List<ScannedEntry> files = scan.list(directory).entries();
    try (ReadBatch batch = scan.begin(files)) {
      batch.open(files.get(0));
      exchange();
      assertThat(readAll(batch.open(files.get(0)))).isEqualTo("inside");
    }
  }

  @Test
  void look_directoryExchangedForLink_tellsNothingOfWhatIsOutside() throws Exception {
    ScannedEntry directory = scan.list(scan.root()).entries().get(0);
    ScannedEntry file = scan.list(directory).entries().get(0);
    exchange();

    assertThatIOException().isThrownBy(() -> scan.refresh(file));
    assertThatIOException()
        .isThrownBy(() -> scan.find(directory, "link".getBytes(StandardCharsets.US_ASCII)));
    Listing listing = scan.list(directory);
    assertThat(listing.entries()).isEmpty();
    assertThat(listing.complete()).isFalse();
  }

  @Test
  void open_pipeComesAndGoes_doesNotWait() throws Exception {
    ScannedEntry directory = scan.list(scan.root()).entries().get(0);
    Path file = source.resolve("dir/file");
    Path pipe = source.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path kept = Files.createLink(source.resolve("kept"), file);
    AtomicBoolean over = new AtomicBoolean();
    Thread flips = new Thread(() -> flip(file, List.of(pipe, kept), over), "test-flips");
    flips.setDaemon(true);
    flips.start();
    int read = 0;
    try {
      for (int i = 0; i < 3_000; i++) {
        List<ScannedEntry> files = scan.list(directory).entries();
        if (files.isEmpty()) {
          continue;
        }
        try (ReadBatch batch = scan.begin(files)) {
          String text = readAll(batch.open(files.get(0)));
          assertThat(text).isIn("", "inside");
          read += text.isEmpty() ? 0 : 1;
        } catch (IOException e) {
          // The pipe is refused.
        }
      }
    } finally {
      over.set(true);
      flips.join();
    }
    assertThat(read).isPositive();
  }

  private static void flip(Path file, List<Path> those, AtomicBoolean over) {
    Path next = file.resolveSibling("../next");
    try {
      for (int i = 0; !over.get(); i++) {
        Files.createLink(next, those.get(i % 2));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(next); // Two names of one file are not renamed.
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
