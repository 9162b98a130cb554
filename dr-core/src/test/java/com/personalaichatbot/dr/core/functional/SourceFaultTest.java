package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sources that cannot be read, or change while they are. What could not be saved is listed and
 * nothing else is missing; what is saved under a name was in that file at one time; an incomplete
 * component is never good.
 */
class SourceFaultTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private MemoryStorage storage;

  @AutoClose
  private BackupRepository repository;

  private FaultyFileSystem faulty;
  private Path data;

  @BeforeEach
  void makeSource() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(data.resolve(name), "text of " + name);
    }
    Files.writeString(Files.createDirectory(data.resolve("sub")).resolve("d"), "text of d");
    faulty = new FaultyFileSystem(temp.getFileSystem());
    storage = new MemoryStorage();
    repository = BackupRepository.builder(storage)
        .executor(Runnable::run, 1)
        .host("host")
        .create(root);
  }

  /** Of a kind that no dictionary is trained on, so that the capture is the first to read it. */
  private List<Component> components() {
    return List.of(Component.directory("data", Kind.SECRETS, faulty.path(data)));
  }

  private String text(BackupReport report, String path) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    repository.read(report.snapshot().orElseThrow().id(), path, bytes);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private List<String> paths(BackupReport report) throws IOException {
    List<String> paths = new ArrayList<>();
    repository.list(report.snapshot().orElseThrow().id(), "data", entry -> paths.add(entry.path()));
    return paths;
  }

  /** Makes every attempt to read a file find that something happened just before its bytes came. */
  private Fault whenRead(String name, Fault.Action action) {
    return faulty.fail(FileCall.READ).of(data.resolve(name).toString()).meanwhile(action);
  }

  private void requireNeverGood(BackupReport report) throws IOException {
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    Snapshot snapshot = repository.snapshots().get(0);
    assertThat(snapshot.id()).isEqualTo(report.snapshot().orElseThrow().id());
    assertThat(snapshot).hasTrust(Trust.VERIFIED).isNotGoodFor("data");
    assertThat(snapshot.status()).isEqualTo(BackupStatus.INCOMPLETE);
  }

  @Test
  void backUp_unreadableFile_isListedAndTheRestIsThere() throws IOException {
    Fault denied = faulty
        .fail(FileCall.OPEN)
        .of(data.resolve("b").toString())
        .with(() -> new AccessDeniedException("b"));
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(denied.fired()).isTrue();
    assertThat(report).isIncomplete().hasFailures("data/b").hasSkipped();
    assertThat(report.files().failed()).isEqualTo(1);
    assertThat(paths(report)).contains("data/a", "data/c").doesNotContain("data/b");
    requireNeverGood(report);

    faulty.heal();
    BackupReport next = repository.backUp(components(), MANUAL);
    assertThat(next).isComplete();
    assertThat(text(next, "data/b")).isEqualTo("text of b");
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    assertThat(repository.snapshots().get(1)).isGoodFor("data");
  }

  @Test
  void restore_ofAnIncompleteComponent_saysSoAndNamesTheNewestCompleteOne() throws IOException {
    BackupReport whole = repository.backUp(components(), MANUAL);
    Fault denied = faulty
        .fail(FileCall.OPEN)
        .of(data.resolve("b").toString())
        .with(() -> new AccessDeniedException("b"));
    Files.writeString(data.resolve("b"), "another text of b");
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(denied.fired()).isTrue();
    assertThat(report).isIncomplete();

    RestoreRequest request = RestoreRequest.to(Selector.LATEST, temp.resolve("restored"));
    RestorePlan plan = repository.planRestore(request);
    RestoreReport restored = repository.restore(plan, List.of());

    String note = "component data is INCOMPLETE in snapshot "
        + report.snapshot().orElseThrow().id()
        + ": its backup could not read all of it whole; the newest complete one is "
        + whole.snapshot().orElseThrow().id();
    assertThat(plan.notes()).contains(note);
    assertThat(restored.notes()).contains(note);
  }

  @Test
  void backUp_readFailsInTheMiddle_isListedAndNothingHalfIsThere() throws IOException {
    Files.writeString(data.resolve("b"), "x".repeat(3_000_000));
    Fault broken = faulty.fail(FileCall.READ).of(data.resolve("b").toString()).after(1);
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(broken.fired()).isTrue();
    assertThat(report).isIncomplete().hasFailures("data/b");
    assertThat(paths(report)).doesNotContain("data/b");
    requireNeverGood(report);
  }

  @Test
  void backUp_unreadableDirectory_isListedAndTheRestIsThere() throws IOException {
    Fault denied = faulty
        .fail(FileCall.LIST)
        .of(data.resolve("sub").toString())
        .with(() -> new AccessDeniedException("sub"));
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(denied.fired()).isTrue();
    assertThat(report).isIncomplete().hasFailures("data/sub");
    assertThat(paths(report)).contains("data/a", "data/b", "data/c");
    requireNeverGood(report);
  }

  @Test
  void backUp_componentThatCannotBeListed_isNotStoredAsEmpty() throws IOException {
    repository.backUp(components(), MANUAL);
    Fault denied = faulty
        .fail(FileCall.LIST)
        .of(data.toString())
        .with(() -> new AccessDeniedException("data"));
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(denied.fired()).isTrue();
    assertThat(report.status()).isEqualTo(BackupStatus.FAILED);
    assertThat(report).hasFailures("data");
    assertThat(repository.snapshots()).hasSize(1);
  }

  @Test
  void backUp_fileGrowsOnceWhileRead_isReadAgain() throws IOException {
    Fault grows = whenRead("b", () -> append(data.resolve("b"), "+")).once();
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(grows.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(text(report, "data/b")).isEqualTo("text of b+");
  }

  @Test
  void backUp_fileGrowsWheneverItIsRead_isListed() throws IOException {
    Fault grows = whenRead("b", () -> append(data.resolve("b"), "+"));
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(grows.count()).isGreaterThanOrEqualTo(3);
    assertThat(report).isIncomplete().hasFailures("data/b");
    requireNeverGood(report);
    if (paths(report).contains("data/b")) {
      assertThat(text(report, "data/b")).matches("text of b\\+*");
    }
    faulty.heal();
    BackupReport next = repository.backUp(components(), MANUAL);
    assertThat(next).isComplete();
    assertThat(text(next, "data/b")).isEqualTo(Files.readString(data.resolve("b")));
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
  }

  @Test
  void backUp_fileShrinksWhileRead_isReadAgain() throws IOException {
    Fault shrinks =
        whenRead("b", () -> Files.writeString(data.resolve("b"), "s")).once();
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(shrinks.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(text(report, "data/b")).isEqualTo("s");
  }

  @Test
  void backUp_fileShrinksWheneverItIsRead_isListedAndWhatIsThereFitsTogether() throws IOException {
    Path b = data.resolve("b");
    Fault whole = faulty
        .fail(FileCall.ATTRIBUTES)
        .of(b.toString())
        .meanwhile(() -> Files.writeString(b, "text of b"));
    Fault shrinks = whenRead("b", () -> Files.writeString(b, "s"));
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(shrinks.count()).isGreaterThanOrEqualTo(3);
    assertThat(whole.count()).isGreaterThanOrEqualTo(3);
    assertThat(report).isIncomplete().hasFailures("data/b");
    requireNeverGood(report);
    repository.list(report.snapshot().orElseThrow().id(), "data", entry -> {
      if (entry.path().equals("data/b")) {
        assertThat(entry.size()).isEqualTo(1);
      }
    });
    assertThat(text(report, "data/b")).isEqualTo("s");
  }

  @Test
  void backUp_fileIsEmptyWheneverItIsRead_isListedAndNotTakenForEmpty() throws IOException {
    Path b = data.resolve("b");
    faulty
        .fail(FileCall.ATTRIBUTES)
        .of(b.toString())
        .meanwhile(() -> Files.writeString(b, "text of b"));
    Fault cut = whenRead("b", () -> Files.writeString(b, ""));
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(cut.count()).isGreaterThanOrEqualTo(3);
    assertThat(report).isIncomplete().hasFailures("data/b");
    assertThat(paths(report)).doesNotContain("data/b");
    requireNeverGood(report);
  }

  @Test
  void backUp_fileReplacedByRenameWhileRead_holdsTheNewOneWhole() throws IOException {
    Path next = Files.writeString(temp.resolve("next"), "TEXT OF B");
    Fault replaced = whenRead(
            "b", () -> Files.move(next, data.resolve("b"), StandardCopyOption.REPLACE_EXISTING))
        .once();
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(replaced.fired()).isTrue();
    assertThat(report).isComplete();
    assertThat(text(report, "data/b")).isEqualTo("TEXT OF B");
  }

  @Test
  void backUp_fileVanishesWhileRead_isSkippedAndTheSnapshotIsComplete() throws IOException {
    Fault gone = whenRead("b", () -> Files.delete(data.resolve("b"))).once();
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(gone.fired()).isTrue();
    assertThat(report).isComplete().hasSkipped("data/b");
    assertThat(paths(report)).doesNotContain("data/b");
  }

  @Test
  void backUp_fileBecomesALinkBetweenLookAndOpen_itsTargetIsNeverRead() throws IOException {
    Path secret = Files.writeString(temp.resolve("secret"), "outside of the component");
    Fault swapped = faulty
        .fail(FileCall.OPEN)
        .of(data.resolve("b").toString())
        .once()
        .meanwhile(() -> {
          Files.delete(data.resolve("b"));
          Files.createSymbolicLink(data.resolve("b"), secret);
        });
    BackupReport report = repository.backUp(components(), MANUAL);
    assertThat(swapped.fired()).isTrue();
    assertThat(report).isComplete();
    repository.list(report.snapshot().orElseThrow().id(), "data", entry -> {
      if (entry.path().equals("data/b")) {
        assertThat(entry.linkTarget()).contains(secret.toString());
      }
    });
    assertThat(paths(report)).contains("data/b");
  }

  @Test
  void backUp_socketAndPipe_areSkippedAndTheSnapshotIsComplete() throws Exception {
    Path pipe = data.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path socket = Path.of(data.toString(), "s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      BackupReport report = repository.backUp(components(), MANUAL);
      assertThat(report).isComplete().hasSkipped("data/pipe", "data/s");
      assertThat(paths(report)).doesNotContain("data/pipe", "data/s");
    }
  }

  @Test
  void backUp_oneComponentMissing_isIncompleteAndLacksIt() throws IOException {
    List<Component> both = new ArrayList<>(components());
    both.add(Component.directory("gone", Kind.LOGS, temp.resolve("gone")));
    BackupReport report = repository.backUp(both, MANUAL);
    assertThat(report).isIncomplete().hasFailures("gone");
    Snapshot snapshot = report.snapshot().orElseThrow();
    assertThat(snapshot).hasComponents("data");
    repository.verify(VerifyOptions.readAll());
    assertThat(repository.snapshots().get(0)).isGoodFor("data").isNotGoodFor("gone");
  }

  @Test
  void backUp_allComponentsMissing_failsWithoutASnapshot() throws IOException {
    BackupReport report = repository.backUp(
        List.of(
            Component.directory("gone", Kind.LOGS, temp.resolve("gone")),
            Component.file("none", Kind.CONFIG, temp.resolve("none"))),
        MANUAL);
    assertThat(report).isFailed().hasFailures("gone", "none");
    assertThat(repository.snapshots()).isEmpty();
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
  }

  @Test
  void backUp_componentIsALinkToADirectory_isResolvedOnce() throws IOException {
    Path link = Files.createSymbolicLink(temp.resolve("link"), data);
    Files.createSymbolicLink(data.resolve("inner"), temp);
    BackupReport report =
        repository.backUp(List.of(Component.directory("data", Kind.CUSTOM, link)), MANUAL);
    assertThat(report).isComplete();
    assertThat(report.snapshot().orElseThrow().files()).isEqualTo(5);
    assertThat(text(report, "data/sub/d")).isEqualTo("text of d");
  }
}
