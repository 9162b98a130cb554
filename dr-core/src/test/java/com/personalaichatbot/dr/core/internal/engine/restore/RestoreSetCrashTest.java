package com.personalaichatbot.dr.core.internal.engine.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RestorePlan;
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
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a restore in place of four components, and its undo, before each call that changes the
 * disk. The components never come from different snapshots once the next verb has returned.
 *
 * <p>{@code -Ddr.campaign=true} takes every call, else one of several.
 */
class RestoreSetCrashTest {
  private static final boolean WHOLE = Boolean.getBoolean("dr.campaign");
  private static final int STEP = WHOLE ? 1 : 17;
  private static final List<String> NAMES = List.of("a", "b", "c", "d");

  @TempDir(factory = ExchangeCrashTest.InMemory.class)
  Path temp;

  @AutoClose
  private final RootKey root = RootKey.of(new byte[32]);

  private final FaultyFileSystem files = new FaultyFileSystem(FileSystems.getDefault());

  @AutoClose
  private BackupRepository repository;

  private SnapshotId good;

  @BeforeEach
  void takeSnapshot() throws IOException {
    repository = BackupRepository.builder(new MemoryStorage())
        .executor(Runnable::run, 1)
        .fileSystem(files)
        .create(root);
    List<Component> components = new ArrayList<>();
    for (String name : NAMES) {
      Path home = Files.createDirectory(temp.resolve(name));
      components.add(Component.directory(name, Kind.CUSTOM, files.path(home)));
    }
    write("new");
    good = repository
        .backUp(components, BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id();
  }

  private void write(String content) throws IOException {
    for (String name : NAMES) {
      Files.writeString(temp.resolve(name).resolve("file"), content);
    }
  }

  /** Returns the contents that the components hold: one, unless they are mixed. */
  private Set<String> contents() throws IOException {
    Set<String> contents = new HashSet<>();
    for (String name : NAMES) {
      contents.add(Files.readString(temp.resolve(name).resolve("file")));
    }
    return contents;
  }

  private AtomicInteger killAt(int call) {
    AtomicInteger calls = new AtomicInteger();
    for (FileCall kind : PowerLoss.CHANGING) {
      files
          .fail(kind)
          .of(name -> calls.getAndIncrement() >= call)
          .with(() -> new IOException("the process is dead"));
    }
    return calls;
  }

  private RestorePlan plan() throws IOException {
    return repository.planRestore(RestoreRequest.inPlace(Selector.of(good)));
  }

  private void completeWhatIsBroken() throws IOException {
    Path other = Files.writeString(temp.resolve("other"), "x");
    repository.backUp(
        List.of(Component.file("other", Kind.CUSTOM, other)), BackupOptions.of(Purpose.MANUAL));
  }

  @Test
  void restore_killedAtAnyCall_isOneUnitAfterTheNextBackup() throws IOException {
    List<Integer> mixed = new ArrayList<>();
    int completed = 0;
    int takenBack = 0;
    for (int call = 0; ; call += STEP) {
      write("old state");
      RestorePlan plan = plan();
      AtomicInteger calls = killAt(call);
      boolean killed = false;
      try {
        killed = repository.restore(plan, List.of()).status() != RestoreReport.Status.COMPLETE;
      } catch (IOException e) {
        killed = true;
      }
      files.heal();
      if (!killed) {
        assertThat(calls.get()).isLessThanOrEqualTo(call);
        break;
      }
      completeWhatIsBroken();
      Set<String> contents = contents();
      if (contents.size() > 1) {
        mixed.add(call);
      } else if (contents.contains("new")) {
        completed++;
      } else {
        takenBack++;
      }
      if (contents.contains("new")) {
        assertThat(repository.undo(List.of()).status()).isEqualTo(RestoreReport.Status.COMPLETE);
        assertThat(contents()).as("undo after call %d", call).containsExactly("old state");
      }
      for (String name : NAMES) {
        assertThat(temp.resolve(name).resolve(".dr-restore")).doesNotExist();
      }
    }
    assertThat(mixed).as("calls after which the set was mixed").isEmpty();
    assertThat(completed).isGreaterThan(WHOLE ? 10 : 1);
    assertThat(takenBack).isGreaterThan(WHOLE ? 10 : 1);
  }

  @Test
  void undo_killedAtAnyCall_isOneUnitAfterTheNextBackup() throws IOException {
    List<Integer> mixed = new ArrayList<>();
    int undone = 0;
    int kept = 0;
    for (int call = 0; ; call += STEP) {
      write("old state");
      repository.restore(plan(), List.of());
      assertThat(contents()).containsExactly("new");
      AtomicInteger calls = killAt(call);
      boolean killed = false;
      try {
        killed = repository.undo(List.of()).status() != RestoreReport.Status.COMPLETE;
      } catch (IOException e) {
        killed = true;
      }
      files.heal();
      if (!killed) {
        assertThat(calls.get()).isLessThanOrEqualTo(call);
        break;
      }
      completeWhatIsBroken();
      Set<String> contents = contents();
      if (contents.size() > 1) {
        mixed.add(call);
      } else if (contents.contains("new")) {
        kept++;
        assertThat(repository.undo(List.of()).status()).isEqualTo(RestoreReport.Status.COMPLETE);
        assertThat(contents()).as("undo after call %d", call).containsExactly("old state");
      } else {
        undone++;
      }
      if (contents.size() == 1) {
        for (String name : NAMES) {
          assertThat(temp.resolve(name).resolve(".dr-restore")).doesNotExist();
        }
      } else {
        repository.discardUndo();
      }
    }
    assertThat(mixed).as("calls after which the set was mixed").isEmpty();
    assertThat(undone).isGreaterThan(WHOLE ? 10 : 1);
    assertThat(kept).isGreaterThan(WHOLE ? 5 : 0);
  }
}
