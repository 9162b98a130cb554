package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.component.Source;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An application reads its own files while it is backed up. */
@EnabledOnOs(OS.LINUX)
class OpenFileStoryTest {
  @TempDir
  private Path temp;

  private Path file;

  @AutoClose
  private BackupRepository repository;

  @BeforeEach
  void prepare() throws IOException {
    Path source = Files.createDirectory(temp.resolve("source"));
    file = Files.writeString(source.resolve("conversation.json"), "hello");
    Files.writeString(source.resolve("live"), "x");
    try (RootKey root = TestKeys.root()) {
      repository = BackupRepository.builder(new MemoryStorage())
          .executor(Runnable::run, 1)
          .create(root);
    }
  }

  /** Backs up; one of the files calls back when it is read, beside the others. */
  private BackupReport backUp(LiveFile live) throws IOException {
    Path source = file.getParent();
    Source files = Source.at(source).withLiveFile(source.resolve("live"), live);
    return repository.backUp(
        List.of(Component.of("c", Kind.CONVERSATIONS, files)), BackupOptions.of(Purpose.MANUAL));
  }

  @Test
  void backUp_fileIsLetGoOfMeanwhile_isReadAfterAll() throws IOException {
    InputStream open = Files.newInputStream(file);
    boolean[] closed = new boolean[1];

    BackupReport report = backUp(new OneByte(() -> {
      open.close();
      closed[0] = true;
    }));

    assertThat(closed[0]).isTrue();
    assertThat(report.failures()).isEmpty();
    assertThat(report.status()).isEqualTo(BackupStatus.COMPLETE);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    repository.read(report.snapshot().orElseThrow().id(), "c/conversation.json", content);
    assertThat(content).hasToString("hello");
  }

  @Test
  void backUp_fileStaysOpen_isListedOnce() throws IOException {
    try (InputStream open = Files.newInputStream(file)) {
      BackupReport report = backUp(new OneByte(() -> assertThat(open).isNotNull()));

      assertThat(report.status()).isEqualTo(BackupStatus.INCOMPLETE);
      assertThat(report.failures())
          .extracting(PathProblem::reason)
          .singleElement()
          .asString()
          .startsWith("is open in this process");
    }
  }

  @Test
  void backUp_fileIsOpenedWhileItIsRead_isListedOnceUnlessItIsLetGoOf() throws IOException {
    InputStream[] open = new InputStream[1];
    BackupReport report = backUp(new OneByte(() -> open[0] = Files.newInputStream(file)));

    assertThat(open[0]).isNotNull();
    assertThat(report.status()).isEqualTo(BackupStatus.INCOMPLETE);
    assertThat(report.failures()).hasSize(1);

    open[0].close();
    assertThat(backUp(new OneByte(() -> {})).status()).isEqualTo(BackupStatus.COMPLETE);
  }

  @FunctionalInterface
  private interface Act {
    void run() throws IOException;
  }

  /** A live file of one byte that does something as it is read for the first time. */
  private static final class OneByte implements LiveFile {
    private final Act act;
    private boolean done;

    OneByte(Act act) {
      this.act = act;
    }

    @Override
    public long size() {
      return 1;
    }

    @Override
    public int read(ByteBuffer buffer, long position) throws IOException {
      if (!done) {
        done = true;
        act.run();
      }
      if (position > 0) {
        return -1;
      }
      buffer.put((byte) 'x');
      return 1;
    }
  }
}
