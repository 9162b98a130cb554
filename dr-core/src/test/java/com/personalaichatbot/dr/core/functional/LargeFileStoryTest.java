package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are cut by one thread and stored by others. */
class LargeFileStoryTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final int LARGE = 4 << 20;

  @TempDir
  Path data;

  private final RootKey root = RootKey.of(new byte[32]);

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private BackupReport backUp(Storage storage, Path source) throws IOException {
    try (BackupRepository repository = BackupRepository.builder(storage).create(root)) {
      return backUp(repository, source);
    }
  }

  private static BackupReport backUp(BackupRepository repository, Path source) throws IOException {
    return repository.backUp(List.of(Component.at("state", Kind.STATE, source)), MANUAL);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void backUp_largeFiles_areReadBackAsTheyWere(int threads) throws Exception {
    byte[] many = random(3 * LARGE + 17);
    byte[] holes = random(2 * LARGE);
    Arrays.fill(holes, 0, 200_000, (byte) 0);
    Arrays.fill(holes, 3_000_000, 7_000_000, (byte) 0);
    Arrays.fill(holes, holes.length - 100_000, holes.length, (byte) 0);
    byte[] limit = random(LARGE);
    Files.write(data.resolve("many"), many);
    Files.write(data.resolve("holes"), holes);
    Files.write(data.resolve("limit"), limit);
    Files.write(data.resolve("zeros"), new byte[2 * LARGE]);

    MemoryStorage storage = new MemoryStorage();
    // So late that the files do not count as just written, which may be read twice.
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    BackupRepository.Builder builder = BackupRepository.builder(storage).clock(later);
    if (threads == 0) {
      builder.executor(Runnable::run, 1);
    }
    try (BackupRepository repository = builder.create(root)) {
      BackupReport report = backUp(repository, data);
      assertThat(report.status()).isEqualTo(BackupStatus.COMPLETE);
      assertThat(report.files().created()).isEqualTo(4);
      assertThat(report.bytesRead()).isEqualTo(8L * LARGE + 17);
      assertThat(repository.verify(VerifyOptions.readAll()).status())
          .isEqualTo(VerifyReport.Status.CLEAN);
    }
    assertThat(Readback.of(storage.crash(), root))
        .isEqualTo(Map.of(
            "1:state/many", sha256(many),
            "1:state/holes", sha256(holes),
            "1:state/limit", sha256(limit),
            "1:state/zeros", sha256(new byte[2 * LARGE])));
  }

  @Test
  void backUp_largeFileIsTheComponent_isReadBackAsItWas() throws Exception {
    byte[] bytes = random(LARGE + 1);
    Path file = Files.write(data.resolve("messages.db"), bytes);

    MemoryStorage storage = new MemoryStorage();
    assertThat(backUp(storage, file).status()).isEqualTo(BackupStatus.COMPLETE);

    assertThat(Readback.of(storage.crash(), root))
        .containsExactly(Map.entry("1:state", sha256(bytes)));
  }

  @Test
  void backUp_largeFileChangesWhileItIsCut_isReadAgain() throws Exception {
    Path file = Files.write(data.resolve("large"), random(2 * LARGE));
    byte[] after = random(2 * LARGE + 5);
    FaultyFileSystem files = new FaultyFileSystem(data.getFileSystem());
    Fault changed = files
        .fail(FileCall.READ)
        .of(file.toString())
        .after(1)
        .once()
        .meanwhile(() -> Files.write(file, after));

    MemoryStorage storage = new MemoryStorage();
    BackupReport report = backUp(storage, files.path(data));

    assertThat(changed.fired()).isTrue();
    assertThat(report.status()).isEqualTo(BackupStatus.COMPLETE);
    assertThat(Readback.of(storage.crash(), root))
        .containsExactly(Map.entry("1:state/large", sha256(after)));
  }

  @Test
  void backUp_largeFileBecomesSmallWhileItIsCut_isReadAgain() throws Exception {
    Path file = Files.write(data.resolve("large"), random(2 * LARGE));
    FaultyFileSystem files = new FaultyFileSystem(data.getFileSystem());
    Fault changed = files
        .fail(FileCall.READ)
        .of(file.toString())
        .after(1)
        .once()
        .meanwhile(() -> Files.write(file, random(10)));

    MemoryStorage storage = new MemoryStorage();
    BackupReport report = backUp(storage, files.path(data));

    assertThat(changed.fired()).isTrue();
    assertThat(report.status()).isEqualTo(BackupStatus.COMPLETE);
    assertThat(Readback.of(storage.crash(), root))
        .containsExactly(Map.entry("1:state/large", sha256(random(10))));
  }

  @Test
  void backUp_largeFileCannotBeReadToItsEnd_isListedAndTheRestIsKept() throws Exception {
    Path file = Files.write(data.resolve("large"), random(2 * LARGE));
    byte[] small = random(10);
    Files.write(data.resolve("small"), small);
    FaultyFileSystem files = new FaultyFileSystem(data.getFileSystem());
    Fault unreadable = files.fail(FileCall.READ).of(file.toString()).after(1);

    MemoryStorage storage = new MemoryStorage();
    BackupReport report = backUp(storage, files.path(data));

    assertThat(unreadable.fired()).isTrue();
    assertThat(report.status()).isEqualTo(BackupStatus.INCOMPLETE);
    assertThat(report.failures()).extracting(f -> f.path()).containsExactly("state/large");
    assertThat(Readback.of(storage.crash(), root))
        .containsExactly(Map.entry("1:state/small", sha256(small)));
  }

  @Test
  void backUp_storageFailsWhilePiecesAreStored_failsWithoutSnapshot() throws IOException {
    Files.write(data.resolve("large"), random(5 * LARGE));
    FaultyStorage storage = FaultyStorage.over(new MemoryStorage());
    try (BackupRepository repository = BackupRepository.builder(storage).create(root)) {
      Fault full = storage.fail(StorageCall.COMMIT).of("packs");

      assertThatThrownBy(() -> backUp(repository, data)).isInstanceOf(IOException.class);

      assertThat(full.fired()).isTrue();
      assertThat(repository.snapshots()).isEmpty();
    }
  }
}
