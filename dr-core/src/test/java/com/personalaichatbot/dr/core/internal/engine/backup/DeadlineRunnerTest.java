package com.personalaichatbot.dr.core.internal.engine.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.engine.restore.HandmadeSnapshots;
import com.personalaichatbot.dr.core.internal.session.ResourceRelease;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.OperationCancelledException;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Run and waiter never disagree. Where they part the deadline is zero, and a latch lets the run go
 * on only where the test has it.
 */
@Timeout(60)
class DeadlineRunnerTest {
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final CountDownLatch answer = new CountDownLatch(1);
  private final ResourceRelease use = new ResourceRelease(() -> {});
  private final DeadlineRunner limited = new DeadlineRunner(Duration.ZERO, use);
  private final DeadlineRunner patient = new DeadlineRunner(Duration.ofMinutes(1), use);
  private HandmadeSnapshots repository;
  private BackupRun run;

  @BeforeEach
  void prepare() throws Exception {
    repository = new HandmadeSnapshots();
    Path data = Files.createDirectory(files.getPath("/data"));
    Files.writeString(data.resolve("a"), "text");
    run = new BackupRun(
        repository.session,
        List.of(Component.directory("data", Kind.CUSTOM, data)),
        BackupOptions.of(Purpose.SHUTDOWN));
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
    files.close();
  }

  @Test
  void backUp_notYetCommitting_isGivenUpForCertain() throws Exception {
    Thread[] late = new Thread[1];
    Throwable[] end = new Throwable[1];

    BackupReport report = limited.backUp(run, () -> {
      late[0] = Thread.currentThread();
      answer.await();
      try {
        return run.run();
      } catch (OperationCancelledException e) {
        end[0] = e;
        throw e;
      }
    });

    assertThat(report.status()).isEqualTo(BackupStatus.FAILED);
    assertThat(report.failures().get(0).reason()).contains("no snapshot was made");
    answer.countDown();
    late[0].join();
    assertThat(end[0]).hasMessageContaining("deadline");
    assertThat(repository.session.catalog().read().snapshots()).isEmpty();
  }

  @Test
  void backUp_committedButNotAnswered_isReportedAsUnknown() throws Exception {
    run.run();

    BackupReport report = limited.backUp(run, () -> {
      answer.await();
      return null;
    });
    answer.countDown();

    assertThat(report.status()).isEqualTo(BackupStatus.FAILED);
    assertThat(report.failures().get(0).reason()).contains("asked to commit");
    assertThat(repository.session.catalog().read().snapshots()).hasSize(1);
  }

  @Test
  void backUp_done_isReportedAsItIs() throws Exception {
    BackupReport done = run.run();

    assertThat(patient.backUp(run, () -> done)).isSameAs(done);
  }

  @Test
  void backUp_fails_throwsWhatItFailedWith() {
    IllegalStateException failure = new IllegalStateException("closed");

    assertThatThrownBy(() -> patient.backUp(run, () -> {
          throw failure;
        }))
        .isSameAs(failure);
  }
}
