package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.Quiesce;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisasterRecoveryStoryTest {
  @TempDir
  Path place;

  private final List<String> calls = new ArrayList<>();

  private final Quiesce hooks = new Quiesce() {
    @Override
    public void quiesce() {
      calls.add("quiesce");
    }

    @Override
    public void resume() {
      calls.add("resume");
    }
  };

  private DisasterRecovery open() throws IOException {
    Path data = place.resolve("data");
    try (RootKey root = RootKey.of(new byte[32])) {
      BackupRepository repository = BackupRepository.builder(
              LocalStorage.at(place.resolve("backups")))
          .state(place.resolve("state"))
          .create(root);
      return DisasterRecovery.of(
          repository,
          List.of(
              Component.directory("chats", Kind.CONVERSATIONS, data.resolve("chats"))
                  .withQuiesce(hooks),
              Component.file("env", Kind.SECRETS, data.resolve(".env"))));
    }
  }

  @Test
  void corruptedData_isBroughtBackFromTheLatestGood_andCanBeUndone() throws IOException {
    Path chats = Files.createDirectories(place.resolve("data/chats"));
    Files.writeString(chats.resolve("a"), "hello");
    Files.writeString(chats.resolve("b"), "world");
    Files.writeString(place.resolve("data/.env"), "KEY=1");
    try (DisasterRecovery recovery = open()) {
      BackupReport backup = recovery.backUp(Purpose.SCHEDULED);
      assertThat(backup.status()).isEqualTo(BackupStatus.COMPLETE);
      assertThat(recovery.verify().isClean()).isTrue();

      Files.writeString(chats.resolve("a"), "garbage");
      Files.delete(chats.resolve("b"));
      RestorePlan plan = recovery.planRestore(Selector.LATEST_GOOD);
      assertThat(plan.files().replace()).isEqualTo(1);
      assertThat(plan.files().create()).isEqualTo(1);
      assertThat(chats.resolve("a")).hasContent("garbage");

      RestoreReport restored = recovery.restore(plan);
      assertThat(restored.status()).isEqualTo(RestoreReport.Status.COMPLETE);
      assertThat(restored.safety()).isPresent();
      assertThat(chats.resolve("a")).hasContent("hello");
      assertThat(chats.resolve("b")).hasContent("world");
      assertThat(calls).containsExactly("quiesce", "resume");

      recovery.repository().undo(recovery.components());
      assertThat(chats.resolve("a")).hasContent("garbage");
      assertThat(chats.resolve("b")).doesNotExist();
    }
  }

  @Test
  void backUpForShutdown_andOnExit_startAndEnd() throws IOException {
    Files.createDirectories(place.resolve("data/chats"));
    Files.writeString(place.resolve("data/.env"), "KEY=1");
    try (DisasterRecovery recovery = open()) {
      recovery.backUpOnExit(Duration.ofSeconds(1)).close();
      BackupReport report = recovery.backUpForShutdown(Duration.ofMinutes(1));
      assertThat(report.status()).isEqualTo(BackupStatus.COMPLETE);
      assertThat(report.snapshot().orElseThrow().purpose()).isEqualTo(Purpose.SHUTDOWN);
    }
  }
}
