package com.personalaichatbot.dr.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code that README shows, run. */
class QuickStartTest {
  private static final char[] TYPED = "a passphrase that nobody guesses".toCharArray();

  @TempDir
  Path directory;

  @Test
  void quickStart_upgradeThatFails_leavesTheDataAsItWas() throws Exception {
    Path data = Files.createDirectories(directory.resolve("data"));
    Path conversation = Files.createDirectories(data.resolve("conversations")).resolve("one.json");
    Path secrets = data.resolve(".env");
    Files.writeString(conversation, "{\"messages\":[]}");
    Files.writeString(secrets, "API_KEY=secret");

    upgrade(data, directory.resolve("backups"), TYPED, () -> {
      Files.writeString(conversation, "broken");
      Files.delete(secrets);
      return false;
    });

    assertThat(conversation).hasContent("{\"messages\":[]}");
    assertThat(secrets).hasContent("API_KEY=secret");
  }

  private static void upgrade(Path data, Path backups, char[] typed, Callable<Boolean> upgrade)
      throws Exception {
    // region quick start
    List<Component> components = List.of(
        Component.directory("conversations", Kind.CONVERSATIONS, data.resolve("conversations")),
        Component.file("secrets", Kind.SECRETS, data.resolve(".env")));
    try (Secret passphrase = Secret.ofPassphrase(typed);
        DisasterRecovery recovery = DisasterRecovery.of(
            BackupRepository.builder(LocalStorage.at(backups)).openOrCreate(passphrase),
            components)) {
      recovery.backUp(Purpose.PRE_CHANGE);
      recovery.verify();
      if (!upgrade.call()) {
        recovery.restore(recovery.planRestore(Selector.LATEST_GOOD));
      }
    }
    // endregion
  }
}
