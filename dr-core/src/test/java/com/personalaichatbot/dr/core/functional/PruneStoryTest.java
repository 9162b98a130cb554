package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.PruneReport;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PruneStoryTest {
  @TempDir
  Path data;

  private final MemoryStorage storage = new MemoryStorage();

  private BackupRepository repository() throws IOException {
    try (RootKey root = RootKey.of(new byte[32])) {
      return BackupRepository.builder(storage).create(root);
    }
  }

  private SnapshotId backUp(BackupRepository repository) throws IOException {
    Component component = Component.directory("data", Kind.CUSTOM, data);
    return repository
        .backUp(List.of(component), BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id();
  }

  private void write(String name, int seed) throws IOException {
    byte[] bytes = new byte[200_000];
    new Random(seed).nextBytes(bytes);
    Files.write(data.resolve(name), bytes);
  }

  private long stored() throws IOException {
    return storage.list("").stream().mapToLong(StoredFile::length).sum();
  }

  @Test
  void prune_ofHalfTheSnapshots_keepsTheOthersWhole() throws IOException {
    try (BackupRepository repository = repository()) {
      List<SnapshotId> ids = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        write("same", 1);
        write("changing", i + 10);
        write("file-" + i % 3, i + 100);
        ids.add(backUp(repository));
      }
      repository.verify(VerifyOptions.readAll());
      repository.hold(ids.get(8), Optional.empty());
      long before = stored();

      PrunePlan plan = repository.planForget(Set.copyOf(ids.subList(0, 8)), PruneOptions.NOW);
      assertThat(stored()).isEqualTo(before);
      PruneReport report = repository.prune(plan);

      assertThat(report.removed()).hasSize(8);
      assertThat(stored()).isLessThan(before / 2);
      assertThat(before - stored())
          .isCloseTo(report.bytesFreed(), org.assertj.core.data.Percentage.withPercentage(5));
      assertThat(repository.snapshots())
          .extracting(s -> s.id())
          .containsExactly(ids.get(8), ids.get(9));
      assertThat(repository.snapshots()).allMatch(s -> s.trust() == Trust.VERIFIED);
      assertThat(repository.snapshots().get(0).hold()).isPresent();
      VerifyReport verify = repository.verify(VerifyOptions.readAll());
      assertThat(verify.damages()).isEmpty();
      assertThat(verify.notes()).isEmpty();

      backUp(repository);
      assertThat(repository.verify(VerifyOptions.readAll()).isClean()).isTrue();
      PrunePlan again = repository.planForget(Set.of(ids.get(9)), PruneOptions.NOW);
      repository.prune(again);
      assertThat(repository.verify(VerifyOptions.readAll()).isClean()).isTrue();
      assertThat(repository.snapshots()).hasSize(2);
    }
  }

  /**
   * Two backups at the same time store everything twice; then one copy rots, and nobody has seen it
   * yet.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void prune_oneOfTwoPlacesIsDamaged_rewritesFromTheOther(int which) throws IOException {
    FaultyStorage first = FaultyStorage.over(ConcurrencyTest.unclosed(storage));
    try (RootKey root = TestKeys.root();
        BackupRepository repository = BackupRepository.builder(first).create(root);
        BackupRepository other = BackupRepository.builder(storage).open(root)) {
      write("a", 1);
      write("b", 2);
      List<SnapshotId> both = new ArrayList<>();
      Fault atOnce = first
          .fail(StorageCall.COMMIT)
          .of("packs")
          .once()
          .meanwhile(() -> both.add(backUp(other)));
      both.add(backUp(repository));
      assertThat(atOnce.fired()).isTrue();
      Files.delete(data.resolve("b"));
      backUp(repository);
      List<StoredFile> twins =
          storage.list("packs").stream().filter(p -> p.length() > 200_000).toList();
      assertThat(twins).hasSize(2);
      for (int at = 1_000; at < twins.get(which).length(); at += 50_000) {
        Tampering.on(storage).flip(twins.get(which).name(), at);
      }

      repository.prune(repository.planForget(Set.copyOf(both), PruneOptions.NOW));
      VerifyReport verify = repository.verify(VerifyOptions.readAll());
      assertThat(verify.damages()).isEmpty();
      assertThat(verify.notes()).isEmpty();
      assertThat(storage.list("packs")).doesNotContainAnyElementsOf(twins);
    }
  }

  /** Condemnation is final: what is still there may be gone at the next moment. */
  @Test
  void backUp_ofWhatACondemnedPackStillHolds_storesItAgain() throws IOException {
    FaultyStorage failing = FaultyStorage.over(storage);
    try (RootKey root = TestKeys.root();
        BackupRepository repository = BackupRepository.builder(failing).create(root)) {
      write("a", 1);
      SnapshotId first = backUp(repository);
      write("a", 2);
      backUp(repository);
      Fault interrupted = failing.fail(StorageCall.DELETE).of("packs");
      PrunePlan plan = repository.planForget(Set.of(first), PruneOptions.NOW);
      assertThatIOException().isThrownBy(() -> repository.prune(plan));
      assertThat(interrupted.fired()).isTrue();
      failing.heal();
      assertThat(repository.snapshots()).hasSize(1);

      write("a", 1);
      backUp(repository);
      repository.prune(repository.planForget(Set.of(), PruneOptions.NOW));
      assertThat(repository.verify(VerifyOptions.readAll()).damages()).isEmpty();
      assertThat(repository.verify(VerifyOptions.readAll()).notes()).isEmpty();
    }
  }

  @Test
  void prune_afterTheRepositoryChanged_isRefused() throws IOException {
    try (BackupRepository repository = repository()) {
      write("a", 1);
      SnapshotId first = backUp(repository);
      PrunePlan plan = repository.planForget(Set.of(first), PruneOptions.NOW);
      backUp(repository);
      assertThatThrownBy(() -> repository.prune(plan))
          .isInstanceOf(RepositoryLockedException.class);
      assertThat(repository.snapshots()).hasSize(2);
    }
  }
}
