package com.personalaichatbot.dr.core.functional;

import static com.personalaichatbot.dr.core.testkit.DrAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RestoreReport;
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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees of unusual shapes go into a repository and come back. */
class ExtremeTreesTest {
  private static final int DEEP = 1_000;
  private static final int WIDE = 2_000;

  @TempDir
  Path temp;

  private Path data;

  @BeforeEach
  void makeData() throws IOException {
    data = Files.createDirectory(temp.resolve("d"));
  }

  private Path backUpAndRestore() throws IOException {
    Path target = Files.createDirectory(temp.resolve("r"));
    try (RootKey root = TestKeys.root();
        BackupRepository repository =
            BackupRepository.builder(new MemoryStorage()).host("host").create(root)) {
      assertThat(repository.backUp(
              List.of(Component.directory("d", Kind.CUSTOM, data)),
              BackupOptions.of(Purpose.MANUAL)))
          .isComplete();
      assertThat(repository.verify(VerifyOptions.readAll())).isClean();
      RestoreReport report = repository.restore(
          repository.planRestore(RestoreRequest.to(Selector.LATEST, target)), List.of());
      assertThat(report.status()).isEqualTo(RestoreReport.Status.COMPLETE);
    }
    return target.resolve("d");
  }

  @Test
  void restore_directoriesAThousandDeep_areAsTheyWere() throws IOException {
    Path bottom = data;
    for (int depth = 0; depth < DEEP; depth++) {
      bottom = Files.createDirectory(bottom.resolve("d"));
    }
    Files.writeString(bottom.resolve("f"), "at the bottom");

    Path restored = backUpAndRestore();

    Path restoredBottom = restored.resolve(data.relativize(bottom));
    assertThat(restoredBottom.resolve("f")).hasContent("at the bottom");
    deleteUpwards(bottom.resolve("f"), data);
    deleteUpwards(restoredBottom.resolve("f"), restored);
  }

  /** JUnit would ask for the real path of each directory, which costs the square of the depth. */
  private static void deleteUpwards(Path from, Path to) throws IOException {
    for (Path path = from; !path.equals(to); path = path.getParent()) {
      Files.delete(path);
    }
  }

  @Test
  void restore_thousandsOfEntriesInOneDirectory_areAsTheyWere() throws IOException {
    for (int i = 0; i < WIDE; i++) {
      Files.writeString(data.resolve("file-" + i), "content " + i);
    }

    Path restored = backUpAndRestore();

    assertThat(Trees.differences(data, restored)).isEmpty();
  }
}
