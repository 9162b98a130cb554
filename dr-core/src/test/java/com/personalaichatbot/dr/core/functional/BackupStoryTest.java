package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupStoryTest {
  @TempDir
  Path data;

  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  private static RootKey root() {
    return RootKey.of(new byte[32]);
  }

  private List<Component> components() {
    return List.of(Component.directory("conversations", Kind.CONVERSATIONS, data));
  }

  private void conversations(int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      String text =
          "{\"id\":" + i + ",\"messages\":[\"hello number " + i * 7919 + "\",\"how are you?\"]}";
      Files.writeString(data.resolve("conversation-" + i + ".json"), text);
    }
  }

  @Test
  void backUp_twice_storesOnlyWhatChanged() throws IOException {
    conversations(0, 500);
    byte[] large = new byte[3_000_000];
    new Random(1).nextBytes(large);
    java.util.Arrays.fill(large, 1_000_000, 1_300_000, (byte) 0);
    Files.write(data.resolve("large.bin"), large);
    Files.createDirectories(data.resolve("archived/deep"));
    Files.writeString(data.resolve("archived/deep/x"), "x");
    try (RootKey root = root();
        BackupRepository repository =
            BackupRepository.builder(new MemoryStorage()).create(root)) {
      BackupReport first = repository.backUp(components(), MANUAL);
      assertThat(first.status()).isEqualTo(BackupStatus.COMPLETE);
      assertThat(first.files().created()).isEqualTo(502);
      assertThat(first.snapshot().orElseThrow().files()).isEqualTo(502);

      conversations(500, 503);
      Files.delete(data.resolve("conversation-0.json"));
      BackupReport second = repository.backUp(components(), MANUAL);
      assertThat(second.files().created()).isEqualTo(3);
      assertThat(second.files().removed()).isEqualTo(1);
      assertThat(second.files().changed()).isZero();
      assertThat(second.bytesStored()).isLessThan(first.bytesStored() / 50);

      VerifyReport verify = repository.verify(VerifyOptions.readAll());
      assertThat(verify.damages()).isEmpty();
      assertThat(verify.notes()).isEmpty();
      assertThat(verify.status()).isEqualTo(VerifyReport.Status.CLEAN);
      assertThat(repository.snapshots()).hasSize(2).allMatch(s -> s.trust() == Trust.VERIFIED);
    }
  }
}
