package com.personalaichatbot.dr.core.functional;

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
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths that a backup was told to leave out are not in the snapshot, and are no extras either. */
class ExcludesStoryTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  @AutoClose
  private BackupRepository repository;

  private Path data;

  @BeforeEach
  void open() throws IOException {
    repository = BackupRepository.builder(new MemoryStorage()).create(root);
    data = Files.createDirectories(temp.resolve("data"));
    for (String name : List.of("kept", "cache/a", "cache/deep/b", "sub/kept", "sub/note.tmp")) {
      write(data, name);
    }
  }

  private static void write(Path directory, String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(f -> Files.isRegularFile(f) && !f.toString().contains(".dr-restore"))
          .map(f -> directory.relativize(f).toString())
          .sorted()
          .toList();
    }
  }

  private void backUp(BackupOptions options, String... componentExcludes) throws IOException {
    Component component = Component.directory("data", Kind.CUSTOM, data);
    repository.backUp(List.of(component.withExcludes(List.of(componentExcludes))), options);
  }

  @Test
  void restore_inPlaceWithoutExtras_leavesWhatTheBackupWasToldToLeaveOut() throws IOException {
    backUp(MANUAL.withExcludes(List.of("/data/cache")), "*.tmp");
    write(data, "extra");
    write(data, "sub/extra");
    write(data, "cache/c");

    RestorePlan plan =
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST).withDeleteExtra());
    RestoreReport report = repository.restore(plan, List.of());

    assertThat(report.failures()).isEmpty();
    assertThat(plan.files().remove()).isEqualTo(2);
    assertThat(report.files()).isEqualTo(plan.files());
    assertThat(files(data))
        .containsExactly("cache/a", "cache/c", "cache/deep/b", "kept", "sub/kept", "sub/note.tmp");
  }

  @Test
  void restore_inPlaceOfASnapshotThatLeftNothingOut_removesAllExtras() throws IOException {
    Files.delete(data.resolve("sub/note.tmp"));
    backUp(MANUAL);
    write(data, "sub/note.tmp");

    repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST).withDeleteExtra()),
        List.of());

    assertThat(files(data)).containsExactly("cache/a", "cache/deep/b", "kept", "sub/kept");
  }

  @Test
  void restore_mirrorInADirectory_holdsWhatTheSnapshotHolds() throws IOException {
    backUp(MANUAL.withExcludes(List.of("cache", "*.tmp")));
    Path target = temp.resolve("target");
    write(target, "data/cache/old");

    repository.restore(
        repository.planRestore(RestoreRequest.to(Selector.LATEST, target).withDeleteExtra()),
        List.of());

    assertThat(files(target.resolve("data"))).containsExactly("kept", "sub/kept");
  }
}
