package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk with a bad sector: what lies on it is named, all else works, and nothing is written off.
 */
class UnreadableTest {
  private static final int FILES = 4;

  @TempDir
  private Path temp;

  private final MemoryStorage disk = new MemoryStorage();
  private final FaultyStorage storage = FaultyStorage.over(disk);

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final List<SnapshotId> ids = new ArrayList<>();

  @AutoClose
  private BackupRepository repository;

  private Path data;

  @BeforeEach
  void backUpTwice() throws IOException {
    data = Files.createDirectories(temp.resolve("data"));
    repository = builder(storage).create(root);
    for (int i = 0; i < FILES; i++) {
      write("file" + i, i);
    }
    backUp();
    write("file0", 100);
    backUp();
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
  }

  private static BackupRepository.Builder builder(Storage on) {
    return BackupRepository.builder(on).host("host").kdf(TestKeys.cheapKdf());
  }

  private void write(String name, int seed) throws IOException {
    byte[] bytes = new byte[60_000];
    new Random(seed).nextBytes(bytes);
    Files.write(data.resolve(name), bytes);
  }

  private void backUp() throws IOException {
    ids.add(repository
        .backUp(
            List.of(Component.directory("data", Kind.CUSTOM, data)),
            BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id());
  }

  private Fault unreadable(String file) {
    return storage
        .fail(StorageCall.READ)
        .of(file)
        .with(() -> new IOException("Input/output error"));
  }

  private List<String> packs() throws IOException {
    return disk.list("packs").stream().map(StoredFile::name).toList();
  }

  /** A storage on which one byte of a file cannot be read, nor anything that is read with it. */
  private static Storage badSector(Storage below, String file, long at, AtomicInteger struck) {
    return (Storage) Proxy.newProxyInstance(
        Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, args) -> {
          if (method.getName().equals("read") && args[0].equals(file)) {
            long position = (long) args[1];
            if (position <= at && position + (int) args[4] > at) {
              struck.incrementAndGet();
              throw new IOException("Input/output error");
            }
          }
          try {
            return method.invoke(below, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  @Test
  void verify_packCannotBeRead_isNamedWithWhatItHitsAndNotRecorded() throws IOException {
    String head = repository.head();
    Set<String> hit = new TreeSet<>();
    for (String pack : packs()) {
      Fault fault = unreadable(pack);
      VerifyReport report = repository.verify(VerifyOptions.readAll());
      assertThat(fault.fired()).isTrue();
      assertThat(report).isDamaged().namesObject(pack);
      assertThat(report.damages()).allMatch(d -> d.kind() == Damage.Kind.UNREADABLE);
      assertThat(report.damages()).allMatch(d -> d.detail().contains("Input/output error"));
      report.damages().forEach(d -> hit.addAll(d.paths()));
      assertThat(repository.head()).isEqualTo(head);
      assertThat(repository.snapshots()).allMatch(s -> s.trust() == Trust.VERIFIED);
      storage.heal();
      assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
      head = repository.head();
    }
    assertThat(hit).contains("data/file0", "data/file3", "/");
  }

  @Test
  void verify_unreadableAndDamagedPacks_onlyTheDamageIsRecorded() throws IOException {
    List<String> packs = packs();
    String damaged = packs.get(0);
    Fault fault = unreadable(packs.get(1));
    storage.flip(damaged, disk.length(damaged) / 2);
    assertThat(repository.verify(VerifyOptions.readAll()))
        .isDamaged()
        .namesObject(damaged)
        .namesObject(packs.get(1));
    assertThat(fault.fired()).isTrue();
    storage.heal();
    VerifyReport after = repository.verify(VerifyOptions.readAll());
    assertThat(after.notes()).noneMatch(note -> note.contains(packs.get(1)));
    assertThat(after.damages()).noneMatch(d -> d.object().equals(packs.get(1)));
  }

  @Test
  void verify_storeIsGone_isAnErrorAndNoDamage() throws IOException {
    Fault unread = unreadable("packs");
    storage.fail(StorageCall.LIST).of(name -> unread.fired());
    assertThatIOException()
        .isThrownBy(() -> repository.verify(VerifyOptions.readAll()))
        .withMessageContaining("Input/output error");
    assertThat(unread.fired()).isTrue();
  }

  @Test
  void restore_badSectorInOneFile_bringsAllOthers() throws IOException {
    StoredFile largest = disk.list("packs").stream()
        .max(Comparator.comparingLong(StoredFile::length))
        .orElseThrow();
    repository.close();
    AtomicInteger struck = new AtomicInteger();
    Path target = temp.resolve("target");
    repository =
        builder(badSector(disk.crash(), largest.name(), 100_000, struck)).open(root);
    RestoreReport report = repository.restore(
        repository.planRestore(RestoreRequest.to(Selector.of(ids.get(0)), target)), List.of());
    assertThat(struck).hasPositiveValue();
    assertThat(report.damaged()).isTrue();
    assertThat(report.failures()).hasSize(1);
    PathProblem failure = report.failures().get(0);
    assertThat(failure.reason()).contains("cannot be read");
    int restored = 0;
    for (int i = 0; i < FILES; i++) {
      Path file = target.resolve("data/file" + i);
      if (failure.path().endsWith("file" + i)) {
        assertThat(file).doesNotExist();
      } else {
        assertThat(file).hasSize(60_000);
        restored++;
      }
    }
    assertThat(restored).isEqualTo(FILES - 1);

    VerifyReport verify = repository.verify(VerifyOptions.readAll());
    assertThat(verify.damages()).hasSize(1);
    assertThat(verify.damages().get(0).paths()).containsExactly(failure.path());
  }

  @Test
  void prune_packCannotBeRead_losesNothingThatMayComeBack() throws IOException {
    int refused = 0;
    int done = 0;
    int struck = 0;
    for (String pack : packs()) {
      MemoryStorage copy = disk.crash();
      FaultyStorage faulty = FaultyStorage.over(copy);
      try (BackupRepository client = builder(faulty).open(root)) {
        PrunePlan plan =
            client.planForget(Set.of(ids.get(0)), new PruneOptions(0, Long.MAX_VALUE).now());
        Fault fault = faulty
            .fail(StorageCall.READ)
            .of(pack)
            .with(() -> new IOException("Input/output error"));
        try {
          client.prune(plan);
          done++;
        } catch (CorruptRepositoryException e) {
          assertThat(e).hasMessageContaining(pack).hasCauseInstanceOf(IOException.class);
          refused++;
        }
        faulty.heal();
        assertThat(client.verify(VerifyOptions.readAll())).isClean();
        assertThat(client.snapshots()).extracting(s -> s.id()).contains(ids.get(1));
        assertThat(Readback.of(copy.crash(), root)).doesNotContainValue(Readback.LOST);
        struck += fault.fired() ? 1 : 0;
      }
    }
    assertThat(refused).as("packs of trees that stay").isPositive();
    assertThat(done).isPositive();
    assertThat(struck).as("packs of which something would move").isGreaterThan(refused);
  }

  @Test
  void everything_entryOfHistoryCannotBeRead_goesOnWithoutIt() throws IOException {
    SnapshotId older = ids.get(1);
    long position = sequence(older);
    backUp();
    Fault fault = unreadable(String.format("catalog/%020d", position));
    assertThat(repository.snapshots())
        .extracting(s -> s.id())
        .containsExactly(ids.get(0), ids.get(2));
    assertThat(fault.fired()).isTrue();
    VerifyReport report = repository.verify(VerifyOptions.readAll());
    assertThat(report).isDamaged().namesObject(String.format("catalog/%020d", position));
    assertThat(report.damages()).allMatch(d -> d.kind() == Damage.Kind.UNREADABLE);
    backUp();
    Path target = temp.resolve("target");
    RestoreReport restored = repository.restore(
        repository.planRestore(RestoreRequest.to(Selector.LATEST, target)), List.of());
    assertThat(restored.failures()).isEmpty();
    storage.heal();
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    assertThat(repository.snapshots()).extracting(s -> s.id()).containsExactlyElementsOf(ids);
  }

  @Test
  void everything_newestEntryCannotBeRead_nothingIsAddedThatWouldDisownIt() throws IOException {
    backUp();
    String newest = String.format("catalog/%020d", sequence(ids.get(2)));
    Fault fault = unreadable(newest);
    assertThatExceptionOfType(CorruptRepositoryException.class)
        .isThrownBy(this::backUp)
        .withMessageContaining(newest);
    assertThat(fault.fired()).isTrue();
    assertThatExceptionOfType(CorruptRepositoryException.class)
        .as("what would be the latest is not passed over")
        .isThrownBy(() ->
            repository.planRestore(RestoreRequest.to(Selector.LATEST, temp.resolve("target"))))
        .satisfies(e -> assertThat(e.action()).contains(ids.get(1).toString()));
    assertThat(repository.verify(VerifyOptions.readAll())).isDamaged().namesObject(newest);
    repository.restore(
        repository.planRestore(RestoreRequest.to(Selector.of(ids.get(1)), temp.resolve("target"))),
        List.of());
    storage.heal();
    backUp();
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    assertThat(repository.snapshots()).extracting(s -> s.id()).containsExactlyElementsOf(ids);
  }

  private long sequence(SnapshotId id) throws IOException {
    return repository.snapshots().stream()
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow()
        .sequence();
  }

  @Test
  void everything_indexCannotBeRead_goesOnByThePacks() throws IOException {
    Fault fault = unreadable("index");
    VerifyReport verify = repository.verify(VerifyOptions.readAll());
    assertThat(fault.fired()).isTrue();
    assertThat(verify.damages())
        .hasSize(disk.list("index").size())
        .allMatch(d -> d.kind() == Damage.Kind.UNREADABLE)
        .allMatch(d -> d.object().startsWith("index/") && d.paths().isEmpty());
    write("file1", 200);
    backUp();
    Path target = temp.resolve("target");
    RestoreReport report = repository.restore(
        repository.planRestore(RestoreRequest.to(Selector.of(ids.get(2)), target)), List.of());
    assertThat(report.failures()).isEmpty();
    storage.heal();
    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
  }

  @Test
  void open_oneCopyOfFormatAndSlotCannotBeRead_takesTheOther() throws IOException {
    MemoryStorage keyed = new MemoryStorage();
    FaultyStorage faulty = FaultyStorage.over(keyed);
    try (Secret secret = Secret.ofPassphrase("secret".toCharArray())) {
      builder(ConcurrencyTest.unclosed(keyed)).create(secret).close();
      String slot = keyed.list("keys").get(0).name();
      List<Fault> faults = new ArrayList<>();
      for (String file : List.of("FORMAT", slot)) {
        faults.add(faulty.fail(StorageCall.READ).of(file));
      }
      try (BackupRepository opened = builder(faulty).open(secret)) {
        assertThat(faults).allMatch(Fault::fired);
        assertThat(opened.verify(VerifyOptions.readAll()))
            .isDamaged()
            .namesObject("FORMAT")
            .namesObject(slot);
      }
    }
    Fault both = storage.fail(StorageCall.READ).of(name -> name.startsWith("FORMAT"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> builder(storage).open(root))
        .withMessageContaining("injected fault");
    assertThat(both.count()).isEqualTo(2);
  }
}
