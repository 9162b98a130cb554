package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.component.Source;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Backs up data while it is written, and opens every restore with the library that wrote it. A
 * snapshot may be INCOMPLETE; one that is COMPLETE holds whole data, and none older than what was
 * there when the backup began.
 *
 * <p>{@code -Ddr.campaign=true} makes 50 backups of each kind, at 5 to 200 writes a second, and
 * leaves a table in {@code target/live-data.txt}.
 */
@EnabledOnOs(OS.LINUX)
class LiveDataTest {
  private static final boolean CAMPAIGN = Boolean.getBoolean("dr.campaign");
  private static final int BACKUPS = CAMPAIGN ? 50 : 3;
  private static final int[] FIVES_A_SECOND = CAMPAIGN ? new int[] {1, 4, 20, 40} : new int[] {20};

  @TempDir
  Path temp;

  private final AtomicLong written = new AtomicLong();
  private final List<String> wrong = new ArrayList<>();
  private int complete;
  private int listed;

  /** The application that writes. */
  private interface Application extends Closeable {
    void setRate(int fivesASecond) throws IOException;
  }

  static Stream<Arguments> kinds() {
    List<Arguments> kinds = new ArrayList<>();
    for (LiveData kind : LiveData.values()) {
      kinds.add(Arguments.of(kind, false));
      if (kind.isSeenInOtherProcesses() && (CAMPAIGN || kind == LiveData.SQLITE_WAL)) {
        kinds.add(Arguments.of(kind, true));
      }
    }
    return kinds.stream();
  }

  @ParameterizedTest(name = "{0}, another process: {1}")
  @MethodSource("kinds")
  @Timeout(900)
  void backUp_whileDataIsWritten_isWholeOrListed(LiveData kind, boolean otherProcess)
      throws Exception {
    Path data = Files.createDirectory(temp.resolve("data"));
    Component component =
        Component.of("data", Kind.STATE, Source.directory(data)).withAppendOnly(kind.appendOnly());
    try (Application application = otherProcess ? inAnother(kind, data) : inThis(kind, data)) {
      backUpOften(kind, component, application);
    }
    note(kind + (otherProcess ? ", another process" : ", this process"));
  }

  /** What the advice for an open database was: both files as live files, without a lock. */
  @Test
  @Timeout(900)
  void backUp_databaseAsLiveFilesWhileItIsWritten_isWholeOrListed() throws Exception {
    Path data = Files.createDirectory(temp.resolve("data"));
    try (Application application = inThis(LiveData.SQLITE_WAL, data);
        FileChannel database = open(data.resolve("chat.db"));
        FileChannel log = open(data.resolve("chat.db-wal"))) {
      Source source = Source.directory(data)
          .withLiveFile(data.resolve("chat.db"), LiveFile.of(database))
          .withLiveFile(data.resolve("chat.db-wal"), LiveFile.of(log));
      backUpOften(LiveData.SQLITE_WAL, Component.of("data", Kind.STATE, source), application);
    }
    note("SQLITE_WAL as live files, this process");
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  private Application inThis(LiveData kind, Path data) throws IOException {
    LiveDataProcess process = new LiveDataProcess(kind, data, written::set, 100);
    Thread thread = new Thread(process, "writer");
    thread.start();
    awaitWritten(20, thread);
    return new Application() {
      @Override
      public void setRate(int fives) {
        process.setRate(fives * 5);
      }

      @Override
      public void close() throws IOException {
        process.stop();
        try {
          thread.join();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        assertThat(process.failure()).isNull();
      }
    };
  }

  private Application inAnother(LiveData kind, Path data) throws IOException {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            LiveDataProcess.class.getName(),
            kind.name(),
            data.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    Thread thread = new Thread(
        () -> {
          try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(line -> written.set(Long.parseLong(line)));
          } catch (IOException e) {
            wrong.add("the writer cannot be heard: " + e);
          }
        },
        "reader");
    thread.start();
    awaitWritten(20, thread);
    OutputStream rates = process.getOutputStream();
    return new Application() {
      @Override
      public void setRate(int fives) throws IOException {
        rates.write(fives);
        rates.flush();
      }

      @Override
      public void close() throws IOException {
        rates.close();
        try {
          assertThat(process.waitFor()).isZero();
          thread.join();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    };
  }

  private void awaitWritten(long n, Thread writer) {
    while (written.get() < n && writer.isAlive()) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(written.get()).isGreaterThanOrEqualTo(n);
  }

  private void backUpOften(LiveData kind, Component component, Application application)
      throws Exception {
    try (RootKey root = TestKeys.root();
        BackupRepository repository =
            BackupRepository.builder(new MemoryStorage()).host("host").create(root)) {
      for (int i = 0; i < BACKUPS; i++) {
        application.setRate(FIVES_A_SECOND[i * FIVES_A_SECOND.length / BACKUPS]);
        awaitWritten(written.get() + 1, Thread.currentThread());
        backUp(kind, component, repository, i);
      }
    }
  }

  private void backUp(LiveData kind, Component component, BackupRepository repository, int number)
      throws Exception {
    long before = written.get();
    BackupReport report = repository.backUp(List.of(component), BackupOptions.of(Purpose.MANUAL));
    if (report.status() != BackupStatus.COMPLETE) {
      // SHRUNK where a temporary file that was half of all data is gone.
      assertThat(report.failures().isEmpty()).isEqualTo(report.status() == BackupStatus.SHRUNK);
      listed++;
      return;
    }
    complete++;
    Path target = temp.resolve("restored" + number);
    RestoreReport restored = repository.restore(
        repository.planRestore(
            RestoreRequest.to(Selector.of(report.snapshot().orElseThrow().id()), target)),
        List.of());
    if (restored.status() != RestoreReport.Status.COMPLETE) {
      wrong.add("backup " + number + " does not restore whole: " + restored.failures());
    }
    try {
      long newest =
          kind.check(Files.isDirectory(target.resolve("data")) ? target.resolve("data") : target);
      if (newest < before) {
        wrong.add("backup " + number + " holds version " + newest + ", not " + before);
      }
    } catch (Exception e) {
      wrong.add("backup " + number + ": " + e + "; " + report.files() + ", restored "
          + restored.files() + restored.notes());
    }
  }

  private void note(String kind) throws IOException {
    Files.writeString(
        Path.of("target", "live-data.txt"),
        String.format(
            "%-48s %3d backups %3d complete %3d listed %3d wrong%n",
            kind, BACKUPS, complete, listed, wrong.size()),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    assertThat(wrong).isEmpty();
  }
}
