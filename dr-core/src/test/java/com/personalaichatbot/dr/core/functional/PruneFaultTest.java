package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Faults beside a prune: stores that fail, plans that are late, files that do not belong: stores
 * that fail, plans that are late, files that do not belong.
 */
class PruneFaultTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  /** Rewrites every pack of which anything is dead. */
  private static final PruneOptions EAGER = new PruneOptions(0, Long.MAX_VALUE).now();

  @AutoClose
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());

  private final Path data = files.getPath("/data");

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final SettableClock clock = SettableClock.at(Instant.parse("2024-05-01T00:00:00Z"));
  private final List<SnapshotId> ids = new ArrayList<>();
  private MemoryStorage disk;

  /** Three states; of the packs of the first two some are dead and some half dead without them. */
  @BeforeEach
  void backUpThreeTimes() throws IOException {
    Trees.scatter(data, 4, 1);
    MemoryStorage made = new MemoryStorage();
    try (BackupRepository repository = builder(made).create(root)) {
      for (int i = 0; i < 3; i++) {
        Files.writeString(data.resolve("state" + i), Trees.text(new Random(i), 20_000));
        Files.deleteIfExists(data.resolve("state" + (i - 1)));
        backUp(repository);
      }
    }
    disk = made.crash();
  }

  private BackupRepository.Builder builder(Storage storage) {
    return BackupRepository.builder(storage)
        .executor(Runnable::run, 1)
        .clock(clock)
        .host("host");
  }

  private List<Component> components() {
    return List.of(Component.directory("data", Kind.CONVERSATIONS, data));
  }

  private void backUp(BackupRepository repository) throws IOException {
    ids.add(repository.backUp(components(), MANUAL).snapshot().orElseThrow().id());
  }

  private PrunePlan planWithoutTheFirst(BackupRepository repository) throws IOException {
    return repository.planForget(Set.of(ids.get(0)), EAGER);
  }

  /** What is kept is whole, by the engine and by the stages alone. */
  private void requireSound(BackupRepository repository, MemoryStorage storage) throws IOException {
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    assertThat(Readback.of(storage.crash(), root)).doesNotContainValue(Readback.LOST);
  }

  @ParameterizedTest
  @EnumSource(
      value = StorageCall.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"DISCARD", "LENGTH"})
  void prune_anySingleCallFails_failsOrSucceedsAndCanBeDoneAgain(StorageCall call)
      throws IOException {
    int struck = 0;
    for (int calls = 0; ; calls++) {
      MemoryStorage copy = disk.crash();
      FaultyStorage storage = FaultyStorage.over(copy);
      try (BackupRepository repository = builder(storage).open(root)) {
        PrunePlan plan = planWithoutTheFirst(repository);
        Fault fault = storage.fail(call).after(calls).once();
        boolean pruned = false;
        try {
          repository.prune(plan);
          pruned = true;
        } catch (IOException e) {
          assertThat(e).as("after " + calls).hasMessageContaining("injected fault");
        }
        storage.heal();
        List<SnapshotId> left =
            repository.snapshots().stream().map(Snapshot::id).toList();
        assertThat(left).endsWith(ids.get(1), ids.get(2));
        assertThat(left.size()).isLessThanOrEqualTo(pruned ? 2 : 3);
        requireSound(repository, copy);
        Set<SnapshotId> again = new HashSet<>(left);
        again.remove(ids.get(1));
        again.remove(ids.get(2));
        repository.prune(repository.planForget(again, EAGER));
        assertThat(repository.snapshots()).hasSize(2);
        requireSound(repository, copy);
        if (!fault.fired()) {
          break;
        }
        struck++;
      }
    }
    assertThat(struck).isPositive();
  }

  /** A listing that ends early must never pass for one of everything there is. */
  @Test
  void prune_listingBreaksOff_failsAndNothingGoes() throws IOException {
    List<StoredFile> before = disk.list("");
    FaultyStorage storage = FaultyStorage.over(disk);
    try (BackupRepository repository = builder(storage).open(root)) {
      PrunePlan plan = planWithoutTheFirst(repository);
      for (String directory : List.of("catalog", "index", "packs")) {
        Fault broken = storage.failListAfter(disk.list(directory).size() - 1);
        assertThatIOException()
            .isThrownBy(() -> repository.prune(plan))
            .withMessageContaining("broke off");
        assertThatIOException()
            .isThrownBy(() -> planWithoutTheFirst(repository))
            .withMessageContaining("broke off");
        assertThat(broken.fired()).isTrue();
        storage.heal();
        assertThat(disk.list("")).containsAll(before);
      }
      repository.prune(plan);
      requireSound(repository, disk);
    }
  }

  @Test
  void prune_twoPlansOfOneState_theSecondIsRefused() throws IOException {
    try (BackupRepository repository = builder(disk).open(root)) {
      PrunePlan one = planWithoutTheFirst(repository);
      PrunePlan other = repository.planForget(Set.of(ids.get(1)), EAGER);
      repository.prune(one);
      assertThatExceptionOfType(RepositoryLockedException.class)
          .isThrownBy(() -> repository.prune(other))
          .withMessageContaining("changed since the plan")
          .satisfies(e -> assertThat(e.action()).contains("make the plan again"));
      assertThatExceptionOfType(RepositoryLockedException.class)
          .isThrownBy(() -> repository.prune(one));
      assertThat(repository.snapshots())
          .extracting(Snapshot::id)
          .containsExactly(ids.get(1), ids.get(2));
      requireSound(repository, disk);
    }
  }

  @Test
  void prune_anotherPruneCameInBetween_isRefusedAndItsPacksGoWithTheNext() throws IOException {
    FaultyStorage storage = FaultyStorage.over(ConcurrencyTest.unclosed(disk));
    storage.loseLock();
    try (BackupRepository repository = builder(storage).open(root);
        BackupRepository other = builder(disk).open(root)) {
      PrunePlan mine = planWithoutTheFirst(repository);
      Fault meanwhile = storage
          .fail(StorageCall.COMMIT)
          .of("catalog")
          .once()
          .meanwhile(() -> other.prune(other.planForget(Set.of(ids.get(1)), EAGER)));
      assertThatExceptionOfType(RepositoryLockedException.class)
          .isThrownBy(() -> repository.prune(mine));
      assertThat(meanwhile.fired()).isTrue();
      assertThat(repository.snapshots())
          .extracting(Snapshot::id)
          .containsExactly(ids.get(0), ids.get(2));
      requireSound(repository, disk);
      repository.prune(repository.planForget(Set.of(), EAGER));
      assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    }
  }

  @Test
  void prune_filesThatDoNotBelong_areNotedAndStay() throws IOException {
    Path place = files.getPath("/repository");
    LocalStorage storage = LocalStorage.at(place);
    List<String> strangers = List.of(
        ".DS_Store", "packs/.DS_Store", "packs/00/part", "catalog/notes", "keys/old~", "x/y");
    try (BackupRepository repository = builder(storage).create(root)) {
      ids.clear();
      for (int i = 0; i < 2; i++) {
        Files.writeString(data.resolve("more"), "state " + i);
        backUp(repository);
      }
      for (String name : strangers) {
        Path file = place.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "a stranger");
      }
      VerifyReport verify = repository.verify(VerifyOptions.readAll());
      strangers.forEach(name -> assertThat(verify).isClean().hasNote(name));
      repository.prune(planWithoutTheFirst(repository));
      backUp(repository);
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      assertThat(repository.snapshots()).hasSize(2);
      assertThat(storage.list("")).extracting(StoredFile::name).containsAll(strangers);
    }
  }

  /**
   * Half of a pack, as a copy that was broken off leaves it: damage, until a prune clears it up.
   */
  @Test
  void prune_halfCopiedPack_isNamedOnceAndCleared() throws IOException {
    String name = "packs/ab/ab" + "0123456789abcdef".repeat(4).substring(2);
    byte[] pack = Tampering.on(disk).read(disk.list("packs").get(0).name());
    Tampering.on(disk).replace(name, Arrays.copyOf(pack, pack.length / 2));
    try (BackupRepository repository = builder(disk).open(root)) {
      assertThat(repository.verify(VerifyOptions.readAll()))
          .isDamaged()
          .namesObject(name)
          .hitsExactly();
      assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNote(name);
      backUp(repository);
      repository.prune(planWithoutTheFirst(repository));
      assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    }
  }

  @Test
  void hold_untilThePast_isRefused() throws IOException {
    try (BackupRepository repository = builder(disk).open(root)) {
      for (Instant past : List.of(clock.instant(), Instant.EPOCH, Instant.MIN)) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> repository.hold(ids.get(0), Optional.of(past)))
            .withMessageContaining("past");
      }
      assertThat(repository.snapshots()).allMatch(s -> s.hold().isEmpty());
      repository.hold(ids.get(0), Optional.of(Instant.MAX));
      assertThat(repository.snapshots().get(0).hold()).isPresent();
      assertThat(repository
              .planPrune(RetentionPolicy.none().keepLast(1), true, EAGER)
              .removed())
          .extracting(PrunePlan.Decision::id)
          .containsExactly(ids.get(1));
    }
  }

  /** What {@code cp -r} makes of a repository in which a backup is at work. */
  @Test
  void copyByHand_whileABackupRan_holdsEverySnapshotThatItDoesNotName() throws IOException {
    List<MemoryStorage> moments = new ArrayList<>();
    FaultyStorage storage = FaultyStorage.over(disk);
    for (StorageCall call : List.of(StorageCall.COMMIT, StorageCall.SYNC)) {
      storage.fail(call).of(name -> {
        moments.add(disk.crash(reached -> true));
        return false;
      });
    }
    Files.writeString(data.resolve("new"), Trees.text(new Random(9), 30_000));
    try (BackupRepository repository = builder(storage).open(root)) {
      backUp(repository);
    }
    MemoryStorage late = disk.crash(reached -> true);
    assertThat(moments).hasSizeGreaterThan(6);
    List<String> order = List.of("FORMAT", "catalog", "index", "keys", "packs", "tmp");
    int incomplete = 0;
    for (int early = 0; early < moments.size(); early++) {
      for (int cut = 0; cut <= order.size(); cut++) {
        incomplete += requireHonestCopy(moments.get(early), late, order.subList(0, cut));
        incomplete += requireHonestCopy(moments.get(early), late, order.subList(cut, order.size()));
      }
    }
    assertThat(incomplete).as("copies that lack something").isPositive();
  }

  /**
   * Copies some directories at an earlier moment and all others at the end.
   *
   * @return 1 if the copy lacks something and says so
   */
  private int requireHonestCopy(MemoryStorage early, MemoryStorage late, List<String> first)
      throws IOException {
    MemoryStorage copy = new MemoryStorage();
    for (MemoryStorage from : List.of(early, late)) {
      for (StoredFile file : from.list("")) {
        boolean isFirst = first.stream().anyMatch(file.name()::startsWith);
        if (isFirst == (from == early)) {
          Tampering.on(copy).replace(file.name(), Tampering.on(from).read(file.name()));
        }
      }
    }
    MemoryStorage untouched = copy.crash(name -> true);
    try (BackupRepository repository = builder(copy).open(root)) {
      VerifyReport verify = repository.verify(VerifyOptions.readAll());
      Set<SnapshotId> named = verify.damages().stream()
          .flatMap(d -> d.snapshots().stream())
          .collect(Collectors.toSet());
      Map<String, String> readback = Readback.of(untouched, root);
      for (Snapshot snapshot : repository.snapshots()) {
        List<String> lost = readback.entrySet().stream()
            .filter(e -> e.getKey().startsWith(snapshot.sequence() + ":"))
            .filter(e -> e.getValue().equals(Readback.LOST))
            .map(Map.Entry::getKey)
            .toList();
        assertThat(lost.isEmpty()).as(first + " earlier").isEqualTo(!named.contains(snapshot.id()));
      }
      assertThat(repository.snapshots()).extracting(Snapshot::id).startsWith(ids.get(0));
      assertThat(named).doesNotContain(ids.get(0), ids.get(1), ids.get(2));
      assertThat(repository.snapshots()).hasSizeGreaterThanOrEqualTo(3);
      if (verify.isClean()) {
        return 0;
      }
      assertThat(verify.damages()).extracting(Damage::object).doesNotContain("");
      return 1;
    }
  }
}
