package com.personalaichatbot.dr.core.internal.engine.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A restore of several components whose places, keys or memory are partly not there. */
class RestoreSetTest {
  @TempDir(factory = ExchangeCrashTest.InMemory.class)
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final FaultyFileSystem files = new FaultyFileSystem(FileSystems.getDefault());

  @AutoClose
  private BackupRepository repository;

  private Component a;
  private Component b;

  @BeforeEach
  void backUp() throws IOException {
    repository = builder("state").create(root);
    a = component("a");
    b = component("b");
    repository.backUp(List.of(a, b), BackupOptions.of(Purpose.MANUAL));
    write("old state");
  }

  private BackupRepository.Builder builder(String state) {
    return BackupRepository.builder(LocalStorage.at(temp.resolve("repository")))
        .executor(Runnable::run, 1)
        .state(temp.resolve(state))
        .fileSystem(files);
  }

  private Component component(String name) throws IOException {
    Path home = Files.createDirectory(temp.resolve(name));
    Files.writeString(home.resolve("file"), "new");
    return Component.directory(name, Kind.CUSTOM, files.path(home));
  }

  private void write(String content) throws IOException {
    Files.writeString(temp.resolve("a/file"), content);
    Files.writeString(temp.resolve("b/file"), content);
  }

  private List<String> contents() throws IOException {
    return List.of(
        Files.readString(temp.resolve("a/file")), Files.readString(temp.resolve("b/file")));
  }

  private RestoreReport restore(String... components) throws IOException {
    return repository.restore(
        repository.planRestore(
            RestoreRequest.inPlace(Selector.LATEST).withComponents(List.of(components))),
        List.of());
  }

  /** Dies when the first of two components was exchanged. */
  private void restoreHalf() throws IOException {
    AtomicInteger moves = new AtomicInteger();
    for (FileCall call : List.of(FileCall.MOVE, FileCall.FORCE, FileCall.WRITE, FileCall.DELETE)) {
      files
          .fail(call)
          .of(name -> moves.get() > 0
              || name.equals(temp.resolve("b/file").toString()) && moves.incrementAndGet() > 0)
          .with(() -> new IOException("the process is dead"));
    }
    assertThatThrownBy(() -> restore("a", "b")).isInstanceOf(IOException.class);
    files.heal();
    assertThat(contents()).containsExactly("new", "old state");
  }

  @Test
  void finishRestores_afterAHalfRestore_completesTheSet() throws IOException {
    restoreHalf();
    repository.finishRestores();
    assertThat(contents()).containsExactly("new", "new");
    repository.undo(List.of());
    assertThat(contents()).containsExactly("old state", "old state");
  }

  @Test
  void finishRestores_memberNotMounted_blocksOnlyItsSetAndIsNamed() throws IOException {
    restoreHalf();
    Path away = Files.move(temp.resolve("b"), temp.resolve("away"));

    assertThatThrownBy(() -> repository.finishRestores())
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining(temp.resolve("b").toString());
    assertThatThrownBy(() -> repository.backUp(List.of(a), BackupOptions.of(Purpose.MANUAL)))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining(temp.resolve("b").toString());
    assertThatThrownBy(() -> repository.undo(List.of()))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining(temp.resolve("b").toString());
    Component other = component("other");
    assertThat(
            repository.backUp(List.of(other), BackupOptions.of(Purpose.MANUAL)).snapshot())
        .isPresent();
    assertThat(Files.readString(temp.resolve("a/file"))).isEqualTo("new");

    Files.move(away, temp.resolve("b"));
    repository.backUp(List.of(other), BackupOptions.of(Purpose.MANUAL));
    assertThat(contents()).containsExactly("new", "new");
  }

  @Test
  void discardUndo_memberNeverComesBack_freesTheOthers() throws IOException {
    restoreHalf();
    Files.move(temp.resolve("b"), temp.resolve("away"));

    repository.discardUndo();

    repository.backUp(List.of(a), BackupOptions.of(Purpose.MANUAL));
    assertThat(temp.resolve("a/.dr-restore")).doesNotExist();
  }

  @Test
  void undo_memberNotMounted_isRefusedAndChangesNothing() throws IOException {
    restore("a", "b");
    Path away = Files.move(temp.resolve("b"), temp.resolve("away"));

    assertThatThrownBy(() -> repository.undo(List.of()))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining(temp.resolve("b").toString());
    assertThat(Files.readString(temp.resolve("a/file"))).isEqualTo("new");

    Files.move(away, temp.resolve("b"));
    repository.undo(List.of());
    assertThat(contents()).containsExactly("old state", "old state");
  }

