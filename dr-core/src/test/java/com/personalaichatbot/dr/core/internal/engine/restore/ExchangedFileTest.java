package com.personalaichatbot.dr.core.internal.engine.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A restore by root of metadata alone, while the owner of the directory puts something else in the
 * place of what was compared. Needs root on a Unix.
 */
class ExchangedFileTest {
  private static final int OWNER = 54_321;
  private static final int SETUID = 04755;

  @TempDir(factory = ExchangeCrashTest.InMemory.class)
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final FaultyFileSystem files = new FaultyFileSystem(FileSystems.getDefault());

  @AutoClose
  private BackupRepository repository;

  private Path data;

  @BeforeEach
  void backUp() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(data, "unix:uid")),
        "only root restores owners: not tested");
    Files.writeString(data.resolve("tool"), "tool");
    Files.setAttribute(data.resolve("tool"), "unix:mode", SETUID);
    Files.writeString(Files.createDirectory(data.resolve("sub")).resolve("file"), "file");
    Files.setAttribute(data, "unix:uid", OWNER);
    repository = BackupRepository.builder(new MemoryStorage())
        .executor(Runnable::run, 1)
        .fileSystem(files)
        .create(root);
    repository.backUp(
        List.of(Component.directory("data", Kind.CUSTOM, files.path(data))),
        BackupOptions.of(Purpose.MANUAL));
  }

  private RestoreReport restoreWhile(Fault.Action action) throws IOException {
    Fault between = files
        .fail(FileCall.CREATE_DIRECTORY)
        .of(name -> name.endsWith("/undo"))
        .once()
        .meanwhile(action);
    RestoreReport report = repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), List.of());
    assertThat(between.fired()).isTrue();
    return report;
  }

  @Test
  void restore_fileExchangedAfterItWasCompared_getsNoOwnerAndNoMode() throws IOException {
    Path tool = data.resolve("tool");
    FileTime time = Files.getLastModifiedTime(tool);
    Files.setAttribute(tool, "unix:mode", 0600);

    RestoreReport report = restoreWhile(() -> {
      Files.delete(tool);
      Files.writeString(tool, "evil");
      Files.setLastModifiedTime(tool, time);
      Files.setAttribute(tool, "unix:uid", OWNER);
    });

    assertThat(Files.getAttribute(tool, "unix:uid", LinkOption.NOFOLLOW_LINKS)).isEqualTo(OWNER);
    assertThat((Integer) Files.getAttribute(tool, "unix:mode") & 04000).isZero();
    assertThat(report.failures()).extracting(PathProblem::path).contains("data/tool");
  }

  @Test
  void restore_directoryExchangedAfterItWasCompared_getsNoOwner() throws IOException {
    Path sub = data.resolve("sub");
    Files.setAttribute(sub, "unix:mode", 0700);

    RestoreReport report = restoreWhile(() -> {
      Files.move(sub, temp.resolve("away"));
      Files.createDirectory(sub);
      Files.setAttribute(sub, "unix:uid", OWNER);
    });

    assertThat(Files.getAttribute(sub, "unix:uid", LinkOption.NOFOLLOW_LINKS)).isEqualTo(OWNER);
    assertThat(report.failures()).extracting(PathProblem::path).contains("data/sub");
  }

  @Test
  void restore_metadataOnly_isSetAndUndone() throws IOException {
    Path tool = data.resolve("tool");
    Files.setAttribute(tool, "unix:mode", 0600);

    assertThat(restoreWhile(() -> {}).failures()).isEmpty();
    assertThat((Integer) Files.getAttribute(tool, "unix:mode") & 07777).isEqualTo(SETUID);
    assertThat(repository.undo(List.of()).failures()).isEmpty();
    assertThat((Integer) Files.getAttribute(tool, "unix:mode") & 07777).isEqualTo(0600);
  }
}
