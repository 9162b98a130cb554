package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are in the midst of a change when they are met: whole, as before, or listed. */
class RestlessFileStoryTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  @AutoClose
  private BackupRepository repository;

  private FaultyFileSystem files;
  private Path data;

  @BeforeEach
  void open() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(data.resolve(name), "text of " + name);
    }
    Files.writeString(Files.createDirectory(data.resolve("sub")).resolve("d"), "text of d");
    files = new FaultyFileSystem(temp.getFileSystem());
    repository = BackupRepository.builder(new MemoryStorage())
        .executor(Runnable::run, 1)
        .host("host")
        .create(root);
  }

  /** Of a kind of which no samples are read. */
  private BackupReport backUp() throws IOException {
    return repository.backUp(
        List.of(Component.directory("data", Kind.SECRETS, files.path(data))), MANUAL);
  }

  private String text(BackupReport report, String path) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    repository.read(report.snapshot().orElseThrow().id(), path, bytes);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private Fault whenRead(String name, Fault.Action action) {
    return files.fail(FileCall.READ).of(data.resolve(name).toString()).meanwhile(action);
  }

  @Test
  void backUp_fileThatIsEmptyUntilTheOthersAreRead_holdsWhatIsWritten() throws IOException {
    Files.writeString(data.resolve("b"), "");
    Fault written = whenRead("c", () -> Files.writeString(data.resolve("b"), "new text of b"))
        .once();
    BackupReport report = backUp();
    assertThat(written.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(text(report, "data/b")).isEqualTo("new text of b");
  }

  @Test
  void backUp_fileThatIsHalfWhenItIsRead_holdsAllOfIt() throws IOException {
    Files.writeString(data.resolve("b"), "new ");
    Fault written = whenRead(
            "c", () -> Files.writeString(data.resolve("b"), "text of b", StandardOpenOption.APPEND))
        .once();
    BackupReport report = backUp();
    assertThat(written.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(text(report, "data/b")).isEqualTo("new text of b");
  }

  @Test
  void backUp_fileThatMovesWheneverItIsLookedAt_isListed() throws IOException {
    int[] writes = {0};
    Fault moves = files
        .fail(FileCall.ATTRIBUTES)
        .of(data.resolve("b").toString())
        .meanwhile(() -> Files.writeString(data.resolve("b"), "text " + ++writes[0]));
    BackupReport report = backUp();
    assertThat(moves.count()).isGreaterThan(3);
    assertThat(report).isIncomplete().hasFailures("data/b");
  }

  @Test
  void backUp_fileThatIsAwayForAMoment_isInTheSnapshot() throws IOException {
    backUp();
    Files.delete(data.resolve("b"));
    Files.writeString(data.resolve("c"), "another text of c");
    Fault back = whenRead("c", () -> Files.writeString(data.resolve("b"), "text of b again"))
        .once();
    BackupReport report = backUp();
    assertThat(back.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(text(report, "data/b")).isEqualTo("text of b again");
  }

  /** The next temporary file gets the inode of the file that was replaced; it is another one. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7})
  void backUp_replacedFile_isNotTakenForTheOneThatGotItsInode(int look) throws IOException {
    Path name = data.resolve("b");
    Path next = data.resolve("b.tmp");
    boolean[] reused = {false};
    Fault replaced = files
        .fail(FileCall.ATTRIBUTES)
        .of(name.toString())
        .after(look)
        .once()
        .meanwhile(() -> {
          Object inode = Files.getAttribute(name, "unix:ino");
          Files.move(
              Files.writeString(next, "second text of b"), name, StandardCopyOption.ATOMIC_MOVE);
          Files.writeString(next, "a third text of b, to come");
          reused[0] = inode.equals(Files.getAttribute(next, "unix:ino"));
        });
    whenRead("b.tmp", () -> Files.move(next, name, StandardCopyOption.ATOMIC_MOVE))
        .once();
    BackupReport report = backUp();
    assumeTrue(replaced.fired() && reused[0], "no inode was given twice");
    assertThat(report).isComplete();
    assertThat(text(report, "data/b")).isEqualTo("second text of b");
  }

  /** A file that was renamed and then deleted is followed no more: its name has another one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void backUp_renamedFileThatIsDeleted_givesWayToTheOneThatHasItsName(int look) throws IOException {
    Path name = data.resolve("b");
    Path old = data.resolve("b.old");
    Files.writeString(name, "");
    Fault renamed = whenRead("c", () -> {
          Files.move(name, old);
          Files.writeString(name, "new text of b");
        })
        .once();
    Fault deleted = files
        .fail(FileCall.ATTRIBUTES)
        .of(old.toString())
        .after(look)
        .once()
        .meanwhile(() -> Files.delete(old));
    BackupReport report = backUp();
    assertThat(renamed.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(text(report, "data/b")).isEqualTo(deleted.fired() ? "new text of b" : "");
  }

  @Test
  void backUp_fileThatIsDeleted_isGone() throws IOException {
    backUp();
    Files.delete(data.resolve("b"));
    BackupReport report = backUp();
    assertThat(report).isComplete();
    assertThat(report.files().removed()).isEqualTo(1);
  }

  @Test
  void backUp_fileThatCannotBeRead_isAsItWas() throws IOException {
    backUp();
    Files.writeString(data.resolve("b"), "another text of b");
    Fault denied = files
        .fail(FileCall.OPEN)
        .of(data.resolve("b").toString())
        .with(() -> new AccessDeniedException("b"));
    BackupReport report = backUp();
    assertThat(denied.fired()).isTrue();
    assertThat(report).isIncomplete().hasFailures("data/b");
    assertThat(text(report, "data/b")).isEqualTo("text of b");
    files.heal();
    BackupReport next = backUp();
    assertThat(next).isComplete();
    assertThat(text(next, "data/b")).isEqualTo("another text of b");
  }

  @Test
  void backUp_directoryThatCannotBeListed_isAsItWas() throws IOException {
    backUp();
    Fault denied = files
        .fail(FileCall.LIST)
        .of(data.resolve("sub").toString())
        .with(() -> new AccessDeniedException("sub"));
    BackupReport report = backUp();
    assertThat(denied.fired()).isTrue();
    assertThat(report).isIncomplete().hasFailures("data/sub");
    assertThat(text(report, "data/sub/d")).isEqualTo("text of d");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void backUp_fileWithContentAndNoLength_isStoredAsRead() throws IOException {
    Path limits = Path.of("/proc/self/limits");
    List<Component> one = List.of(Component.file("limits", Kind.SECRETS, limits));
    for (int i = 0; i < 2; i++) {
      BackupReport report = repository.backUp(one, MANUAL);
      assertThat(report).isComplete();
      assertThat(text(report, "limits")).isEqualTo(Files.readString(limits));
      assertThat(report.bytesRead()).isPositive();
    }
  }

  /** A page that was written once can be written again without a trace in the attributes. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void backUp_fileThatThisProcessHasMapped_isReadEachTime() throws IOException {
    // So late that equal attributes would prove that it did not change.
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    try (BackupRepository other =
        BackupRepository.builder(new MemoryStorage()).host("host").clock(later).create(root)) {
      ByteBuffer memory;
      try (FileChannel channel =
          FileChannel.open(data.resolve("b"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4);
      }
      List<Component> parts = List.of(Component.directory("data", Kind.STATE, data));
      for (byte version = 'A'; version < 'D'; version++) {
        memory.put(0, version);
        BackupReport report = other.backUp(parts, MANUAL);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        other.read(report.snapshot().orElseThrow().id(), "data/b", bytes);
        assertThat(report).isComplete();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo((char) version + "ext of b");
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void restore_ontoAFileThatTheApplicationHasOpen_speaksOfARestore() throws IOException {
    List<Component> parts = List.of(Component.directory("data", Kind.STATE, data));
    repository.backUp(parts, MANUAL);
    Files.writeString(data.resolve("b"), "another text of b");
    try (FileChannel open = FileChannel.open(data.resolve("b"))) {
      assertThat(open.isOpen()).isTrue();
      RestorePlan plan = repository.planRestore(RestoreRequest.inPlace(Selector.LATEST));
      assertThat(plan.failures()).isEmpty();
      assertThat(plan.notes()).singleElement().asString().doesNotContain("withLiveFile");
      assertThat(repository.restore(plan, List.of()).failures())
          .singleElement()
          .satisfies(failure -> assertThat(failure.reason())
              .contains("a restore does not replace")
              .doesNotContain("withLiveFile"));
    }
  }
}
