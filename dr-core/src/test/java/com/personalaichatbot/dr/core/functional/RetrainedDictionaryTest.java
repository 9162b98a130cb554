package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.format.PackKind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
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

/** A dictionary that stops paying is replaced, and what was compressed with it stays readable. */
class RetrainedDictionaryTest {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz ,.{}\":";
  private static final String DIGITS = "0123456789-+";

  /** As many new files as it takes to tell whether a dictionary pays. */
  private static final int MANY = 1_100;

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final MemoryStorage storage = new MemoryStorage();

  /** So late that what has not changed counts as unchanged. */
  private final Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

  private Path data;

  @AutoClose
  private BackupRepository repository;

  @BeforeEach
  void backUpOnce() throws IOException {
    data = temp.resolve("data");
    add(LETTERS, 200, 0);
    repository = BackupRepository.builder(storage).host("host").clock(later).create(root);
    backUp();
    assertThat(dictionaryPacks()).isEqualTo(2);
  }

  /** Files of lines that come again in all files of the same alphabet. */
  private void add(String alphabet, int count, int first) throws IOException {
    Random random = new Random(alphabet.hashCode());
    String[] lines = new String[400];
    for (int i = 0; i < lines.length; i++) {
      StringBuilder line = new StringBuilder();
      for (int k = 0; k < 60; k++) {
        line.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      lines[i] = line.append('\n').toString();
    }
    Path directory = Files.createDirectories(data.resolve("of" + alphabet.length()));
    Random drawn = new Random(first);
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder();
      for (int k = 0; k < 25; k++) {
        text.append(lines[drawn.nextInt(lines.length)]);
      }
      Files.writeString(directory.resolve((first + i) + ".txt"), text);
    }
  }

  private BackupReport backUp() throws IOException {
    BackupReport report = repository.backUp(
        List.of(Component.directory("data", Kind.CONVERSATIONS, data)),
        BackupOptions.of(Purpose.MANUAL));
    assertThat(report).isComplete();
    return report;
  }

  /** How many packs are of the kind that holds a dictionary: two for each. */
  private int dictionaryPacks() throws IOException {
    return PacksOfKind.in(storage, root, PackKind.DICTIONARY).size();
  }

  @Test
  void backUp_newFilesThatTheDictionaryDoesNotHelp_nextBackupTrainsAnother() throws IOException {
    add(DIGITS, MANY, 0);
    backUp();
    assertThat(dictionaryPacks())
        .as("the run that finds out keeps its dictionary")
        .isEqualTo(2);

    add(DIGITS, 100, MANY);
    BackupReport first = backUp();
    assertThat(dictionaryPacks()).isEqualTo(4);
    add(DIGITS, 100, MANY + 100);
    BackupReport second = backUp();
    assertThat(dictionaryPacks()).as("the new one pays").isEqualTo(4);
    assertThat(second.bytesStored()).isLessThan(first.bytesStored());

    assertThat(repository.verify(VerifyOptions.readAll())).isClean();
    Path out = temp.resolve("out");
    repository.restore(repository.planRestore(RestoreRequest.to(Selector.LATEST, out)), List.of());
    assertThat(Trees.differences(data, out.resolve("data"))).isEmpty();
  }

  @Test
  void backUp_newFilesLikeThoseBefore_keepsTheDictionary() throws IOException {
    add(LETTERS, MANY, 200);
    backUp();
    add(LETTERS, 100, 200 + MANY);
    backUp();
    assertThat(dictionaryPacks()).isEqualTo(2);
  }

  @Test
  void backUp_fewFilesThatTheDictionaryDoesNotHelp_sayNothing() throws IOException {
    add(DIGITS, 100, 0);
    backUp();
    add(DIGITS, 100, 100);
    backUp();
    assertThat(dictionaryPacks()).isEqualTo(2);
  }
}
