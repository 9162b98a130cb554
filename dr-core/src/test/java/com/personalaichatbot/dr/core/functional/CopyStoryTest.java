package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.CopyReport;
import com.personalaichatbot.dr.core.operation.CopyState;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.HeadChangedException;
import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.ReadOnlyRepositoryException;
import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.LocalStorage;
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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second copy of a repository: how it comes to be, stays whole, and is used. */
class CopyStoryTest {
  private static final VerifyOptions NAMES = VerifyOptions.structure();
  private static final VerifyOptions ALL = VerifyOptions.readAll();

  @TempDir
  private Path temp;

  private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-01T00:00:00Z"));
  private final MemoryStorage disk = new MemoryStorage();
  private final MemoryStorage copy = new MemoryStorage();

  @AutoClose
  private BackupRepository original;

  private Path data;
  private SnapshotId first;

  @BeforeEach
  void backUpOnce() throws IOException {
    data = temp.resolve("data");
    Trees.scatter(data, 3, 1);
    try (RootKey root = TestKeys.root()) {
      original = builder(disk).create(root);
    }
    first = backUp(original);
  }

  private BackupRepository.Builder builder(Storage storage) {
    return BackupRepository.builder(storage).clock(clock).host("here").executor(Runnable::run, 1);
  }

  /** Opens what is on a disk; closing it closes another object than the disk. */
  private BackupRepository open(MemoryStorage storage) throws IOException {
    return open((Storage) storage.crash(name -> true));
  }

