package com.personalaichatbot.dr.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.BackupRepository;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code that README shows, run. */
class QuickStartTest {
  @TempDir
  Path directory;

  private Path data;
  private Path backups;
  private final char[] typed = "a passphrase that nobody guesses".toCharArray();

  @BeforeEach
  void makeData() throws IOException {
    data = Files.createDirectories(directory.resolve("data/conversations")).getParent();
    backups = directory.resolve("backups");
    Files.writeString(data.resolve("conversations/one.json"), "{\"messages\":[]}");
    Files.writeString(data.resolve(".env"), "API_KEY=secret");
  }

  @Test
  void quickStart_backsUpAndReadsBack() throws IOException {
    assertThat(protect(data, backups, typed)).isEqualTo(VerifyReport.Status.CLEAN);
  }

  // region quick start
  VerifyReport.Status protect(Path data, Path backups, char[] typed) throws IOException {
    List<Component> components = List.of(
        Component.directory("conversations", Kind.CONVERSATIONS, data.resolve("conversations")),
        Component.file("secrets", Kind.SECRETS, data.resolve(".env")));
    try (Secret passphrase = Secret.ofPassphrase(typed);
        BackupRepository repository =
            BackupRepository.builder(LocalStorage.at(backups)).openOrCreate(passphrase)) {
      repository.backUp(components, BackupOptions.of(Purpose.MANUAL));
      return repository.verify(VerifyOptions.readAll()).status();
    }
  }
  // endregion
}
