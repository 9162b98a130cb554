package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.index.Dictionaries;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.KeyedId;
import com.personalaichatbot.dr.crypto.RepositoryKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The record of each snapshot lies beside its trees as well, and stays there. */
class RecordBlobTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final VerifyOptions ALL = VerifyOptions.readAll();

  @AutoClose
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final Path data = files.getPath("/data");
  private final MemoryStorage disk = new MemoryStorage();

  @AutoClose
  private BackupRepository repository;

  @BeforeEach
  void backUpOnce() throws IOException {
    Files.createDirectory(data);
    repository = builder(disk).create(root);
    backUp("first");
  }

  private static BackupRepository.Builder builder(MemoryStorage storage) {
    return BackupRepository.builder(ConcurrencyTest.unclosed(storage))
        .executor(Runnable::run, 1)
        .host("host");
  }

  private SnapshotId backUp(String content) throws IOException {
    Files.writeString(data.resolve("a"), content);
    var report = repository.backUp(List.of(Component.directory("data", Kind.CUSTOM, data)), MANUAL);
    assertThat(report).isComplete();
    return report.snapshot().orElseThrow().id();
  }

  @FunctionalInterface
  private interface Deed<T> {
    T with(Seals seals, Catalog catalog) throws Exception;
  }

  private <T> T inside(MemoryStorage storage, Deed<T> deed) throws Exception {
    SecureRandom random = new SecureRandom();
    RepositoryOpener.Opened opened =
        new RepositoryOpener(storage, random, Clock.systemUTC()).open(root);
    try (RepositoryKeys keys = opened.keys()) {
      Seals seals = new Seals(opened.format().repositoryId(), keys, random);
      return deed.with(seals, new Catalog(storage, seals, seals.newBytes16()));
    }
  }

  /** How many snapshots can be had from packs alone; each record is that of its entry. */
  private int recorded(MemoryStorage storage) throws Exception {
    return inside(storage, (seals, catalog) -> {
      BlobIndex index = new IndexLoader(storage, seals).loadReadable(Set.of()).index();
      int found = 0;
      try (Dictionaries dictionaries = new Dictionaries();
          BlobReader reader = new BlobReader(storage, seals, index, dictionaries)) {
        for (CatalogEntry entry : catalog.read().allSnapshots()) {
          SnapshotRecord.Recorded record = SnapshotRecord.decodeBlob(
              reader.read(entry.snapshot().recordBlob(), BlobType.RECORD));
          assertThat(record.id()).isEqualTo(entry.id());
          assertThat(record.snapshot().root()).isEqualTo(entry.snapshot().root());
          assertThat(record.snapshot().host()).isEqualTo("host");
          found++;
        }
      }
      return found;
    });
  }

  private List<String> treePacks() throws IOException {
    return PacksOfKind.in(disk, root, PackKind.TREE);
  }

  @Test
  void record_ofEachSnapshot_isReadFromPacksAlone() throws Exception {
    backUp("second");
    assertThat(recorded(disk)).isEqualTo(2);
    assertThat(repository.verify(ALL)).isClean();
  }

  @Test
  void lostRecord_isStoredAgainByTheNextBackup() throws Exception {
    String lost = treePacks().get(0);
    Tampering.on(disk).delete(lost);
    assertThat(repository.verify(ALL)).isDamaged().namesObject(lost);
    repository.backUp(List.of(Component.directory("data", Kind.CUSTOM, data)), MANUAL);
    assertThat(repository.verify(ALL)).isClean();
    assertThat(recorded(disk)).isEqualTo(2);
  }

  @Test
  void damagedRecord_isStoredAgainByTheNextBackup() throws Exception {
    String damaged = treePacks().get(0);
    Tampering.on(disk).flip(damaged, 200);
    assertThat(repository.verify(ALL)).isDamaged().namesObject(damaged);
    backUp("second");
    inside(disk, (seals, catalog) -> {
      BlobIndex index = new IndexLoader(disk, seals)
          .loadReadable(catalog.read().unreliablePacks())
          .index();
      assertThat(catalog.read().allSnapshots())
          .allMatch(entry -> index.contains(entry.snapshot().recordBlob()));
      return null;
    });
  }

  @Test
  void copyAndHeal_carryTheRecords() throws Exception {
    backUp("second");
    MemoryStorage copy = new MemoryStorage();
    repository.copies().copyTo(copy, VerifyOptions.structure());
    assertThat(recorded(copy)).isEqualTo(2);
    for (String pack : treePacks()) {
      Tampering.on(disk).delete(pack);
    }
    try (BackupRepository copied = builder(copy).open(root)) {
      assertThat(copied.copies().heal(disk, ALL).isWhole()).isTrue();
    }
    assertThat(recorded(disk)).isEqualTo(2);
    assertThat(repository.verify(ALL)).isClean();
  }

  @Test
  void prune_keepsTheRecordsOfWhatStays() throws Exception {
    SnapshotId second = backUp("second");
    SnapshotId third = backUp("third");
    PruneOptions now = new PruneOptions(0, Long.MAX_VALUE, Optional.of(Duration.ZERO));
    SnapshotId first = repository.snapshots().get(0).id();
    var report = repository.prune(repository.planForget(Set.of(first, second), now));
    assertThat(report.packsDeleted()).isPositive();
    assertThat(repository.snapshots()).extracting(s -> s.id()).containsExactly(third);
    assertThat(recorded(disk)).isEqualTo(1);
    assertThat(repository.verify(ALL)).isClean();
  }

  /** Adds a snapshot like the newest, whose entry names another record than its own. */
  private String addNaming(KeyedId record) throws Exception {
    return inside(disk, (seals, catalog) -> {
      CatalogEntry newest = catalog.read().allSnapshots().get(0);
      SnapshotRecord wrong = newest.snapshot().withRecordBlob(record);
      Bytes16 id = seals.newBytes16();
      catalog.commit(catalog.read(), Long.MAX_VALUE, id, wrong.encodeA(), wrong.encodeB());
      return "catalog/0000000000000000000" + catalog.read().headPosition();
    });
  }

  @Test
  void recordOfAnotherSnapshot_isDamageThatVerifyNames() throws Exception {
    KeyedId first = inside(
        disk,
        (seals, catalog) -> catalog.read().allSnapshots().get(0).snapshot().recordBlob());
    String entry = addNaming(first);
    assertThat(repository.verify(ALL)).isDamaged().namesObject(entry);
  }

  @Test
  void lostRecordThatItsEntryDoesNotMake_isNotReplacedByAnother() throws Exception {
    KeyedId none = KeyedId.read(new byte[KeyedId.BYTES], 0);
    addNaming(none);
    backUp("second");
    assertThat(repository.verify(ALL)).isDamaged().namesObject("blob " + none);
  }
}