  private BackupRepository open(Storage storage) throws IOException {
    try (RootKey root = TestKeys.root()) {
      return builder(storage).open(root);
    }
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

  private SnapshotId change(String name) throws IOException {
    Files.writeString(data.resolve(name), name.repeat(1000));
    return backUp(original);
  }

  private static String pack(Storage storage) throws IOException {
    return storage.list("packs").get(0).name();
  }

  private void assertWhole(MemoryStorage place, SnapshotId... snapshots) throws IOException {
    try (BackupRepository opened = open(place)) {
      VerifyReport report = opened.verify(ALL);
      assertThat(report).isClean();
      assertThat(opened.head()).isEqualTo(original.head());
      assertThat(opened.snapshots()).extracting(s -> s.id()).containsExactly(snapshots);
    }
  }

  @Test
  void copyTo_duplicateOfACopy_leavesTheOtherUsable() throws IOException {
    Path state = temp.resolve("state");
    Path one = temp.resolve("one");
    Path other = temp.resolve("other");
    try (RootKey root = TestKeys.root();
        BackupRepository repository =
            builder(LocalStorage.at(temp.resolve("original"))).state(state).create(root)) {
      backUp(repository);
      repository.copies().copyTo(LocalStorage.at(one), ALL);
      try (Stream<Path> all = Files.walk(one)) {
        for (Path from : all.toList()) {
          Files.copy(from, other.resolve(one.relativize(from).toString()));
        }
      }
      Files.writeString(data.resolve("newer"), "newer");
      backUp(repository);
      assertThat(repository.copies().copyTo(LocalStorage.at(other), ALL).isWhole())
          .isTrue();

      try (BackupRepository behind = builder(LocalStorage.at(one)).state(state).open(root)) {
        assertThat(behind.verify(ALL)).isClean();
        assertThat(behind
                .copies()
                .heal(LocalStorage.at(temp.resolve("original")), ALL)
                .isWhole())
            .isTrue();
      }
    }
  }

  @Test
  void copyTo_emptyPlace_isWholeAndRestores() throws IOException {
    original.verify(ALL);
    CopyReport report = original.copies().copyTo(copy, NAMES);
    assertThat(report.isWhole()).isTrue();
    assertThat(report.head()).isEqualTo(original.head());
    assertThat(report.filesCopied()).isEqualTo(copy.list("").size());
    assertWhole(copy, first);
    try (BackupRepository opened = open(copy)) {
      assertThat(opened.snapshots().get(0).trust()).isEqualTo(Trust.VERIFIED);
      Path target = temp.resolve("target");
      opened.restore(
          opened.planRestore(RestoreRequest.to(Selector.LATEST_GOOD, target)), List.of());
      assertThat(Trees.differences(data, target.resolve("data"))).isEmpty();
    }
  }

  @Test
  void copyTo_again_addsWhatIsNewAndNothingElse() throws IOException {
    original.copies().copyTo(copy, NAMES);
    assertThat(original.copies().copyTo(copy, NAMES).filesCopied()).isZero();
    SnapshotId second = change("new");
    List<StoredFile> before = copy.list("");
    CopyReport report = original.copies().copyTo(copy, NAMES);
    assertThat(copy.list("")).containsAll(before).hasSize(before.size() + report.filesCopied());
    assertThat(report.filesMended()).isZero();
    assertWhole(copy, first, second);
  }

  @Test
  void copy_isReadAndNotWritten_soThatItStaysACopy() throws IOException {
    original.copies().copyTo(copy, NAMES);
    List<StoredFile> before = copy.list("");
    try (BackupRepository opened = open((Storage) copy)) {
      assertThatExceptionOfType(ReadOnlyRepositoryException.class)
          .isThrownBy(() -> backUp(opened))
          .withMessageContaining("copy")
          .satisfies(e -> assertThat(e.action()).contains("delete the file copy"));
      assertThat(opened.verify(ALL)).isClean().hasNoNotes();
      assertThat(opened.snapshots().get(0).trust()).isEqualTo(Trust.UNVERIFIED);
      assertThat(copy.list("")).isEqualTo(before);
    }
  }

  @Test
  void copyThatLagsBehind_isNoRollbackOfTheOriginal() throws IOException {
    Path state = temp.resolve("state");
    try (RootKey root = TestKeys.root();
        BackupRepository here = builder(disk.crash(name -> true)).state(state).open(root)) {
      here.copies().copyTo(copy, NAMES);
      backUp(here);
      try (BackupRepository lagging = builder(copy.crash()).state(state).open(root)) {
        assertThat(lagging.verify(ALL)).isClean().hasNote("LAG: this copy is 1 entries behind");
        assertThat(lagging.history().standing()).isEqualTo(HistoryState.Standing.CONTINUED);
        assertThat(lagging.history().lag()).isEqualTo(1);
        assertThat(lagging.history().warning().orElseThrow()).contains("LAG");
        assertThat(lagging.choose(Selector.LATEST, List.of())).containsEntry("data", first);
      }
      assertThat(here.verify(ALL)).isClean();
      backUp(here);
    }
  }

  @Test
  void copyWhereTheClientKnowsTheOriginal_isForked_andReadOnly() throws IOException {
    Path state = temp.resolve("state");
    Path place = temp.resolve("place");
    Path aside = temp.resolve("aside");
    try (RootKey root = TestKeys.root()) {
      try (BackupRepository here = builder(LocalStorage.at(place)).state(state).create(root)) {
        backUp(here);
        try (LocalStorage target = LocalStorage.at(aside)) {
          here.copies().copyTo(target, NAMES);
        }
      }
      Files.move(place, temp.resolve("gone"));
      Files.move(aside, place);
      try (BackupRepository found = builder(LocalStorage.at(place)).state(state).open(root)) {
        VerifyReport report = found.verify(NAMES);
        assertThat(report.status()).isEqualTo(VerifyReport.Status.FORKED);
        assertThatExceptionOfType(HeadChangedException.class)
            .isThrownBy(found::snapshots)
            .withMessageContaining("this client knows the original here");
        assertThatExceptionOfType(ReadOnlyRepositoryException.class)
            .isThrownBy(() -> backUp(found));
        assertThat(found.snapshotsAsFound()).hasSize(1);
        found.acceptHead(report.head());
        assertThat(found.verify(NAMES)).isClean();
      }
    }
  }

  @FunctionalInterface
  private interface Replacement {
    void in(Path mark) throws Exception;
  }

  private static final Map<String, Replacement> MARKS = Map.of(
      "empty", mark -> Files.write(mark, new byte[0]),
      "damaged",
          mark -> {
            byte[] bytes = Files.exists(mark) ? Files.readAllBytes(mark) : new byte[100];
            Files.deleteIfExists(mark);
            bytes[bytes.length / 2] ^= 1;
            Files.write(mark, bytes);
          },
      "directory",
          mark -> {
            Files.deleteIfExists(mark);
            Files.createDirectory(mark);
          },
      "fifo",
          mark -> {
            Files.deleteIfExists(mark);
            assertThat(new ProcessBuilder("mkfifo", mark.toString()).start().waitFor())
                .isZero();
          });

  @ParameterizedTest
  @ValueSource(strings = {"empty", "damaged", "directory", "fifo"})
  @DisabledOnOs(OS.WINDOWS)
  void markOfACopy_damaged_makesItNotWritable_andCopyMendsIt(String how) throws Exception {
    Path place = temp.resolve("place");
    try (LocalStorage target = LocalStorage.at(place)) {
      original.copies().copyTo(target, NAMES);
    }
    MARKS.get(how).in(place.resolve("copy"));
    for (int look = 0; look < 2; look++) { // The first must not take it for the original.
      try (RootKey root = TestKeys.root();
          BackupRepository opened =
              builder(LocalStorage.at(place)).state(temp.resolve("state")).open(root)) {
        assertThat(opened.snapshots()).hasSize(1);
        assertThatExceptionOfType(CorruptRepositoryException.class)
            .isThrownBy(() -> backUp(opened))
            .satisfies(e -> assertThat(e.object()).isEqualTo("copy"))
            .satisfies(e -> assertThat(e.action()).contains("dr copy"));
      }
    }
    if (Files.isRegularFile(place.resolve("copy"))) {
      SnapshotId second = change("new");
      try (LocalStorage target = LocalStorage.at(place)) {
        original.copies().copyTo(target, NAMES);
      }
      try (BackupRepository opened = open(LocalStorage.at(place))) {
        assertThat(opened.snapshots()).extracting(s -> s.id()).containsExactly(first, second);
        assertThatExceptionOfType(ReadOnlyRepositoryException.class)
            .isThrownBy(() -> backUp(opened));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"empty", "damaged", "directory", "fifo"})
  @DisabledOnOs(OS.WINDOWS)
  void markPlantedInTheOriginal_switchesNoMemoryOff_andStopsNobodyWhoKnowsIt(String how)
      throws Exception {
    Path state = temp.resolve("state");
    Path place = temp.resolve("place");
    try (RootKey root = TestKeys.root()) {
      try (BackupRepository here = builder(LocalStorage.at(place)).state(state).create(root)) {
        backUp(here);
      }
      MARKS.get(how).in(place.resolve("copy"));
      try (BackupRepository here = builder(LocalStorage.at(place)).state(state).open(root)) {
        backUp(here);
        assertThat(here.snapshots()).hasSize(2);
      }
      Files.delete(place.resolve("catalog/00000000000000000002"));
      try (BackupRepository here = builder(LocalStorage.at(place)).state(state).open(root)) {
        assertThat(here.verify(NAMES).status()).isEqualTo(VerifyReport.Status.ROLLED_BACK);
      }
    }
  }

  @Test
  void markThatIsAbsentOnce_isLookedForAgain() throws IOException {
    original.copies().copyTo(copy, NAMES);
    FaultyStorage storage = FaultyStorage.over(copy.crash());
    Fault absent = storage
        .fail(StorageCall.READ)
        .of("copy")
        .once()
        .with(() -> new NoSuchFileException("copy"));
    try (BackupRepository opened = open(storage)) {
      assertThat(absent.fired()).isTrue();
      assertThatExceptionOfType(ReadOnlyRepositoryException.class).isThrownBy(() -> backUp(opened));
    }
  }

  @Test
  void copyState_fileWithAHighNumberInTheCopy_isNoProgress() throws IOException {
    original.copies().copyTo(copy, NAMES);
    change("new");
    Tampering.on(copy).replace("catalog/00000000000000009999", new byte[300]);
    assertThat(original.copies().state(copy).snapshotsBehind()).isEqualTo(1);
  }

  @Test
  void takenOver_afterTheOriginalIsLost_isARepository() throws IOException {
    original.copies().copyTo(copy, NAMES);
    copy.delete("copy");
    copy.sync("");
    try (BackupRepository taken = open(copy)) {
      backUp(taken);
      assertThat(taken.snapshots()).hasSize(2);
      assertThat(taken.verify(ALL)).isClean();
    }
    assertThatExceptionOfType(RepositoryExistsException.class)
        .isThrownBy(() -> original.copies().copyTo(copy, NAMES));
  }

  @Test
  void copyTo_placeOfSomethingElse_isRefusedAndUntouched() throws IOException {
    MemoryStorage foreign = new MemoryStorage();
    Tampering.on(foreign).replace("packs/notes", new byte[3]);
    MemoryStorage other = new MemoryStorage();
    try (RootKey root = TestKeys.root(2);
        BackupRepository another = builder(new MemoryStorage()).create(root)) {
      another.copies().copyTo(other, NAMES);
    }
    MemoryStorage repository = disk.crash(name -> true);
    for (MemoryStorage place : List.of(foreign, other, repository)) {
      List<StoredFile> before = place.list("");
      assertThatExceptionOfType(RepositoryExistsException.class)
          .isThrownBy(() -> original.copies().copyTo(place, NAMES))
          .satisfies(e -> assertThat(e.action()).contains("empty"));
      assertThat(place.list("")).isEqualTo(before);
    }
  }

  @Test
  void copyTo_ownPlaceOrProtectedData_isRefused() throws IOException {
    Path state = temp.resolve("state");
    Path place = temp.resolve("repository");
    try (RootKey root = TestKeys.root();
        BackupRepository local = builder(LocalStorage.at(place)).state(state).create(root)) {
      backUp(local);
      for (Path within :
          List.of(place, place.resolve("copy"), temp, place.resolve("../repository"))) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> local.copies().copyTo(LocalStorage.at(within), NAMES));
      }
      assertThat(place.resolve("copy")).doesNotExist();
      assertThatExceptionOfType(RepositoryExistsException.class)
          .isThrownBy(() -> local.copies().copyTo(LocalStorage.at(data.resolve("copy")), NAMES))
          .withMessageContaining("data that is backed up");
      assertThat(data.resolve("copy")).doesNotExist();
      Path elsewhere = temp.resolve("medium/copy");
      assertThat(local.copies().copyTo(LocalStorage.at(elsewhere), NAMES).isWhole())
          .isTrue();
      assertThat(local.copies().state(LocalStorage.at(elsewhere)).entriesBehind())
          .isZero();
    }
  }

