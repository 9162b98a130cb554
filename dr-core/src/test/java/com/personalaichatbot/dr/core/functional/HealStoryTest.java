package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.CopyReport;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.HeadChangedException;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.CrashPoints;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An original that is damaged, and its copy: neither loses what the other has whole. */
class HealStoryTest {
  private static final VerifyOptions ALL = VerifyOptions.readAll();
  private static final VerifyOptions NAMES = VerifyOptions.structure();

  @TempDir
  private Path temp;

  private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-01T00:00:00Z"));
  private final Secret passphrase = Secret.ofPassphrase("passphrase".toCharArray());
  private final RootKey root = TestKeys.root();
  private final List<SnapshotId> snapshots = new ArrayList<>();
  private MemoryStorage disk = new MemoryStorage();
  private MemoryStorage copy = new MemoryStorage();
  private boolean hasSlots;
  private Path data;

  @BeforeEach
  void prepare() throws IOException {
    data = temp.resolve("data");
    Trees.scatter(data, 3, 1);
    prepare(builder(disk).create(root));
  }

  /** The same with a passphrase, which takes longer to open. */
  private void prepareWithSlots() throws IOException {
    disk = new MemoryStorage();
    copy = new MemoryStorage();
    snapshots.clear();
    hasSlots = true;
    prepare(builder(disk).kdf(TestKeys.cheapKdf()).create(passphrase));
  }

  /** Three snapshots, verified; a copy that is up to date. */
  private void prepare(BackupRepository created) throws IOException {
    try (BackupRepository original = created) {
      for (int i = 0; i < 3; i++) {
        Files.writeString(data.resolve("new" + i), ("new" + i).repeat(500));
        snapshots.add(backUp(original));
      }
      original.verify(ALL);
      assertThat(original.copies().copyTo(copy, NAMES).isWhole()).isTrue();
    }
    disk = disk.crash(name -> true);
  }

  @AfterEach
  void close() {
    passphrase.close();
    root.close();
  }

  private BackupRepository.Builder builder(Storage storage) {
    return BackupRepository.builder(storage).clock(clock).host("here").executor(Runnable::run, 1);
  }

  /** Opens what is on a disk; closing it closes another object than the disk. */
  private BackupRepository open(MemoryStorage storage) throws IOException {
    return open((Storage) storage.crash(name -> true));
  }

  private BackupRepository open(Storage storage) throws IOException {
    return hasSlots ? builder(storage).open(passphrase) : builder(storage).open(root);
  }

  private SnapshotId backUp(BackupRepository repository) throws IOException {
    clock.advance(Duration.ofHours(1));
    return repository
        .backUp(
            List.of(Component.directory("data", Kind.CUSTOM, data)),
            BackupOptions.of(Purpose.SCHEDULED))
        .snapshot()
        .orElseThrow()
        .id();
  }

  /** What an application does on the original from here on; the disk is what it leaves. */
  private void on(Work work) throws IOException {
    try (BackupRepository original = open((Storage) disk)) {
      work.on(original);
    }
    disk = disk.crash(name -> true);
  }

  @FunctionalInterface
  private interface Work {
    void on(BackupRepository original) throws IOException;
  }

  private CopyReport heal(Storage original) throws IOException {
    try (BackupRepository copied = open(copy)) {
      return copied.copies().heal(original, ALL);
    }
  }

  private static String first(Storage storage, String directory) throws IOException {
    return storage.list(directory).get(0).name();
  }

  private static Map<String, List<Byte>> bytes(Storage storage) throws IOException {
    Map<String, List<Byte>> bytes = new LinkedHashMap<>();
    for (StoredFile file : storage.list("")) {
      List<Byte> content = new ArrayList<>();
      if (!file.name().equals("lock")) {
        for (byte b : Tampering.on(storage).read(file.name())) {
          content.add(b);
        }
      }
      bytes.put(file.name(), content);
    }
    return bytes;
  }

