package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.core.testkit.Trees;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Data that is stored already is not stored again, whatever its name is now. */
class DedupTest {
  private static final BackupOptions MANUAL = BackupOptions.of(Purpose.MANUAL);

  /** A root node, a path of tree nodes, an index and an entry, each in a file of its own. */
  private static final int SMALL = 12_000;

  private final FileSystem files = Jimfs.newFileSystem(Configuration.unix());
  private final Path data = files.getPath("/data");
  private final RootKey root = TestKeys.root();
  private BackupRepository repository;

  @BeforeEach
  void backUpOnce() throws IOException {
    Trees.scatter(data.resolve("many"), 1000, 1);
    byte[] large = new byte[2_000_000];
    new Random(3).nextBytes(large);
    Files.write(data.resolve("large"), large);
    repository = BackupRepository.builder(new MemoryStorage()).host("host").create(root);
    assertThat(backUp("data")).isComplete();
  }

  @AfterEach
  void close() throws IOException {
    assertThat(repository.verify(VerifyOptions.readAll())).isClean().hasNoNotes();
    repository.close();
    root.close();
    files.close();
  }

  private BackupReport backUp(String component) throws IOException {
    return repository.backUp(
        List.of(Component.directory(component, Kind.CONVERSATIONS, data)), MANUAL);
  }

  @Test
  void backUp_nothingChanged_storesNoFileAgain() throws IOException {
    BackupReport report = backUp("data");
    assertThat(report).isComplete();
    assertThat(report.files().unchanged()).isEqualTo(1001);
    assertThat(report.bytesAdded()).isZero();
    assertThat(report.bytesStored()).isLessThan(SMALL);
  }

  @Test
  void backUp_fileRenamed_storesTheDirectoryOnly() throws IOException {
    Files.move(data.resolve("large"), data.resolve("renamed"));
    BackupReport report = backUp("data");
    assertThat(report.files().created()).isEqualTo(1);
    assertThat(report.files().removed()).isEqualTo(1);
    assertThat(report.bytesStored()).isLessThan(SMALL);
  }

  @Test
  void backUp_directoryMoved_storesTheDirectoryOnly() throws IOException {
    Files.createDirectory(data.resolve("archive"));
    Files.move(data.resolve("many"), data.resolve("archive/many"));
    BackupReport report = backUp("data");
    assertThat(report.files().created()).isEqualTo(1000);
    assertThat(report.files().removed()).isEqualTo(1000);
    assertThat(report.bytesStored()).isLessThan(SMALL);
  }

  @Test
  void backUp_underAnotherName_storesNoFileAgain() throws IOException {
    BackupReport report = backUp("other");
    assertThat(report.files().created()).isEqualTo(1001);
    assertThat(report.bytesStored()).isLessThan(SMALL);
  }

  @Test
  void backUp_copiesOfOneFile_areStoredOnce() throws IOException {
    byte[] bytes = new byte[300_000];
    new Random(4).nextBytes(bytes);
    for (int i = 0; i < 20; i++) {
      Files.write(data.resolve("copy" + i), bytes);
    }
    BackupReport report = backUp("data");
    assertThat(report.files().created()).isEqualTo(20);
    assertThat(report.bytesStored()).isLessThan(300_000 + 2 * SMALL);
  }

  @Test
  void backUp_bytesInsertedIntoALargeFile_storesTheChunksAroundThem() throws IOException {
    byte[] before = Files.readAllBytes(data.resolve("large"));
    byte[] after = new byte[before.length + 10];
    System.arraycopy(before, 0, after, 0, 1_000_000);
    System.arraycopy(before, 1_000_000, after, 1_000_010, before.length - 1_000_000);
    Files.write(data.resolve("large"), after);
    BackupReport report = backUp("data");
    assertThat(report.files().changed()).isEqualTo(1);
    assertThat(report.bytesStored()).isLessThan(before.length / 2);
  }

  @Test
  void backUp_tenChangesAmongManyFiles_storesThemAndTheirPaths() throws IOException {
    for (int i = 0; i < 10; i++) {
      Files.writeString(data.resolve("many/d" + i * 5 + "/conversation-" + i * 100 + ".json"), "!");
    }
    BackupReport report = backUp("data");
    assertThat(report.files().changed()).isEqualTo(10);
    assertThat(report.bytesStored()).isLessThan(3 * SMALL);
  }
}
