package com.personalaichatbot.dr.core.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.component.Source;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadBatchTest {

  private static final String ADVICE = "Source.withLiveFile";

  @TempDir
  Path temp;

  private final RecordedProblems problems = new RecordedProblems();
  private Path source;

  @BeforeEach
  void createSource() throws IOException {
    source = Files.createDirectory(temp.resolve("source")).toRealPath();
  }

  private SourceScan scan(Source from) {
    return new SourceScan(Component.of("data", Kind.STATE, from), ScanRules.NONE, problems);
  }

  private SourceScan scan() {
    return scan(Source.at(source));
  }

  private static List<ScannedEntry> files(SourceScan scan) throws IOException {
    return scan.list(scan.root()).entries();
  }

  private static String readAll(Reading reading) throws IOException {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[5];
    for (int read = reading.read(buffer, 1, 3); read > 0; read = reading.read(buffer, 1, 3)) {
      text.append(new String(buffer, 1, read, StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }

  @Test
  void read_fileThatKeepsStill_isClean() throws Exception {
    Files.writeString(source.resolve("a"), "0123456789");
    Files.createFile(source.resolve("empty"));
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));
      Reading empty = batch.open(batch.files().get(1));

      assertThat(readAll(reading)).isEqualTo("0123456789");
      assertThat(reading.finish()).isEqualTo(Outcome.CLEAN);
      assertThat(reading.attributes()).isEqualTo(batch.files().get(0).attributes());
      assertThat(readAll(empty)).isEmpty();
      assertThat(empty.finish()).isEqualTo(Outcome.CLEAN);
      assertThat(batch.end()).isEmpty();
    }
  }

  @Test
  void read_bufferLargerThanTheFile_fillsWhatThereIs() throws Exception {
    Files.writeString(source.resolve("a"), "0123");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));

      assertThat(reading.read(new byte[100], 0, 100)).isEqualTo(4);
      assertThat(reading.read(new byte[100], 0, 100)).isZero();
      assertThat(reading.finish()).isEqualTo(Outcome.CLEAN);
    }
  }

  @Test
  void finish_notAllWasRead_isChanged() throws Exception {
    Files.writeString(source.resolve("a"), "0123");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));
      reading.read(new byte[2], 0, 2);

      assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
    }
  }

  @Test
  void read_fileThatGrows_endsWhereItWas_andHasGrown() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "0123456789");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));
      reading.read(new byte[5], 0, 5);
      Files.writeString(file, "more", StandardOpenOption.APPEND);

      assertThat(readAll(reading)).isEqualTo("56789");
      assertThat(reading.finish()).isEqualTo(Outcome.GROWN);
    }
  }

  @Test
  void read_fileThatIsCut_isChanged() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "0123456789");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));
      Files.writeString(file, "01");

      assertThat(readAll(reading)).isEqualTo("01");
      assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void finish_editOfTheSameLengthWithItsTimePutBack_isChanged() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "0123");
    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));
      readAll(reading);
      awaitNextTick(file);
      Files.writeString(file, "XXXX");
      Files.setLastModifiedTime(file, FileTime.fromMillis(0));

      assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
    }
  }

  /**
   * The kernel stamps files by a clock of some milliseconds; lets it move on past a file's last
   * change.
   */
  private void awaitNextTick(Path file) throws IOException {
    Object before = Files.getAttribute(file, "unix:ctime");
    Path probe = temp.resolve("probe");
    do {
      Files.deleteIfExists(probe);
      Files.createFile(probe);
    } while (Files.getAttribute(probe, "unix:ctime").equals(before));
  }

  @Test
  void finish_fileDeletedMeanwhile_isVanished() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "0123");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));
      Files.delete(file);

      assertThat(readAll(reading)).isEqualTo("0123");
      assertThat(reading.finish()).isEqualTo(Outcome.VANISHED);
    }
  }

  @Test
  void open_fileAlreadyGone_readsEmptyAndIsVanished() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "0123");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Files.delete(file);
      Reading reading = batch.open(batch.files().get(0));

      assertThat(readAll(reading)).isEmpty();
      assertThat(reading.finish()).isEqualTo(Outcome.VANISHED);
    }
  }

  @Test
  void open_replacedByALink_isChanged_andTheTargetIsNotRead() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "0123");
    Path secret = Files.writeString(temp.resolve("secret"), "s3cr3t");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Files.delete(file);
      Files.createSymbolicLink(file, secret);
      Reading reading = batch.open(batch.files().get(0));

      assertThat(readAll(reading)).isEmpty();
      assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
    }
  }

  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  @EnabledOnOs(OS.LINUX)
  void open_replacedByANamedPipe_isChanged_andDoesNotBlock() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "0123");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Files.delete(file);
      assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
          .isZero();
      Reading reading = batch.open(batch.files().get(0));

      assertThat(readAll(reading)).isEmpty();
      assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
      assertThat(scan.refresh(batch.files().get(0))).isEmpty();
      assertThat(problems.skipped).containsEntry("data/a", "is a named pipe");
    }
  }

  /** How chatbots save: write beside, move over. */
  @Test
  void open_replacedByAnotherFile_readsThatOne() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "old");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Files.move(
          Files.writeString(temp.resolve("new"), "newer"),
          file,
          StandardCopyOption.REPLACE_EXISTING);
      Reading reading = batch.open(batch.files().get(0));

      assertThat(readAll(reading)).isEqualTo("newer");
      assertThat(reading.finish()).isEqualTo(Outcome.CLEAN);
      assertThat(reading.attributes()).isEqualTo(FileStat.read(file).attributes());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void open_replacedByAFileThatTheApplicationHasOpen_isChanged_andTheLockStays() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "old");
    Path live = Files.writeString(temp.resolve("new"), "newer");
    try (FileChannel application = FileChannel.open(live, StandardOpenOption.WRITE);
        SourceScan scan = scan()) {
      application.lock();
      try (ReadBatch batch = scan.begin(files(scan))) {
        Files.move(live, file, StandardCopyOption.REPLACE_EXISTING);
        Reading reading = batch.open(batch.files().get(0));

        assertThat(readAll(reading)).isEmpty();
        assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
      }
      assertThat(ProcessLocks.isLocked(file)).isTrue();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void finish_renamedAwayWhileItWasRead_isWhole() throws Exception {
    Path file = Files.writeString(source.resolve("app.log"), "all of it");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));
      reading.read(new byte[3], 0, 3);
      Files.move(file, source.resolve("app.log.1"));
      Files.writeString(file, "the next");

      assertThat(readAll(reading)).isEqualTo(" of it");
      assertThat(reading.finish()).isEqualTo(Outcome.RENAMED);
      assertThat(reading.attributes())
          .isEqualTo(FileStat.read(source.resolve("app.log.1")).attributes());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void finish_renamedAwayAndWrittenToThere_isChanged() throws Exception {
    Path file = Files.writeString(source.resolve("app.log"), "all of it");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));
      Files.move(file, source.resolve("app.log.1"));
      Files.writeString(source.resolve("app.log.1"), "+", StandardOpenOption.APPEND);
      Files.writeString(file, "the next");

      assertThat(readAll(reading)).isEqualTo("all of it");
      assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
    }
  }

  /** Between the last look at the path and its opening there is always a moment. */
  @Test
  void open_replacedAtTheLastMoment_isChanged_andALinkIsNotFollowed() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "0123");
    Path secret = Files.writeString(temp.resolve("secret"), "s3cr3t");
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    try (SourceScan scan = scan(Source.at(files.path(source)));
        ReadBatch batch = scan.begin(files(scan))) {
      ScannedEntry entry = batch.files().get(0);
      Fault link = files.fail(FileCall.OPEN).once().meanwhile(() -> {
        Files.delete(file);
        Files.createSymbolicLink(file, secret);
      });
      Reading reading = batch.open(entry);

      assertThat(link.fired()).isTrue();
      assertThat(readAll(reading)).isEmpty();
      assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
    }
  }

  @Test
  void open_otherFileMovedOverItAtTheLastMoment_isChanged() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "0123");
    Path other = Files.writeString(temp.resolve("other"), "4567");
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    try (SourceScan scan = scan(Source.at(files.path(source)));
        ReadBatch batch = scan.begin(files(scan))) {
      Fault move = files
          .fail(FileCall.OPEN)
          .once()
          .meanwhile(() -> Files.move(other, file, StandardCopyOption.REPLACE_EXISTING));
      Reading reading = batch.open(batch.files().get(0));

      assertThat(move.fired()).isTrue();
      assertThat(readAll(reading)).isEqualTo("4567");
      assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
    }
  }

  @Test
  void open_deletedAtTheLastMoment_isVanished() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "0123");
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    try (SourceScan scan = scan(Source.at(files.path(source)));
        ReadBatch batch = scan.begin(files(scan))) {
      Fault deletion = files.fail(FileCall.OPEN).once().meanwhile(() -> Files.delete(file));
      Reading reading = batch.open(batch.files().get(0));

      assertThat(deletion.fired()).isTrue();
      assertThat(readAll(reading)).isEmpty();
      assertThat(reading.finish()).isEqualTo(Outcome.VANISHED);
    }
  }

  @Test
  void open_fileThatMayNotBeRead_isThrown() throws Exception {
    Files.writeString(source.resolve("a"), "0123");
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    Fault denied = files.fail(FileCall.OPEN).with(() -> new AccessDeniedException("a"));
    try (SourceScan scan = scan(Source.at(files.path(source)));
        ReadBatch batch = scan.begin(files(scan))) {
      ScannedEntry entry = batch.files().get(0);

      assertThatIOException()
          .isThrownBy(() -> batch.open(entry))
          .isInstanceOf(AccessDeniedException.class);
      assertThat(denied.fired()).isTrue();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void read_fileWithContentAndNoLength_isReadToItsEnd() throws Exception {
    try (SourceScan scan = scan(Source.at(Path.of("/proc/self/limits")))) {
      ScannedEntry limits = scan.root();
      try (ReadBatch batch = scan.begin(List.of(limits))) {
        Reading reading = batch.open(limits);

        assertThat(limits.attributes().size()).isZero();
        assertThat(readAll(reading)).isEqualTo(Files.readString(limits.path()));
        assertThat(reading.finish()).isEqualTo(Outcome.UNMEASURED);
      }
    }
  }

  @Test
  void read_emptyFileThatBecomesVeryLong_endsAtABound_andIsChanged() throws Exception {
    Path file = Files.createFile(source.resolve("a"));
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    try (SourceScan scan = scan(Source.at(files.path(source)));
        ReadBatch batch = scan.begin(files(scan))) {
      Fault grows = files
          .fail(FileCall.OPEN)
          .once()
          .meanwhile(() -> Files.write(file, new byte[FileReading.UNMEASURED_BYTES + 10]));
      Reading reading = batch.open(batch.files().get(0));
      byte[] buffer = new byte[FileReading.UNMEASURED_BYTES + 10];

      assertThat(grows.fired()).isTrue();
      assertThat(reading.read(buffer, 0, buffer.length)).isEqualTo(FileReading.UNMEASURED_BYTES);
      assertThat(reading.read(buffer, 0, buffer.length)).isZero();
      assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
    }
  }

  @Test
  void open_fileOfNoneOrOfAnEndedBatch_isRefused() throws Exception {
    Files.writeString(source.resolve("a"), "1");
    Files.writeString(source.resolve("b"), "2");
    try (SourceScan scan = scan()) {
      List<ScannedEntry> files = files(scan);
      ReadBatch batch = scan.begin(files.subList(0, 1));

      assertThatIllegalArgumentException().isThrownBy(() -> batch.open(files.get(1)));
      batch.close();
      batch.close();
      assertThatIllegalStateException().isThrownBy(() -> batch.open(files.get(0)));
      if (OS.LINUX.isCurrentOs()) {
        assertThat(ProcessLocks.descriptors(source.resolve("a"))).isZero();
      }
    }
  }

  @Test
  void read_interruptedThread_readsOnAndStaysInterrupted() throws Exception {
    Files.writeString(source.resolve("a"), "0123");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));
      Thread.currentThread().interrupt();
      try {
        assertThat(readAll(reading)).isEqualTo("0123");
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void read_deviceError_isThrown() throws Exception {
    try (SourceScan scan = scan(Source.at(Path.of("/proc/self/mem")))) {
      ScannedEntry memory = scan.root();
      try (ReadBatch batch = scan.begin(List.of(memory))) {
        Reading reading = batch.open(memory);

        assertThatIOException()
            .isThrownBy(() -> reading.read(new byte[10], 0, 10))
            .withMessageContaining("Input/output error");
      }
    }
  }

  // ------------------------------------------------------------------ the application's locks

  /** The reason for all of it: if this ever fails, the guard is not needed. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void close_otherDescriptorOfALockedFile_dropsTheLock() throws Exception {
    Path file = Files.writeString(source.resolve("live.db"), "data");
    Path link = Files.createLink(source.resolve("hard-link"), file);
    for (Path name : List.of(file, link)) {
      try (FileChannel application = FileChannel.open(file, StandardOpenOption.WRITE)) {
        application.lock();
        assertThat(ProcessLocks.isLocked(file)).isTrue();

        Files.newInputStream(name, LinkOption.NOFOLLOW_LINKS).close();

        assertThat(ProcessLocks.isLocked(file)).isFalse();
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void batch_withABlindGuard_dropsTheLock() throws Exception {
    Path file = Files.writeString(source.resolve("live.db"), "data");
    try (FileChannel application = FileChannel.open(file, StandardOpenOption.WRITE);
        SourceScan scan = scan()) {
      application.lock();
      assertThat(ProcessLocks.isLocked(file)).isTrue();
      OpenFiles blind = new OpenFiles(known -> Map.of(), false);
      try (ReadBatch batch = new ReadBatch(files(scan), blind, problems)) {
        readAll(batch.open(batch.files().get(0)));
      }

      assertThat(ProcessLocks.isLocked(file)).isFalse();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void batch_fileThatTheApplicationHasOpen_isListedWithAdvice_andTheLockStays() throws Exception {
    Path file = Files.writeString(source.resolve("live.db"), "data");
    Files.createLink(source.resolve("hard-link"), file);
    Files.writeString(source.resolve("other"), "other");
    try (FileChannel application = FileChannel.open(file, StandardOpenOption.WRITE)) {
      application.lock();
      SourceScan scan = scan();
      try (ReadBatch batch = scan.begin(files(scan))) {
        for (ScannedEntry entry : batch.files()) {
          assertThat(readAll(batch.open(entry))).isEqualTo("other");
        }
        assertThat(batch.files()).hasSize(1);
      }
      scan.close();

      assertThat(ProcessLocks.isLocked(file)).isTrue();
    }
    assertThat(problems.failed).containsOnlyKeys("data/hard-link", "data/live.db");
    assertThat(problems.failed.values()).allMatch(reason -> reason.contains(ADVICE));
  }

  @ParameterizedTest
  @CsvSource({
    "chat.db,VACUUM INTO",
    "chat.db-wal,VACUUM INTO",
    "chat.mv.db,BACKUP TO",
    "write.lock,withExcludes",
    "app.log,withAppendOnly",
    "app.log.1,withAppendOnly",
    "chat.jsonl,withAppendOnly",
    "state.bin,write nothing during backups"
  })
  @EnabledOnOs(OS.LINUX)
  void batch_openFile_isListedWithWhatIsSafeForItsKind(String name, String advice)
      throws Exception {
    Files.writeString(source.resolve(name.replace("-wal", "")), "data");
    Path file = Files.writeString(source.resolve(name), "data");
    try (FileChannel application = FileChannel.open(file);
        SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      assertThat(application.isOpen()).isTrue();
      assertThat(batch.files()).extracting(ScannedEntry::path).doesNotContain(file);
    }
    assertThat(problems.failed.get("data/" + name))
        .startsWith("is open in this process")
        .contains(advice);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void isMapped_fileThatThisProcessHasMapped_onlyIfItCanWriteIt() throws Exception {
    Path written = Files.writeString(source.resolve("a\nb"), "data");
    Path read = Files.writeString(source.resolve("read"), "data");
    Files.writeString(source.resolve("other"), "data");
    try (SourceScan scan = scan()) {
      ByteBuffer memory = map(written, FileChannel.MapMode.READ_WRITE);
      ByteBuffer readOnly = map(read, FileChannel.MapMode.READ_ONLY);
      List<ScannedEntry> files = files(scan);
      try (ReadBatch batch = scan.begin(files)) {
        for (ScannedEntry file : files) {
          boolean expected = file.path().equals(written);
          assertThat(batch.isMapped(file.attributes())).isEqualTo(expected);
          assertThat(scan.isMapped(file)).isEqualTo(expected);
        }
      }
      assertThat(memory.get(0)).isEqualTo(readOnly.get(0));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void isMapped_fileThatWasMappedAMomentBeforeItIsOpened_alsoInABatchThatTakesLong()
      throws Exception {
    Path file = Files.writeString(source.resolve("a"), "data");
    try (SourceScan scan = scan();
        ReadBatch batch = scan.begin(files(scan))) {
      ByteBuffer memory = map(file, FileChannel.MapMode.READ_WRITE);
      memory.put(0, (byte) 'D');
      Thread.sleep(1_100);

      Reading reading = batch.open(batch.files().get(0));

      assertThat(batch.isMapped(reading.attributes())).isTrue();
      assertThat(memory.get(0)).isEqualTo((byte) 'D');
    }
  }

  private static ByteBuffer map(Path file, FileChannel.MapMode mode) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(mode, 0, channel.size());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void batch_fileThatTheApplicationOpensMeanwhile_keepsOurDescriptorUntilItsIsGone()
      throws Exception {
    Path file = Files.writeString(source.resolve("live.db"), "data");
    Files.writeString(source.resolve("other"), "other");
    SourceScan scan = scan();
    List<ScannedEntry> files = files(scan);
    ReadBatch batch = scan.begin(files);
    for (ScannedEntry entry : files) {
      readAll(batch.open(entry));
    }
    try (FileChannel application = FileChannel.open(file, StandardOpenOption.WRITE)) {
      application.lock();

      assertThat(batch.end()).containsExactly(files.get(0));

      assertThat(ProcessLocks.isLocked(file)).isTrue();
      assertThat(ProcessLocks.descriptors(file)).isEqualTo(2);
      assertThat(ProcessLocks.descriptors(source.resolve("other"))).isZero();
      scan.begin(List.of()).close();
      scan.close();
      assertThat(ProcessLocks.isLocked(file)).isTrue();
      assertThat(ProcessLocks.descriptors(file)).isEqualTo(2);
    }
    assertThat(ProcessLocks.descriptors(file)).isEqualTo(1);
    scan.begin(List.of()).close();
    assertThat(ProcessLocks.descriptors(file)).isZero();
    assertThat(problems.failed).containsOnlyKeys("data/live.db");
    assertThat(problems.failed.get("data/live.db"))
        .contains("while it was read")
        .contains(ADVICE);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void batch_twoScansOfOneFile_doNotTakeEachOtherForTheApplication() throws Exception {
    Path file = Files.writeString(source.resolve("a"), "data");
    Files.createLink(source.resolve("b"), file);
    try (SourceScan one = scan();
        SourceScan other = scan()) {
      ReadBatch first = one.begin(files(one));
      first.open(first.files().get(0));
      first.open(first.files().get(1));
      first.open(first.files().get(1));
      ReadBatch second = other.begin(files(other));
      assertThat(second.files()).hasSize(2);
      second.open(second.files().get(0));

      assertThat(first.end()).isEmpty();
      assertThat(ProcessLocks.descriptors(file)).isEqualTo(1);
      assertThat(second.end()).isEmpty();
      assertThat(ProcessLocks.descriptors(file)).isZero();
    }
    assertThat(problems.failed).isEmpty();
  }

  // ------------------------------------------------------------------ live files

  @Test
  @EnabledOnOs(OS.LINUX)
  void open_liveFile_isReadThroughTheApplicationsHandle_alsoByAnotherName() throws Exception {
    Path file = Files.writeString(source.resolve("live.db"), "0123456789");
    Files.createLink(source.resolve("hard-link"), file);
    Path alias = Files.createSymbolicLink(temp.resolve("alias"), source);
    try (FileChannel application =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      application.lock();
      Source live =
          Source.at(source).withLiveFile(alias.resolve("live.db"), LiveFile.of(application));
      try (SourceScan scan = scan(live);
          ReadBatch batch = scan.begin(files(scan))) {
        assertThat(batch.files()).hasSize(2).allMatch(ScannedEntry::isLive);
        for (ScannedEntry entry : batch.files()) {
          Reading reading = batch.open(entry);
          assertThat(readAll(reading)).isEqualTo("0123456789");
          assertThat(reading.finish()).isEqualTo(Outcome.CLEAN);
          assertThat(reading.attributes()).isEqualTo(entry.attributes());
        }
      }
      assertThat(ProcessLocks.isLocked(file)).isTrue();
      assertThat(application.isOpen()).isTrue();
    }
    assertThat(problems.failed).isEmpty();
  }

  /** A log that was rolled: the application has lent the channel of the old one. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void open_liveFileWhoseChannelIsOfARenamedFile_isRefused() throws Exception {
    Path file = Files.writeString(source.resolve("app.log"), "old");
    try (FileChannel old = FileChannel.open(file)) {
      Files.move(file, source.resolve("app.log.1"));
      Files.writeString(file, "new");
      try (FileChannel other = FileChannel.open(file);
          SourceScan scan = scan(Source.at(source).withLiveFile(file, LiveFile.of(old)));
          ReadBatch batch = scan.begin(files(scan).subList(0, 1))) {
        assertThat(other.size()).isEqualTo(old.size());
        ScannedEntry entry = batch.files().get(0);
        assertThat(entry.isLive()).isTrue();

        assertThatIOException()
            .isThrownBy(() -> batch.open(entry))
            .withMessageContaining("is open on another file");
      }
    }
  }

  @Test
  void finish_liveFileThatIsWrittenMeanwhile_isChanged() throws Exception {
    Path file = Files.writeString(source.resolve("live.db"), "0123456789");
    try (FileChannel application =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        SourceScan scan = scan(Source.at(source).withLiveFile(file, LiveFile.of(application)));
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));
      readAll(reading);
      awaitNextTick(file);
      application.write(ByteBuffer.wrap(new byte[] {'X'}), 3);

      assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
    }
  }

  @Test
  void finish_liveFileThatIsAppendedTo_hasGrown() throws Exception {
    Path file = Files.writeString(source.resolve("app.log"), "0123456789");
    try (FileChannel application =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        SourceScan scan = scan(Source.at(source).withLiveFile(file, LiveFile.of(application)));
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));
      application.write(ByteBuffer.wrap(new byte[] {'X'}), 10);

      assertThat(readAll(reading)).isEqualTo("0123456789");
      assertThat(reading.finish()).isEqualTo(Outcome.GROWN);
    }
  }

  @Test
  void finish_liveFileOfAnotherLengthThanItsPath_isChanged() throws Exception {
    Path file = Files.writeString(source.resolve("live.db"), "0123456789");
    try (SourceScan scan = scan(Source.at(source).withLiveFile(file, new FixedLiveFile(6, 6)));
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));
      readAll(reading);

      assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
    }
  }

  @Test
  void open_liveFileThatShrinks_isChanged_andHasTheLengthItSaid() throws Exception {
    Files.writeString(source.resolve("live.db"), "0123456789");
    LiveFile shrinking = new FixedLiveFile(6, 4);
    try (SourceScan scan =
            scan(Source.at(source).withLiveFile(source.resolve("live.db"), shrinking));
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));

      assertThat(readAll(reading)).isEqualTo("xxxx");
      assertThat(reading.finish()).isEqualTo(Outcome.CHANGED);
      assertThat(reading.attributes().size()).isEqualTo(6);
    }
  }

  @Test
  void read_liveFileThatFails_isAnIoException() throws Exception {
    Files.writeString(source.resolve("live.db"), "0123456789");
    LiveFile failing = new LiveFile() {
      @Override
      public long size() {
        return 1;
      }

      @Override
      public int read(ByteBuffer buffer, long position) {
        throw new IllegalStateException("closed by the application");
      }
    };
    try (SourceScan scan =
            scan(Source.at(source).withLiveFile(source.resolve("live.db"), failing));
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));

      assertThatIOException()
          .isThrownBy(() -> readAll(reading))
          .withMessageContaining("closed by the application");
    }
  }

  @Test
  void read_liveFileThatGivesNothing_isAnIoException() throws Exception {
    Files.writeString(source.resolve("live.db"), "0123456789");
    LiveFile idle = new LiveFile() {
      @Override
      public long size() {
        return 1;
      }

      @Override
      public int read(ByteBuffer buffer, long position) {
        return 0;
      }
    };
    try (SourceScan scan = scan(Source.at(source).withLiveFile(source.resolve("live.db"), idle));
        ReadBatch batch = scan.begin(files(scan))) {
      Reading reading = batch.open(batch.files().get(0));

      assertThatIOException()
          .isThrownBy(() -> readAll(reading))
          .withMessageContaining("read 0 bytes");
    }
  }

  @Test
  void root_liveFileOutsideTheComponent_isListed_andAMissingOneIsNot() throws Exception {
    Path outside = Files.writeString(temp.resolve("outside.db"), "x");
    Source live = Source.at(source)
        .withLiveFile(outside, new FixedLiveFile(1, 1))
        .withLiveFile(source.resolve("missing.db"), new FixedLiveFile(1, 1));
    try (SourceScan scan = scan(live)) {
      scan.root();
    }

    assertThat(problems.failed).containsOnlyKeys(outside.toString());
  }

  /** Says one length and has another. */
  private record FixedLiveFile(long size, long has) implements LiveFile {
    @Override
    public int read(ByteBuffer buffer, long position) {
      if (position >= has) {
        return -1;
      }
      buffer.put((byte) 'x');
      return 1;
    }
  }
}
