package com.personalaichatbot.dr.core.internal.engine.restore.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.internal.engine.restore.HandmadeSnapshots;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A restore in place leaves alone what a program is working on. */
@EnabledOnOs(OS.LINUX)
class FilesInUseTest {
  @TempDir
  Path temp;

  @AutoClose
  private HandmadeSnapshots made;

  private Path file;
  private RestoreRequest request;

  @BeforeEach
  void open() throws IOException {
    made = new HandmadeSnapshots();
    file = Files.writeString(Files.createDirectory(temp.resolve("data")).resolve("file"), "live");
    SnapshotId snapshot = made.commit(
        made.directory("data", made.file("file", "stored"), made.file("other", "stored")));
    request = RestoreRequest.inPlace(Selector.of(snapshot)).withPlace("data", temp.resolve("data"));
  }

  @Test
  void restore_fileOpenForWritingElsewhere_isRefused() throws Exception {
    Process writer = new ProcessBuilder(
            "sh", "-c", "exec 9>>\"$1\"; echo open; read line", "sh", file.toString())
        .start();
    try {
      assertThat(writer.getInputStream().read()).isEqualTo('o');
      assertThatThrownBy(() -> made.restore(request))
          .isInstanceOf(RepositoryLockedException.class)
          .hasMessageContaining("data/file")
          .hasMessageContaining("process " + writer.pid());
      assertThat(file).hasContent("live");
      assertThat(temp.resolve("data/other")).doesNotExist();
      assertThat(temp.resolve("data/.dr-restore")).doesNotExist();
    } finally {
      writer.getOutputStream().close();
      writer.waitFor();
    }
    assertThat(made.restore(request).failures()).isEmpty();
    assertThat(file).hasContent("stored");
  }

  @Test
  void restore_fileOpenInThisProcess_isAFailureAndKeepsItsLock() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertThat(channel.tryLock()).isNotNull();
      int locks = locks();
      RestoreReport report = made.restore(request);
      assertThat(report.failures()).singleElement().matches(f -> f.path().equals("data/file"));
      assertThat(locks()).isEqualTo(locks);
      assertThat(file).hasContent("live");
      assertThat(temp.resolve("data/other")).hasContent("stored");
    }
  }

  private static int locks() throws IOException {
    long own = ProcessHandle.current().pid();
    return (int) Files.readAllLines(Path.of("/proc/locks")).stream()
        .filter(line -> line.contains(" " + own + " "))
        .count();
  }
}