  @Test
  void restore_oneMemberLater_endsTheUndoOfTheSetAndSaysSo() throws IOException {
    restore("a", "b");
    Files.writeString(temp.resolve("b/file"), "later");

    RestoreReport report = restore("b");

    assertThat(report.notes())
        .anyMatch(note -> note.contains("a, b") && note.contains("no longer be undone"));
    assertThat(temp.resolve("a/.dr-restore")).doesNotExist();
    repository.undo(List.of());
    assertThat(contents()).containsExactly("new", "later");
    assertThatThrownBy(() -> repository.undo(List.of()))
        .isInstanceOf(RestoreRefusedException.class);
  }

  @Test
  void undo_withoutTheRepository_needsTheStateDirectoryOnly() throws IOException {
    restore("a", "b");
    repository.close();
    remove(temp.resolve("repository"));

    RestoreReport report = builder("state").undoWithoutRepository(List.of());

    assertThat(report.status()).isEqualTo(RestoreReport.Status.COMPLETE);
    assertThat(contents()).containsExactly("old state", "old state");
    repository = builder("another").create(root);
  }

  @Test
  void undo_withoutTheStateDirectory_findsTheWholeSetFromOneLiveComponent() throws IOException {
    restore("a", "b");
    repository.close();
    repository = builder("another").open(root);

    repository.undo(List.of(b));

    assertThat(contents()).containsExactly("old state", "old state");
  }

  @Test
  void backUp_withoutTheStateDirectory_completesAHalfRestore() throws IOException {
    restoreHalf();
    repository.close();
    repository = builder("another").open(root);

    repository.backUp(List.of(b), BackupOptions.of(Purpose.MANUAL));

    assertThat(contents()).containsExactly("new", "new");
  }

  @Test
  void undo_anotherInodeThanRecorded_isAskedOfAPerson() throws IOException {
    restore("a", "b");
    copyAway(temp.resolve("a/.dr-restore"));

    assertThatThrownBy(() -> repository.undo(List.of()))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining("a/.dr-restore/a/1/journal")
        .extracting(refused -> ((RestoreRefusedException) refused).action())
        .asString()
        .contains("dr undo --confirm " + temp.resolve("a"));
    assertThat(contents()).containsExactly("new", "new");

    repository.confirmRestore(files.path(temp.resolve("a")));
    repository.undo(List.of());
    assertThat(contents()).containsExactly("old state", "old state");
  }

  @Test
  void undo_journalOfAnEndedRestoreIsPutThereAgain_isNotFollowed() throws IOException {
    restore("a");
    Path saved = Files.move(temp.resolve("a/.dr-restore"), temp.resolve("saved"));
    write("second state");
    restore("a");
    remove(temp.resolve("a/.dr-restore"));
    Files.move(saved, temp.resolve("a/.dr-restore"));

    assertThatThrownBy(() -> repository.undo(List.of()))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining(temp.resolve("a").toString());
    assertThat(contents()).containsExactly("new", "second state");
  }

