package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Storages that fail: what was stored before stays whole, and doing it again succeeds. */
class StorageFaultTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  @AutoClose
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());

  private final Path data = files.getPath("/data");

  @AutoClose
  private final RootKey root = TestKeys.root();

  private MemoryStorage disk;

  @BeforeEach
  void backUpOnce() throws IOException {
    Trees.scatter(data, 4, 1);
    disk = new MemoryStorage();
    try (BackupRepository repository = builder(disk).create(root)) {
      repository.backUp(components(), MANUAL);
    }
    disk = disk.crash();
    Files.writeString(data.resolve("large.json"), Trees.text(new Random(2), 150_000));
  }

  private List<Component> components() {
    return List.of(Component.directory("data", Kind.CONVERSATIONS, data));
  }

  private static BackupRepository.Builder builder(Storage storage) {
    return BackupRepository.builder(storage).executor(Runnable::run, 1).host("host");
  }

  private void requireSound(BackupRepository repository, MemoryStorage storage, int snapshots)
      throws IOException {
    assertThat(repository.snapshots()).hasSize(snapshots);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    Map<String, String> readback = Readback.of(storage.crash(), root);
    assertThat(readback).doesNotContainValue(Readback.LOST);
    assertThat(
            readback.keySet().stream().map(k -> k.substring(0, k.indexOf(':'))).distinct())
        .hasSize(snapshots);
  }

  @ParameterizedTest
  @EnumSource(
      value = StorageCall.class,
      names = {"CREATE", "WRITE", "COMMIT", "READ", "LIST", "SYNC", "LOCK"})
  void backUp_anySingleCallFails_failsOrSucceedsAndCanBeDoneAgain(StorageCall call)
      throws IOException {
    int struck = 0;
    for (int calls = 0; ; calls++) {
      MemoryStorage copy = disk.crash();
      FaultyStorage storage = FaultyStorage.over(copy);
      try (BackupRepository repository = builder(storage).open(root)) {
        Fault fault = storage.fail(call).after(calls).once();
        int acknowledged = 1;
        try {
          assertThat(repository.backUp(components(), MANUAL)).isComplete();
          acknowledged++;
        } catch (IOException e) {
          assertThat(e).as("after " + calls).hasMessageContaining("injected fault");
        }
        storage.heal();
        int before = repository.snapshots().size();
        assertThat(before).isBetween(acknowledged, 2);
        assertThat(repository.backUp(components(), MANUAL)).isComplete();
        requireSound(repository, copy, before + 1);
        if (!fault.fired()) {
          break;
        }
        struck++;
      }
    }
    assertThat(struck).isPositive();
  }

  @Test
  void verify_diskIsFull_saysWhatItFoundAndThatItCouldNotRecordIt() throws IOException {
    FaultyStorage storage = FaultyStorage.over(disk);
    try (BackupRepository repository = builder(storage).open(root)) {
      storage.fullAfter(0);

      VerifyReport report = repository.verify(VerifyOptions.readAll());

      assertThat(report).isClean();
      assertThat(report.blobs()).isPositive();
      assertThat(report.notes()).singleElement().asString().contains("could not be recorded");
      assertThat(repository.snapshots().get(0).trust()).isEqualTo(Trust.UNVERIFIED);
      storage.heal();
      assertThat(repository.verify(VerifyOptions.readAll()).notes()).isEmpty();
      assertThat(repository.snapshots().get(0).trust()).isEqualTo(Trust.VERIFIED);
    }
  }

  @Test
  void storageWithoutLocks_backUpVerifyAndRestore_goOnAndPruneDoesNot() throws IOException {
    FaultyStorage storage = FaultyStorage.over(disk);
    try (BackupRepository repository = builder(storage).open(root)) {
      Fault lockless = storage.fail(StorageCall.LOCK);

      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      RestoreRequest request = RestoreRequest.to(Selector.LATEST, files.getPath("/restored"));
      assertThat(
              repository.restore(repository.planRestore(request), components()).failures())
          .isEmpty();

      assertThat(lockless.fired()).isTrue();
      PrunePlan plan = repository.planPrune(RetentionPolicy.recommended(), false, PruneOptions.NOW);
      assertThatIOException()
          .isThrownBy(() -> repository.prune(plan))
          .withMessageContaining("injected fault");
    }
    assertThat(files.getPath("/restored/data/large.json")).exists();
  }

  @Test
  void backUp_answerOfTheCommitLost_isCommittedOnce() throws IOException {
    FaultyStorage storage = FaultyStorage.over(disk);
    try (BackupRepository repository = builder(storage).open(root)) {
      Fault lost = storage.fail(StorageCall.COMMIT).of("catalog").once().afterEffect();
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThat(lost.fired()).isTrue();
      requireSound(repository, disk, 2);
    }
  }

  @Test
  void backUp_answerOfTheCommitLostAndOthersBehindIt_isCommittedOnce() throws IOException {
    FaultyStorage storage = FaultyStorage.over(disk);
    try (BackupRepository other = builder(disk).open(root);
        BackupRepository repository = builder(storage).open(root)) {
      // The listing that follows the create finds the other's entry behind it.
      Fault meanwhile = storage
          .fail(StorageCall.SYNC)
          .of("catalog")
          .once()
          .meanwhile(() -> assertThat(other.backUp(components(), MANUAL)).isComplete());
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThat(meanwhile.fired()).isTrue();
      assertThat(repository.snapshots()).hasSize(3);
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    }
  }

  @Test
  void backUp_positionTakenMeanwhile_takesTheNext() throws IOException {
    FaultyStorage storage = FaultyStorage.over(disk);
    try (BackupRepository other = builder(disk).open(root);
        BackupRepository repository = builder(storage).open(root)) {
      Fault meanwhile = storage
          .fail(StorageCall.COMMIT)
          .of("catalog")
          .once()
          .meanwhile(() -> assertThat(other.backUp(components(), MANUAL)).isComplete());
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThat(meanwhile.fired()).isTrue();
      assertThat(repository.snapshots()).hasSize(3);
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    }
  }

  @Test
  void backUp_sameObjectCommitsBetweenListingAndComparing_isNoRollback() throws IOException {
    FaultyStorage storage = FaultyStorage.over(disk);
    try (BackupRepository repository = builder(storage).open(root)) {
      Fault meanwhile = storage
          .fail(StorageCall.READ)
          .of("catalog")
          .once()
          .meanwhile(() -> assertThat(repository.backUp(components(), MANUAL)).isComplete());
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThat(meanwhile.fired()).isTrue();
      requireSound(repository, disk, 3);
    }
  }

  /** A lock that is lost protects nothing any more; the commit has to notice by itself. */
  @Test
  void backUp_pruneCameInBetween_isRefusedAndNothingIsCommitted() throws IOException {
    FaultyStorage storage = FaultyStorage.over(disk);
    try (BackupRepository other = builder(withoutLock(disk)).open(root);
        BackupRepository repository = builder(storage).open(root)) {
      Set<SnapshotId> first = Set.of(repository.snapshots().get(0).id());
      Fault meanwhile = storage
          .fail(StorageCall.COMMIT)
          .of("catalog")
          .once()
          .meanwhile(() -> other.prune(other.planForget(first, PruneOptions.NOW)));
      assertThatExceptionOfType(RepositoryLockedException.class)
          .isThrownBy(() -> repository.backUp(components(), MANUAL))
          .withMessageContaining("pruned");
      assertThat(meanwhile.fired()).isTrue();
      assertThat(repository.snapshots()).isEmpty();
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      assertThat(Readback.of(disk.crash(), root)).hasSize(5).doesNotContainValue(Readback.LOST);
    }
  }

  private static Storage withoutLock(MemoryStorage storage) {
    StorageLock held = () -> {};
    return (Storage) Proxy.newProxyInstance(
        Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, args) -> {
          if (method.getName().equals("tryLock")) {
            return Optional.of(held);
          }
          try {
            return method.invoke(storage, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  @Test
  void backUp_packGoneOrCut_isNotReliedOn() throws IOException {
    MemoryStorage whole = new MemoryStorage();
    try (BackupRepository repository = builder(whole).create(root)) {
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
    }
    for (StoredFile pack : whole.crash().list("packs")) {
      for (boolean gone : List.of(true, false)) {
        MemoryStorage damaged = whole.crash();
        if (gone) {
          Tampering.on(damaged).delete(pack.name());
        } else {
          Tampering.on(damaged).resize(pack.name(), (int) pack.length() / 2);
        }
        try (BackupRepository repository = builder(damaged).open(root)) {
          assertThat(repository.backUp(components(), MANUAL)).isComplete();
          SnapshotId second = repository.snapshots().get(1).id();
          for (Damage damage : repository.verify(VerifyOptions.readAll()).damages()) {
            assertThat(damage.snapshots()).doesNotContain(second);
          }
        }
      }
    }
  }

  @Test
  void backUp_diskFullAtAnyPoint_failsAndSucceedsWithSpace() throws IOException {
    int failed = 0;
    for (long bytes = 0; ; bytes += 600) {
      MemoryStorage copy = disk.crash();
      FaultyStorage storage = FaultyStorage.over(copy);
      try (BackupRepository repository = builder(storage).open(root)) {
        Fault full = storage.fullAfter(bytes);
        if (!failsForWantOfSpace(repository)) {
          assertThat(full.fired()).isFalse();
          break;
        }
        assertThat(full.fired()).isTrue();
        failed++;
        storage.heal();
        assertThat(repository.backUp(components(), MANUAL)).isComplete();
        requireSound(repository, copy, 2);
      }
    }
    assertThat(failed).isGreaterThan(5);
  }

  private boolean failsForWantOfSpace(BackupRepository repository) throws IOException {
    try {
      repository.backUp(components(), MANUAL);
      return false;
    } catch (FileSystemException e) {
      assertThat(e).hasMessageContaining("No space left on device");
      return true;
    }
  }

  @Test
  void create_anySingleCallFails_isFinishedByDoingItAgain() throws IOException {
    for (StorageCall call : List.of(StorageCall.COMMIT, StorageCall.SYNC, StorageCall.WRITE)) {
      for (int calls = 0; ; calls++) {
        MemoryStorage empty = new MemoryStorage();
        FaultyStorage storage = FaultyStorage.over(empty);
        Fault fault = storage.fail(call).after(calls).once();
        try (BackupRepository repository = createOrFinish(storage)) {
          storage.heal();
          assertThat(repository.backUp(components(), MANUAL)).isComplete();
          requireSound(repository, empty, 1);
        }
        if (!fault.fired()) {
          assertThat(calls).as(call.toString()).isPositive();
          break;
        }
      }
    }
  }

  private BackupRepository createOrFinish(FaultyStorage storage) throws IOException {
    try {
      return builder(storage).create(root);
    } catch (IOException e) {
      try {
        return builder(storage).create(root);
      } catch (RepositoryExistsException exists) {
        return builder(storage).open(root);
      }
    }
  }

  @Test
  void verify_packsWrittenBehindItsListing_areNotMissing() throws IOException {
    FaultyStorage storage = FaultyStorage.over(disk);
    try (BackupRepository other = builder(disk).open(root);
        BackupRepository repository = builder(storage).open(root)) {
      Fault meanwhile = storage
          .fail(StorageCall.LIST)
          .of("index")
          .once()
          .meanwhile(() -> assertThat(other.backUp(components(), MANUAL)).isComplete());
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      assertThat(meanwhile.fired()).isTrue();
    }
  }

  @Test
  void verify_listingBreaksOff_isAnErrorAndNotAnEmptyRepository() throws IOException {
    FaultyStorage storage = FaultyStorage.over(disk);
    try (BackupRepository repository = builder(storage).open(root)) {
      Fault broken = storage.failListAfter(1);
      assertThatIOException()
          .isThrownBy(() -> repository.verify(VerifyOptions.readAll()))
          .withMessageContaining("broke off");
      assertThatIOException().isThrownBy(() -> repository.backUp(components(), MANUAL));
      assertThat(broken.count()).isEqualTo(2);
      storage.heal();
      requireSound(repository, disk, 1);
    }
  }

  @Test
  void verify_bitsThatReadWrongOnce_areNotRecordedAsHealthy() throws IOException {
    String pack = disk.list("packs").get(0).name();
    FaultyStorage storage = FaultyStorage.over(disk);
    try (BackupRepository repository = builder(storage).open(root)) {
      Fault flipped = storage.flip(pack, disk.length(pack) / 2);
      assertThat(repository.verify(VerifyOptions.readAll())).isDamaged().namesObject(pack);
      assertThat(flipped.fired()).isTrue();
    }
  }

  @Test
  void readOnlyPlace_verifyWorks_backUpFailsAndNothingChanges() throws IOException {
    FaultyStorage storage = FaultyStorage.over(disk);
    storage.makeReadOnly();
    List<StoredFile> before = disk.list("");
    try (BackupRepository repository = builder(storage).open(root)) {
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      assertThatIOException()
          .isThrownBy(() -> repository.backUp(components(), MANUAL))
          .withMessageContaining("read-only");
      assertThat(disk.list("")).isEqualTo(before);
    }
  }

  @Test
  void anyVerb_lockHeldAlone_isRefusedAndNothingChanges() throws IOException {
    try (BackupRepository repository = builder(disk).open(root);
        StorageLock alone = disk.tryLock(true).orElseThrow()) {
      assertThat(alone).isNotNull();
      assertThatExceptionOfType(RepositoryLockedException.class)
          .isThrownBy(() -> repository.backUp(components(), MANUAL))
          .satisfies(e -> assertThat(e.action()).isNotBlank());
      assertThat(repository.snapshots()).hasSize(1);
    }
  }

  @Test
  void backUp_damagedPackThatWasFound_storesItAgainFromTheSource() throws IOException {
    MemoryStorage whole = new MemoryStorage();
    try (BackupRepository repository = builder(whole).create(root)) {
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
    }
    for (StoredFile pack : whole.crash().list("packs")) {
      MemoryStorage damaged = whole.crash();
      Tampering.on(damaged).flip(pack.name(), (int) pack.length() / 4);
      try (BackupRepository repository = builder(damaged).open(root)) {
        assertThat(repository.verify(VerifyOptions.readAll())).isDamaged().namesObject(pack.name());
        assertThat(repository.backUp(components(), MANUAL)).isComplete();
        assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNote(pack.name());
      }
      assertThat(Readback.of(damaged.crash(), root)).hasSize(10).doesNotContainValue(Readback.LOST);
    }
  }
}
