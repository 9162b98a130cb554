package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SQLite databases: what a few changed pages cost, and that every generation comes back. */
class PagedFileStoryTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final int PAGE = 4096;
  private static final int REGION = 256 << 10;

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final MemoryStorage storage = new MemoryStorage();
  private final Random random = new Random(11);
  private byte[] database;

  /** Makes a database whose pages do not compress. */
  private void makeDatabase(int pages) {
    database = new byte[pages * PAGE];
    random.nextBytes(database);
    writeHeader(PAGE);
  }

  private void writeHeader(int pageSizeField) {
    byte[] magic = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(magic, 0, database, 0, magic.length);
    database[16] = (byte) (pageSizeField >> 8);
    database[17] = (byte) pageSizeField;
    database[18] = 1;
    database[19] = 1;
    database[21] = 64;
    database[22] = 32;
    database[23] = 32;
  }

  /** Changes a few bytes of a page; the first keeps its header. */
  private void editPage(int page) {
    for (int i = 0; i < 5; i++) {
      database[page * PAGE + 100 + random.nextInt(PAGE - 100)]++;
    }
  }

  private Path source() throws IOException {
    return Files.createDirectories(temp.resolve("data"));
  }

  private BackupReport backUp(BackupRepository repository) throws IOException {
    return backUp(repository, MANUAL);
  }

  private BackupReport backUp(BackupRepository repository, BackupOptions options)
      throws IOException {
    Files.write(source().resolve("chat.db"), database);
    return repository.backUp(List.of(Component.directory("state", Kind.STATE, source())), options);
  }

  private BackupRepository repository(int threads) throws IOException {
    BackupRepository.Builder builder = BackupRepository.builder(storage).host("host");
    if (threads == 0) {
      builder.executor(Runnable::run, 1);
    }
    return builder.create(root);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"300,0", "300,3", "2000,0", "2000,3"})
  void backUp_fewPagesEdited_storesThesePages(int pages, int threads) throws IOException {
    makeDatabase(pages);
    try (BackupRepository repository = repository(threads)) {
      assertThat(backUp(repository)).isComplete();
      Map<String, String> wanted = new HashMap<>(Map.of("1:state/chat.db", sha256(database)));
      Set<Integer> edited = new HashSet<>();
      for (int generation = 2; generation < 6; generation++) {
        edited.clear();
        while (edited.size() < 10) {
          edited.add(random.nextInt(pages));
        }
        edited.forEach(this::editPage);
        BackupReport report = backUp(repository);
        assertThat(report).isComplete();
        assertThat(report.bytesAdded()).isBetween(10L * PAGE, 10L * PAGE + 10_000);
        assertThat(report.bytesStored()).isLessThan(10L * PAGE + 20_000);
        wanted.put(generation + ":state/chat.db", sha256(database));
      }
      assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
      assertThat(Readback.of(storage.crash(), root)).isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void backUp_anyHistory_everyGenerationComesBack(int seed) throws IOException {
    random.setSeed(seed);
    makeDatabase(200 + random.nextInt(1200));
    Map<String, String> wanted = new HashMap<>();
    try (BackupRepository repository = repository(seed % 2 * 3)) {
      for (int generation = 1; generation <= 15; generation++) {
        assertThat(backUp(repository)).isComplete();
        wanted.put(generation + ":state/chat.db", sha256(database));
        change();
      }
      assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
      assertThat(Readback.of(storage.crash(), root)).isEqualTo(wanted);
    }
  }

  /** Does one of the things that happen to databases, and to files that only look like one. */
  private void change() {
    int pages = database.length / PAGE;
    switch (random.nextInt(9)) {
      case 0 -> database = Arrays.copyOf(database, (pages + 1 + random.nextInt(80)) * PAGE);
      case 1 -> database = Arrays.copyOf(database, (1 + random.nextInt(pages)) * PAGE);
      case 2 -> database = Arrays.copyOf(database, database.length + 1 + random.nextInt(PAGE));
      case 3 -> writeHeader(List.of(512, 1024, 4096, 16384, 1).get(random.nextInt(5)));
      case 4 -> database[random.nextInt(24)] = (byte) random.nextInt();
      case 5 -> {
        int from = random.nextInt(pages);
        int to = Math.min(pages, from + random.nextInt(200));
        Arrays.fill(database, from * PAGE, to * PAGE, (byte) 0);
      }
      case 6 -> {
        int length = (1 + random.nextInt(Math.min(pages, 100))) * PAGE;
        int from = random.nextInt(database.length - length + 1);
        int to = random.nextInt(pages - length / PAGE + 1) * PAGE;
        System.arraycopy(database, from, database, to, length);
      }
      default -> {
        writeHeader(PAGE);
        for (int i = random.nextInt(120); i >= 0; i--) {
          editPage(random.nextInt(pages));
        }
      }
    }
  }

  @Test
  void backUp_oneByteOfAPageInAHoleIsWritten_comesBack() throws IOException {
    makeDatabase(256);
    Arrays.fill(database, REGION, 3 * REGION, (byte) 0);
    try (BackupRepository repository = repository(0)) {
      backUp(repository);
      database[REGION + 10 * PAGE - 1] = 1;
      database[REGION + 20 * PAGE] = 1;

      assertThat(backUp(repository).bytesAdded()).isLessThan(10L * PAGE);

      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      assertThat(Readback.of(storage.crash(), root))
          .containsEntry("2:state/chat.db", sha256(database));
    }
  }

  @Test
  void backUp_pagesEditedForManyGenerations_areFoldedAndOldOnesCanGo() throws IOException {
    int pages = 256;
    makeDatabase(pages);
    List<SnapshotId> snapshots = new ArrayList<>();
    long mostAdded = 0;
    try (BackupRepository repository = repository(0)) {
      for (int generation = 0; generation < 50; generation++) {
        BackupReport report = backUp(repository);
        snapshots.add(report.snapshot().orElseThrow().id());
        if (generation > 0) {
          mostAdded = Math.max(mostAdded, report.bytesAdded());
        }
        for (int i = 0; i < 4; i++) {
          editPage(random.nextInt(pages));
        }
      }
      assertThat(mostAdded)
          .as("some region was stored again, never all of them at the same time")
          .isBetween((long) REGION, (long) database.length);

      repository.prune(repository.planForget(
          Set.copyOf(snapshots.subList(0, snapshots.size() - 1)), PruneOptions.NOW));

      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      assertThat(stored())
          .as("what the newest snapshot refers to is not much more than what it uses")
          .isLessThan(database.length * 3L / 2);
      assertThat(Readback.of(storage.crash(), root)).hasSize(1).doesNotContainValue(Readback.LOST);
    }
  }

  @Test
  void backUp_onePageAGeneration_refersToABoundedNumberOfBlobs() throws IOException {
    makeDatabase(2048);
    try (BackupRepository repository = repository(0)) {
      backUp(repository);
      long rewritten = 0;
      for (int generation = 0; generation < 70; generation++) {
        editPage(generation * 29 + 1);
        rewritten = Math.max(rewritten, backUp(repository).bytesAdded());
      }
      assertThat(rewritten)
          .as("once there are too many small blobs their pages are stored together")
          .isGreaterThan(60L * PAGE);
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    }
  }

  @Test
  void backUp_mostPagesOfABlobAreEditedAgain_theRestMovesAndTheBlobCanGo() throws IOException {
    int regions = 32;
    makeDatabase(64 * regions);
    List<SnapshotId> old = new ArrayList<>();
    try (BackupRepository repository = repository(0)) {
      for (int kept = 0; kept < 2; kept++) {
        old.add(backUp(repository).snapshot().orElseThrow().id());
        for (int region = 0; region < regions; region++) {
          for (int page = 1 + kept; page < 16; page++) {
            editPage(64 * region + page);
          }
        }
      }
      old.add(backUp(repository).snapshot().orElseThrow().id());
      editPage(0);
      backUp(repository);

      repository.prune(repository.planForget(Set.copyOf(old), PruneOptions.NOW));

      assertThat(stored() - database.length).isLessThan(17L * regions * PAGE);
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      assertThat(Readback.of(storage.crash(), root)).containsValue(sha256(database));
    }
  }

  private long stored() throws IOException {
    return storage.list("packs").stream().mapToLong(StoredFile::length).sum();
  }

  private Set<String> packs() throws IOException {
    Set<String> names = new HashSet<>();
    storage.list("packs").forEach(f -> names.add(f.name()));
    return names;
  }

  @Test
  void restoreAndRead_ofManyPagesFromSharedBlobs_giveTheFile() throws IOException {
    makeDatabase(1200);
    try (BackupRepository repository = repository(3)) {
      backUp(repository);
      for (int generation = 0; generation < 6; generation++) {
        for (int i = 0; i < 40; i++) {
          editPage(random.nextInt(1200));
        }
        backUp(repository);
      }
      Path out = temp.resolve("out");
      RestoreReport report = repository.restore(
          repository.planRestore(RestoreRequest.to(Selector.LATEST, out)), List.of());
      assertThat(report.failures()).isEmpty();
      assertThat(Files.readAllBytes(out.resolve("state/chat.db"))).isEqualTo(database);
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      repository.read(repository.snapshots().get(6).id(), "state/chat.db", read);
      assertThat(read.toByteArray()).isEqualTo(database);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void backUp_blobOfUnchangedOrChangedPagesIsDamaged_isNamedAndHealed(boolean base)
      throws IOException {
    makeDatabase(1200);
    try (BackupRepository repository = repository(3)) {
      BackupReport first = backUp(repository);
      Set<String> before = packs();
      for (int page = 10; page < 1200; page += 100) {
        editPage(page);
      }
      backUp(repository);
      Set<String> added = packs();
      added.removeAll(before);
      flipLargest(base ? before : added);

      VerifyReport verify = repository.verify(VerifyOptions.readAll());
      assertThat(verify.damages()).isNotEmpty();
      assertThat(verify.damages()).flatExtracting(Damage::paths).contains("state/chat.db");
      assertThat(verify.damages())
          .flatExtracting(Damage::snapshots)
          .contains(repository.snapshots().get(1).id());
      if (!base) {
        assertThat(verify.damages())
            .flatExtracting(Damage::snapshots)
            .doesNotContain(first.snapshot().orElseThrow().id());
      }
      editPage(77);
      assertThat(backUp(repository)).isComplete();
      assertThat(Readback.of(storage.crash(), root))
          .containsEntry("4:state/chat.db", sha256(database));
    }
  }

  private void flipLargest(Set<String> packs) throws IOException {
    StoredFile largest = null;
    for (StoredFile file : storage.list("packs")) {
      if (packs.contains(file.name()) && (largest == null || file.length() > largest.length())) {
        largest = file;
      }
    }
    Tampering.on(storage).flip(largest.name(), (int) largest.length() / 2);
  }

  @Test
  void backUp_headerLiesAboutThePageSize_costsNoMoreThanAFewPages() throws IOException {
    makeDatabase(1000);
    try (BackupRepository repository = repository(3)) {
      for (int field : new int[] {512, 32768, 1, 4096}) {
        writeHeader(field);
        backUp(repository);
        editPage(500);
        BackupReport report = backUp(repository);
        assertThat(report.bytesAdded()).as("page size %d", field).isLessThan(2 * PAGE + 5000);
      }
      assertThat(Readback.of(storage.crash(), root))
          .hasSize(8)
          .containsEntry("8:state/chat.db", sha256(database));
    }
  }

  /** What a crash of the application or a full disk leaves: no whole pages, or but the header. */
  @ParameterizedTest
  @ValueSource(ints = {1500 * PAGE - 1, 700 * PAGE + 100, PAGE, PAGE - 1, 100, 99, 16, 0})
  void backUp_databaseIsTruncated_isStoredAsItIs(int length) throws IOException {
    makeDatabase(1500);
    try (BackupRepository repository = repository(3)) {
      backUp(repository);
      byte[] whole = database;
      database = Arrays.copyOf(whole, length);
      assertThat(backUp(repository, MANUAL.withShrunkAccepted())).isComplete();
      String cut = sha256(database);
      database = whole;
      BackupReport report = backUp(repository);
      assertThat(report).isComplete();
      assertThat(Readback.of(storage.crash(), root))
          .containsEntry("2:state/chat.db", cut)
          .containsEntry("3:state/chat.db", sha256(whole));
    }
  }

  @Test
  void backUp_databaseIsWrittenWhileItIsRead_isReadAgain() throws IOException {
    makeDatabase(1500);
    try (BackupRepository repository = repository(3)) {
      backUp(repository);
      editPage(3);
      Path file = Files.write(source().resolve("chat.db"), database);
      editPage(1400);
      FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
      Fault written = files
          .fail(FileCall.READ)
          .of(file.toString())
          .after(1)
          .once()
          .meanwhile(() -> Files.write(file, database));
      BackupReport report = repository.backUp(
          List.of(Component.directory("state", Kind.STATE, files.path(source()))), MANUAL);
      assertThat(written.fired()).isTrue();
      assertThat(report).isComplete();
      assertThat(Readback.of(storage.crash(), root))
          .containsEntry("2:state/chat.db", sha256(database));
    }
  }
}
