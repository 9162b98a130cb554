package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.RepositoryException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file of a small repository damaged in every way. Whatever is done to it, verify names the
 * object and every path that cannot be read any more, and nothing reads as other bytes than were
 * saved.
 *
 * <p>Bytes are sampled; {@code -Ddr.thorough=true} takes them all, which takes minutes.
 */
class DamageMatrixTest {
  private static final boolean THOROUGH = Boolean.getBoolean("dr.thorough");

  @TempDir
  static Path temp;

  private static RootKey root;
  private static MemoryStorage plain;
  private static MemoryStorage trained;
  private static MemoryStorage pruned;
  private static Map<MemoryStorage, Map<String, String>> saved;
  private static SnapshotId second;
  private static int targets;
  private static int trials;

  @BeforeAll
  static void backUp() throws IOException {
    root = TestKeys.root();
    plain = repository("plain", 3);
    trained = repository("trained", 400);
    saved = new HashMap<>();
    saved.put(plain, Readback.of(plain, root));
    saved.put(trained, Readback.of(trained, root));
    pruned = prune();
    saved.put(pruned, Readback.of(pruned, root));
    try (BackupRepository repository = builder(copyOf(plain), "plain").open(root)) {
      second = repository.snapshots().get(1).id();
    }
  }

  /** Two snapshots of two components, with a file of several chunks, and the marks of a verify. */
  private static MemoryStorage repository(String name, int files) throws IOException {
    Path data = temp.resolve(name);
    Trees.scatter(data.resolve("conversations"), files, 1);
    Files.writeString(data.resolve("config.json"), "{\"model\":\"small\"}");
    String large = Trees.text(new Random(2), 100_000) + "x".repeat(60_000);
    Files.writeString(data.resolve("conversations/large.json"), large);
    MemoryStorage storage = new MemoryStorage();
    try (BackupRepository repository = builder(storage, name).create(root)) {
      List<Component> components = List.of(
          Component.file("config", Kind.CONFIG, data.resolve("config.json")),
          Component.directory("conversations", Kind.CONVERSATIONS, data.resolve("conversations")));
      BackupOptions options = BackupOptions.of(Purpose.MANUAL);
      assertThat(repository.backUp(components, options)).isComplete();
      Files.writeString(data.resolve("config.json"), "{\"model\":\"large\"}");
      Files.writeString(data.resolve("conversations/new.json"), "one more");
      assertThat(repository.backUp(components, options)).isComplete();
      assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    }
    return storage.crash();
  }

  /** A copy of the plain repository in which the first snapshot was removed. */
  private static MemoryStorage prune() throws IOException {
    MemoryStorage storage = plain.crash();
    try (BackupRepository repository = builder(storage, "pruned").open(root)) {
      Set<SnapshotId> first = Set.of(repository.snapshots().get(0).id());
      repository.prune(repository.planForget(first, new PruneOptions(0, Long.MAX_VALUE).now()));
      assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    }
    return storage.crash();
  }

  private static String state(MemoryStorage base) {
    return base == plain ? "plain" : base == trained ? "trained" : "pruned";
  }

  private static BackupRepository.Builder builder(
      com.personalaichatbot.dr.core.storage.Storage storage, String state) {
    return BackupRepository.builder(storage)
        .executor(Runnable::run, 1)
        .host("host")
        .state(temp.resolve(state + ".state"));
  }

  /** One way to damage a repository. */
  @FunctionalInterface
  private interface Harm {
    void doTo(Tampering files) throws IOException;
  }

  /** Damages a copy, which cannot be written, so that each trial begins with the same. */
  private static VerifyReport harm(MemoryStorage base, String what, Harm harm) throws IOException {
    MemoryStorage copy = base.crash(name -> true);
    harm.doTo(Tampering.on(copy));
    FaultyStorage storage = FaultyStorage.over(copy);
    storage.makeReadOnly();
    VerifyReport report;
    Map<SnapshotId, Long> positions;
    try (BackupRepository repository = builder(storage, state(base)).open(root)) {
      report = repository.verify(VerifyOptions.readAll());
      positions = repository.snapshotsAsFound().stream()
          .collect(Collectors.toMap(Snapshot::id, Snapshot::sequence));
    }
    if (THOROUGH || !what.startsWith("flip") || trials++ % 4 == 0) {
      requireNamed(what, base, Readback.of(copyOf(copy), root), report, positions);
    }
    return report;
  }

