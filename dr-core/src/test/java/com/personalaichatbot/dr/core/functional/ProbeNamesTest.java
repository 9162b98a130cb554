package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of users that bear names which a restore in place once used for files of its own. */
class ProbeNamesTest {
  private static final List<String> NAMES = List.of(
      ".dr-restore-probe",
      ".dr-restore-probe-2",
      ".dr-restore-probe-",
      ".dr-undo",
      ".dr-restore.tmp");

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  @AutoClose
  private BackupRepository repository;

  private Path live;

  @BeforeEach
  void write() throws IOException {
    live = Files.createDirectory(temp.resolve("live"));
    Files.writeString(live.resolve("file"), "as it was");
    repository = BackupRepository.builder(new MemoryStorage())
        .state(temp.resolve("state"))
        .executor(Runnable::run, 1)
        .create(root);
  }

  private BackupReport backUp() throws IOException {
    return repository.backUp(
        List.of(Component.directory("data", Kind.CUSTOM, live)), BackupOptions.of(Purpose.MANUAL));
  }

  private RestoreReport restore() throws IOException {
    Files.writeString(live.resolve("file"), "something else");
    return repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), List.of());
  }

  private void writeNames() throws IOException {
    for (String name : NAMES) {
      Files.writeString(live.resolve(name), "content of " + name);
    }
  }

  private void requireNames() {
    for (String name : NAMES) {
      assertThat(live.resolve(name)).hasContent("content of " + name);
    }
  }

  @Test
  void backUp_emptyProbeOfAKilledRestore_isSkippedAndNamed() throws IOException {
    String probe = ".dr-restore-probe-" + UUID.randomUUID();
    Files.createFile(live.resolve(probe));
    Files.writeString(live.resolve(".dr-restore-probe-" + UUID.randomUUID()), "a file of a user");

    BackupReport report = backUp();

    assertThat(report.status()).isEqualTo(BackupStatus.COMPLETE);
    assertThat(report.skipped()).extracting(PathProblem::path).containsExactly("data/" + probe);
  }

  @Test
  void restore_inPlace_leavesFilesThatTheSnapshotHolds() throws IOException {
    writeNames();
    backUp();

    assertThat(restore().status()).isEqualTo(RestoreReport.Status.COMPLETE);

    assertThat(live.resolve("file")).hasContent("as it was");
    requireNames();
  }

  @Test
  void restore_inPlace_leavesFilesThatCameSince_alsoWhenItIsUndone() throws IOException {
    backUp();
    writeNames();

    assertThat(restore().status()).isEqualTo(RestoreReport.Status.COMPLETE);
    requireNames();

    repository.undo(List.of());
    assertThat(live.resolve("file")).hasContent("something else");
    requireNames();
  }
}
