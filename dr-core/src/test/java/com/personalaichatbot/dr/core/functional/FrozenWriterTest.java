package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A writer pauses just before its commit, and wakes when everything has changed. No lock keeps the
 * others away meanwhile: everybody is given the lock, as if it had been lost.
 */
class FrozenWriterTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  @TempDir
  Path place;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final List<Fault> lostLocks = new ArrayList<>();

  private BackupRepository open(Storage storage) throws IOException {
    FaultyStorage lockless = FaultyStorage.over(storage);
    lostLocks.add(lockless.loseLock());
    return BackupRepository.builder(lockless).open(root);
  }

  private List<Component> components() {
    return List.of(Component.directory("data", Kind.CUSTOM, place.resolve("data")));
  }

  private void write(String name, int seed) throws IOException {
    byte[] bytes = new byte[100_000];
    new Random(seed).nextBytes(bytes);
    Files.createDirectories(place.resolve("data"));
    Files.write(place.resolve("data").resolve(name), bytes);
  }

  private SnapshotId backUp(BackupRepository repository) throws IOException {
    return repository.backUp(components(), MANUAL).snapshot().orElseThrow().id();
  }

  /** Removes all but the newest snapshot. */
  private static void prune(BackupRepository repository) throws IOException {
    List<Snapshot> all = repository.snapshots();
    List<SnapshotId> ids =
        all.subList(0, all.size() - 1).stream().map(Snapshot::id).toList();
    repository.prune(repository.planForget(Set.copyOf(ids), PruneOptions.NOW));
  }

  @Test
  void backUp_frozenBeforeItsCommitWhileTwoPrunesRun_isRefusedAndNothingIsLost()
      throws IOException {
    write("kept", 1);
    FaultyStorage writerStorage = FaultyStorage.over(LocalStorage.at(place.resolve("repository")));
    try (BackupRepository created =
        BackupRepository.builder(LocalStorage.at(place.resolve("repository"))).create(root)) {
      for (int i = 0; i < 3; i++) {
        write("changing", 10 + i);
        backUp(created);
      }
    }
    // What the frozen writer relies on, and the prunes condemn: the content of an old snapshot.
    write("changing", 10);
    List<SnapshotId> acknowledged = new ArrayList<>();
    Fault frozen = writerStorage.fail(StorageCall.COMMIT).of("catalog").once().meanwhile(() -> {
      byte[] mine = Files.readAllBytes(place.resolve("data/changing"));
      try (BackupRepository other = open(LocalStorage.at(place.resolve("repository")))) {
        for (int round = 0; round < 2; round++) {
          write("changing", 50 + round);
          acknowledged.add(backUp(other));
          other.verify(VerifyOptions.readAll());
          prune(other);
        }
      }
      Files.write(place.resolve("data/changing"), mine);
    });
    try (BackupRepository writer = open(writerStorage)) {
      assertThatThrownBy(() -> backUp(writer)).isInstanceOf(RepositoryLockedException.class);
      assertThat(frozen.fired()).isTrue();
      assertThat(lostLocks).hasSize(2).allMatch(Fault::fired);

      VerifyReport verify = writer.verify(VerifyOptions.readAll());
      assertThat(verify.damages()).isEmpty();
      assertThat(writer.snapshots())
          .extracting(Snapshot::id)
          .contains(acknowledged.get(acknowledged.size() - 1));

      SnapshotId again = backUp(writer);
      assertThat(writer.verify(VerifyOptions.readAll()).damages()).isEmpty();
      assertThat(writer.snapshots()).extracting(Snapshot::id).contains(again);
    }
  }
}