  @Test
  void restore_journalOfAnotherPlaceIsPutThere_isRefused() throws IOException {
    restore("a");
    Path other = Files.createDirectory(temp.resolve("other"));
    Files.move(temp.resolve("a/.dr-restore"), other.resolve(".dr-restore"));

    assertThatThrownBy(() -> repository.restore(
            repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)
                .withComponents(List.of("a"))
                .withPlace("a", files.path(other))),
            List.of()))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining("other/.dr-restore/a/1/journal");
    assertThat(other.resolve("file")).doesNotExist();
  }

  @Test
  void backUp_memberOfABlockedSet_isListedAsFailedAndTheOthersAreStored() throws IOException {
    restoreHalf();
    Files.move(temp.resolve("b"), temp.resolve("away"));

    BackupReport report =
        repository.backUp(List.of(a, b, component("other")), BackupOptions.of(Purpose.MANUAL));

    assertThat(report.status()).isEqualTo(BackupStatus.INCOMPLETE);
    assertThat(report.failures()).extracting(PathProblem::path).contains("a", "b");
    assertThat(report.failures())
        .anyMatch(f -> f.path().equals("a") && f.reason().contains("mount what belongs to"));
    assertThat(report.snapshot().orElseThrow().components())
        .extracting(ComponentState::name)
        .containsExactly("other");
  }

  @Test
  void confirm_strangeFileBesideThePlaces_isLeftAndTheRestoreIsConfirmed() throws IOException {
    restore("a", "b");
    copyAway(temp.resolve("a/.dr-restore"));
    Path stray = Files.writeString(temp.resolve("a/.dr-restore/stray"), "x");

    repository.confirmRestore(files.path(temp.resolve("a")));
    repository.undo(List.of());

    assertThat(contents()).containsExactly("old state", "old state");
    assertThat(stray).exists();
  }

  @Test
  void anyVerb_strangeFilesAmongTheStatesOfRestores_areNamedAndBlockNothing() throws IOException {
    restore("a", "b");
    Path restores = temp.resolve("state/restores");
    Files.writeString(restores.resolve("notes.txt"), "x");
    Files.createDirectory(restores.resolve("directory"));

    repository.backUp(List.of(a), BackupOptions.of(Purpose.MANUAL));
    repository.finishRestores();
    restore("a", "b");
    repository.undo(List.of());

    assertThat(contents()).containsExactly("old state", "old state");
  }

  @Test
  void undo_damagedStateOfARestore_isRefusedAndNamedWhileBackupsGoOn() throws IOException {
    restore("a", "b");
    Path damaged = temp.resolve("state/restores").resolve("0".repeat(32));
    Files.write(damaged, new byte[] {1, 2, 3});

    assertThat(repository.backUp(List.of(a), BackupOptions.of(Purpose.MANUAL)).snapshot())
        .isPresent();
    assertThatThrownBy(() -> repository.undo(List.of()))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining(damaged.toString());
    assertThatThrownBy(() -> repository.finishRestores())
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining(damaged.toString());

    Files.delete(damaged);
    repository.undo(List.of());
    assertThat(contents()).containsExactly("old state", "old state");
  }

  @Test
  void prune_placeOfAnUndoIsNotMounted_keepsTheSafetySnapshot() throws IOException {
    restore("a", "b");
    SnapshotId safety = repository.snapshots().stream()
        .filter(s -> s.purpose() == Purpose.QUARANTINE)
        .findFirst()
        .orElseThrow()
        .id();
    Files.move(temp.resolve("a"), temp.resolve("away"));
    Files.move(temp.resolve("b"), temp.resolve("away too"));

    PrunePlan plan =
        repository.planPrune(RetentionPolicy.none().keepHourly(1), false, PruneOptions.DEFAULT);

    assertThat(plan.kept()).extracting(PrunePlan.Decision::id).contains(safety);
  }

  @Test
  void restore_placeCannotBeLocked_isRefusedAndNamesTheLock() throws IOException {
    Fault unlocked = files.fail(FileCall.LOCK).with(() -> new IOException("No locks available"));

    assertThatThrownBy(() -> restore("a", "b"))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining(temp.resolve("a/.dr-restore/a/lock").toString())
        .hasMessageContaining("No locks available");
    assertThat(unlocked.fired()).isTrue();
    assertThat(contents()).containsExactly("old state", "old state");
  }

  @ParameterizedTest
  @EnumSource(
      value = FileCall.class,
      names = {"WRITE", "FORCE", "READ"})
  void restore_callFailsInTheTarget_namesTheFile(FileCall call) throws IOException {
    List<String> nameless = new ArrayList<>();
    int failed = 0;
    boolean fired = true;
    for (int i = 0; fired; i++) {
      write("old state");
      Fault fault = files
          .fail(call)
          .of(name -> name.startsWith(temp.resolve("a").toString())
              || name.startsWith(temp.resolve("b").toString())
              || name.startsWith(temp.resolve("state").toString()))
          .after(i)
          .once()
          .with(() -> new IOException("No space left on device"));
      try {
        restore("a", "b");
      } catch (IOException e) {
        failed++;
        if (!e.getMessage().contains(temp.toString())) {
          nameless.add(i + ": " + e);
        }
      }
      fired = fault.fired();
      files.heal();
    }
    assertThat(failed).isPositive();
    assertThat(nameless).isEmpty();
  }

  /** Gives a directory and all below it new inodes. */
  private void copyAway(Path directory) throws IOException {
    Path aside = Files.move(directory, temp.resolve("aside"));
    try (Stream<Path> paths = Files.walk(aside)) {
      for (Path path : paths.toList()) {
        Files.copy(
            path,
            directory.resolve(aside.relativize(path).toString()),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted((x, y) -> y.compareTo(x)).toList()) {
        Files.delete(path);
      }
    }
  }
}