  @Test
  void copyTo_protectedDataOfARepositoryWithoutState_isRefused() throws IOException {
    try (RootKey root = TestKeys.root();
        BackupRepository local =
            builder(LocalStorage.at(temp.resolve("repository"))).create(root)) {
      backUp(local);
      assertThatExceptionOfType(RepositoryExistsException.class)
          .isThrownBy(() -> local.copies().copyTo(LocalStorage.at(data.resolve("copy")), NAMES))
          .withMessageContaining("data that is backed up");
      assertThat(data.resolve("copy")).doesNotExist();
    }
  }

  @Test
  void copyTo_damagedOriginal_namesWhatIsWrongAndCopiesTheRest() throws IOException {
    SnapshotId second = change("new");
    for (StoredFile pack : disk.list("packs")) {
      MemoryStorage medium = new MemoryStorage();
      Tampering.on(disk).flip(pack.name(), 200);
      CopyReport report = original.copies().copyTo(medium, NAMES);
      assertThat(report.isWhole()).isFalse();
      assertThat(report.damages())
          .extracting(d -> d.object() + " " + d.kind())
          .containsExactly(pack.name() + " " + Damage.Kind.CORRUPT);
      assertThat(medium.list("packs")).doesNotContain(pack).isNotEmpty();
      try (BackupRepository opened = open(medium)) {
        assertThat(opened.snapshots()).extracting(s -> s.id()).containsExactly(first, second);
        assertThat(opened.verify(ALL).damages()).extracting(Damage::object).contains(pack.name());
      }
      Tampering.on(disk).flip(pack.name(), 200);
      assertThat(original.copies().copyTo(medium, NAMES).isWhole()).isTrue();
      assertWhole(medium, first, second);
    }
  }

