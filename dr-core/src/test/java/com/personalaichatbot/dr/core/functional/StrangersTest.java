package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.HeadChangedException;
import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that somebody without the keys adds to the catalog, and a catalog that lost its files. */
class StrangersTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final PruneOptions NOW =
      new PruneOptions(20, Long.MAX_VALUE, Optional.of(Duration.ZERO));
  private static final byte[] GARBAGE = "xx".getBytes(StandardCharsets.US_ASCII);

  @AutoClose
  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());

  private final Path data = files.getPath("/data");
  private final Path state = files.getPath("/state");

  @AutoClose
  private final RootKey root = TestKeys.root();

  private MemoryStorage disk;
  private SnapshotId first;

  @BeforeEach
  void backUpOnce() throws IOException {
    Files.createDirectory(data);
    Files.writeString(data.resolve("a"), "first");
    disk = new MemoryStorage();
    try (BackupRepository repository = builder().create(root)) {
      first = repository.backUp(components(), MANUAL).snapshot().orElseThrow().id();
    }
  }

  /** A repository closes its storage with itself. */
  private MemoryStorage reopened() {
    disk = disk.crash(name -> true);
    return disk;
  }

  private List<Component> components() {
    return List.of(Component.directory("data", Kind.CUSTOM, data));
  }

  private BackupRepository.Builder builder() {
    return BackupRepository.builder(reopened())
        .executor(Runnable::run, 1)
        .host("host")
        .state(state);
  }

  private BackupRepository withoutMemory() throws IOException {
    return BackupRepository.builder(reopened())
        .executor(Runnable::run, 1)
        .host("host")
        .open(root);
  }

  private static String entry(long position) {
    return String.format(Locale.ROOT, "catalog/%020d", position);
  }

  private void put(String name, byte[] bytes) throws IOException {
    Tampering.on(reopened()).replace(name, bytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 3, 1_000, 999_999_999_999L, 1_000_000_000_000_000L})
  void garbageAnywhereAhead_countsAsNothing(long position) throws IOException {
    put(entry(position), GARBAGE);
    try (BackupRepository repository = builder().open(root)) {
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      Files.writeString(data.resolve("a"), "second");
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThat(repository.snapshots()).hasSize(2);
    }
    try (BackupRepository repository = withoutMemory()) {
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThat(repository.snapshots()).hasSize(3);
    }
    assertThat(Tampering.on(reopened()).read(entry(position))).isEqualTo(GARBAGE);
  }

  @Test
  void ownEntriesUnderOtherNames_changeNothingButWhatVerifySays() throws IOException {
    put(entry(2), Tampering.on(reopened()).read(entry(1)));
    put(entry(7), Tampering.on(reopened()).read(entry(0)));
    try (BackupRepository repository = builder().open(root)) {
      assertThat(repository.verify(VerifyOptions.readAll()))
          .isDamaged()
          .namesObject(entry(2))
          .namesObject(entry(7));
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThat(repository.snapshots())
          .hasSize(2)
          .extracting(s -> s.sequence())
          .contains(1L);
    }
  }

  @Test
  void thousandsOfLongFiles_costOnlySmallReads() throws IOException {
    byte[] longFile = new byte[1 << 20];
    for (long at = 2; at < 102; at++) {
      put(entry(at), longFile);
    }
    try (BackupRepository repository = builder().open(root)) {
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThat(repository.snapshots()).hasSize(2);
      assertThat(repository.snapshots().get(1).sequence()).isEqualTo(102);
    }
  }

  @Test
  void damagedOwnEntry_isDamage_whicheverEndIsLeft() throws IOException {
    try (BackupRepository repository = builder().open(root)) {
      repository.backUp(components(), MANUAL);
    }
    byte[] whole = Tampering.on(reopened()).read(entry(2));
    for (int at : new int[] {10, 240, 300, whole.length - 40, whole.length - 10}) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Tampering.on(reopened()).replace(entry(2), damaged);
      try (BackupRepository repository = withoutMemory()) {
        assertThat(repository.verify(VerifyOptions.structure()))
            .as("byte " + at)
            .isDamaged()
            .namesObject(entry(2));
      }
    }
  }

  @Test
  void newestEntryGarbledAtBothEnds_isDamageToWhoHasSeenIt() throws IOException {
    byte[] garbled = new byte[Tampering.on(reopened()).read(entry(1)).length];
    Tampering.on(reopened()).replace(entry(1), garbled);
    try (BackupRepository repository = builder().open(root)) {
      assertThat(repository.verify(VerifyOptions.structure())).isDamaged().namesObject(entry(1));
    }
  }

  @Test
  void renamedNewestEntry_isMissing_becauseItsBytesAreThere() throws IOException {
    put(entry(9), Tampering.on(reopened()).read(entry(1)));
    Tampering.on(reopened()).delete(entry(1));
    try (BackupRepository repository = withoutMemory()) {
      assertThat(repository.verify(VerifyOptions.structure())).isDamaged().namesObject(entry(1));
    }
  }

  @Test
  void emptyCatalog_isDamageToEveryVerb() throws IOException {
    for (StoredFile file : reopened().list("catalog")) {
      Tampering.on(reopened()).delete(file.name());
    }
    try (BackupRepository repository = withoutMemory()) {
      assertThatExceptionOfType(CorruptRepositoryException.class).isThrownBy(repository::snapshots);
      assertThatExceptionOfType(CorruptRepositoryException.class)
          .isThrownBy(() -> repository.backUp(components(), MANUAL));
      assertThatExceptionOfType(CorruptRepositoryException.class)
          .isThrownBy(() -> repository.hold(first, Optional.empty()));
      assertThatExceptionOfType(CorruptRepositoryException.class)
          .isThrownBy(() -> repository.acceptHead("0".repeat(64)));
      assertThat(repository.verify(VerifyOptions.readAll())).isDamaged().namesObject(entry(0));
      assertThat(disk.list("catalog")).isEmpty();
    }
  }

  @Test
  void shortenedHistory_hasNoList_butWhatIsThereCanBeFoundByItsId() throws IOException {
    try (BackupRepository repository = builder().open(root)) {
      repository.backUp(components(), MANUAL);
    }
    Tampering.on(reopened()).delete(entry(2));
    try (BackupRepository repository = builder().open(root)) {
      assertThatExceptionOfType(HeadChangedException.class).isThrownBy(repository::snapshots);
      assertThat(repository.snapshotsAsFound()).extracting(s -> s.id()).containsExactly(first);
      assertThat(repository.history().standing()).isEqualTo(HistoryState.Standing.ROLLED_BACK);
      assertThat(repository.history().warning()).isPresent();
    }
  }

  @Test
  void firstContact_isUnanchored_unlessTheHeadIsExpected() throws IOException {
    String head;
    try (BackupRepository repository = withoutMemory()) {
      HistoryState history = repository.history();
      assertThat(history.isAnchored()).isFalse();
      assertThat(history.time()).isPresent();
      head = history.head();
      assertThat(history.warning().orElseThrow()).contains("UNANCHORED", head);
    }
    try (BackupRepository repository = builder().open(root)) {
      assertThat(repository.history().isAnchored()).isTrue();
      repository.backUp(components(), MANUAL);
    }
    try (BackupRepository repository =
        BackupRepository.builder(reopened()).expectHead(head).open(root)) {
      assertThat(repository.history().isAnchored()).isTrue();
    }
    Tampering.on(reopened()).delete(entry(2));
    Tampering.on(reopened()).delete(entry(1));
    BackupRepository.Builder expecting = BackupRepository.builder(reopened()).expectHead(head);
    assertThatExceptionOfType(HeadChangedException.class).isThrownBy(() -> expecting.open(root));
  }

  @Test
  void emptyFileNamedCopy_switchesNothingOff() throws IOException {
    MemoryStorage older = reopened().crash(name -> true);
    try (BackupRepository repository = builder().open(root)) {
      repository.backUp(components(), MANUAL);
    }
    disk = older;
    put("copy", new byte[0]);
    try (BackupRepository repository = builder().open(root)) {
      assertThat(repository.verify(VerifyOptions.structure()))
          .hasStatus(VerifyReport.Status.ROLLED_BACK);
    }
  }

  private static List<byte[]> garbage() {
    byte[] random = new byte[300];
    new Random(7).nextBytes(random);
    return List.of(new byte[0], new byte[1], random, new byte[64 << 20]);
  }

  /** The client that saw the newest entry knows that nothing stood above it, and goes on. */
  @Test
  void garbageOfAnySizeAnywhere_stopsNoVerbOfWhoHasSeenTheHead() throws IOException {
    for (byte[] bytes : garbage()) {
      for (long ahead : new long[] {1, 2, 1_000, 1_000_000_000_000_000L}) {
        long head = lastPosition();
        String planted = entry(ahead > 1_000 ? ahead - bytes.length % 97 : head + ahead);
        put(planted, bytes);
        try (BackupRepository repository = builder().open(root)) {
          repository.hold(first, Optional.empty());
          repository.release(first);
          Files.writeString(data.resolve("a"), planted + bytes.length);
          SnapshotId id =
              repository.backUp(components(), MANUAL).snapshot().orElseThrow().id();
          PrunePlan plan = repository.planForget(Set.of(id), NOW);
          assertThat(repository.prune(plan).removed()).containsExactly(id);
          assertThat(repository.verify(VerifyOptions.readAll())).isClean();
          assertThat(repository.snapshots()).extracting(s -> s.id()).containsExactly(first);
        }
        // Below a PRUNE only what it lists stays.
        boolean isSwept =
            reopened().list("catalog").stream().noneMatch(file -> file.name().equals(planted));
        if (!isSwept) {
          Tampering.on(reopened()).delete(planted);
        }
        try (BackupRepository repository = builder().open(root)) {
          assertThat(repository.verify(VerifyOptions.structure())).isClean();
        }
      }
    }
  }

  private long lastPosition() throws IOException {
    try (BackupRepository repository = builder().open(root)) {
      return Long.parseLong(repository.snapshots().isEmpty() ? "0" : newest());
    }
  }

  private String newest() throws IOException {
    return disk.list("catalog").stream()
        .map(file -> file.name().substring("catalog/".length()))
        .max(String::compareTo)
        .orElseThrow();
  }

  @Test
  void prune_byWhoCannotKnowWhetherItWasAnEntry_isRefusedAndSaysWhatToDo() throws IOException {
    put(entry(2), GARBAGE);
    try (BackupRepository repository = withoutMemory()) {
      assertThatExceptionOfType(CorruptRepositoryException.class)
          .isThrownBy(() -> repository.planForget(Set.of(first), NOW))
          .satisfies(e -> {
            assertThat(e.object()).isEqualTo(entry(2));
            assertThat(e.action()).contains("dr heal");
          });
      assertThat(repository.backUp(components(), MANUAL)).isComplete();
      assertThatExceptionOfType(CorruptRepositoryException.class)
          .isThrownBy(() -> repository.planForget(Set.of(first), NOW))
          .satisfies(e -> assertThat(e.object()).isEqualTo(entry(2)));
    }
    Tampering.on(reopened()).delete(entry(2)); // That it is gone proves nothing.
    try (BackupRepository repository = withoutMemory()) {
      assertThatExceptionOfType(CorruptRepositoryException.class)
          .isThrownBy(() -> repository.planForget(Set.of(first), NOW));
    }
  }

  @Test
  void prune_copyHasTheEntryThatWasGarbled_isSettledByHealing() throws IOException {
    MemoryStorage copy = new MemoryStorage();
    try (BackupRepository repository = builder().open(root)) {
      repository.backUp(components(), MANUAL);
      repository.copies().copyTo(copy, VerifyOptions.structure());
    }
    put(entry(2), GARBAGE);
    try (BackupRepository repository = withoutMemory()) {
      repository.backUp(components(), MANUAL);
      assertThatExceptionOfType(CorruptRepositoryException.class)
          .isThrownBy(() -> repository.planForget(Set.of(first), NOW));
    }
    try (BackupRepository copied = BackupRepository.builder(copy.crash(name -> true))
        .executor(Runnable::run, 1)
        .open(root)) {
      copied.copies().heal(reopened(), VerifyOptions.readAll());
    }
    try (BackupRepository repository = withoutMemory()) {
      assertThat(repository.snapshots()).hasSize(3);
      repository.prune(repository.planForget(Set.of(first), NOW));
      assertThat(repository.snapshots()).hasSize(2);
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    }
  }

  @Test
  void hundredsOfFiles_areOnePassEach_andAPruneFollows() throws IOException {
    for (long at = 2; at < 202; at++) {
      put(entry(at), GARBAGE);
    }
    try (BackupRepository repository = builder().open(root)) {
      repository.hold(first, Optional.empty());
      SnapshotId second =
          repository.backUp(components(), MANUAL).snapshot().orElseThrow().id();
      repository.prune(repository.planForget(Set.of(second), NOW));
      assertThat(repository.snapshots()).extracting(s -> s.id()).containsExactly(first);
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    }
  }

  @Test
  void authenticBytesInTheWrongPlace_areDamageThatIsNamed_andNothingIsRemoved() throws IOException {
    try (BackupRepository repository = builder().open(root)) {
      repository.backUp(components(), MANUAL);
    }
    MemoryStorage whole = reopened();
    byte[] one = Tampering.on(whole).read(entry(1));
    byte[] two = Tampering.on(whole).read(entry(2));
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    Map<String, Harm> harms = new LinkedHashMap<>();
    harms.put("truncated", on -> on.resize(entry(2), two.length - 1));
    harms.put("cut to its front", on -> on.resize(entry(2), 267));
    harms.put(
        "cut to its end", on -> on.replace(entry(2), Arrays.copyOfRange(two, 100, two.length)));
    harms.put("lengthened", on -> on.resize(entry(2), two.length + 5_000_000));
    harms.put("concatenated", on -> on.replace(entry(2), both));
    harms.put("concatenated below", on -> on.replace(entry(1), both));
    harms.put("swapped", on -> on.swap(entry(1), entry(2)));
    harms.put("renamed up", on -> on.rename(entry(2), entry(9)));
    harms.put("renamed down", on -> on.rename(entry(2), entry(1)));
    for (Map.Entry<String, Harm> harm : harms.entrySet()) {
      disk = whole.crash(name -> true);
      harm.getValue().to(Tampering.on(disk));
      try (BackupRepository repository = withoutMemory()) {
        assertThat(repository.verify(VerifyOptions.structure()))
            .as(harm.getKey())
            .isDamaged();
        assertThatExceptionOfType(CorruptRepositoryException.class)
            .as(harm.getKey())
            .isThrownBy(() -> repository.planForget(Set.of(first), NOW));
      }
      disk = whole;
      try (BackupRepository repository = withoutMemory()) {
        assertThat(repository.snapshots()).hasSize(2);
      }
      whole = disk;
    }
  }

  @FunctionalInterface
  private interface Harm {
    void to(Tampering files) throws IOException;
  }
}