  /** Every byte is read, every snapshot is there and verified, and the newest restores equal. */
  private void assertHealed(MemoryStorage place) throws IOException {
    try (BackupRepository original = open(place)) {
      assertThat(original.verify(ALL)).isClean().hasNoNotes();
      assertThat(original.snapshots()).extracting(s -> s.id()).containsExactlyElementsOf(snapshots);
      assertThat(original.snapshots()).allMatch(s -> s.trust() == Trust.VERIFIED);
      Path target = Files.createTempDirectory(temp, "target");
      RestoreReport report = original.restore(
          original.planRestore(RestoreRequest.to(Selector.LATEST_GOOD, target)), List.of());
      assertThat(report.failures()).isEmpty();
      assertThat(Trees.differences(data, target.resolve("data"))).isEmpty();
    }
  }

  /** Each thing that can happen to a file of a repository. */
  private Map<String, Harm> harms() {
    Map<String, Harm> harms = new LinkedHashMap<>();
    harms.put("no pack", hand -> deleteAll(hand, "packs"));
    harms.put("one pack gone", hand -> hand.delete(first(disk, "packs")));
    harms.put("a byte of a pack", hand -> hand.flip(first(disk, "packs"), 200));
    harms.put("a pack cut short", hand -> hand.resize(first(disk, "packs"), 100));
    harms.put("a pack lengthened", hand -> hand.resize(first(disk, "packs"), 9_000_000));
    harms.put("no index", hand -> deleteAll(hand, "index"));
    harms.put("a byte of an index", hand -> hand.flip(first(disk, "index"), 100));
    harms.put("an entry gone", hand -> hand.delete(entry(2)));
    harms.put("a byte of an entry", hand -> hand.flip(entry(2), 300));
    harms.put("the newest entry torn", hand -> hand.resize(entry(4), 50));
    harms.put("the newest entries gone", hand -> {
      hand.delete(entry(3));
      hand.delete(entry(4));
    });
    harms.put("no entry", hand -> deleteAll(hand, "catalog"));
    harms.put("FORMAT torn, its copy gone", hand -> {
      hand.resize("FORMAT", 3);
      hand.delete("FORMAT.copy");
    });
    return harms;
  }

  private Map<String, Harm> slotHarms() {
    Map<String, Harm> harms = new LinkedHashMap<>();
    harms.put("a slot torn", hand -> hand.resize(first(disk, "keys"), 50));
    harms.put("no slot", hand -> deleteAll(hand, "keys"));
    return harms;
  }

  @FunctionalInterface
  private interface Harm {
    void to(Tampering hand) throws IOException;
  }

  private void deleteAll(Tampering hand, String directory) throws IOException {
    for (StoredFile file : disk.list(directory)) {
      hand.delete(file.name());
    }
  }

  private static String entry(long position) {
    return "catalog/%020d".formatted(position);
  }

  @Test
  void heal_whateverIsDamaged_putsItBack() throws IOException {
    healEach(harms());
  }

  @Test
  void heal_slots_putsThemBack_soThatThePassphraseOpensItAgain() throws IOException {
    prepareWithSlots();
    healEach(slotHarms());
  }

  private void healEach(Map<String, Harm> harms) throws IOException {
    MemoryStorage whole = disk;
    for (Map.Entry<String, Harm> harm : harms.entrySet()) {
      disk = whole.crash(name -> true);
      harm.getValue().to(Tampering.on(disk));
      CopyReport report = heal(disk);
      assertThat(report.damages()).as(harm.getKey()).isEmpty();
      assertThat(report.filesCopied() + report.filesMended()).as(harm.getKey()).isPositive();
      assertHealed(disk);
      assertThat(heal(disk.crash(name -> true)).bytesCopied()).as(harm.getKey()).isZero();
    }
  }