  @Test
  void copyTo_originalThatCannotBeRead_namesTheFile() throws IOException {
    FaultyStorage faulty = FaultyStorage.over(disk.crash(name -> true));
    try (BackupRepository here = open(faulty)) {
      String pack = pack(faulty);
      Fault sector = faulty.fail(StorageCall.READ).of(pack);
      CopyReport report = here.copies().copyTo(copy, NAMES);
      assertThat(sector.fired()).isTrue();
      assertThat(report.damages())
          .extracting(d -> d.object() + " " + d.kind())
          .containsExactly(pack + " " + Damage.Kind.UNREADABLE);
    }
  }

  @Test
  void copyTo_backupMeanwhile_namesNoPackThatIsNotThere() throws IOException {
    for (String listed : List.of("index", "packs", "catalog")) {
      FaultyStorage busy = FaultyStorage.over(disk.crash(name -> true));
      try (BackupRepository here = open(busy)) {
        MemoryStorage medium = new MemoryStorage();
        Fault backup = busy.fail(StorageCall.LIST).of(listed).once().meanwhile(() -> {
          Files.writeString(data.resolve(listed), listed.repeat(1000));
          backUp(open(busy)); // Closing it would close the storage under both.
        });
        assertThat(here.copies().copyTo(medium, NAMES).isWhole()).isTrue();
        assertThat(backup.fired()).isTrue();
        try (BackupRepository copied = open(medium)) {
          assertThat(copied.verify(ALL))
              .as("backup before the list of %s", listed)
              .isClean();
        }
        assertThat(here.copies().copyTo(medium, NAMES).isWhole()).isTrue();
        assertThat(here.copies().state(medium).entriesBehind()).isZero();
      }
    }
  }

