package com.personalaichatbot.dr.core.internal.engine.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** Kills a restore in place, and its undo, before each of the calls that change the disk. */
class ExchangeCrashTest {
  private static final List<FileCall> CHANGING = List.of(
      FileCall.OPEN,
      FileCall.WRITE,
      FileCall.FORCE,
      FileCall.SET_ATTRIBUTES,
      FileCall.CREATE_DIRECTORY,
      FileCall.LINK,
      FileCall.SYMBOLIC_LINK,
      FileCall.MOVE,
      FileCall.COPY,
      FileCall.DELETE);

  /** Hundreds of restores that force each file: in memory, where there is such a place. */
  static final class InMemory implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
        throws IOException {
      Path memory = Path.of("/dev/shm");
      return Files.isWritable(memory)
          ? Files.createTempDirectory(memory, "junit")
          : Files.createTempDirectory("junit");
    }
  }

  @TempDir(factory = InMemory.class)
  Path temp;

  @AutoClose
  private final RootKey root = RootKey.of(new byte[32]);

  private final FaultyFileSystem files = new FaultyFileSystem(FileSystems.getDefault());
  private Path data;

  @AutoClose
  private BackupRepository repository;

  private SnapshotId good;
  private Map<String, String> newState;
  private Map<String, String> oldState;

  @BeforeEach
  void takeSnapshot() throws IOException {
    repository = BackupRepository.builder(new MemoryStorage())
        .executor(Runnable::run, 1)
        .fileSystem(files)
        .create(root);
    data = Files.createDirectory(temp.resolve("data"));
    Files.createDirectory(data.resolve("sub"));
    Files.writeString(data.resolve("changed"), "new");
    Files.writeString(data.resolve("missing"), "new");
    Files.writeString(data.resolve("sub/file"), "new");
    Files.createDirectories(data.resolve("fresh/deep"));
    Files.writeString(data.resolve("fresh/file"), "new");
    Files.writeString(data.resolve("fresh/deep/file"), "new");
    Files.createSymbolicLink(data.resolve("link"), Path.of("changed"));
    newState = state();
    good = repository
        .backUp(
            List.of(Component.directory("data", Kind.CUSTOM, files.path(data))),
            BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id();
  }

  private void damage() throws IOException {
    removeAll(data);
    Files.createDirectory(data);
    Files.writeString(data.resolve("changed"), "old, and longer");
    Files.writeString(data.resolve("sub"), "a file in a directory's place");
    Files.writeString(data.resolve("extra"), "old");
    Files.createSymbolicLink(data.resolve("link"), Path.of("elsewhere"));
    oldState = state();
  }

  /** Content by name; modes and times are set last and not what this is about. */
  private Map<String, String> state() throws IOException {
    Map<String, String> state = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(data)) {
      for (Path path : paths.toList()) {
        String name = data.relativize(path).toString();
        if (name.startsWith(".dr-restore")) {
          continue;
        }
        state.put(
            name,
            Files.isSymbolicLink(path)
                ? "-> " + Files.readSymbolicLink(path)
                : Files.isDirectory(path) ? "directory" : Files.readString(path));
      }
    }
    return state;
  }

  private static void removeAll(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    }
  }

  private RestorePlan plan() throws IOException {
    return repository.planRestore(RestoreRequest.inPlace(Selector.of(good)).withDeleteExtra());
  }

  /** Lets every call that changes something fail from the given one on; counts them. */
  private AtomicInteger crashAt(int call) {
    AtomicInteger calls = new AtomicInteger();
    for (FileCall kind : CHANGING) {
      files
          .fail(kind)
          .of(name -> calls.getAndIncrement() >= call)
          .with(() -> new IOException("the process is dead"));
    }
    return calls;
  }

  /** Each name holds what it held before, or what it comes to hold, and nothing else. */
  private void requireOldOrNew() throws IOException {
    state()
        .forEach((name, content) ->
            assertThat(content).as(name).isIn(oldState.get(name), newState.get(name)));
    assertThat(data.resolve("changed")).exists();
    assertThat(Files.exists(data.resolve("link"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void restore_crashAtAnyCall_isCompletedOrTakenBackAtTheNextStart() throws IOException {
    int completed = 0;
    int takenBack = 0;
    for (int call = 0; ; call++) {
      damage();
      RestorePlan plan = plan();
      AtomicInteger calls = crashAt(call);
      boolean crashed = false;
      try {
        RestoreReport report = repository.restore(plan, List.of());
        crashed = report.status() != RestoreReport.Status.COMPLETE;
      } catch (IOException e) {
        crashed = true;
      }
      if (!crashed) {
        assertThat(calls.get()).isLessThanOrEqualTo(call);
        break;
      }
      files.heal();
      requireOldOrNew();

      completeWhatIsBroken();

      if (state().equals(newState)) {
        completed++;
        repository.undo(List.of());
      } else {
        takenBack++;
      }
      assertThat(state()).as("crash at call %d", call).isEqualTo(oldState);
      assertThat(data.resolve(".dr-restore")).as("crash at call %d", call).doesNotExist();
    }
    assertThat(completed).isGreaterThan(10);
    assertThat(takenBack).isGreaterThan(10);
  }

  /** As every backup does before it reads anything. */
  private void completeWhatIsBroken() throws IOException {
    Path env = Files.writeString(temp.resolve("other"), "x");
    repository.backUp(
        List.of(Component.file("other", Kind.CUSTOM, env)), BackupOptions.of(Purpose.MANUAL));
  }

  @Test
  void undo_crashAtAnyCall_isCompletedAtTheNextStart() throws IOException {
    for (int call = 0; ; call++) {
      damage();
      repository.restore(plan(), List.of());
      assertThat(state()).isEqualTo(newState);

      AtomicInteger calls = crashAt(call);
      boolean crashed = undoFails();
      files.heal();
      if (!crashed) {
        assertThat(calls.get()).isLessThanOrEqualTo(call);
        assertThat(state()).isEqualTo(oldState);
        break;
      }
      requireOldOrNew();
      try {
        repository.undo(List.of());
      } catch (RestoreRefusedException e) {
        assertThat(e).as("it was done, and only the answer was lost").hasMessageContaining("undo");
      }
      assertThat(state()).as("crash at call %d", call).isEqualTo(oldState);
      assertThat(data.resolve(".dr-restore")).doesNotExist();
    }
  }

  @Test
  void restore_whatItRemovedAppearsAgainBeforeItIsCompleted_isLeftAndTheOldOneKept()
      throws IOException {
    Path extra = data.resolve("extra");
    int call = 0;
    boolean removed = false;
    while (!removed) {
      damage();
      crashAt(call++);
      try {
        repository.restore(plan(), List.of());
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("dead");
      }
      files.heal();
      removed = Files.notExists(extra);
      if (removed) {
        Files.writeString(extra, "appeared");
      }
      completeWhatIsBroken();
    }
    assertThat(extra).hasContent("appeared");

    repository.undo(List.of());

    assertThat(extra).hasContent("old");
    assertThat(data.resolve("extra.after-restore")).hasContent("appeared");
  }

  private boolean undoFails() {
    try {
      return repository.undo(List.of()).status() != RestoreReport.Status.COMPLETE;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void restore_withoutHardLinks_renamesToTheUndo() throws IOException {
    damage();
    var noLinks = files
        .fail(FileCall.LINK)
        .with(() -> new FileSystemException("", null, "no such thing here"));
    RestoreReport report = repository.restore(plan(), List.of());
    assertThat(noLinks.fired()).isTrue();
    assertThat(report.failures()).isEmpty();
    assertThat(report.notes()).anyMatch(n -> n.contains("no hard links"));
    assertThat(state()).isEqualTo(newState);
    repository.undo(List.of());
    assertThat(state()).isEqualTo(oldState);
  }

  @Test
  void restore_diskFullWhileStaging_changesNothing() throws IOException {
    damage();
    var full = files
        .fail(FileCall.WRITE)
        .of(name -> name.contains("/stage/"))
        .with(() -> new FileSystemException("", null, "No space left on device"));
    RestorePlan plan = plan();
    try {
      repository.restore(plan, List.of());
    } catch (FileSystemException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
    assertThat(full.fired()).isTrue();
    assertThat(state()).isEqualTo(oldState);
    assertThat(data.resolve(".dr-restore")).doesNotExist();
  }
}
