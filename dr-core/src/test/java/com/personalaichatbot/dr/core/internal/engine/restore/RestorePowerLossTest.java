package com.personalaichatbot.dr.core.internal.engine.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.TargetFiles;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the power fail during a restore in place of four components, and during its undo. After the
 * next backup all of them are what they were before, or all what the snapshot holds.
 *
 * <p>{@code -Ddr.campaign=true} takes every call and every loss, else some of them are taken.
 */
class RestorePowerLossTest {
  private static final Logger log = LoggerFactory.getLogger(RestorePowerLossTest.class);
  private static final boolean WHOLE = Boolean.getBoolean("dr.campaign");
  private static final int SAMPLES = 12;
  private static final List<String> NAMES = List.of("a", "b", "c", "d");
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  @TempDir(factory = ExchangeCrashTest.InMemory.class)
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  @AutoClose
  private MemoryStorage storage = new MemoryStorage();

  private final FaultyFileSystem files = new FaultyFileSystem(FileSystems.getDefault());
  private final List<String> wrong = new ArrayList<>();
  private Path disk;
  private SnapshotId snapshot;
  private Map<String, String> restored;
  private Map<String, String> replaced;
  private int states;
  private int forward;
  private int back;

  @BeforeEach
  void backUp() throws IOException {
    disk = Files.createDirectory(temp.resolve("disk"));
    for (String name : NAMES) {
      Path home = Files.createDirectory(disk.resolve(name));
      Files.writeString(home.resolve("file"), "new");
      Files.writeString(Files.createDirectory(home.resolve("tree")).resolve("inner"), "new too");
      Files.createSymbolicLink(home.resolve("link"), Path.of("file"));
    }
    try (BackupRepository repository = builder().create(root)) {
      snapshot =
          repository.backUp(components(), MANUAL).snapshot().orElseThrow().id();
    }
    restored = contents();
    write();
    replaced = contents();
  }

  private BackupRepository.Builder builder() {
    return BackupRepository.builder(opened())
        .executor(Runnable::run, 1)
        .state(files.path(disk.resolve("state")))
        .fileSystem(files);
  }

  /** A repository closes its storage. */
  private Storage opened() {
    storage = storage.crash(name -> true);
    return storage;
  }

  private List<Component> components() {
    return NAMES.stream()
        .map(name -> Component.directory(name, Kind.CUSTOM, files.path(disk.resolve(name))))
        .toList();
  }

  /** Makes the components what the restore will replace. */
  private void write() throws IOException {
    TargetFiles.removeTree(disk.resolve("state/restores"));
    for (String name : NAMES) {
      Path home = disk.resolve(name);
      TargetFiles.removeTree(home);
      Files.createDirectory(home);
      Files.writeString(home.resolve("file"), "old state");
      Files.writeString(home.resolve("extra"), "old too");
      Files.createSymbolicLink(home.resolve("link"), Path.of("extra"));
    }
  }

  private Map<String, String> contents() throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (String name : NAMES) {
      try (Stream<Path> paths = Files.walk(disk.resolve(name))) {
        for (Path path : paths.toList()) {
          if (path.toString().contains(".dr-restore") || Files.isDirectory(path)) {
            continue;
          }
          contents.put(
              disk.relativize(path).toString(),
              Files.isSymbolicLink(path)
                  ? "-> " + Files.readSymbolicLink(path)
                  : Files.readString(path));
        }
      }
    }
    return contents;
  }

  private RestoreReport restore(BackupRepository repository) throws IOException {
    return repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.of(snapshot)).withDeleteExtra()),
        List.of());
  }

  private static RestoreReport undo(BackupRepository repository) throws IOException {
    return repository.undo(List.of());
  }

  /** A verb that the power fails in. */
  @FunctionalInterface
  private interface Verb {
    RestoreReport run(BackupRepository repository) throws IOException;
  }

  /**
   * Lets the power fail at one call, and checks what the next backup makes of it.
   *
   * @return how many calls there were
   */
  private int failAt(int call, PowerLoss.Loss loss, Verb verb, boolean undoes) throws IOException {
    write();
    if (undoes) {
      try (BackupRepository repository = builder().open(root)) {
        restore(repository);
      }
    }
    PowerLoss power = null;
    boolean complete;
    try (BackupRepository repository = builder().open(root)) {
      power = new PowerLoss(files, disk, call, loss);
      complete = verb.run(repository).status() == RestoreReport.Status.COMPLETE;
    } catch (IOException e) {
      complete = false;
    } finally {
      files.heal();
    }
    power.recover();
    String where = "power lost at call " + call + ", " + loss + ": ";
    try (BackupRepository repository = builder().open(root)) {
      repository.backUp(components(), MANUAL);
      Map<String, String> contents = contents();
      states++;
      if (!contents.equals(restored) && !contents.equals(replaced)) {
        wrong.add(where + "mixed " + contents);
        return power.calls();
      }
      boolean isRestored = contents.equals(restored);
      if (isRestored != undoes) {
        forward++;
      } else {
        back++;
      }
      if (complete && isRestored == undoes) {
        wrong.add(where + "it was reported complete, and is not");
      }
      if (isRestored) {
        RestoreReport undone = repository.undo(List.of());
        if (undone.status() != RestoreReport.Status.COMPLETE || !contents().equals(replaced)) {
          wrong.add(where + "the undo is " + undone.status() + ": " + contents());
        }
      }
      for (String name : NAMES) {
        Path left = disk.resolve(name).resolve(".dr-restore");
        if (Files.exists(left)) {
          try (Stream<Path> paths = Files.walk(left)) {
            wrong.add(where + "files of the restore are left: " + paths.toList());
          }
        }
      }
    } catch (IOException e) {
      wrong.add(where + e);
    }
    return power.calls();
  }

  private void failAtCalls(Verb verb, boolean undoes) throws IOException {
    int calls = failAt(Integer.MAX_VALUE, PowerLoss.Loss.NOTHING, verb, undoes);
    PowerLoss.Loss[] losses = PowerLoss.Loss.values();
    int step = WHOLE ? 1 : Math.max(1, calls / SAMPLES);
    for (int call = 0; call < calls; call += step) {
      if (WHOLE) {
        for (PowerLoss.Loss loss : losses) {
          failAt(call, loss, verb, undoes);
        }
      } else {
        failAt(call, losses[call / step % losses.length], verb, undoes);
      }
    }
    for (PowerLoss.Loss loss : losses) {
      failAt(calls, loss, verb, undoes);
    }
    log.info(
        "{} calls, {} states: {} forward, {} back, {} wrong",
        calls,
        states,
        forward,
        back,
        wrong.size());
    assertThat(wrong).isEmpty();
    assertThat(forward).isPositive();
    assertThat(back).isPositive();
  }

  @Test
  void restore_powerFailsAtAnyCall_isOneUnitAfterTheNextBackup() throws IOException {
    failAtCalls(this::restore, false);
  }

  @Test
  void undo_powerFailsAtAnyCall_isOneUnitAfterTheNextBackup() throws IOException {
    failAtCalls(RestorePowerLossTest::undo, true);
  }
}
