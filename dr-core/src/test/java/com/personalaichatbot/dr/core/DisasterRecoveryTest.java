package com.personalaichatbot.dr.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisasterRecoveryTest {

  /** The timer that calls it would end for good, and no change be backed up any more. */
  @Test
  void backUpChanged_whateverIsThrown_isNotThrownOn(@TempDir Path temp) throws IOException {
    Path env = Files.writeString(temp.resolve(".env"), "KEY=value");
    List<Component> changed = List.of(Component.file("env", Kind.SECRETS, env));
    FaultyStorage storage = FaultyStorage.over(new MemoryStorage());
    try (RootKey root = TestKeys.root();
        DisasterRecovery recovery =
            DisasterRecovery.of(BackupRepository.builder(storage).create(root), changed)) {
      recovery.backUpChanged(() -> {
        throw new StackOverflowError();
      });
      Fault fault = storage.fail(StorageCall.CREATE).once().meanwhile(() -> {
        throw new OutOfMemoryError("planted");
      });
      recovery.backUpChanged(() -> changed);
      assertThat(fault.fired()).isTrue();
      assertThat(recovery.repository().snapshots()).isEmpty();

      recovery.backUpChanged(() -> changed);

      assertThat(recovery.repository().snapshots()).hasSize(1);
    }
  }
}
