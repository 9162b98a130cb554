package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A database and its journals are in a snapshot as they were at one moment, or are listed. */
class DatabaseStoryTest {
  private static final int LARGE = 5 << 20;

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private Path data;
  private FaultyFileSystem files;

  @AutoClose
  private BackupRepository repository;

  @BeforeEach
  void open() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    files = new FaultyFileSystem(temp.getFileSystem());
    // So late that what has not changed counts as unchanged.
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    repository =
        BackupRepository.builder(new MemoryStorage()).host("host").clock(later).create(root);
  }

  /** A database of the state that is named. */
  private byte[] database(int length, String state) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 7);
    byte[] magic = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(magic, 0, bytes, 0, magic.length);
    System.arraycopy(new byte[] {16, 0, 1, 1, 0, 64, 32, 32}, 0, bytes, 16, 8);
    byte[] text = state.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(text, 0, bytes, bytes.length - text.length, text.length);
    return bytes;
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(data.resolve(name), bytes);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(data.resolve(name), text);
  }

  /** Of the kind that is not sampled for a dictionary, so that its files are read once. */
  private BackupReport backUp() throws IOException {
    return repository.backUp(
        List.of(Component.directory("state", Kind.SECRETS, files.path(data))),
        BackupOptions.of(Purpose.MANUAL));
  }

  private byte[] stored(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int newest = repository.snapshots().size() - 1;
    repository.read(repository.snapshots().get(newest).id(), "state/" + name, out);
    return out.toByteArray();
  }

  private List<String> storedNames() throws IOException {
    int newest = repository.snapshots().size() - 1;
    List<String> names = new ArrayList<>();
    repository.list(
        repository.snapshots().get(newest).id(), "state", entry -> names.add(entry.path()));
    names.remove("state");
    return names;
  }

  private Fault meanwhile(String name, Fault.Action change) {
    return files
        .fail(FileCall.READ)
        .of(files.path(data.resolve(name)).toString())
        .once()
        .meanwhile(change);
  }

  @Test
  void backUp_databaseWithJournalsAtRest_holdsThemButNoSharedMemory() throws IOException {
    write("chat.db", database(9000, "one"));
    write("chat.db-wal", "frames");
    write("chat.db-shm", "shared");
    write("other-shm", "no database's");
    BackupReport report = backUp();
    assertThat(report).isComplete();
    assertThat(report.skipped()).extracting(PathProblem::path).containsExactly("state/chat.db-shm");
    assertThat(storedNames())
        .containsExactlyInAnyOrder("state/chat.db", "state/chat.db-wal", "state/other-shm");
  }

  @ParameterizedTest
  @ValueSource(ints = {9000, LARGE})
  void backUp_checkpointBetweenDatabaseAndJournal_holdsBothAsTheyAreAfterIt(int length)
      throws IOException {
    write("chat.db", database(length, "one"));
    write("chat.db-wal", "frames of two");
    Fault checkpoint = meanwhile("chat.db-wal", () -> {
      write("chat.db", database(length, "two"));
      write("chat.db-wal", "none");
    });
    BackupReport report = backUp();
    assertThat(checkpoint.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(stored("chat.db")).isEqualTo(database(length, "two"));
    assertThat(stored("chat.db-wal")).asString().isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource({"9000,-journal", "9000,-wal", "5242880,-journal"})
  void backUp_journalAppearsAfterTheListing_isInTheSnapshot(int length, String journal)
      throws IOException {
    write("chat.db", database(length, "half of two"));
    write("zzz", "read last");
    Fault begun = meanwhile("chat.db", () -> write("chat.db" + journal, "what one was"));
    BackupReport report = backUp();
    assertThat(begun.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(stored("chat.db")).isEqualTo(database(length, "half of two"));
    assertThat(stored("chat.db" + journal)).asString().isEqualTo("what one was");
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat.db", "zzz"})
  void backUp_journalGoesWhileTheDatabaseIsReadOrLater_isNotInTheSnapshot(String read)
      throws IOException {
    write("zzz", "read last");
    write("chat.db", database(9000, "one"));
    write("chat.db-journal", "what one was");
    Fault committed = meanwhile(read, () -> Files.delete(data.resolve("chat.db-journal")));
    BackupReport report = backUp();
    assertThat(committed.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(storedNames()).containsExactlyInAnyOrder("state/chat.db", "state/zzz");
  }

  @Test
  void backUp_unchangedDatabaseIsCheckpointedWhileItsJournalIsRead_isReadAfterAll()
      throws IOException {
    write("chat.db", database(9000, "one"));
    write("chat.db-wal", "frames of two");
    backUp();
    assertThat(backUp().bytesRead()).isZero();
    write("chat.db-wal", "frames of two and three");
    Fault checkpoint = meanwhile("chat.db-wal", () -> write("chat.db", database(9000, "three")));
    BackupReport report = backUp();
    assertThat(checkpoint.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(stored("chat.db")).isEqualTo(database(9000, "three"));
  }

  @Test
  void backUp_databaseThatIsNeverAtRest_isListed() throws IOException {
    write("chat.db", database(9000, "0"));
    write("chat.db-wal", "frames");
    int[] writes = {0};
    Fault checkpoint = files
        .fail(FileCall.READ)
        .of(files.path(data.resolve("chat.db-wal")).toString())
        .meanwhile(() -> write("chat.db", database(9000, "" + ++writes[0])));
    Fault write = files
        .fail(FileCall.READ)
        .of(files.path(data.resolve("chat.db")).toString())
        .meanwhile(() -> write("chat.db-wal", "frames " + ++writes[0]));
    BackupReport report = backUp();
    assertThat(checkpoint.fired()).isTrue();
    assertThat(write.fired()).isTrue();
    assertThat(report.status()).isEqualTo(BackupStatus.INCOMPLETE);
    assertThat(report.failures()).extracting(PathProblem::path).containsExactly("state/chat.db");
    assertThat(report.failures().get(0).reason()).contains("never at rest");
  }

  @Test
  void backUp_excludedJournal_listsTheDatabaseWhileItIsNotEmpty() throws IOException {
    write("chat.db", database(9000, "one"));
    write("chat.db-wal", "frames");
    List<Component> parts =
        List.of(Component.directory("state", Kind.STATE, data).withExcludes(List.of("*-wal")));
    BackupOptions manual = BackupOptions.of(Purpose.MANUAL);
    for (int i = 0; i < 2; i++) {
      BackupReport report = repository.backUp(parts, manual);
      assertThat(report.failures()).extracting(PathProblem::path).containsExactly("state/chat.db");
      assertThat(report.failures().get(0).reason()).contains("chat.db-wal").contains("excludes");
    }
    write("chat.db-wal", "");
    assertThat(repository.backUp(parts, manual)).isComplete();
  }

  @Test
  void backUp_databaseAloneIsTheComponent_isListedWhileAJournalStandsBesideIt() throws IOException {
    write("chat.db", database(9000, "one"));
    write("chat.db-wal", "");
    List<Component> alone = List.of(Component.file("chat", Kind.STATE, data.resolve("chat.db")));
    BackupOptions manual = BackupOptions.of(Purpose.MANUAL);
    assertThat(repository.backUp(alone, manual)).isComplete();
    write("chat.db-wal", "frames");
    BackupReport report = repository.backUp(alone, manual);
    assertThat(report.status()).isEqualTo(BackupStatus.INCOMPLETE);
    assertThat(report.failures().get(0).reason()).contains("the journal beside it");
  }
}