  private static MemoryStorage copyOf(MemoryStorage storage) {
    return storage.crash(name -> true);
  }

  /** Nothing reads wrong, and what does not read is named with its snapshot. */
  private static void requireNamed(
      String what,
      MemoryStorage base,
      Map<String, String> now,
      VerifyReport report,
      Map<SnapshotId, Long> positions) {
    Set<String> named = new HashSet<>();
    for (Damage damage : report.damages()) {
      for (SnapshotId snapshot : damage.snapshots()) {
        damage.paths().forEach(path -> named.add(positions.get(snapshot) + ":" + path));
      }
    }
    Map<String, String> before = saved.get(base);
    now.forEach((file, hash) -> {
      if (hash.equals(Readback.LOST)) {
        assertThat(named).as(what + " loses " + file).contains(nameOf(file));
      } else {
        assertThat(hash).as(what + " changes " + file).isEqualTo(before.get(file));
      }
    });
  }

  private static String nameOf(String lost) {
    if (lost.endsWith(":")) {
      return lost + "/";
    }
    return lost.endsWith("/") ? lost.substring(0, lost.length() - 1) : lost;
  }

  /** All but the reserve, which holds nothing that could be damaged: {@code ReserveTest}. */
  private static List<StoredFile> files(MemoryStorage storage) throws IOException {
    return storage.list("").stream()
        .filter(file -> !file.name().equals("reserve"))
        .toList();
  }

  @Test
  void base_holdsWhatTheMatrixIsAbout() throws IOException {
    assertThat(files(plain)).extracting(StoredFile::name).noneMatch(n -> n.startsWith("tmp"));
    assertThat(saved.get(plain)).hasSize(5 + 6).doesNotContainValue(Readback.LOST);
    assertThat(names(plain, "packs/")).hasSizeGreaterThanOrEqualTo(4);
    assertThat(names(trained, "packs/")).hasSize(names(plain, "packs/").size() + 2);
    assertThat(names(plain, "index/")).hasSize(2);
    assertThat(names(plain, "catalog/")).hasSize(4);
    assertThat(saved.get(pruned)).hasSize(6).doesNotContainValue(Readback.LOST);
    for (MemoryStorage base : List.of(plain, trained, pruned)) {
      assertThat(harm(base, "nothing", files -> {})).isClean();
    }
  }

  private static List<String> names(MemoryStorage storage, String prefix) throws IOException {
    return files(storage).stream()
        .map(StoredFile::name)
        .filter(name -> name.startsWith(prefix))
        .toList();
  }

  @Test
  void flip_anyByteOfASmallRepository_isNamed() throws IOException {
    for (StoredFile file : files(plain)) {
      for (int at : positions(file, 35, 40)) {
        flip(plain, file.name(), at);
      }
    }
  }

  @Test
  void flip_bytesOfDictionaryAndWhatNeedsIt_isNamed() throws IOException {
    for (StoredFile file : files(trained)) {
      if (file.name().startsWith("packs/")) {
        for (int at : positions(file, 2, 6)) {
          flip(trained, file.name(), at);
        }
      }
    }
  }

  @Test
  void flip_bytesOfThePrunedHistory_isNamed() throws IOException {
    for (String entry : names(pruned, "catalog/")) {
      int length = (int) pruned.crash().length(entry);
      for (int at = 0; at < length; at += THOROUGH ? 1 : 29) {
        flip(pruned, entry, at);
      }
    }
  }

  private static void flip(MemoryStorage base, String name, int at) throws IOException {
    String what = "flip of byte " + at + " of " + name;
    VerifyReport report = harm(base, what, files -> files.flip(name, at));
    assertThat(report).as(what).isDamaged().namesObject(name);
  }

  /**
   * The first and last bytes of a file, which have a meaning of their own, and a part of the rest.
   */
  private static List<Integer> positions(StoredFile file, int ends, int between) {
    Random random = new Random(file.length());
    List<Integer> positions = new ArrayList<>();
    int length = (int) file.length();
    for (int at = 0; at < length; at++) {
      boolean end = at < ends || at >= length - ends;
      if (THOROUGH || end || random.nextInt(length) < between) {
        positions.add(at);
      }
    }
    return positions;
  }

