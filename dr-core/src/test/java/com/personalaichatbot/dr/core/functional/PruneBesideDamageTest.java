package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.Blockage;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A prune of a repository that is damaged, or that reads wrong while the prune runs. */
class PruneBesideDamageTest {
  /** Rewrites every pack of which anything is dead. */
  private static final PruneOptions EAGER = new PruneOptions(0, Long.MAX_VALUE).now();

  @AutoClose
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());

  private final Path data = files.getPath("/data");

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final List<SnapshotId> ids = new ArrayList<>();
  private final MemoryStorage copy = new MemoryStorage();
  private MemoryStorage disk;
  private Map<String, String> expected;

  /** Three states with directories of their own; one file has a content map. */
  @BeforeEach
  void backUpThreeTimes() throws IOException {
    Trees.scatter(data, 4, 1);
    Files.createDirectories(data.resolve("below/deep"));
    byte[] mapped = new byte[24 * 150_000];
    for (int i = 0; i < 24; i++) {
      System.arraycopy(random(1_000, i), 0, mapped, i * 150_000, 1_000);
    }
    Files.write(data.resolve("below/mapped"), mapped);
    MemoryStorage made = new MemoryStorage();
    try (BackupRepository repository = builder(made).create(root)) {
      for (int i = 0; i < 3; i++) {
        Files.write(data.resolve("below/deep/state" + i), random(90_000, i));
        Files.write(data.resolve("below/changing"), random(90_000, 10 + i));
        Files.deleteIfExists(data.resolve("below/deep/state" + (i - 1)));
        ids.add(repository
            .backUp(
                List.of(Component.directory("data", Kind.CONVERSATIONS, data)),
                BackupOptions.of(Purpose.MANUAL))
            .snapshot()
            .orElseThrow()
            .id());
      }
      repository.copies().copyTo(copy, VerifyOptions.structure());
    }
    disk = made.crash();
    expected = kept(disk);
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static BackupRepository.Builder builder(Storage storage) {
    return BackupRepository.builder(storage)
        .executor(Runnable::run, 1)
        .clock(SettableClock.at(Instant.parse("2024-05-01T00:00:00Z")))
        .host("host");
  }

  private PrunePlan planWithoutTheFirst(BackupRepository repository) throws IOException {
    return repository.planForget(Set.of(ids.get(0)), EAGER);
  }

  /** The files of the snapshots that are kept. */
  private Map<String, String> kept(MemoryStorage storage) throws IOException {
    Map<String, String> all = new TreeMap<>(Readback.of(storage.crash(name -> true), root));
    all.keySet().removeIf(name -> name.startsWith("1:"));
    return all;
  }

  private void heal(MemoryStorage storage) throws IOException {
    try (BackupRepository copied = builder(copy.crash(name -> true)).open(root)) {
      copied.copies().heal(storage, VerifyOptions.readAll());
    }
  }

  private enum Harm {
    FLIP_EARLY,
    FLIP_IN_THE_MIDDLE,
    FLIP_LATE,
    CUT,
    LOSE;

    void doTo(MemoryStorage storage, StoredFile file) throws IOException {
      Tampering tampering = Tampering.on(storage);
      int length = (int) file.length();
      switch (this) {
        case FLIP_EARLY -> tampering.flip(file.name(), 250);
        case FLIP_IN_THE_MIDDLE -> tampering.flip(file.name(), length / 2);
        case FLIP_LATE -> tampering.flip(file.name(), length - 20);
        case CUT -> tampering.resize(file.name(), length - length / 3);
        default -> tampering.delete(file.name());
      }
    }
  }

  /** What a copy still has must come back, whatever the prune thought of it. */
  @ParameterizedTest
  @EnumSource(Harm.class)
  void prune_anyPackOrIndexHarmed_healedFromACopyTheKeptSnapshotsAreEqual(Harm harm)
      throws IOException {
    int refused = 0;
    int done = 0;
    for (StoredFile file : disk.list("")) {
      if (!file.name().startsWith("packs/") && !file.name().startsWith("index/")) {
        continue;
      }
      for (boolean verified : new boolean[] {false, true}) {
        MemoryStorage storage = disk.crash();
        harm.doTo(storage, file);
        List<StoredFile> before = storage.list("packs");
        try (BackupRepository repository = builder(storage).open(root)) {
          if (verified) {
            repository.verify(VerifyOptions.readAll());
          }
          PrunePlan plan = planWithoutTheFirst(repository);
          try {
            repository.prune(plan);
            assertThat(plan.blockage()).isEmpty();
            done++;
          } catch (CorruptRepositoryException e) {
            assertThat(plan.blockage()).isPresent();
            assertThat(storage.list("packs")).isEqualTo(before);
            refused++;
          }
          heal(storage);
          assertThat(kept(storage)).as(harm + " " + file.name()).isEqualTo(expected);
        }
      }
    }
    assertThat(done).as("prunes that went on").isPositive();
    if (harm != Harm.FLIP_LATE) {
      assertThat(refused).as("prunes that were refused").isPositive();
    }
  }

  @Test
  void prune_treePackDamaged_namesTheSnapshotsTheirBytesAndTheWaysOut() throws IOException {
    MemoryStorage storage = disk.crash();
    try (BackupRepository repository = builder(storage).open(root)) {
      StoredFile treePack = newestTreePack(storage, repository);
      Tampering.on(storage).flip(treePack.name(), 250);
      List<StoredFile> before = storage.list("");
      PrunePlan plan = planWithoutTheFirst(repository);
      Blockage blockage = plan.blockage().orElseThrow();
      assertThat(blockage.snapshots()).containsExactly(ids.get(2));
      assertThat(blockage.bytes()).isPositive();
      assertThat(blockage.object()).isEqualTo(treePack.name());
      assertThat(plan.packsDeleted() + plan.packsRewritten()).isZero();
      assertThat(plan.bytesFreed()).isZero();
      assertThat(storage.list("")).isEqualTo(before);
      assertThatExceptionOfType(CorruptRepositoryException.class)
          .isThrownBy(() -> repository.prune(plan))
          .withMessageContaining(treePack.name())
          .withMessageContaining(ids.get(2).toString())
          .withMessageContaining(blockage.bytes() + " bytes")
          .satisfies(
              e -> assertThat(e.action()).contains("heal", "backup", "forget --now " + ids.get(2)));
      assertThat(storage.list("packs")).containsExactlyInAnyOrderElementsOf(packsOf(before));

      repository.prune(repository.planForget(Set.of(ids.get(2)), EAGER));
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      assertThat(repository.snapshots()).extracting(Snapshot::id).containsExactly(ids.get(1));
      assertThat(repository.removedSnapshots())
          .as("removed by the run that could delete nothing")
          .extracting(removed -> removed.snapshot().id())
          .containsExactly(ids.get(0));
    }
  }

  private static List<StoredFile> packsOf(List<StoredFile> all) {
    return all.stream().filter(file -> file.name().startsWith("packs/")).toList();
  }

  /** The pack whose damage hits the newest snapshot alone, and the top of its tree. */
  private StoredFile newestTreePack(MemoryStorage storage, BackupRepository repository)
      throws IOException {
    for (StoredFile pack : storage.list("packs")) {
      Tampering.on(storage).flip(pack.name(), 250);
      try {
        PrunePlan plan = planWithoutTheFirst(repository);
        if (plan.blockage().isPresent()
            && plan.blockage().get().snapshots().equals(List.of(ids.get(2)))) {
          return pack;
        }
      } finally {
        Tampering.on(storage).flip(pack.name(), 250);
      }
    }
    throw new AssertionError("no such pack");
  }

  private enum Once {
    FLIPPED,
    ABSENT,
    FAILS
  }

  /** The n-th read of a prune goes wrong, once, for each n. */
  @ParameterizedTest
  @EnumSource(Once.class)
  void prune_anySingleReadGoesWrong_losesNothing(Once how) throws IOException {
    int refused = 0;
    int struck = 0;
    for (int reads = 0; ; reads++) {
      MemoryStorage storage = disk.crash();
      FaultyStorage faulty = FaultyStorage.over(storage);
      try (BackupRepository repository = builder(faulty).open(root)) {
        PrunePlan plan = planWithoutTheFirst(repository);
        Fault fault = switch (how) {
          case FLIPPED -> faulty.flipReads();
          case ABSENT ->
            faulty.fail(StorageCall.READ).with(() -> new NoSuchFileException("injected fault"));
          case FAILS -> faulty.fail(StorageCall.READ);
        };
        fault.of(name -> name.startsWith("packs/") || name.startsWith("index/"));
        fault.after(reads).once();
        try {
          repository.prune(plan);
        } catch (IOException e) {
          refused++;
        }
        faulty.heal();
        assertThat(kept(storage)).as(how + " after " + reads).isEqualTo(expected);
        assertThat(repository.verify(VerifyOptions.readAll())).isClean();
        if (!fault.fired()) {
          break;
        }
        struck++;
      }
    }
    assertThat(struck).isGreaterThan(10);
    assertThat(refused).isLessThan(struck);
  }

  /** The index marks one place of a blob that has two; the other one is the whole one. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void prune_markedPlaceIsDamaged_keepsTheOther(int which) throws IOException {
    MemoryStorage storage = new MemoryStorage();
    FaultyStorage first = FaultyStorage.over(ConcurrencyTest.unclosed(storage));
    try (BackupRepository repository = builder(first).create(root);
        BackupRepository other = builder(storage).open(root)) {
      Files.write(data.resolve("large"), random(2_000_000, 9));
      List<Component> one = List.of(Component.directory("data", Kind.CUSTOM, data));
      Fault atOnce = first
          .fail(StorageCall.COMMIT)
          .of("packs")
          .once()
          .meanwhile(() -> other.backUp(one, BackupOptions.of(Purpose.MANUAL)));
      repository.backUp(one, BackupOptions.of(Purpose.MANUAL));
      assertThat(atOnce.fired()).isTrue();
      Map<String, String> all = Readback.of(storage.crash(name -> true), root);
      List<StoredFile> twins =
          storage.list("packs").stream().filter(p -> p.length() > 1_000_000).toList();
      assertThat(twins).hasSize(2);
      Tampering.on(storage).flip(twins.get(which).name(), 400_000);
      Tampering.on(storage).flip(twins.get(which).name(), 1_400_000);

      repository.prune(repository.planForget(Set.of(), EAGER));
      assertThat(Readback.of(storage.crash(name -> true), root)).isEqualTo(all);
    }
  }
}
