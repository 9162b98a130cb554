package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.LastKeyException;
import com.personalaichatbot.dr.core.operation.ListedKey;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.CrashPoints;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Key slots come and go, whatever else happens: at least one always opens the repository. */
class KeysTest {
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Secret one = Secret.ofPassphrase("one".toCharArray());
  private final Secret two = Secret.ofPassphrase("two".toCharArray());
  private final MemoryStorage disk = new MemoryStorage();
  private RootKey root;
  private BackupRepository repository;
  private String first;

  /** Keeps the first key that it gives: a test that opens by the root key derives nothing. */
  private static final class Recording extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private byte[] key;

    @Override
    public void nextBytes(byte[] bytes) {
      super.nextBytes(bytes);
      if (key == null) {
        key = bytes.clone();
      }
    }
  }

  @BeforeEach
  void create() throws IOException {
    Recording random = new Recording();
    repository = builder(ConcurrencyTest.unclosed(disk)).random(random).create(one);
    root = RootKey.of(random.key);
    first = repository.keys().list().get(0).id();
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
    root.close();
    one.close();
    two.close();
    files.close();
  }

  private static BackupRepository.Builder builder(Storage storage) {
    return BackupRepository.builder(storage)
        .executor(Runnable::run, 1)
        .host("host")
        .kdf(TestKeys.cheapKdf());
  }

  /** The repository in another process, which shares no lock with this one. */
  private FaultyStorage withoutLock() {
    FaultyStorage storage = FaultyStorage.over(ConcurrencyTest.unclosed(disk));
    storage.loseLock();
    return storage;
  }

  private SnapshotId backUp(BackupRepository to, String content) throws IOException {
    Path data = Files.createDirectories(files.getPath("/data"));
    Files.writeString(data.resolve("file"), content);
    return to.backUp(
            List.of(Component.directory("data", Kind.CUSTOM, data)),
            BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id();
  }

  private static boolean opens(Storage storage, Secret passphrase) throws IOException {
    try {
      builder(storage).open(passphrase).close();
      return true;
    } catch (WrongKeyException e) {
      return false;
    }
  }

  private static List<String> slotFiles(Storage storage) throws IOException {
    return storage.list("keys").stream().map(StoredFile::name).toList();
  }

  private List<String> ids() throws IOException {
    return repository.keys().list().stream().map(ListedKey::id).toList();
  }

  @Test
  void keys_liveSlotWhoseFilesAreLost_isListedAsUnreadable() throws IOException {
    String second = repository.keys().add(one, two);
    for (String file : slotFiles(disk)) {
      if (file.contains(second)) {
        disk.delete(file);
      }
    }

    assertThat(repository.keys().list())
        .extracting(ListedKey::id, ListedKey::kind)
        .containsExactly(
            tuple(second, ListedKey.Kind.UNREADABLE), tuple(first, ListedKey.Kind.PASSPHRASE));
  }

  @Test
  void keys_addedChangedAndRemoved_openOrNot() throws IOException {
    String second = repository.keys().add(one, two);
    assertThat(ids()).containsExactlyInAnyOrder(first, second);
    try (Secret three = Secret.ofPassphrase("three".toCharArray())) {
      String third = repository.keys().changePassphrase(one, three);
      assertThat(ids()).containsExactlyInAnyOrder(second, third);
      assertThatExceptionOfType(WrongKeyException.class)
          .isThrownBy(() -> repository.keys().add(one, three));
      repository.keys().remove(second);
      assertThatExceptionOfType(LastKeyException.class)
          .isThrownBy(() -> repository.keys().remove(third));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> repository.keys().remove(second))
          .withMessageContaining("no key slot " + second);
      assertThatExceptionOfType(WrongKeyException.class)
          .isThrownBy(() -> repository.keys().add(two, three));
      assertThat(slotFiles(disk)).hasSize(2);
      repository.keys().add(three, one);
    }
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
  }

  @Test
  void removeKey_theOtherIsRemovedMeanwhile_isTheLastAndStays() throws IOException {
    String second = repository.keys().add(one, two);
    FaultyStorage storage = withoutLock();
    Fault meanwhile = storage
        .fail(StorageCall.COMMIT)
        .of("catalog")
        .once()
        .meanwhile(() -> repository.keys().remove(first));
    try (BackupRepository other = builder(storage).open(root)) {
      assertThatExceptionOfType(LastKeyException.class)
          .isThrownBy(() -> other.keys().remove(second))
          .satisfies(e -> assertThat(e.action()).contains("add another key"));
    }
    assertThat(meanwhile.fired()).isTrue();
    assertThat(ids()).containsExactly(second);
    assertThat(opens(disk.crash(), two)).isTrue();
  }

  @Test
  void removeKey_manyAtOnce_oneIsLeft() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 4; round++) {
        repository.keys().add(one, one);
        CyclicBarrier start = new CyclicBarrier(2);
        List<Callable<Boolean>> removals = new ArrayList<>();
        for (String id : ids()) {
          removals.add(() -> {
            try (BackupRepository process = builder(withoutLock()).open(root)) {
              start.await();
              process.keys().remove(id);
              return true;
            } catch (LastKeyException e) {
              return false;
            }
          });
        }
        List<Boolean> removed = new ArrayList<>();
        for (Future<Boolean> removal : threads.invokeAll(removals)) {
          removed.add(removal.get());
        }
        assertThat(removed).containsExactlyInAnyOrder(true, false);
        assertThat(ids()).hasSize(1);
        assertThat(slotFiles(disk)).hasSize(2);
      }
      assertThat(opens(disk.crash(), one)).isTrue();
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void changePassphrase_newSlotIsRemovedBeforeItIsLive_beginsAgainWithAnother() throws IOException {
    FaultyStorage storage = withoutLock();
    Set<String> removed = new TreeSet<>();
    Fault meanwhile = storage.fail(StorageCall.COMMIT).of("catalog").once().meanwhile(() -> {
      String notLive = slotFiles(disk).stream()
          .map(name -> name.substring("keys/".length(), "keys/".length() + 32))
          .filter(id -> !id.equals(first))
          .findFirst()
          .orElseThrow();
      repository.keys().remove(notLive);
      removed.add(notLive);
    });
    String second;
    try (BackupRepository other = builder(storage).open(root)) {
      second = other.keys().changePassphrase(one, two);
    }
    assertThat(meanwhile.fired()).isTrue();
    assertThat(removed).hasSize(1).doesNotContain(second);
    assertThat(ids()).containsExactly(second);
    assertThat(opens(disk.crash(), two)).isTrue();
    assertThat(opens(disk.crash(), one)).isFalse();
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
  }

  @Test
  void changePassphrase_committedAndThenPrunedFromTheCatalog_isKnownToHaveSucceeded()
      throws IOException {
    FaultyStorage storage = withoutLock();
    Fault meanwhile = storage.fail(StorageCall.SYNC).of("catalog").once().meanwhile(() -> {
      SnapshotId behind = backUp(repository, "behind");
      repository.prune(repository.planForget(Set.of(behind), PruneOptions.NOW));
    });
    String second;
    try (BackupRepository other = builder(storage).open(root)) {
      second = other.keys().changePassphrase(one, two);
    }
    assertThat(meanwhile.fired()).isTrue();
    assertThat(ids()).containsExactly(second);
    assertThat(opens(disk.crash(), two)).isTrue();
  }

  @Test
  void addKey_afterAnInterruptedOne_clearsUpWhatItLeft() throws IOException {
    FaultyStorage storage = withoutLock();
    Fault interrupted = storage.fail(StorageCall.COMMIT).of("catalog");
    try (BackupRepository other = builder(storage).open(root)) {
      assertThatIOException().isThrownBy(() -> other.keys().add(one, two));
    }
    assertThat(interrupted.fired()).isTrue();
    assertThat(slotFiles(disk)).hasSize(4);
    assertThat(opens(disk.crash(), two)).isFalse();
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNote("not live");
    repository.keys().add(one, two);
    assertThat(slotFiles(disk)).hasSize(4);
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
  }

  @Test
  void open_entryThatChangedTheSlotsIsDamaged_locksNobodyOut() throws IOException {
    repository.keys().changePassphrase(one, two);
    MemoryStorage damaged = disk.crash();
    Tampering.on(damaged).flip("catalog/00000000000000000001", 300);
    try (BackupRepository opened = builder(damaged).open(two)) {
      assertThat(opened.verify(VerifyOptions.readAll()))
          .isDamaged()
          .namesObject("catalog/00000000000000000001");
      assertThatExceptionOfType(CorruptRepositoryException.class)
          .isThrownBy(() -> opened.keys().add(two, one))
          .withMessageContaining("not whole");
    }
  }

  private static String entry(long position) {
    return String.format(Locale.ROOT, "catalog/%020d", position);
  }

  /** Everything reads and nothing writes, and the message names the entry and the way out. */
  private void assertIsReadOnly(MemoryStorage damaged, Secret passphrase, long position)
      throws IOException {
    MemoryStorage before = damaged.crash(name -> true);
    try (BackupRepository opened = builder(ConcurrencyTest.unclosed(damaged)).open(passphrase)) {
      SnapshotId snapshot = opened.snapshots().get(0).id();
      opened.list(snapshot, "", entry -> {});
      assertThat(opened.verify(VerifyOptions.readAll()))
          .isDamaged()
          .namesObject(entry(position))
          .hasNote("which passphrases open");
      for (Deed deed : List.<Deed>of(
          to -> backUp(to, "more"),
          to -> to.hold(snapshot, Optional.empty()),
          to -> to.planForget(Set.of(snapshot), PruneOptions.DEFAULT),
          to -> to.keys().add(passphrase, two),
          to -> to.keys().remove(first))) {
        assertThatExceptionOfType(CorruptRepositoryException.class)
            .isThrownBy(() -> deed.doTo(opened))
            .satisfies(e -> {
              assertThat(e.object()).isEqualTo(entry(position));
              assertThat(e.action()).contains("heal the repository from a copy: dr heal COPY");
            });
      }
    }
    assertThat(damaged.list("catalog")).isEqualTo(before.list("catalog"));
    assertThat(damaged.list("keys")).isEqualTo(before.list("keys"));
  }

  @Test
  void open_entryThatMayListSlotsIsDamaged_isForReadingOnly() throws IOException {
    backUp(repository, "before"); // 1
    String second = repository.keys().add(one, two); // 2
    MemoryStorage withFirst = disk.crash(name -> true);
    repository.keys().remove(first); // 3
    MemoryStorage whole = disk.crash(name -> true);
    for (String name : slotFiles(withFirst)) {
      Tampering.on(whole).replace(name, Tampering.on(withFirst).read(name));
    }
    int length = (int) whole.length(entry(3));
    assertThat(opens(ConcurrencyTest.unclosed(whole), one)).isFalse();
    for (int at : new int[] {10, 250, 300, length - 40}) {
      MemoryStorage damaged = whole.crash(name -> true);
      Tampering.on(damaged).flip(entry(3), at);
      assertIsReadOnly(damaged, two, 3);
      assertIsReadOnly(damaged, one, 3);
    }
    MemoryStorage neverListed = whole.crash(name -> true);
    Tampering.on(neverListed).flip(entry(2), 300);
    Tampering.on(neverListed).flip(entry(3), 300);
    assertIsReadOnly(neverListed, two, 2);
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void open_removedPassphrase_isNotBroughtBackByAnyBytes() throws IOException {
    backUp(repository, "before"); // 1
    repository.keys().add(one, two); // 2
    MemoryStorage withFirst = disk.crash(name -> true);
    repository.keys().remove(first); // 3
    backUp(repository, "after"); // 4
    MemoryStorage whole = disk.crash(name -> true);
    for (String name : slotFiles(withFirst)) {
      Tampering.on(whole).replace(name, Tampering.on(withFirst).read(name));
    }
    byte[] head = Tampering.on(whole).read(entry(4));
    byte[] keys = Tampering.on(whole).read(entry(2));
    List<byte[]> additions = List.of(
        new byte[0],
        new byte[1],
        new byte[300],
        new byte[100_000],
        keys,
        Arrays.copyOf(keys, keys.length - 1),
        Arrays.copyOf(keys, 200),
        Arrays.copyOfRange(keys, 300, keys.length));
    for (byte[] added : additions) {
      for (long at : new long[] {5, 6, 1005, 1_000_000_000_000_000L}) {
        MemoryStorage planted = whole.crash(name -> true);
        Tampering.on(planted).replace(entry(at), added);
        assertThat(opens(ConcurrencyTest.unclosed(planted), one)).isFalse();
        assertThat(opens(ConcurrencyTest.unclosed(planted), two)).isTrue();
      }
    }
    for (int from : new int[] {0, 10, 300, head.length - 40}) {
      MemoryStorage damaged = whole.crash(name -> true);
      Tampering.on(damaged).flip(entry(4), from);
      assertThat(opens(ConcurrencyTest.unclosed(damaged), one))
          .as("byte " + from)
          .isFalse();
    }
    MemoryStorage garbled = whole.crash(name -> true);
    Tampering.on(garbled).replace(entry(4), new byte[head.length]);
    assertThat(opens(ConcurrencyTest.unclosed(garbled), one)).isFalse();
    try (BackupRepository opened = builder(ConcurrencyTest.unclosed(garbled)).open(two)) {
      backUp(opened, "goes on");
    }
  }

  @Test
  void open_damagedEntryIsProvenToListNoSlots_isForWritingToo() throws IOException {
    backUp(repository, "before"); // 1
    MemoryStorage damaged = disk.crash(name -> true);
    Tampering.on(damaged).flip(entry(1), (int) damaged.length(entry(1)) - 200);
    try (BackupRepository opened = builder(damaged).open(one)) {
      assertThat(opened.verify(VerifyOptions.structure())).isDamaged().namesObject(entry(1));
      backUp(opened, "goes on");
      assertThat(opened.snapshots()).hasSize(1);
    }
  }

  @FunctionalInterface
  private interface Deed {
    void doTo(BackupRepository repository) throws IOException;
  }

  @FunctionalInterface
  private interface Aftermath {
    void check(BackupRepository process, Storage shared, boolean acknowledged) throws IOException;
  }

  /**
   * Cuts the power at every moment of a change of the slots.
   *
   * @return the moments
   */
  private Set<String> cutDuring(Deed deed, Aftermath aftermath) throws IOException {
    backUp(repository, "before");
    Set<String> cuts = new TreeSet<>();
    CrashPoints.of(storage -> {
          try (BackupRepository process = builder(storage).open(root)) {
            deed.doTo(process);
          }
        })
        .startingFrom(disk)
        .check((survivor, point) -> {
          cuts.add(point.before().replaceFirst("[0-9a-f]{32}", "*"));
          Storage shared = ConcurrencyTest.unclosed(survivor);
          try (BackupRepository process = builder(shared).open(root)) {
            assertThat(process.keys().list()).isNotEmpty();
            assertThat(process.verify(VerifyOptions.readAll())).isClean();
            assertThat(process.snapshots()).hasSize(1);
            if (point.loss().equals("lost")) {
              aftermath.check(process, shared, point.acknowledged());
              assertThat(opens(survivor.crash(), two)).isTrue();
            }
          }
        });
    return cuts;
  }

  /** After a deed that takes the first slot away: it is done, or can be done again. */
  private Aftermath doneOr(Deed repeated) {
    return (process, shared, acknowledged) -> {
      boolean old = opens(shared, one);
      assertThat(old || opens(shared, two)).isTrue();
      assertThat(old && acknowledged).isFalse();
      if (old) {
        repeated.doTo(process);
        assertThat(process.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
      }
    };
  }

  @Test
  void addKey_powerCut_theOldOneOpensAndTheNewOneIfItWasAcknowledged() throws IOException {
    Deed add = process -> process.keys().add(one, two);
    Set<String> cuts = cutDuring(add, (process, shared, acknowledged) -> {
      assertThat(opens(shared, one)).isTrue();
      boolean added = opens(shared, two);
      assertThat(added || !acknowledged).isTrue();
      if (!added) {
        add.doTo(process);
        assertThat(process.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
        assertThat(opens(shared, one)).isTrue();
      }
    });
    assertThat(cuts)
        .contains("COMMIT keys/*", "COMMIT keys/*.copy", "SYNC keys")
        .contains("COMMIT catalog/00000000000000000002", "SYNC catalog", "end");
  }

  @Test
  void changePassphrase_powerCut_theOldOneOrTheNewOneOpens() throws IOException {
    Deed change = process -> process.keys().changePassphrase(one, two);
    assertThat(cutDuring(change, doneOr(change)))
        .contains("COMMIT keys/*", "COMMIT keys/*.copy", "SYNC keys", "DELETE keys/*")
        .contains("COMMIT catalog/00000000000000000002", "SYNC catalog", "end");
  }

  @Test
  void removeKey_powerCut_theOtherOpensAndItCanBeDoneAgain() throws IOException {
    repository.keys().add(one, two);
    Deed remove = process -> process.keys().remove(first);
    assertThat(cutDuring(remove, doneOr(remove)))
        .contains("COMMIT catalog/00000000000000000003", "SYNC catalog")
        .contains("DELETE keys/*", "DELETE keys/*.copy", "SYNC keys", "end");
  }
}