  @Test
  void copyTo_damagedEntryOfTheOriginal_isNamed() throws IOException {
    change("new");
    Tampering.on(disk).flip("catalog/00000000000000000001", 300);
    assertThat(original.copies().copyTo(copy, NAMES).damages())
        .extracting(Damage::object)
        .containsExactly("catalog/00000000000000000001");
    assertThat(copy.list("catalog")).hasSize(2);
  }

  @Test
  void copyTo_damagedCopy_isMendedAsFarAsItIsLookedAt() throws IOException {
    original.copies().copyTo(copy, NAMES);
    Tampering hand = Tampering.on(copy);
    hand.flip(pack(copy), 200);
    hand.resize(copy.list("packs").get(1).name(), 100);
    hand.flip(copy.list("index").get(0).name(), 100);
    hand.flip("catalog/00000000000000000001", 300);
    hand.resize("FORMAT", 3);
    hand.delete("FORMAT.copy");
    CopyReport names = original.copies().copyTo(copy, NAMES);
    assertThat(names.filesMended()).isEqualTo(3);
    assertThat(names.filesCopied()).isEqualTo(1);
    CopyReport all = original.copies().copyTo(copy, ALL);
    assertThat(all.filesMended()).isEqualTo(2);
    assertThat(all.filesCopied()).isZero();
    assertWhole(copy, first);
  }

  @Test
  void copyTo_mediumThatGivesBackSomethingElse_isAFailure() throws IOException {
    FaultyStorage medium = FaultyStorage.over(copy);
    Fault flipped = medium.flip(pack(disk), 200);
    assertThatExceptionOfType(CorruptRepositoryException.class)
        .isThrownBy(() -> original.copies().copyTo(medium, NAMES))
        .satisfies(e -> assertThat(e.action()).contains("medium"));
    assertThat(flipped.fired()).isTrue();
    assertThatExceptionOfType(RepositoryNotFoundException.class).isThrownBy(() -> open(copy));
  }

  @Test
  void copyTo_fullMedium_goesOnWhenThereIsRoom() throws IOException {
    FaultyStorage medium = FaultyStorage.over(copy);
    Fault full = medium.fullAfter(3_000);
    assertThatIOException().isThrownBy(() -> original.copies().copyTo(medium, NAMES));
    assertThat(full.fired()).isTrue();
    medium.heal();
    assertThat(original.copies().copyTo(medium, NAMES).isWhole()).isTrue();
    assertWhole(copy, first);
  }

  @Test
  void copyTo_historyThatIsNotTheCopies_isRefused() throws IOException {
    original.copies().copyTo(copy, NAMES);
    MemoryStorage earlier = disk.crash(name -> true);
    SnapshotId second = change("new");
    original.copies().copyTo(copy, NAMES);
    try (BackupRepository rolledBack = open(earlier)) {
      assertThatExceptionOfType(HeadChangedException.class)
          .isThrownBy(() -> rolledBack.copies().copyTo(copy, NAMES))
          .withMessageContaining("the original ends at");
      backUp(rolledBack);
      assertThatExceptionOfType(HeadChangedException.class)
          .isThrownBy(() -> rolledBack.copies().copyTo(copy, NAMES))
          .withMessageContaining("not that of the original");
    }
    assertWhole(copy, first, second);
  }

