package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Nodes that did not change are not written, and nothing is taken for unchanged that did change:
 * the directories of a second backup. Its clock is late enough that no file counts as young.
 */
class UnchangedTreeTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06.789Z");

  @TempDir
  Path temp;

  private final MemoryStorage storage = new MemoryStorage();
  private final SettableClock clock = SettableClock.at(Instant.now().plus(Duration.ofHours(1)));
  private Path data;

  @AutoClose
  private BackupRepository repository;

  @BeforeEach
  void backUpATree() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    Trees.scatter(data.resolve("many"), 6, 11);
    Path dir = Files.createDirectories(data.resolve("deep/dir"));
    for (String name : List.of("a", "m", "z")) {
      Files.writeString(dir.resolve(name), "the file " + name);
    }
    Files.createDirectory(dir.resolve("empty"));
    Files.createSymbolicLink(dir.resolve("link"), Path.of("a"));
    Files.createLink(data.resolve("hard"), dir.resolve("m"));
    try (RootKey root = TestKeys.root()) {
      repository = BackupRepository.builder(storage).clock(clock).create(root);
    }
    backUp();
    clock.advance(Duration.ofHours(1));
  }

  private BackupReport backUp() throws IOException {
    return repository.backUp(
        List.of(Component.directory("data", Kind.CONVERSATIONS, data)), MANUAL);
  }

  @Test
  void backUp_nothingChanged_writesItsEntryOnly() throws IOException {
    List<StoredFile> before = storage.list("");

    BackupReport report = backUp();

    assertThat(report.files().unchanged()).isEqualTo(11);
    assertThat(report.files().changed() + report.files().created()).isZero();
    assertThat(storage.list(""))
        .containsAll(before)
        .filteredOn(file -> !before.contains(file))
        .extracting(StoredFile::name)
        .containsExactly("catalog/00000000000000000002");
  }

  /** A change between two backups in a directory of which all else stays. */
  enum Change {
    FIRST_FILE_DELETED(dir -> Files.delete(dir.resolve("a"))),
    LAST_FILE_DELETED(dir -> Files.delete(dir.resolve("z"))),
    EMPTY_DIRECTORY_DELETED(dir -> Files.delete(dir.resolve("empty"))),
    EMPTY_FILE_ADDED(dir -> Files.createFile(dir.resolve("b"))),
    EMPTY_DIRECTORY_ADDED(dir -> Files.createDirectory(dir.resolve("empty/too"))),
    FILE_REWRITTEN(dir -> Files.writeString(dir.resolve("a"), "THE FILE A")),
    FILE_TOUCHED(dir -> touch(dir.resolve("a"))),
    FILE_MADE_PRIVATE(dir -> makePrivate(dir.resolve("a"))),
    DIRECTORY_TOUCHED(dir -> touch(dir)),
    EMPTY_DIRECTORY_TOUCHED(dir -> touch(dir.resolve("empty"))),
    DIRECTORY_MADE_PRIVATE(UnchangedTreeTest::makePrivate),
    LINK_TURNED(dir -> {
      Files.delete(dir.resolve("link"));
      Files.createSymbolicLink(dir.resolve("link"), Path.of("z"));
    }),
    FILE_MADE_DIRECTORY(dir -> {
      Files.delete(dir.resolve("a"));
      Files.createDirectory(dir.resolve("a"));
    }),
    DIRECTORY_MADE_FILE(dir -> {
      Files.delete(dir.resolve("empty"));
      Files.createFile(dir.resolve("empty"));
    }),
    FILE_HARD_LINKED(dir -> Files.createLink(dir.resolve("b"), dir.resolve("a"))),
    HARD_LINK_DELETED(dir -> Files.delete(dir.resolve("../../hard")));

    private final Doing doing;

    Change(Doing doing) {
      this.doing = doing;
    }
  }

  @FunctionalInterface
  private interface Doing {
    void to(Path dir) throws IOException;
  }

  private static void touch(Path path) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(LONG_AGO));
  }

  private static void makePrivate(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
  }

  @ParameterizedTest
  @EnumSource
  void backUp_oneThingChanged_isInTheSnapshot(Change change) throws IOException {
    Path dir = data.resolve("deep/dir");
    FileTime time = Files.getLastModifiedTime(dir);
    change.doing.to(dir);
    if (change != Change.DIRECTORY_TOUCHED) {
      Files.setLastModifiedTime(dir, time);
    }

    backUp();

    Path target = Files.createDirectory(temp.resolve("restored"));
    repository.restore(
        repository.planRestore(RestoreRequest.to(Selector.LATEST, target)), List.of());
    assertThat(Trees.differences(data, target.resolve("data"))).isEmpty();
    try (Stream<Path> restored = Files.walk(target.resolve("data/many"))) {
      assertThat(restored.filter(Files::isRegularFile)).hasSize(6);
    }
  }
}