  @Test
  void heal_everythingDamagedAtOnce_verifiesCleanAndRestoresEqual() throws IOException {
    prepareWithSlots();
    Tampering hand = Tampering.on(disk);
    hand.delete(disk.list("packs").get(1).name());
    hand.flip(first(disk, "packs"), 200);
    deleteAll(hand, "index");
    hand.delete(entry(2));
    hand.resize(entry(4), 300);
    hand.resize(first(disk, "keys"), 50);
    hand.flip("FORMAT", 30);
    try (BackupRepository original = open(disk)) {
      assertThat(original.verify(ALL).damages()).hasSizeGreaterThan(4);
    }
    assertThat(heal(disk).isWhole()).isTrue();
    assertHealed(disk);
  }

  @Test
  void heal_afterVerifyHasNamedTheDamage_makesItGood() throws IOException {
    String pack = first(disk, "packs");
    Tampering.on(disk).flip(pack, 200);
    on(original ->
        assertThat(original.verify(ALL).damages()).extracting(Damage::object).contains(pack));
    Tampering.on(disk).resize(entry(5), 300);
    on(original ->
        assertThat(original.verify(ALL).damages()).extracting(Damage::object).contains(entry(5)));
    assertThat(heal(disk).damages()).extracting(Damage::object).containsExactly(entry(5));
  }

  @Test
  void verify_newestEntryTorn_addsNothingAboveIt_soThatItCanBePutBack() throws IOException {
    Tampering.on(disk).resize(entry(4), 300);
    on(original ->
        assertThat(original.verify(ALL).damages()).extracting(Damage::object).contains(entry(4)));
    assertThat(heal(disk).isWhole()).isTrue();
    assertHealed(disk);
  }

  @Test
  void heal_entriesThatWerePassedBySince_belongToTheHistoryAgain() throws IOException {
    byte[] third = Tampering.on(disk).read(entry(3));
    byte[] fourth = Tampering.on(disk).read(entry(4));
    Tampering.on(disk).flip(entry(3), 100);
    Tampering.on(disk).flip(entry(4), 100);
    on(original -> snapshots.add(backUp(original)));
    assertThat(Tampering.on(disk).read(entry(4))).isNotEqualTo(fourth);
    on(original ->
        assertThat(original.verify(ALL).damages()).extracting(Damage::object).contains(entry(4)));

    assertThat(heal(disk).damages()).isEmpty();

    assertThat(Tampering.on(disk).read(entry(3))).isEqualTo(third);
    assertThat(Tampering.on(disk).read(entry(4))).isEqualTo(fourth);
    on(original -> {
      assertThat(original.snapshots()).extracting(Snapshot::id).isEqualTo(snapshots);
      assertThat(original.verify(ALL)).isClean();
      original.prune(original.planForget(Set.of(snapshots.remove(0)), PruneOptions.NOW));
      assertThat(original.copies().copyTo(copy, ALL).isWhole()).isTrue();
    });
  }

  @Test
  void heal_originalThatWentOn_keepsWhatItDidSince() throws IOException {
    prepareWithSlots();
    try (Secret next = Secret.ofPassphrase("next".toCharArray())) {
      String closed = first(disk, "keys");
      on(original -> {
        Files.delete(data.resolve("new1"));
        Files.writeString(data.resolve("newer"), "newer".repeat(500));
        snapshots.add(backUp(original));
        original.prune(original.planForget(Set.of(snapshots.remove(1)), PruneOptions.NOW));
        original.keys().changePassphrase(passphrase, next);
      });
      Map<String, List<Byte>> healthy = bytes(disk);
      assertThat(copy.list("")).extracting(StoredFile::name).contains(closed);
      assertThat(heal(disk).bytesCopied()).isZero();
      assertThat(bytes(disk)).isEqualTo(healthy);
      Tampering hand = Tampering.on(disk);
      String shared = disk.list("packs").stream()
          .filter(pack -> hasNow(copy, pack.name()))
          .findFirst()
          .orElseThrow()
          .name();
      hand.delete(shared);
      hand.flip(entry(3), 300);
      assertThat(heal(disk).damages()).isEmpty();
      assertThat(bytes(disk)).isEqualTo(healthy);
      assertThatExceptionOfType(WrongKeyException.class).isThrownBy(() -> open(disk));
      try (BackupRepository original = builder(disk.crash(name -> true)).open(next)) {
        assertThat(original.verify(ALL)).isClean();
        assertThat(original.snapshots())
            .extracting(s -> s.id())
            .containsExactlyElementsOf(snapshots);
      }
    }
  }