  @Test
  void copyTo_afterAPrune_followsTheHistoryAndDeletesNothing() throws IOException {
    SnapshotId second = change("new");
    original.copies().copyTo(copy, NAMES);
    List<StoredFile> before = copy.list("");
    Files.delete(data.resolve("new"));
    SnapshotId third = backUp(original);
    original.prune(original.planForget(Set.of(second), PruneOptions.NOW));
    SnapshotId fourth = change("newer");
    assertThat(original.copies().copyTo(copy, NAMES).isWhole()).isTrue();
    assertThat(copy.list("")).containsAll(before);
    assertWhole(copy, first, third, fourth);
  }

  /** A prune moves data to a pack that rots before it is copied: the copy keeps what it had. */
  @Test
  void copyTo_aPruneWouldTakeWhatIsNotThere_staysWholeLagsAndSaysSo() throws IOException {
    byte[] bytes = new byte[400_000];
    new Random(1).nextBytes(bytes);
    Files.write(data.resolve("gone"), bytes);
    new Random(2).nextBytes(bytes);
    Files.write(data.resolve("stays"), bytes);
    SnapshotId second = backUp(original);
    Files.delete(data.resolve("gone"));
    SnapshotId third = backUp(original);
    original.copies().copyTo(copy, NAMES);
    String head = original.head();
    Set<String> before =
        disk.list("packs").stream().map(StoredFile::name).collect(Collectors.toSet());
    original.prune(original.planForget(Set.of(second), new PruneOptions(0, 1 << 30).now()));
    List<String> moved = disk.list("packs").stream()
        .map(StoredFile::name)
        .filter(name -> !before.contains(name))
        .toList();
    assertThat(moved).isNotEmpty();
    MemoryStorage whole = disk.crash(name -> true);
    for (String pack : moved) {
      MemoryStorage bad = whole.crash(name -> true);
      MemoryStorage place = copy.crash(name -> true);
      Tampering.on(bad).flip(pack, 300);
      try (BackupRepository damaged = open((Storage) bad)) {
        CopyReport report = damaged.copies().copyTo(place, NAMES);
        assertThat(report.isWhole()).isFalse();
        assertThat(report.lag().entries()).isPositive();
        assertThat(report.head()).isEqualTo(head);
      }
      try (BackupRepository opened = open(place)) {
        assertThat(opened.head()).isEqualTo(head);
        assertThat(opened.verify(ALL)).isClean();
        assertThat(opened.snapshots())
            .extracting(s -> s.id())
            .containsExactly(first, second, third);
      }
      try (BackupRepository mended = open(whole)) {
        CopyReport report = mended.copies().copyTo(place, NAMES);
        assertThat(report.isWhole()).isTrue();
        assertThat(report.lag()).isEqualTo(CopyReport.Lag.NONE);
      }
      assertWhole(place, first, third);
    }
  }

  /** The copy has the pack that a prune moved data to, of the right length, and it is rotten. */
  @Test
  void copyTo_whatAPruneMovedIsRottenInTheCopy_doesNotFollow() throws IOException {
    byte[] bytes = new byte[400_000];
    new Random(1).nextBytes(bytes);
    Files.write(data.resolve("gone"), bytes);
    new Random(2).nextBytes(bytes);
    Files.write(data.resolve("stays"), bytes);
    SnapshotId second = backUp(original);
    Files.delete(data.resolve("gone"));
    SnapshotId third = backUp(original);
    original.copies().copyTo(copy, NAMES);
    Set<String> before =
        disk.list("packs").stream().map(StoredFile::name).collect(Collectors.toSet());
    original.prune(original.planForget(Set.of(second), new PruneOptions(0, 1 << 30).now()));
    String moved = disk.list("packs").stream()
        .filter(pack -> !before.contains(pack.name()))
        .max(Comparator.comparingLong(StoredFile::length))
        .orElseThrow()
        .name();
    byte[] rotten = Tampering.on(disk).read(moved);
    rotten[200_000] ^= 1;
    Tampering.on(copy).replace(moved, rotten);
    CopyReport report = original.copies().copyTo(copy, NAMES);
    assertThat(report.lag().entries()).isPositive();
    try (BackupRepository opened = open(copy)) {
      assertThat(opened.snapshots()).extracting(s -> s.id()).containsExactly(first, second, third);
    }
    assertThat(original.copies().copyTo(copy, ALL).isWhole())
        .as("read back and repaired")
        .isTrue();
    assertWhole(copy, first, third);
  }

