package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.component.Source;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs that grow: what is read of them, and what is not believed. */
class AppendedFileStoryTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final int LARGE = 6 << 20;

  /** What may be read beside the new bytes: the last piece or pieces of what was there. */
  private static final int OVERLAP = 2 << 20;

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final Random random = new Random(5);
  private final MemoryStorage storage = new MemoryStorage();

  /** So late that what has not changed counts as unchanged. */
  private final Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

  private FaultyFileSystem faulty;
  private Path data;
  private Path log;

  @AutoClose
  private BackupRepository repository;

  @BeforeEach
  void open() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    log = data.resolve("app.log");
    faulty = new FaultyFileSystem(temp.getFileSystem());
    repository = BackupRepository.builder(storage).host("host").clock(later).create(root);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private void append(int length) throws IOException {
    Files.write(log, bytes(length), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void overwrite(long position, int length) throws IOException {
    overwrite(position, bytes(length));
  }

  private void overwrite(long position, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), position);
    }
  }

  private void appendLine() throws IOException {
    Files.writeString(log, "a line\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Of a kind of which no samples are read. */
  private BackupReport backUpUndeclared() throws IOException {
    return repository.backUp(
        List.of(Component.directory("logs", Kind.SECRETS, faulty.path(data))), MANUAL);
  }

  private BackupReport backUp() throws IOException {
    return backUp(data);
  }

  private BackupReport backUp(Path directory) throws IOException {
    Component logs =
        Component.directory("logs", Kind.LOGS, directory).withAppendOnly(List.of("*.log"));
    return repository.backUp(List.of(logs), MANUAL);
  }

  private byte[] stored() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int newest = repository.snapshots().size() - 1;
    repository.read(repository.snapshots().get(newest).id(), "logs/app.log", out);
    return out.toByteArray();
  }

  private void assertStoredAsItIs() throws IOException {
    assertThat(stored()).isEqualTo(Files.readAllBytes(log));
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
  }

  @ParameterizedTest
  @ValueSource(ints = {3 << 20, LARGE})
  void backUp_declaredFileHasGrown_readsItsTail(int length) throws IOException {
    append(length);
    backUp();
    for (int appended : new int[] {1, 100_000, 3_000_000, 17}) {
      append(appended);
      BackupReport report = backUp();
      assertThat(report).isComplete();
      assertThat(report.bytesRead()).isBetween((long) appended, (long) appended + OVERLAP);
      assertThat(report.files().changed()).isEqualTo(1);
      assertStoredAsItIs();
    }
  }

  @Test
  void backUp_holesAtTheOldEnd_areStoredAsTheyAre() throws IOException {
    append(LARGE);
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[1]), LARGE + 700_000);
    }
    backUp();
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[1]), LARGE + 900_000);
    }
    append(50_000);
    BackupReport report = backUp();
    assertThat(report.bytesRead()).isLessThan(LARGE);
    assertStoredAsItIs();
  }

  @Test
  void backUp_changeJustBeforeAShortLastPiece_isSeen() throws IOException {
    append(LARGE);
    int end = LARGE + 100_000;
    overwrite(end - 10, 10);
    backUp();
    overwrite(end - 60_000, 1);
    append(1000);
    assertThat(backUp().bytesRead()).isGreaterThan(LARGE);
    assertStoredAsItIs();
  }

  @Test
  void backUp_fileThatIsNotDeclared_isReadFromItsBeginning() throws IOException {
    append(LARGE);
    Component logs = Component.directory("logs", Kind.LOGS, data);
    repository.backUp(List.of(logs), MANUAL);
    append(10);
    assertThat(repository.backUp(List.of(logs), MANUAL).bytesRead()).isEqualTo(LARGE + 10);
  }

  @Test
  void backUp_repositoryWasOpenedAnew_readsFromTheBeginning() throws IOException {
    append(LARGE);
    backUp();
    repository.close();
    repository =
        BackupRepository.builder(storage.crash()).host("host").clock(later).open(root);
    append(10);
    assertThat(backUp().bytesRead()).isEqualTo(LARGE + 10);
    append(10);
    assertThat(backUp().bytesRead()).isLessThan(OVERLAP);
    assertStoredAsItIs();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rotated", "truncated", "truncated and filled", "replaced", "rewritten", "end"})
  void backUp_fileIsNotWhatItWasAndMore_isReadFromItsBeginning(String what) throws IOException {
    append(LARGE);
    backUp();
    switch (what) {
      case "rotated" -> {
        Files.move(log, data.resolve("app.log.1"));
        append(LARGE + 500);
      }
      case "truncated" -> Files.write(log, bytes(LARGE - 1));
      case "truncated and filled" -> Files.write(log, bytes(LARGE + 1000));
      case "replaced" -> {
        Path other = Files.write(temp.resolve("other"), Files.readAllBytes(log));
        Files.move(other, log, StandardCopyOption.REPLACE_EXISTING);
        append(1000);
      }
      case "rewritten" -> overwrite(1000, 1000);
      default -> {
        overwrite(LARGE - 1, 1);
        append(1000);
      }
    }
    BackupReport report = backUp();
    assertThat(report).isComplete();
    assertThat(report.bytesRead()).isGreaterThanOrEqualTo(Files.size(log));
    assertStoredAsItIs();
    append(9);
    assertThat(backUp().bytesRead()).isLessThan(OVERLAP);
    assertStoredAsItIs();
  }

  /** What this object knows of the file is not what the snapshot before holds of it. */
  @Test
  void backUp_anotherProcessSawItRewrittenMeanwhile_isReadFromItsBeginning() throws IOException {
    append(LARGE);
    backUp();
    overwrite(1000, 1000);
    BackupRepository own = repository;
    try (BackupRepository other =
        BackupRepository.builder(storage).host("host").clock(later).open(root)) {
      repository = other;
      assertThat(backUp()).isComplete();
      repository = own;
      append(10);

      assertThat(backUp().bytesRead()).isEqualTo(LARGE + 10);

      assertStoredAsItIs();
    }
  }

  /** What the declaration costs when it is not true; the promise is made in docs/guarantees.md. */
  @Test
  void backUp_middleIsChangedAndFileGrows_isSeenAtTheSixteenthBackupAtTheLatest()
      throws IOException {
    append(LARGE);
    backUp();
    overwrite(1000, 1000);
    int unseen = 0;
    do {
      append(10);
      assertThat(backUp()).isComplete();
    } while (!Arrays.equals(stored(), Files.readAllBytes(log)) && ++unseen < 100);
    assertThat(unseen).isEqualTo(15);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
  }

  @Test
  void backUp_fileGrowsWhileItIsRead_isCompleteWithWhatItWasWhenItWasOpened() throws IOException {
    append(LARGE);
    byte[] before = Files.readAllBytes(log);
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    Fault written = files.fail(FileCall.READ).of(log.toString()).meanwhile(() -> append(100));
    BackupReport report = backUp(files.path(data));
    assertThat(written.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void backUp_undeclaredFileWithoutLinesGrowsWhileItIsRead_isListed() throws IOException {
    append(LARGE);
    overwrite(LARGE - 1, new byte[] {'}'});
    Fault written = faulty
        .fail(FileCall.READ)
        .of(log.toString())
        .meanwhile(() -> Files.write(log, new byte[] {'}'}, StandardOpenOption.APPEND));
    BackupReport report = backUpUndeclared();
    assertThat(written.fired()).isTrue();
    assertThat(report.status()).isEqualTo(BackupStatus.INCOMPLETE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 600_000, LARGE})
  void backUp_undeclaredLogGrowsWhileItIsRead_isCompleteWithWhatItWasWhenItWasOpened(int length)
      throws IOException {
    append(length);
    appendLine();
    byte[] before = Files.readAllBytes(log);
    Fault written = faulty.fail(FileCall.READ).of(log.toString()).meanwhile(this::appendLine);
    BackupReport report = backUpUndeclared();
    assertThat(written.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(stored()).isEqualTo(before);
    faulty.heal();
    assertThat(backUpUndeclared()).isComplete();
    assertStoredAsItIs();
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 600_000, LARGE})
  void backUp_undeclaredFileGrowsAndItsBeginningChanges_isListed(int length) throws IOException {
    append(length);
    appendLine();
    Fault written = faulty.fail(FileCall.READ).of(log.toString()).meanwhile(() -> {
      overwrite(100, 1);
      appendLine();
    });
    BackupReport report = backUpUndeclared();
    assertThat(written.fired()).isTrue();
    assertThat(report).isIncomplete().hasFailures("logs/app.log");
  }

  /** It was emptied, and is being rewritten. */
  @Test
  void backUp_undeclaredFileIsShorterThanBeforeAndGrows_isListed() throws IOException {
    append(LARGE);
    backUpUndeclared();
    Files.delete(log);
    append(LARGE - 100_000);
    appendLine();
    Fault written = faulty.fail(FileCall.READ).of(log.toString()).meanwhile(this::appendLine);
    BackupReport report = backUpUndeclared();
    assertThat(written.fired()).isTrue();
    assertThat(report).isIncomplete().hasFailures("logs/app.log");
  }

  @Test
  void backUp_logThatTheApplicationHoldsOpen_readsItsTailThroughTheHandle() throws IOException {
    append(LARGE);
    try (FileChannel own =
        FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Component logs = Component.of(
              "logs", Kind.LOGS, Source.directory(data).withLiveFile(log, LiveFile.of(own)))
          .withAppendOnly(List.of("app.log"));
      repository.backUp(List.of(logs), MANUAL);
      own.write(ByteBuffer.wrap(bytes(2000)), LARGE);
      BackupReport report = repository.backUp(List.of(logs), MANUAL);
      assertThat(report).isComplete();
      assertThat(report.bytesRead()).isLessThan(OVERLAP);
      assertStoredAsItIs();
    }
  }

  @Test
  void backUp_storedBeginningIsLost_isReadAndStoredAgain() throws IOException {
    append(LARGE);
    backUp();
    StoredFile largest = storage.list("packs").stream()
        .max(Comparator.comparingLong(StoredFile::length))
        .orElseThrow();
    Tampering.on(storage).flip(largest.name(), (int) largest.length() / 2);
    assertThat(repository.verify(VerifyOptions.readAll()).damages()).isNotEmpty();
    append(10);
    BackupReport report = backUp();
    assertThat(report).isComplete();
    assertThat(report.bytesRead()).isEqualTo(LARGE + 10);
    assertThat(stored()).isEqualTo(Files.readAllBytes(log));
  }

  @Test
  void withAppendOnly_patternThatNamesNothing_isRefused() {
    Component logs = Component.directory("logs", Kind.LOGS, data);
    assertThatThrownBy(() -> logs.withAppendOnly(List.of("/")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(logs.appendOnly()).isEmpty();
    assertThat(logs.withAppendOnly(List.of("*.log")).appendOnly()).containsExactly("*.log");
  }
}
