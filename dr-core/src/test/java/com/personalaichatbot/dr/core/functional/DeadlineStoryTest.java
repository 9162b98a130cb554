package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DeadlineStoryTest {
  @TempDir
  Path data;

  private BackupRepository repository() throws IOException {
    try (RootKey root = TestKeys.root()) {
      return BackupRepository.builder(new MemoryStorage()).create(root);
    }
  }

  private List<Component> components() {
    return List.of(
        Component.directory("chats", Kind.CONVERSATIONS, data.resolve("chats")),
        Component.file("env", Kind.SECRETS, data.resolve(".env")));
  }

  private void write(String text) throws IOException {
    Files.createDirectories(data.resolve("chats"));
    for (int i = 0; i < 20; i++) {
      Files.writeString(data.resolve("chats/" + i), text + i);
    }
    Files.writeString(data.resolve(".env"), text);
  }

  private static BackupOptions shutdown(Duration deadline) {
    return BackupOptions.of(Purpose.SHUTDOWN).withDeadline(deadline);
  }

  @Test
  void backUp_withEnoughTime_isComplete() throws IOException {
    write("first");
    try (BackupRepository repository = repository()) {
      BackupReport report = repository.backUp(components(), shutdown(Duration.ofMinutes(10)));
      assertThat(report.status()).isEqualTo(BackupStatus.COMPLETE);
      assertThat(report.files().created()).isEqualTo(21);
    }
  }

  @Test
  void backUp_withoutTime_carriesOverAndTheNextGoesOn() throws IOException {
    write("first");
    try (BackupRepository repository = repository()) {
      repository.backUp(components(), BackupOptions.of(Purpose.MANUAL));
      write("second, and longer than before ");

      BackupReport hasty = repository.backUp(components(), shutdown(Duration.ZERO));

      assertThat(hasty.status()).isNotEqualTo(BackupStatus.COMPLETE);
      assertThat(hasty.failures()).isNotEmpty();
      hasty.snapshot().ifPresent(snapshot -> {
        assertThat(snapshot.files()).isEqualTo(21);
        assertThat(snapshot.components())
            .extracting(ComponentState::status)
            .containsOnly(BackupStatus.INCOMPLETE);
      });
      BackupReport next = repository.backUp(components(), BackupOptions.of(Purpose.SCHEDULED));
      assertThat(next.status()).isEqualTo(BackupStatus.COMPLETE);
      assertThat(next.files().changed()).isEqualTo(21);
      assertThat(repository.verify(VerifyOptions.readAll()).isClean()).isTrue();
    }
  }

  @Test
  void backUp_withoutTimeAndParent_leavesOutWhatWasNotReached() throws IOException {
    write("first");
    try (BackupRepository repository = repository()) {
      BackupReport hasty = repository.backUp(components(), shutdown(Duration.ZERO));
      assertThat(hasty.status()).isNotEqualTo(BackupStatus.COMPLETE);
      assertThat(hasty.failures()).isNotEmpty();
    }
  }

  @Test
  @Timeout(60)
  void backUp_storageHangs_isGivenUp_andCloseDoesNotWait() throws Exception {
    write("first");
    MemoryStorage memory = new MemoryStorage();
    FaultyStorage storage = FaultyStorage.over(memory);
    CountDownLatch answer = new CountDownLatch(1);
    AtomicReference<Thread> stuck = new AtomicReference<>();
    try (RootKey root = TestKeys.root()) {
      BackupRepository repository = BackupRepository.builder(storage).create(root);
      Fault hanging = storage.fail(StorageCall.SYNC).once().meanwhile(() -> {
        stuck.set(Thread.currentThread());
        awaitUninterruptibly(answer);
      });

      BackupReport report = repository.backUp(components(), shutdown(Duration.ZERO));
      repository.close();

      assertThat(hanging.fired()).isTrue();
      assertThat(report.status()).isEqualTo(BackupStatus.FAILED);
      assertThat(report.failures())
          .singleElement()
          .satisfies(failure -> assertThat(failure.reason()).contains("no snapshot was made"));
      assertThat(memory.list("packs")).isEmpty();
      answer.countDown();
      stuck.get().join();
      assertThatIllegalStateException().isThrownBy(() -> memory.list("packs"));
      try (BackupRepository later =
          BackupRepository.builder(memory.crash(name -> true)).open(root)) {
        assertThat(later.snapshots()).isEmpty();
      }
    }
  }

  @Test
  @Timeout(60)
  void close_fromWithinABackupWithADeadline_isRefused() throws IOException {
    write("first");
    FaultyStorage storage = FaultyStorage.over(new MemoryStorage());
    try (RootKey root = TestKeys.root();
        BackupRepository repository = BackupRepository.builder(storage).create(root)) {
      Fault closing = storage
          .fail(StorageCall.SYNC)
          .once()
          .meanwhile(() -> assertThatIllegalStateException().isThrownBy(repository::close));

      BackupReport report = repository.backUp(components(), shutdown(Duration.ofMinutes(10)));

      assertThat(closing.fired()).isTrue();
      assertThat(report.status()).isEqualTo(BackupStatus.COMPLETE);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
