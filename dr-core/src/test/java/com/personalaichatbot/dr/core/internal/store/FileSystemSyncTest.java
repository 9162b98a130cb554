package com.personalaichatbot.dr.core.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A few seconds of a disk's time at most; where the system has no such call, nothing is claimed.
 */
class FileSystemSyncTest {
  @TempDir
  Path temp;

  @Test
  void sync_directoryThatIsNotThere_isNoSuccess() throws IOException {
    assertThat(FileSystemSync.sync(temp.resolve("nowhere"))).isFalse();
  }

  @Test
  void sync_otherFileSystemOfJava_isNoSuccess() throws IOException {
    Path elsewhere = new FaultyFileSystem(FileSystems.getDefault()).path(temp);
    assertThat(FileSystemSync.sync(elsewhere)).isFalse();
  }

  @Test
  void sync_fileSystemThatPassesNothingOn_isNoSuccess() throws IOException {
    Path proc = Path.of("/proc");
    assumeTrue(Files.isDirectory(proc), "none exists here");
    assertThat(FileSystemSync.sync(proc)).isFalse();
  }

  @Test
  void command_anyEnvironment_passesNothingOfItOn() {
    assertThat(System.getenv()).isNotEmpty();
    assertThat(FileSystemSync.command(Path.of("/bin/sync"), temp).environment()).isEmpty();
  }

  @Test
  void sync_interrupted_endsAndKeepsTheInterrupt() throws IOException {
    assumeTrue(FileSystemSync.sync(temp), "no such call here");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> FileSystemSync.sync(temp)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