  @Test
  void cutOrLengthen_anyFile_isNamed() throws IOException {
    Random random = new Random(3);
    for (StoredFile file : files(plain)) {
      int length = (int) file.length();
      Set<Integer> lengths =
          new HashSet<>(Set.of(0, 1, 8, 35, length / 2, length - 32, length - 1));
      lengths.add(length + 1);
      lengths.add(length + 4096);
      for (int i = 0; i < (THOROUGH ? 500 : 12); i++) {
        lengths.add(random.nextInt(length));
      }
      for (int newLength : lengths) {
        String what = file.name() + " of " + length + " bytes cut to " + newLength;
        VerifyReport report = harm(plain, what, f -> f.resize(file.name(), newLength));
        assertThat(report).as(what).isDamaged().namesObject(file.name());
      }
    }
  }

  @Test
  void cutOrLengthen_endOfAPack_losesNoFile() throws IOException {
    for (String pack : names(trained, "packs/")) {
      for (int change : List.of(-1, -20, 1)) {
        String what = pack + " is " + change + " bytes longer";
        VerifyReport report =
            harm(trained, what, f -> f.resize(pack, f.read(pack).length + change));
        assertThat(report).as(what).isDamaged().namesObject(pack).hitsExactly();
      }
    }
  }

  @Test
  void swap_anyTwoFiles_isNamed() throws IOException {
    List<StoredFile> all = files(plain);
    for (StoredFile one : all) {
      for (StoredFile other : all) {
        boolean copies = one.name().startsWith("FORMAT") && other.name().startsWith("FORMAT");
        if (one.name().compareTo(other.name()) < 0 && !copies) {
          String what = "swap of " + one.name() + " and " + other.name();
          VerifyReport report = harm(plain, what, f -> f.swap(one.name(), other.name()));
          assertThat(report).as(what).isDamaged().namesObject(one.name()).namesObject(other.name());
        }
      }
    }
  }

  @Test
  void duplicate_underAnyPlausibleName_isNamed() throws IOException {
    String hash = "0123456789abcdef".repeat(4);
    List<String> names = List.of(
        "packs/01/" + hash,
        "packs/02/" + hash,
        "packs/" + hash,
        "index/" + hash,
        "catalog/00000000000000000004",
        "catalog/00000000000000000009",
        "catalog/09223372036854775807",
        "catalog/4",
        "keys/" + hash.substring(32),
        "keys/" + hash.substring(32) + ".copy",
        "format.old",
        "old/file");
    for (StoredFile file : files(plain)) {
      for (String name : names) {
        String what = file.name() + " copied to " + name;
        VerifyReport report = harm(plain, what, f -> f.copy(file.name(), name));
        assertThat(report).as(what).isDamaged().namesObject(name);
      }
      String own = file.name().substring(file.name().lastIndexOf('/') + 1);
      for (String name : List.of("index/" + own, "packs/" + own.substring(0, 2) + "/" + own)) {
        if (own.length() == 64 && !name.equals(file.name())) {
          String what = file.name() + " copied to " + name;
          VerifyReport report = harm(plain, what, f -> f.copy(file.name(), name));
          assertThat(report).as(what).isDamaged().namesObject(name);
        }
      }
    }
  }

  @Test
  void delete_anyFile_isNamed() throws IOException {
    for (MemoryStorage base : List.of(plain, trained, pruned)) {
      List<String> entries = names(base, "catalog/");
      String head = entries.get(entries.size() - 1);
      for (StoredFile file : files(base)) {
        String what = "deletion of " + file.name();
        VerifyReport report = harm(base, what, f -> f.delete(file.name()));
        if (file.name().startsWith("index/")) {
          assertThat(report).as(what).isClean().hasNote("in no index");
        } else if (file.name().equals(head)) {
          assertThat(report).as(what).hasStatus(VerifyReport.Status.ROLLED_BACK);
        } else {
          assertThat(report).as(what).isDamaged().namesObject(file.name());
        }
      }
    }
  }

