package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.ZstdInputStream;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.archive.ArchiveEntry;
import com.personalaichatbot.dr.core.internal.archive.ArchiveReader;
import com.personalaichatbot.dr.core.internal.archive.TarWriter;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.ExchangeRefusedException;
import com.personalaichatbot.dr.core.operation.ExchangeReport;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots become archives that tar opens, and archives that tar made become snapshots. */
class ExchangeStoryTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  @TempDir
  Path temp;

  @AutoClose
  private final RootKey root = RootKey.of(new byte[32]);

  private final MemoryStorage storage = new MemoryStorage();
  private Path chats;
  private Path env;

  @AutoClose
  private BackupRepository repository;

  @BeforeEach
  void makeData() throws IOException {
    chats = Files.createDirectories(temp.resolve("app/chats"));
    env = Files.writeString(temp.resolve("app/.env"), "KEY=secret\n");
    Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rw-------"));
    Trees.scatter(chats.resolve("active"), 90, 1);
    byte[] large = new byte[3_000_000];
    new Random(7).nextBytes(large);
    Arrays.fill(large, 1_000_000, 1_400_000, (byte) 0);
    Files.write(chats.resolve("large.bin"), large);
    Files.createFile(chats.resolve("nothing"));
    Files.createDirectories(chats.resolve("empty"));
    Files.createSymbolicLink(chats.resolve("link"), Path.of("active/d0"));
    Files.createSymbolicLink(chats.resolve("long-link"), Path.of("x/".repeat(120) + "end"));
    Files.createLink(chats.resolve("second-name"), chats.resolve("large.bin"));
    Files.createLink(
        Files.createDirectories(chats.resolve("n".repeat(255))).resolve("m".repeat(200)),
        chats.resolve("nothing"));
    Files.writeString(chats.resolve("é \n\"quoted\" *?"), "odd");
    Path old = Files.writeString(chats.resolve("old"), "from before 1970");
    Trees.touch(old, Instant.parse("1969-12-31T23:59:58Z"));
    Trees.touch(chats.resolve("nothing"), Instant.parse("2001-02-03T04:05:06.123456789Z"));
    Path tool = Files.writeString(chats.resolve("tool"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("r-xr-x--x"));
    Trees.touch(chats.resolve("active"), Instant.parse("2020-01-01T00:00:00.000000001Z"));
    Files.setAttribute(chats.resolve("empty"), "unix:mode", 041750);
    repository = BackupRepository.builder(storage).create(root);
  }

  private SnapshotId backUp() throws IOException {
    List<Component> components = List.of(
        Component.directory("chats", Kind.CONVERSATIONS, chats),
        Component.file("env", Kind.SECRETS, env));
    return repository.backUp(components, MANUAL).snapshot().orElseThrow().id();
  }

  private BackupRepository another() throws IOException {
    return BackupRepository.builder(new MemoryStorage()).create(root);
  }

  private ExchangeReport export(String name) throws IOException {
    return repository.exportTo(Selector.LATEST, List.of(), temp.resolve(name));
  }

  private static Path restore(BackupRepository from, Selector selector, Path to)
      throws IOException {
    var report = from.restore(from.planRestore(RestoreRequest.to(selector, to)), List.of());
    assertThat(report.failures()).isEmpty();
    return to;
  }

  /** Runs tar, or counts the test as skipped where none exists. */
  static void tar(Path directory, InputStream in, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("tar"));
    command.addAll(List.of(arguments));
    Process tar;
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
      builder.environment().clear();
      tar = builder.start();
    } catch (IOException e) {
      assumeTrue(false, "there is no tar on this machine");
      return;
    }
    try (OutputStream out = tar.getOutputStream()) {
      in.transferTo(out);
    }
    String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tar.onExit().join().exitValue()).as(said).isZero();
    assertThat(said.lines().filter(line -> !line.contains("implausibly old time stamp")))
        .isEmpty();
  }

  private static Path unpack(InputStream plain, Path directory) throws IOException {
    Files.createDirectories(directory);
    try (plain) {
      tar(directory, plain, "-xpf", "-");
    }
    return directory;
  }

  @Test
  void exportTo_tarGz_opensWithTarAndEqualsTheSource() throws IOException {
    backUp();

    ExchangeReport report = export("out.tar.gz");

    Path file = temp.resolve("out.tar.gz");
    Path there = unpack(new GZIPInputStream(Files.newInputStream(file)), temp.resolve("there"));
    assertThat(Trees.differences(chats, there.resolve("chats"))).isEmpty();
    assertThat(Trees.differences(env, there.resolve("env"))).isEmpty();
    assertThat(report.files()).isEqualTo(repository.snapshots().get(0).files());
    assertThat(report.notes()).anyMatch(n -> n.contains("secrets of component env in clear"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void exportTo_tarZst_opensWithTarAndEqualsTheSource() throws IOException {
    backUp();

    export("out.tar.zst");

    Path there = unpack(
        new ZstdInputStream(Files.newInputStream(temp.resolve("out.tar.zst"))),
        temp.resolve("there"));
    assertThat(Trees.differences(chats, there.resolve("chats"))).isEmpty();
  }

  @Test
  void exportTo_oneComponent_holdsNothingElse() throws IOException {
    backUp();
    Path file = temp.resolve("out.tar.gz");

    ExchangeReport report = repository.exportTo(Selector.LATEST, List.of("chats"), file);

    Path there = unpack(new GZIPInputStream(Files.newInputStream(file)), temp.resolve("there"));
    assertThat(there.resolve("env")).doesNotExist();
    assertThat(report.snapshots()).containsOnlyKeys("chats");
    assertThat(report.notes()).isEmpty();
    assertThatThrownBy(() ->
            repository.exportTo(Selector.LATEST, List.of("other"), temp.resolve("other.tar.gz")))
        .isInstanceOf(SnapshotNotFoundException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.tar.gz", "out.tar.zst"})
  void importFrom_ourExport_equalsTheSource(String name) throws IOException {
    SnapshotId original = backUp();
    export(name);
    try (BackupRepository other = another()) {
      ExchangeReport report = other.importFrom(temp.resolve(name), ImportOptions.DEFAULT);

      assertThat(other.verify(VerifyOptions.readAll()).status())
          .isEqualTo(VerifyReport.Status.CLEAN);
      Snapshot imported = other.snapshots().get(0);
      Snapshot before = repository.snapshots().get(0);
      assertThat(before.id()).isEqualTo(original);
      assertThat(report.snapshots().values()).containsOnly(imported.id());
      assertThat(imported.started()).isEqualTo(before.started());
      assertThat(imported.files()).isEqualTo(before.files()).isEqualTo(report.files());
      assertThat(imported.tags()).containsExactly("imported");
      assertThat(imported.purpose()).isEqualTo(Purpose.MANUAL);
      assertThat(imported.component("env").orElseThrow().kind()).isEqualTo(Kind.SECRETS);
      assertThat(imported.component("chats").orElseThrow().kind()).isEqualTo(Kind.CONVERSATIONS);
      Path there = restore(other, Selector.of(imported.id()), temp.resolve("there"));
      assertThat(Trees.differences(chats, there.resolve("chats"))).isEmpty();
      assertThat(Trees.differences(env, there.resolve("env"))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gnu", "pax", "ustar"})
  void importFrom_archiveMadeByTar_equalsTheSource(String format) throws IOException {
    if (format.equals("ustar")) { // Which holds no long names and no times before 1970.
      Files.delete(chats.resolve("old"));
      Files.delete(chats.resolve("n".repeat(255)).resolve("m".repeat(200)));
      Files.delete(chats.resolve("n".repeat(255)));
      Files.delete(chats.resolve("long-link"));
    }
    if (!format.equals("pax")) {
      floorTimes(chats);
    }
    tar(
        chats.getParent(),
        InputStream.nullInputStream(),
        "--format=" + format,
        "-czf",
        temp.resolve("in.tar.gz").toString(),
        "chats",
        ".env");

    ExchangeReport report = repository.importFrom(temp.resolve("in.tar.gz"), ImportOptions.DEFAULT);

    Snapshot imported = repository.snapshots().get(0);
    assertThat(imported.component(".env").orElseThrow().kind()).isEqualTo(Kind.SECRETS);
    assertThat(imported.component("chats").orElseThrow().kind()).isEqualTo(Kind.CUSTOM);
    assertThat(report.notes()).isEmpty();
    Path there = restore(repository, Selector.of(imported.id()), temp.resolve("there"));
    assertThat(Trees.differences(chats, there.resolve("chats"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"many.tgz, many", "...tar.gz, archive", "v1.2.tar.gz, v1.2"})
  void importFrom_topThatIsNoComponents_becomesOneNamedAfterTheArchive(
      String name, String component) throws IOException {
    Path in = temp.resolve(name);
    tar(chats, InputStream.nullInputStream(), "-czf", in.toString(), ".");

    ExchangeReport report = repository.importFrom(in, ImportOptions.DEFAULT);

    assertThat(report.snapshots()).containsOnlyKeys(component);
    assertThat(report.notes()).anyMatch(n -> n.contains("cannot all be components"));
    Selector imported = Selector.of(report.snapshots().get(component));
    floorTimes(chats);
    Path there = restore(repository, imported, temp.resolve("there"));
    assertThat(Trees.differences(chats, there.resolve(component))).isEmpty();
  }

  /** An archive can hold what a restore left in a directory, or what somebody made to look so. */
  @Test
  void whatRestoresKeepForThemselves_isSkippedAndCoversNoJournal() throws IOException {
    backUp();
    Files.writeString(chats.resolve("tool2"), "came later");
    Files.writeString(chats.resolve("old"), "damaged");
    repository.restore(repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), List.of());
    Path journal = chats.resolve(".dr-restore/chats/1/journal");
    byte[] before = Files.readAllBytes(journal);
    Path in = temp.resolve("in.tar.gz");
    try (TarWriter tar = new TarWriter(new GZIPOutputStream(Files.newOutputStream(in)))) {
      for (String name : List.of(
          "chats/.dr-restore/chats/1/journal",
          "chats/d/.DR-Restore/x",
          "chats/d/.dr-restore",
          "chats/old",
          ".dr-restore/chats/1/journal")) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        tar.begin(new ArchiveEntry(
            bytes,
            ArchiveEntry.Type.FILE,
            ArchiveEntry.attributes(0600, 0, 0, bytes.length, 0, 0),
            null));
        tar.content().write(bytes);
        tar.end();
      }
    }

    ExchangeReport report = repository.importFrom(in, ImportOptions.DEFAULT);

    assertThat(report.notes())
        .filteredOn(note -> note.startsWith("skipped "))
        .containsExactlyInAnyOrder(
            "skipped .dr-restore: its name is kept for restores",
            "skipped chats/.dr-restore: its name is kept for restores",
            "skipped chats/d/.DR-Restore: its name is kept for restores",
            "skipped chats/d/.dr-restore: its name is kept for restores");
    assertThat(report.snapshots()).containsOnlyKeys("chats");
    Selector imported = Selector.of(report.snapshots().get("chats"));
    RestoreReport restored = repository.restore(
        repository.planRestore(RestoreRequest.to(imported, chats.getParent()).withOverwrite()),
        List.of());
    assertThat(restored.failures()).isEmpty();
    assertThat(chats.resolve("old")).hasContent("chats/old");
    assertThat(journal).hasBinaryContent(before);
    repository.undo(List.of());
  }

  @Test
  void namesThatAreNoText_keepTheirBytes() throws IOException {
    byte[][] names = {{'d', '/', (byte) 0xff, (byte) 0xfe}, {'d', '/', (byte) 0xc3}, {'d', '/', 1}};
    Path in = temp.resolve("in.tar.gz");
    try (TarWriter tar = new TarWriter(new GZIPOutputStream(Files.newOutputStream(in)))) {
      for (byte[] name : names) {
        tar.begin(new ArchiveEntry(
            name,
            ArchiveEntry.Type.SYMLINK,
            ArchiveEntry.attributes(0777, 0, 0, 0, 0, 0),
            new byte[] {(byte) 0x80}));
        tar.end();
      }
    }
    repository.importFrom(in, ImportOptions.DEFAULT);
    export("out.tar.gz");

    List<byte[]> found = new ArrayList<>();
    try (InputStream out = new GZIPInputStream(Files.newInputStream(temp.resolve("out.tar.gz")))) {
      ArchiveReader reader = ArchiveReader.open(out, Instant.EPOCH);
      for (ArchiveEntry entry; (entry = reader.next()) != null; ) {
        if (entry.type() == ArchiveEntry.Type.SYMLINK) {
          assertThat(entry.target()).containsExactly(0x80);
          found.add(entry.path());
        }
      }
    }
    assertThat(found).containsExactlyInAnyOrder(names);
  }

  /** Takes from all times what the older formats of tar do not hold. */
  static void floorTimes(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(p -> !Files.isSymbolicLink(p)).toList()) {
        long seconds = Files.getLastModifiedTime(path).toInstant().getEpochSecond();
        Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(seconds)));
      }
    }
  }

  @Test
  void importFrom_existingHost_isNeverItsLatest() throws IOException {
    SnapshotId original = backUp();
    export("out.tar.gz");
    SnapshotId imported = repository
        .importFrom(temp.resolve("out.tar.gz"), ImportOptions.DEFAULT)
        .snapshots()
        .get("chats");

    var plan = repository.planRestore(RestoreRequest.to(Selector.LATEST, temp.resolve("there")));

    assertThat(plan.parts()).allMatch(p -> p.snapshot().equals(original));
    assertThatThrownBy(() -> repository.planRestore(RestoreRequest.inPlace(Selector.of(imported))))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining("nobody knows where it belongs");
  }

  @Test
  void backUp_afterImportOfTheSameFiles_storesThemNotAgain() throws IOException {
    Trees.scatter(chats.resolve("more"), 300, 2);
    backUp();
    export("out.tar.zst");
    try (BackupRepository other = another()) {
      other.importFrom(temp.resolve("out.tar.zst"), ImportOptions.DEFAULT);

      var report =
          other.backUp(List.of(Component.directory("chats", Kind.CONVERSATIONS, chats)), MANUAL);

      assertThat(report.files().created()).isGreaterThan(300);
      assertThat(report.bytesAdded()).isLessThan(report.bytesRead() / 10); // Trees only.
    }
  }

  @Test
  void planRestore_onNewMachine_takesTheOnlyHostBesideWhatWasImported() throws IOException {
    SnapshotId original = backUp();
    export("out.tar.gz");
    repository.importFrom(temp.resolve("out.tar.gz"), ImportOptions.DEFAULT);
    repository.close();
    repository = BackupRepository.builder(storage.crash()).host("new-machine").open(root);

    var plan = repository.planRestore(RestoreRequest.to(Selector.LATEST, temp.resolve("there")));

    assertThat(plan.parts()).allMatch(p -> p.snapshot().equals(original));
  }

  @Test
  void exportTo_whatIsNotFit_isRefused() throws IOException {
    backUp();
    Path there = Files.writeString(temp.resolve("there.tar.gz"), "mine");
    assertThatThrownBy(() -> repository.exportTo(Selector.LATEST, List.of(), there))
        .isInstanceOf(ExchangeRefusedException.class)
        .hasMessageContaining("exists already");
    assertThat(there).hasContent("mine");
    assertThatThrownBy(
            () -> repository.exportTo(Selector.LATEST, List.of(), temp.resolve("out.zip")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(".tar.gz or .tar.zst");
    Path place = Files.createDirectories(temp.resolve("repository"));
    try (BackupRepository local =
        BackupRepository.builder(LocalStorage.at(place)).create(root)) {
      assertThatThrownBy(
              () -> local.exportTo(Selector.LATEST, List.of(), place.resolve("out.tar.gz")))
          .isInstanceOf(ExchangeRefusedException.class)
          .hasMessageContaining("in the repository");
    }
  }

  @Test
  void exportTo_damagedRepository_leavesNothing() throws IOException {
    backUp();
    String pack = storage.list("packs").get(0).name();
    for (var file : storage.list("packs")) {
      pack = file.length() > storage.length(pack) ? file.name() : pack;
    }
    storage.delete(pack);
    Path out = Files.createDirectories(temp.resolve("out"));

    assertThatThrownBy(
            () -> repository.exportTo(Selector.LATEST, List.of(), out.resolve("x.tar.gz")))
        .isInstanceOf(CorruptRepositoryException.class);

    assertThat(out).isEmptyDirectory();
  }
}
