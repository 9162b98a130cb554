package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Proof;
import com.personalaichatbot.dr.core.snapshot.Proofs;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history's memory of verifies and drills, and a repository's answer when asked. */
class ProofStoryTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir
  private Path directory;

  private final SettableClock clock = SettableClock.at(START);
  private MemoryStorage storage;

  @AutoClose
  private BackupRepository repository;

  private Component component;

  @BeforeEach
  void setUp() throws IOException {
    Path data = Files.createDirectory(directory.resolve("data"));
    Files.writeString(data.resolve("a"), "some text");
    component = Component.directory("chats", Kind.CONVERSATIONS, data);
    storage = new MemoryStorage();
    try (RootKey root = TestKeys.root()) {
      repository = BackupRepository.builder(storage).clock(clock).create(root);
    }
  }

  private SnapshotId backUp() throws IOException {
    clock.advance(Duration.ofHours(1));
    return repository
        .backUp(List.of(component), BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id();
  }

  private Instant verify(VerifyOptions options) throws IOException {
    clock.advance(Duration.ofHours(1));
    repository.verify(options);
    return clock.instant();
  }

  @Test
  void verify_readsData_isRecordedEvenIfNothingIsNew() throws IOException {
    backUp();
    Instant first = verify(VerifyOptions.readAll());
    Instant second = verify(VerifyOptions.readAll());
    Instant sample = verify(VerifyOptions.sample(20));
    verify(VerifyOptions.structure());

    Proofs proofs = repository.proofs();
    assertThat(proofs.since()).isEqualTo(START);
    assertThat(proofs.all())
        .containsExactly(
            new Proof(Proof.Kind.VERIFY, first, 1, List.of()),
            new Proof(Proof.Kind.VERIFY, second, 1, List.of()),
            new Proof(Proof.Kind.VERIFY, sample, 0.2, List.of()));
  }

  @Test
  void verify_damage_isTheSameSnapshotEachTime() throws IOException {
    SnapshotId id = backUp();
    verify(VerifyOptions.readAll());
    for (StoredFile pack : storage.list("packs")) {
      Tampering.on(storage).flip(pack.name(), (int) pack.length() / 2);
    }
    verify(VerifyOptions.readAll());
    verify(VerifyOptions.readAll());

    assertThat(repository.proofs().all())
        .extracting(Proof::failed)
        .containsExactly(List.of(), List.of(id), List.of(id));
    assertThat(repository.proofs().newest(Proof.Kind.VERIFY).orElseThrow().passed())
        .isFalse();
  }

  @Test
  void drill_passed_provesTheSnapshot_failed_takesThatBack() throws IOException {
    SnapshotId id = backUp();
    clock.advance(Duration.ofDays(1));
    repository.recordDrill(id, true);
    assertThat(repository.snapshots().get(0).trust()).isEqualTo(Trust.PROVEN);
    repository.recordDrill(id, false);
    assertThat(repository.snapshots().get(0).trust()).isEqualTo(Trust.UNVERIFIED);

    assertThat(repository.proofs().all())
        .containsExactly(
            new Proof(Proof.Kind.DRILL, clock.instant(), 1, List.of()),
            new Proof(Proof.Kind.DRILL, clock.instant(), 1, List.of(id)));
  }

  @Test
  void drill_suspectSnapshot_staysSuspect() throws IOException {
    SnapshotId id = backUp();
    repository.markSuspect(id);
    repository.recordDrill(id, true);
    assertThat(repository.snapshots().get(0).trust()).isEqualTo(Trust.SUSPECT);
  }

  @Test
  void prune_keepsTheNewestProofOfEachKind() throws IOException {
    SnapshotId first = backUp();
    repository.recordDrill(first, true);
    Instant drilled = clock.instant();
    Instant last = START;
    for (int i = 0; i < 2; i++) {
      verify(VerifyOptions.readAll());
      backUp();
      last = verify(VerifyOptions.readAll());
      PrunePlan plan =
          repository.planPrune(RetentionPolicy.none().keepLast(1), false, PruneOptions.NOW);
      assertThat(plan.removed()).hasSize(1);
      repository.prune(plan);
    }

    assertThat(repository.proofs().all())
        .extracting(Proof::kind, Proof::time)
        .containsExactlyInAnyOrder(
            tuple(Proof.Kind.DRILL, drilled), tuple(Proof.Kind.VERIFY, last));
    assertThat(repository.verify(VerifyOptions.readAll()).isClean()).isTrue();
  }

  @Test
  void probe_leavesNothingBehind() throws IOException {
    List<StoredFile> before = storage.list("");
    assertThat(repository.probe().isWritable()).isTrue();
    assertThat(repository.probe().location()).isEqualTo(storage.location());
    assertThat(storage.list("")).isEqualTo(before);
  }

  @Test
  void probe_repositoryIsGone_saysSo() throws IOException {
    storage.delete("FORMAT");
    assertThat(repository.probe().isWritable()).isTrue();
    storage.delete("FORMAT.copy");
    assertThatThrownBy(() -> repository.probe()).isInstanceOf(RepositoryNotFoundException.class);
  }

  @Test
  void tryPassphrase_liveSlotOnly() throws IOException {
    Path place = directory.resolve("repository");
    try (Secret right = Secret.ofPassphrase("right".toCharArray());
        Secret wrong = Secret.ofPassphrase("wrong".toCharArray());
        BackupRepository local = BackupRepository.builder(LocalStorage.at(place))
            .kdf(TestKeys.cheapKdf())
            .create(right)) {
      local.keys().authenticate(right);
      assertThatThrownBy(() -> local.keys().authenticate(wrong))
          .isInstanceOf(WrongKeyException.class);
    }
  }
}