  private static boolean hasNow(Storage storage, String name) {
    try {
      return storage.length(name) >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void heal_whatNeitherHasWhole_isNamedAndLeftAsItIs() throws IOException {
    List<StoredFile> packs = disk.list("packs");
    String gone = packs.get(0).name();
    String torn = packs.get(1).name();
    Tampering.on(disk).delete(gone);
    Tampering.on(disk).flip(torn, 200);
    Tampering.on(copy).flip(gone, 200);
    Tampering.on(copy).delete(torn);
    byte[] left = Tampering.on(disk).read(torn);
    assertThat(heal(disk).damages()).extracting(Damage::object).containsExactly(gone);
    assertThat(Tampering.on(disk).read(torn)).isEqualTo(left);
    on(original -> assertThat(original.verify(ALL).damages())
        .extracting(Damage::object)
        .containsExactlyInAnyOrder(gone, torn));
  }

  @Test
  void heal_damagedCopyOfAWholeOriginal_changesNothingAndNamesNothing() throws IOException {
    Map<String, List<Byte>> before = bytes(disk);
    Tampering.on(copy).resize(copy.list("packs").get(0).name(), 100);
    Tampering.on(copy).flip(copy.list("packs").get(1).name(), 200);
    Tampering.on(copy).flip(entry(2), 300);
    assertThat(heal(disk).isWhole()).isTrue();
    assertThat(bytes(disk)).isEqualTo(before);
  }

  @Test
  void heal_badSectors_areWrittenAnew() throws IOException {
    prepareWithSlots();
    FaultyStorage sectors = FaultyStorage.over(disk);
    List<Fault> faults = new ArrayList<>();
    for (String name : List.of(first(disk, "packs"), first(disk, "keys"), "FORMAT", entry(2))) {
      faults.add(sectors.fail(StorageCall.READ).of(name).once());
    }
    assertThat(heal(sectors).damages()).isEmpty();
    assertThat(faults).allMatch(Fault::fired);
    assertHealed(disk);
  }

  @Test
  void heal_fullDisk_failsAndGoesOnWhenThereIsRoom() throws IOException {
    deleteAll(Tampering.on(disk), "packs");
    FaultyStorage full = FaultyStorage.over(disk);
    Fault fault = full.fullAfter(3_000);
    assertThatIOException().isThrownBy(() -> heal(full));
    assertThat(fault.fired()).isTrue();
    assertThat(heal(disk).isWhole()).isTrue();
    assertHealed(disk);
  }

  @Test
  void heal_placeThatIsNotTheOriginal_isRefusedAndUntouched() throws IOException {
    MemoryStorage other = new MemoryStorage();
    try (BackupRepository another = builder(other).kdf(TestKeys.cheapKdf()).create(passphrase)) {
      backUp(another);
    }
    MemoryStorage foreign = new MemoryStorage();
    Tampering.on(foreign).replace("packs/notes", new byte[3]);
    for (MemoryStorage place : List.of(other.crash(name -> true), foreign)) {
      Map<String, List<Byte>> before = bytes(place);
      assertThatExceptionOfType(RepositoryNotFoundException.class)
          .isThrownBy(() -> heal(place))
          .satisfies(e -> assertThat(e.action()).contains("delete the file copy"));
      assertThat(bytes(place)).isEqualTo(before);
    }
    Map<String, List<Byte>> before = bytes(copy);
    on(original -> assertThatExceptionOfType(RepositoryExistsException.class)
        .isThrownBy(() -> original.copies().heal(copy, ALL))
        .satisfies(e -> assertThat(e.action()).contains("copy to it")));
    assertThat(bytes(copy)).isEqualTo(before);
  }

  @Test
  void heal_originalOfAnotherHistory_isRefusedAndUntouched() throws IOException {
    Tampering hand = Tampering.on(disk);
    hand.delete(entry(4));
    on(original -> snapshots.add(backUp(original)));
    Map<String, List<Byte>> before = bytes(disk);
    assertThatExceptionOfType(HeadChangedException.class)
        .isThrownBy(() -> heal(disk))
        .withMessageContaining("not that of the copy");
    assertThat(bytes(disk)).isEqualTo(before);
  }

  @Test
  void heal_originalInUse_isToldToWait() throws IOException {
    try (var held = disk.tryLock(false).orElseThrow()) {
      assertThat(held).isNotNull();
      assertThatExceptionOfType(RepositoryLockedException.class).isThrownBy(() -> heal(disk));
    }
  }

  @Test
  void copyTo_damagedOriginal_neverLosesWhatTheCopyHas() throws IOException {
    copyEach(harms(), Set.of("no entry", "the newest entries gone", "FORMAT torn, its copy gone"));
    prepareWithSlots();
    copyEach(slotHarms(), Set.of("no slot"));
  }

  private void copyEach(Map<String, Harm> harms, Set<String> refused) throws IOException {
    MemoryStorage whole = disk;
    Map<String, List<Byte>> before = bytes(copy);
    for (Map.Entry<String, Harm> harm : harms.entrySet()) {
      for (VerifyOptions present : List.of(NAMES, ALL)) {
        disk = whole.crash(name -> true);
        harm.getValue().to(Tampering.on(disk));
        if (refused.contains(harm.getKey())) {
          assertThatIOException().as(harm.getKey()).isThrownBy(() -> copy(present));
        } else {
          copy(present);
        }
        assertThat(bytes(copy)).as(harm.getKey()).isEqualTo(before);
      }
    }
  }

  private void copy(VerifyOptions present) throws IOException {
    try (BackupRepository original = open(disk)) {
      original.copies().copyTo(copy, present);
    }
  }

  @Test
  void copyTo_packsMissingOrOfAnotherLength_areNamedThoughTheCopyHasThem() throws IOException {
    List<StoredFile> packs = disk.list("packs");
    Tampering.on(disk).delete(packs.get(0).name());
    Tampering.on(disk).resize(packs.get(1).name(), 100);
    on(original -> {
      CopyReport report = original.copies().copyTo(copy, NAMES);
      assertThat(report.isWhole()).isFalse();
      assertThat(report.damages())
          .extracting(d -> d.object() + " " + d.kind())
          .containsExactlyInAnyOrder(
              packs.get(0).name() + " " + Damage.Kind.MISSING,
              packs.get(1).name() + " " + Damage.Kind.CORRUPT);
    });
  }

  @Test
  void powerCut_inAHeal_leavesTheOriginalNoWorse_andTheNextRunGoesOn() throws IOException {
    Tampering hand = Tampering.on(disk);
    hand.flip(first(disk, "packs"), 200);
    hand.delete(disk.list("packs").get(1).name());
    hand.delete(entry(2));
    hand.resize(entry(4), 50);
    hand.resize("FORMAT", 3);
    Set<String> damaged;
    try (BackupRepository original = open(disk)) {
      damaged = objects(original.verify(ALL));
    }
    int checked = CrashPoints.of(this::heal).startingFrom(disk).check((survivor, point) -> {
      try (BackupRepository original = open(survivor)) {
        assertThat(damaged).containsAll(objects(original.verify(NAMES)));
      }
      assertThat(heal(survivor).isWhole()).isTrue();
      try (BackupRepository original = open(survivor)) {
        assertThat(original.verify(ALL)).isClean();
      }
    });
    assertThat(checked).isGreaterThan(20);
  }

  private static Set<String> objects(VerifyReport report) {
    return report.damages().stream().map(Damage::object).collect(Collectors.toSet());
  }
}
