package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both copies of a dictionary are lost: what needs it is named, and nothing else is harmed. */
class LostDictionaryTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);
  private static final int SMALL_FILES = 400;

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private MemoryStorage storage = new MemoryStorage();

  /** So late that what has not changed counts as unchanged. */
  private final Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

  private Path data;
  private byte[] large;

  @AutoClose
  private BackupRepository repository;

  @BeforeEach
  void backUpOnce() throws IOException {
    data = temp.resolve("data");
    Trees.scatter(data.resolve("many"), SMALL_FILES, 1);
    large = new byte[500_000];
    new Random(1).nextBytes(large);
    Files.write(data.resolve("large"), large);
    repository = BackupRepository.builder(storage).host("host").clock(later).create(root);
    assertThat(backUp()).isComplete();
  }

  private BackupReport backUp() throws IOException {
    return repository.backUp(
        List.of(Component.directory("data", Kind.CONVERSATIONS, data)), MANUAL);
  }

  /** The packs of the kind that holds a dictionary. */
  private List<String> dictionaryPacks() throws IOException {
    List<String> packs = PacksOfKind.in(storage, root, PackKind.DICTIONARY);
    assertThat(packs).as("two packs of a dictionary").hasSize(2);
    return packs;
  }

  private void lose(String how) throws IOException {
    Tampering tampering = Tampering.on(storage);
    for (String pack : dictionaryPacks()) {
      if (how.equals("deleted")) {
        storage.delete(pack);
      } else {
        tampering.flip(pack, 300);
      }
    }
    storage.sync("packs");
  }

  private RestoreReport restore() throws IOException {
    Path out = temp.resolve("out");
    RestoreReport report = repository.restore(
        repository.planRestore(RestoreRequest.to(Selector.LATEST, out)), List.of());
    assertThat(out.resolve("data/large")).hasBinaryContent(large);
    return report;
  }

  /** Opens the repository again, as a process does that has nothing of it in memory. */
  private void openAnew() throws IOException {
    repository.close();
    storage = storage.crash();
    repository = BackupRepository.builder(storage).host("host").clock(later).open(root);
  }

  private static long paths(VerifyReport report) {
    return report.damages().stream().mapToLong(d -> d.paths().size()).sum();
  }

  @ParameterizedTest
  @CsvSource({"deleted,true", "flipped,true", "deleted,false", "flipped,false"})
  void verify_dictionaryIsLost_namesItWithWhatNeedsIt(String how, boolean sameProcess)
      throws IOException {
    List<String> dictionary = dictionaryPacks();
    lose(how);
    if (!sameProcess) {
      openAnew();
    }
    VerifyReport report = repository.verify(VerifyOptions.readAll());
    assertThat(report).isDamaged();
    assertThat(report.damages())
        .extracting(Damage::object)
        .containsExactlyInAnyOrderElementsOf(dictionary);
    assertThat(paths(report)).isEqualTo(SMALL_FILES);
    assertThat(report.damages())
        .flatExtracting(Damage::paths)
        .allMatch(path -> path.toString().startsWith("data/many/"));
  }

  @Test
  void verify_structureWithoutTheDictionary_namesWhatNeedsIt() throws IOException {
    lose("deleted");
    openAnew();
    assertThat(paths(repository.verify(VerifyOptions.structure()))).isEqualTo(SMALL_FILES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"deleted", "flipped"})
  void restore_withoutTheDictionary_bringsTheRest(String how) throws IOException {
    lose(how);
    openAnew();
    RestoreReport report = restore();
    assertThat(report.damaged()).isTrue();
    assertThat(report.failures()).hasSize(SMALL_FILES);
  }

  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,true"})
  void backUp_afterTheDictionaryWasLost_storesAgainWhatNeedsIt(
      boolean sameProcess, boolean verified) throws IOException {
    lose("deleted");
    if (!sameProcess) {
      openAnew();
    }
    if (verified) {
      repository.verify(VerifyOptions.readAll());
    }
    BackupReport report = backUp();
    assertThat(report).isComplete();
    assertThat(report.bytesAdded()).as("the small files").isGreaterThan(SMALL_FILES);
    assertThat(dictionaryPacks()).hasSize(2);
    openAnew();
    assertThat(restore().failures()).isEmpty();
    VerifyReport verify = repository.verify(VerifyOptions.readAll());
    assertThat(verify.damages())
        .flatExtracting(Damage::snapshots)
        .doesNotContain(repository.snapshots().get(1).id());
  }
}
