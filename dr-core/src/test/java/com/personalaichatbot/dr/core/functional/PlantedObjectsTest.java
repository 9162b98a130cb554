package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects in the catalog that nobody can read: pipes, directories, links, files of others. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PlantedObjectsTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  @TempDir
  private Path temporary;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private Path repositoryPath;
  private Path data;
  private SnapshotId first;

  /** The objects that somebody puts there. */
  private enum Planted {
    PIPE,
    DIRECTORY,
    LINK;

    void at(Path path) throws Exception {
      switch (this) {
        case PIPE ->
          assumeTrue(
              new ProcessBuilder("mkfifo", path.toString()).start().waitFor() == 0, "no mkfifo");
        case DIRECTORY -> Files.createDirectory(path);
        case LINK -> Files.createSymbolicLink(path, Path.of("/etc/hostname"));
      }
    }
  }

  @BeforeEach
  void backUpOnce() throws IOException {
    data = Files.createDirectory(temporary.resolve("data"));
    Files.writeString(data.resolve("a"), "first");
    repositoryPath = temporary.resolve("repository");
    try (BackupRepository repository = builder(LocalStorage.at(repositoryPath)).create(root)) {
      first = repository.backUp(components(), MANUAL).snapshot().orElseThrow().id();
    }
  }

  private BackupRepository.Builder builder(Storage storage) {
    return BackupRepository.builder(storage)
        .executor(Runnable::run, 1)
        .host("host")
        .state(temporary.resolve("state"));
  }

  private List<Component> components() {
    return List.of(Component.directory("data", Kind.CUSTOM, data));
  }

  private static String entry(long position) {
    return String.format(Locale.ROOT, "catalog/%020d", position);
  }

  static Stream<Arguments> planted() {
    List<Arguments> all = new ArrayList<>();
    for (Planted kind : Planted.values()) {
      for (long position : new long[] {2, 50, 99_999, 1_000_000_000_000_000L}) {
        all.add(Arguments.of(kind, position));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("planted")
  void noFile_anywhereAhead_stopsNoVerb(Planted kind, long position) throws Exception {
    kind.at(repositoryPath.resolve(entry(position)));
    try (BackupRepository repository = builder(LocalStorage.at(repositoryPath)).open(root)) {
      everyVerb(repository);
    }
    try (BackupRepository repository = builder(LocalStorage.at(repositoryPath)).open(root)) {
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      assertThat(repository.snapshots()).extracting(Snapshot::id).containsExactly(first);
    }
  }

  /** Whatever is acknowledged is there, and nothing else is. */
  private void everyVerb(BackupRepository repository) throws IOException {
    Files.writeString(data.resolve("a"), "second");
    SnapshotId second =
        repository.backUp(components(), MANUAL).snapshot().orElseThrow().id();
    assertThat(repository.snapshots()).extracting(Snapshot::id).containsExactly(first, second);
    repository.hold(second, Optional.empty());
    repository.release(second);
    assertThat(repository.choose(Selector.LATEST, List.of("data"))).containsValue(second);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    assertThat(repository
            .prune(repository.planForget(Set.of(second), PruneOptions.NOW))
            .removed())
        .containsExactly(second);
    assertThat(repository.snapshots()).extracting(Snapshot::id).containsExactly(first);
  }

  @Test
  void fileThatCannotBeRead_farAhead_stopsNoVerb() throws IOException {
    for (long position : new long[] {50, 99_999}) {
      Files.writeString(repositoryPath.resolve(entry(position)), "of somebody else");
      FaultyStorage storage = FaultyStorage.over(LocalStorage.at(repositoryPath));
      var fault = storage
          .fail(StorageCall.READ)
          .of(entry(position))
          .with(() -> new AccessDeniedException(entry(position)));
      try (BackupRepository repository = builder(storage).open(root)) {
        everyVerb(repository);
      }
      assertThat(fault.fired()).isTrue();
    }
  }

  /** It may be the newest entry, so that nobody says what is the latest. */
  @Test
  void fileThatCannotBeRead_directlyAhead_isNamed_andNothingIsWritten() throws IOException {
    Files.writeString(repositoryPath.resolve(entry(2)), "of somebody else, or the newest entry");
    FaultyStorage storage = FaultyStorage.over(LocalStorage.at(repositoryPath));
    var fault = storage.fail(StorageCall.READ).of(entry(2));
    try (BackupRepository repository = builder(storage).open(root)) {
      assertThat(org.assertj.core.api.Assertions.catchThrowable(
              () -> repository.backUp(components(), MANUAL)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(entry(2));
    }
    assertThat(fault.fired()).isTrue();
    try (Stream<Path> catalog = Files.list(repositoryPath.resolve("catalog"))) {
      assertThat(catalog).hasSize(3);
    }
  }

  /** It may be the entry of a prune that took the position before. */
  @Test
  void fileThatCannotBeRead_thatCameMeanwhile_leavesOpenWhetherAnEntryCounts() throws IOException {
    String later = entry(99_999);
    FaultyStorage storage = FaultyStorage.over(LocalStorage.at(repositoryPath));
    var unread = storage.fail(StorageCall.READ).of(later);
    var planted = storage
        .fail(StorageCall.COMMIT)
        .of(entry(2))
        .meanwhile(() -> Files.writeString(repositoryPath.resolve(later), "an entry, perhaps"));
    try (BackupRepository repository = builder(storage).open(root)) {
      assertThat(org.assertj.core.api.Assertions.catchThrowable(
              () -> repository.backUp(components(), MANUAL)))
          .isInstanceOf(CorruptRepositoryException.class)
          .hasMessageContaining(later)
          .hasMessageContaining("was written to " + entry(2))
          .hasMessageContaining("it is not known whether that counts");
    }
    assertThat(planted.fired()).isTrue();
    assertThat(unread.fired()).isTrue();
  }
}