  @Test
  void copyTo_changedPassphrase_closesTheOldOneThereToo() throws IOException {
    MemoryStorage place = new MemoryStorage();
    try (Secret old = Secret.ofPassphrase("old".toCharArray());
        Secret next = Secret.ofPassphrase("next".toCharArray());
        BackupRepository sealed =
            builder(new MemoryStorage()).kdf(TestKeys.cheapKdf()).create(old)) {
      sealed.copies().copyTo(place, NAMES);
      builder(place.crash()).open(old).close();
      sealed.keys().changePassphrase(old, next);
      sealed.copies().copyTo(place, NAMES);
      assertThat(place.list("keys")).hasSize(2);
      builder(place.crash()).open(next).close();
      assertThatExceptionOfType(WrongKeyException.class)
          .isThrownBy(() -> builder(place.crash()).open(old));
      String slot = place.list("keys").get(0).name();
      Tampering.on(place).flip(slot, 60);
      assertThat(sealed.copies().copyTo(place, NAMES).filesMended()).isEqualTo(1);
    }
  }

  @Test
  void copyTo_twoAtATime_oneIsToldToWait() throws IOException {
    original.copies().copyTo(copy, NAMES);
    try (var held = copy.tryLock(true).orElseThrow()) {
      assertThat(held).isNotNull();
      assertThatIOException()
          .isThrownBy(() -> original.copies().copyTo(copy, NAMES))
          .withMessageContaining("another operation");
    }
  }

  @Test
  void copyState_tellsWhatTheCopyLacks() throws IOException {
    assertThatExceptionOfType(RepositoryNotFoundException.class)
        .isThrownBy(() -> original.copies().state(copy));
    original.copies().copyTo(copy, NAMES);
    assertThat(original.copies().state(copy))
        .isEqualTo(new CopyState(copy.location(), 0, 0, Optional.empty()));
    original.verify(ALL);
    clock.set(Instant.parse("2026-03-02T00:00:00Z"));
    change("new");
    change("newer");
    assertThat(original.copies().state(copy))
        .isEqualTo(new CopyState(
            copy.location(), 3, 2, Optional.of(Instant.parse("2026-03-02T01:00:00Z"))));
  }

  @Test
  void powerCut_inAFirstCopy_leavesNoRepositoryOrAWholeOne_andTheNextRunGoesOn()
      throws IOException {
    int checked = CrashPoints.of(storage -> original.copies().copyTo(storage, NAMES))
        .check((survivor, point) -> {
          if (point.acknowledged()) {
            assertWhole(survivor, first);
          }
          try (BackupRepository opened = open(survivor)) {
            assertThat(opened.verify(ALL).damages())
                .extracting(Damage::object)
                .isSubsetOf("FORMAT", "FORMAT.copy");
          } catch (RepositoryNotFoundException e) {
            assertThat(point.acknowledged()).isFalse();
          }
          assertThat(original.copies().copyTo(survivor, NAMES).isWhole()).isTrue();
          assertWhole(survivor, first);
        });
    assertThat(checked).isGreaterThan(50);
  }

  @Test
  void powerCut_inAnUpdate_neverHurtsWhatWasThere() throws IOException {
    original.copies().copyTo(copy, NAMES);
    SnapshotId second = change("new");
    original.verify(ALL);
    SnapshotId third = change("newer");
    int checked = CrashPoints.of(storage -> original.copies().copyTo(storage, NAMES))
        .startingFrom(copy)
        .check((survivor, point) -> {
          try (BackupRepository opened = open(survivor)) {
            assertThat(opened.verify(ALL)).isClean();
            assertThat(opened.snapshots()).extracting(s -> s.id()).startsWith(first);
          }
          assertThat(original.copies().copyTo(survivor, NAMES).isWhole()).isTrue();
          assertWhole(survivor, first, second, third);
        });
    assertThat(checked).isGreaterThan(50);
  }
}