  /** Memory that failed before the pack was hashed: its name fits, and a blob in it does not. */
  @Test
  void flip_beforeThePackWasHashed_isNamed() throws IOException {
    List<String> indexes = names(plain, "index/");
    int hurt = 0;
    for (String pack : names(plain, "packs/")) {
      byte[] bytes = Tampering.on(copyOf(plain)).read(pack);
      bytes[200] ^= 1;
      String hash = HexFormat.of().formatHex(Sha256.of(bytes));
      String forged = "packs/" + hash.substring(0, 2) + "/" + hash;
      VerifyReport report = harm(plain, "forged " + pack, files -> {
        files.delete(pack);
        files.replace(forged, bytes);
        for (String index : indexes) {
          files.delete(index);
        }
      });
      assertThat(report).isDamaged().namesObject(forged);
      hurt += report.damages().stream().anyMatch(d -> !d.paths().isEmpty()) ? 1 : 0;
    }
    assertThat(hurt).isEqualTo(names(plain, "packs/").size());
  }

  @Test
  void restore_whateverIsDamaged_bringsTheRightBytesOrNone() throws IOException {
    Random random = new Random(4);
    int hurt = 0;
    for (StoredFile file : files(plain)) {
      int length = (int) file.length();
      Map<String, Harm> harms = new TreeMap<>();
      harms.put("flip", f -> f.flip(file.name(), random.nextInt(length)));
      if (file.name().startsWith("packs/")) {
        harms.put("other flip", f -> f.flip(file.name(), length / 2 + random.nextInt(length / 2)));
        harms.put("cut", f -> f.resize(file.name(), length / 2));
        harms.put("deletion", f -> f.delete(file.name()));
      }
      for (Map.Entry<String, Harm> harm : harms.entrySet()) {
        hurt += restore(harm.getKey() + " of " + file.name(), harm.getValue()) ? 0 : 1;
      }
    }
    assertThat(hurt).as("restores that were not complete").isGreaterThan(5);
  }

  /** Restores the second snapshot from a damaged copy and says whether all of it came. */
  private static boolean restore(String what, Harm harm) throws IOException {
    MemoryStorage copy = plain.crash(name -> true);
    harm.doTo(Tampering.on(copy));
    FaultyStorage storage = FaultyStorage.over(copy);
    storage.makeReadOnly();
    Path target = temp.resolve("target" + targets++);
    Map<String, String> wanted = new TreeMap<>();
    saved.get(plain).forEach((path, hash) -> {
      if (path.startsWith("2:")) {
        wanted.put(path.substring(2), hash);
      }
    });
    RestoreReport report;
    try (BackupRepository repository = builder(storage, "plain").open(root)) {
      RestoreRequest request = RestoreRequest.to(Selector.of(second), target);
      report = repository.restore(repository.planRestore(request), List.of());
    } catch (RepositoryException e) {
      assertThat(e.object()).as(what).isNotBlank();
      assertThat(target).as(what).doesNotExist();
      return false;
    }
    Map<String, String> found = hashes(target);
    assertThat(wanted).as(what).containsAllEntriesOf(found);
    if (found.size() == wanted.size()) {
      return true;
    }
    assertThat(report.status()).as(what).isEqualTo(RestoreReport.Status.INCOMPLETE);
    assertThat(report.damaged()).as(what).isTrue();
    wanted.keySet().removeAll(found.keySet());
    for (String lost : wanted.keySet()) {
      assertThat(report.failures())
          .as(what + " loses " + lost)
          .anyMatch(f -> lost.equals(f.path()) || lost.startsWith(f.path() + "/"));
    }
    return false;
  }

  private static Map<String, String> hashes(Path directory) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
          hashes.put(
              directory.relativize(path).toString(),
              HexFormat.of().formatHex(Sha256.of(Files.readAllBytes(path))));
        }
      }
    }
    return hashes;
  }

  @Test
  void deleteAllIndexes_everythingReads() throws IOException {
    List<String> indexes = names(trained, "index/");
    VerifyReport report = harm(trained, "deletion of all indexes", files -> {
      for (String index : indexes) {
        files.delete(index);
      }
    });
    assertThat(report).isClean();
  }

  @Test
  void deleteEitherDictionary_nothingIsLost() throws IOException {
    Map<String, Integer> losses = new TreeMap<>();
    for (String pack : names(trained, "packs/")) {
      VerifyReport report = harm(trained, "deletion of " + pack, f -> f.delete(pack));
      losses.put(pack, report.damages().stream().mapToInt(d -> d.paths().size()).sum());
    }
    assertThat(losses.values().stream().filter(count -> count == 0)).hasSize(2);
  }
}
