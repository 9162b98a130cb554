package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.CrashPoints;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The power fails at every moment of every verb that writes to a repository. What was acknowledged
 * is there and whole, what the client remembers is no later than what the disk kept, and doing it
 * again succeeds.
 */
class PowerCutTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  /** Rewrites every pack of which anything is dead. */
  private static final PruneOptions EAGER = new PruneOptions(0, Long.MAX_VALUE).now();

  @AutoClose
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());

  private final Path temp = files.getPath("/work");

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final Set<String> cuts = new TreeSet<>();
  private Path data;
  private Path state;
  private int copies;

  @BeforeEach
  void makeSource() throws IOException {
    data = temp.resolve("data");
    state = temp.resolve("state");
    Trees.scatter(data, 4, 1);
    Files.writeString(data.resolve("large.json"), Trees.text(new Random(2), 150_000));
  }

  private List<Component> components() {
    return List.of(Component.directory("data", Kind.CONVERSATIONS, data));
  }

  private BackupRepository.Builder builder(Storage storage, Path memory) {
    return BackupRepository.builder(storage)
        .executor(Runnable::run, 1)
        .host("host")
        .state(memory);
  }

  @FunctionalInterface
  private interface Deed {
    void doTo(BackupRepository repository) throws IOException;
  }

  private void inRepository(Storage storage, Path memory, Deed deed) throws IOException {
    try (BackupRepository repository = builder(storage, memory).open(root)) {
      deed.doTo(repository);
    }
  }

  /** A repository after some backups, and what the client remembers of it. */
  private MemoryStorage repository(int backups) throws IOException {
    MemoryStorage storage = new MemoryStorage();
    try (BackupRepository repository = builder(storage, state).create(root)) {
      for (int i = 0; i < backups; i++) {
        Files.writeString(data.resolve("changing.json"), "state " + i);
        repository.backUp(components(), MANUAL);
      }
    }
    return storage.crash();
  }

  /** A copy of the client's memory, so that no survivor learns of another. */
  private Path copyOf(Path directory) throws IOException {
    Path copy = temp.resolve("copy" + copies++);
    if (!Files.exists(directory)) {
      return copy;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Files.copy(path, copy.resolve(directory.relativize(path).toString()));
      }
    }
    return copy;
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(path);
        }
      }
    }
  }

  /**
   * Cuts the power at every moment of a deed.
   *
   * @param promised whether the snapshots that are there must be, when the deed was acknowledged
   */
  private int cutDuring(MemoryStorage start, Deed deed, Promise promised) throws IOException {
    return cutDuring(start, Readback.of(start.crash(name -> true), root), deed, promised);
  }

  private int cutDuring(
      MemoryStorage start, Map<String, String> before, Deed deed, Promise promised)
      throws IOException {
    Path working = temp.resolve("working");
    return CrashPoints.of(storage -> {
          delete(working);
          Files.move(copyOf(state), working);
          inRepository(storage, working, deed);
        })
        .startingFrom(start)
        .check((survivor, point) -> {
          cuts.add(point.before().replaceFirst("[0-9a-f]{2}/[0-9a-f]{64}|[0-9a-f]{64}", "*"));
          if (point.loss().startsWith("part") && point.calls() % 3 != 0) {
            return; // Three arbitrary losses at every third point are enough for every day.
          }
          Path memory = copyOf(working);
          inRepository(survivor, memory, repository -> {
            assertThat(repository.verify(VerifyOptions.readAll())).isClean();
            assertThat(Readback.of(survivor.crash(), root)).containsAllEntriesOf(before);
            if (point.acknowledged()) {
              promised.check(repository);
            }
            deed.doTo(repository);
            promised.check(repository);
            assertThat(repository.verify(VerifyOptions.readAll())).isClean();
          });
          assertThat(Readback.of(survivor.crash(), root))
              .containsAllEntriesOf(before)
              .doesNotContainValue(Readback.LOST);
        });
  }

  @FunctionalInterface
  private interface Promise {
    void check(BackupRepository repository) throws IOException;
  }

  @Test
  void firstBackup_powerCut_nothingOrAllOfItIsThere() throws IOException {
    MemoryStorage start = repository(0);
    int checked = cutDuring(
        start,
        repository -> assertThat(repository.backUp(components(), MANUAL)).isComplete(),
        repository -> assertThat(repository.snapshots()).isNotEmpty());
    assertThat(cuts).contains("COMMIT packs/*", "SYNC packs", "COMMIT index/*", "SYNC index");
    assertThat(cuts).contains("COMMIT catalog/00000000000000000001", "SYNC catalog", "end");
    assertThat(checked).isGreaterThan(50);
  }

  @Test
  void secondBackup_powerCut_theFirstStaysAndTheSecondCanBeDoneAgain() throws IOException {
    MemoryStorage start = repository(1);
    Files.writeString(data.resolve("new.json"), "more");
    cutDuring(
        start,
        repository -> assertThat(repository.backUp(components(), MANUAL)).isComplete(),
        repository -> assertThat(repository.snapshots()).hasSizeGreaterThanOrEqualTo(2));
    assertThat(cuts).contains("COMMIT catalog/00000000000000000002");
  }

  @Test
  void import_powerCut_nothingOrAllOfItIsThere() throws IOException {
    Path archive = temp.resolve("archive.tar.gz");
    MemoryStorage other = repository(1);
    inRepository(
        other,
        temp.resolve("other"),
        repository -> repository.exportTo(Selector.LATEST, List.of(), archive));
    delete(state);
    MemoryStorage start = repository(0);
    cutDuring(
        start,
        repository -> repository.importFrom(archive, ImportOptions.DEFAULT),
        repository -> assertThat(repository.snapshots()).isNotEmpty());
    assertThat(cuts).contains("COMMIT packs/*", "SYNC packs", "COMMIT index/*", "SYNC index");
    assertThat(cuts).contains("COMMIT catalog/00000000000000000001", "SYNC catalog", "end");
  }

  @Test
  void verify_powerCut_theMarkIsThereOrCanBeMadeAgain() throws IOException {
    MemoryStorage start = repository(2);
    cutDuring(
        start,
        repository -> assertThat(repository.verify(VerifyOptions.readAll())).isClean(),
        repository -> assertThat(repository.snapshots())
            .hasSize(2)
            .allMatch(s -> s.trust() == Trust.VERIFIED));
    assertThat(cuts).contains("COMMIT catalog/00000000000000000003", "SYNC catalog");
  }

  @Test
  void prune_powerCut_whatIsKeptStaysWholeAndItCanBeDoneAgain() throws IOException {
    MemoryStorage start = repository(3);
    Files.delete(data.resolve("large.json"));
    SnapshotId first;
    try (BackupRepository repository = builder(start, state).open(root)) {
      first = repository.snapshots().get(0).id();
      repository.backUp(components(), MANUAL);
    }
    start = start.crash();
    Map<String, String> kept = Readback.of(start, root);
    kept.keySet().removeIf(path -> path.startsWith("1:"));
    assertThat(kept).hasSize(6 + 6 + 5);
    cutDuring(
        start,
        kept,
        repository -> {
          if (repository.snapshots().stream().anyMatch(s -> s.id().equals(first))) {
            repository.prune(repository.planForget(Set.of(first), EAGER));
          } else {
            repository.prune(repository.planForget(Set.of(), EAGER));
          }
        },
        repository -> {
          assertThat(repository.snapshots()).hasSize(3).noneMatch(s -> s.id().equals(first));
          assertThat(repository.verify(VerifyOptions.readAll())).isClean();
        });
    assertThat(cuts).contains("COMMIT catalog/00000000000000000005", "SYNC catalog");
    assertThat(cuts).anyMatch(cut -> cut.startsWith("DELETE packs/"));
  }

  @Test
  void create_powerCut_isFinishedByDoingItAgain() {
    Path unused = temp.resolve("none");
    int checked = CrashPoints.of(
            storage -> builder(storage, unused).create(root).close())
        .check((survivor, point) -> {
          cuts.add(point.before());
          try (BackupRepository repository = openOrCreate(survivor, point.acknowledged())) {
            assertThat(repository.backUp(components(), MANUAL)).isComplete();
            assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
          }
          assertThat(Readback.of(survivor.crash(), root)).hasSize(5);
        });
    assertThat(cuts).contains("COMMIT FORMAT", "COMMIT FORMAT.copy", "end");
    assertThat(checked).isGreaterThan(30);
  }

  private BackupRepository openOrCreate(MemoryStorage survivor, boolean exists) throws IOException {
    Path memory = temp.resolve("copy" + copies++);
    try {
      BackupRepository created = builder(survivor, memory).create(root);
      assertThat(exists).as("a repository that was acknowledged is made again").isFalse();
      return created;
    } catch (RepositoryExistsException e) {
      return builder(survivor, memory).open(root);
    }
  }

  @Test
  void createWithPassphrase_powerCut_isFinishedByDoingItAgain() {
    Path memory = temp.resolve("memory");
    Map<String, Integer> repaired = new TreeMap<>();
    CrashPoints.of(storage -> {
          try (Secret passphrase = Secret.ofPassphrase("correct horse".toCharArray())) {
            builder(storage, memory).kdf(TestKeys.cheapKdf()).create(passphrase).close();
          }
        })
        .check((survivor, point) -> {
          if (point.loss().startsWith("part")) {
            return; // Deriving keys takes its time.
          }
          try (Secret passphrase = Secret.ofPassphrase("correct horse".toCharArray());
              BackupRepository repository = builder(survivor, temp.resolve("copy" + copies++))
                  .kdf(TestKeys.cheapKdf())
                  .openOrCreate(passphrase)) {
            repaired.merge(point.before(), 1, Integer::sum);
            assertThat(repository.verify(VerifyOptions.readAll()))
                .as(point.toString())
                .isClean();
          }
        });
    assertThat(repaired).hasSizeGreaterThanOrEqualTo(8);
  }
}
