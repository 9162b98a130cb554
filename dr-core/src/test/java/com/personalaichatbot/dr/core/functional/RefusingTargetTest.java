package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores to targets that refuse what is beside the content, or some of the entries. */
class RefusingTargetTest {
  private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06Z");

  @TempDir
  private Path temp;

  @AutoClose
  private final RootKey root = TestKeys.root();

  private final FaultyFileSystem files = new FaultyFileSystem(FileSystems.getDefault());

  @AutoClose
  private BackupRepository repository;

  private Path data;
  private Path target;

  @BeforeEach
  void write() throws IOException {
    repository = BackupRepository.builder(new MemoryStorage())
        .fileSystem(files)
        .executor(Runnable::run, 1)
        .create(root);
    data = Files.createDirectory(temp.resolve("data"));
    target = temp.resolve("target");
    Files.createDirectory(data.resolve("sub"));
    for (String name : List.of("one", "two", "sub/three")) {
      Path file = Files.writeString(data.resolve(name), "content of " + name);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrwxrwx"));
      Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
    }
  }

  private SnapshotId backUp() throws IOException {
    return repository
        .backUp(
            List.of(Component.directory("data", Kind.CUSTOM, data)),
            BackupOptions.of(Purpose.MANUAL))
        .snapshot()
        .orElseThrow()
        .id();
  }

  private RestoreReport restoreTo() throws IOException {
    return repository.restore(
        repository.planRestore(RestoreRequest.to(Selector.LATEST, files.path(target))), List.of());
  }

  private RestoreReport restoreInPlace(SnapshotId snapshot) throws IOException {
    RestoreRequest request =
        RestoreRequest.inPlace(Selector.of(snapshot)).withPlace("data", files.path(data));
    return repository.restore(repository.planRestore(request), List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Invalid argument",
        "Operation not permitted",
        "Read-only file system",
        "Operation not supported",
        "Input/output error"
      })
  void restore_targetThatRefusesAllMetadata_bringsTheContentAndNotesIt(String reason)
      throws IOException {
    SnapshotId snapshot = backUp();
    Fault refused = files
        .fail(FileCall.SET_ATTRIBUTES)
        .with(() -> new FileSystemException("there", null, reason));
    RestoreReport report = restoreTo();
    assertThat(refused.fired()).isTrue();
    assertThat(report.status()).isEqualTo(RestoreReport.Status.COMPLETE);
    assertThat(report.failures()).isEmpty();
    assertThat(report.files().create()).isEqualTo(3);
    assertThat(report.notes()).anyMatch(note -> note.contains("time: " + reason));
    assertThat(target.resolve("data/sub/three")).hasContent("content of sub/three");
    assertThat(target.resolve("data/one")).hasContent("content of one");

    Files.writeString(data.resolve("one"), "changed");
    Files.delete(data.resolve("sub/three"));
    report = restoreInPlace(snapshot);
    assertThat(report.status()).isEqualTo(RestoreReport.Status.COMPLETE);
    assertThat(report.verified()).isTrue();
    assertThat(data.resolve("one")).hasContent("content of one");
    assertThat(data.resolve("sub/three")).hasContent("content of sub/three");

    report = repository.undo(List.of());
    assertThat(report.failures()).isEmpty();
    assertThat(data.resolve("one")).hasContent("changed");
    assertThat(data.resolve("sub/three")).doesNotExist();
  }

  @Test
  void restore_directoryWhoseTimeIsRefused_isComplete() throws IOException {
    backUp();
    Fault refused = files
        .fail(FileCall.SET_ATTRIBUTES)
        .of(name -> name.endsWith("data/sub"))
        .with(() -> new FileSystemException("there", null, "Operation not permitted"));
    RestoreReport report = restoreTo();
    assertThat(refused.fired()).isTrue();
    assertThat(report.failures()).isEmpty();
    assertThat(report.notes()).anyMatch(note -> note.contains("data/sub"));
  }

  @Test
  void restore_targetWithoutLinks_listsSymbolicOnesAndCopiesTheOthers() throws IOException {
    Files.createSymbolicLink(data.resolve("link"), Path.of("one"));
    Files.createLink(data.resolve("second"), data.resolve("one"));
    backUp();
    Fault symbolic = files
        .fail(FileCall.SYMBOLIC_LINK)
        .with(() -> new FileSystemException("link", null, "Function not implemented"));
    Fault hard = files
        .fail(FileCall.LINK)
        .with(() -> new FileSystemException("link", null, "Operation not permitted"));
    RestoreReport report = restoreTo();
    assertThat(symbolic.fired() && hard.fired()).isTrue();
    assertThat(report.failures())
        .singleElement()
        .matches(failure -> failure.path().equals("data/link"))
        .matches(failure -> failure.reason().contains("Function not implemented"));
    assertThat(report.files().create()).isEqualTo(4);
    assertThat(report.files().failed()).isEqualTo(1);
    assertThat(target.resolve("data/one")).hasContent("content of one");
    assertThat(target.resolve("data/second")).hasContent("content of one");
  }

  @Test
  void restore_fileThatDoesNotReachItsPlace_isNotCountedAsCreated() throws IOException {
    backUp();
    Files.createDirectories(target.resolve("data"));
    Fault refused = files
        .fail(FileCall.MOVE)
        .of(target.resolve("data/one").toString())
        .with(() -> new FileSystemException("one", null, "File name too long"));
    RestoreReport report = repository.restore(
        repository.planRestore(
            RestoreRequest.to(Selector.LATEST, files.path(target)).withOverwrite()),
        List.of());
    assertThat(refused.fired()).isTrue();
    assertThat(report.failures())
        .containsExactly(new PathProblem("data/one", "File name too long"));
    assertThat(report.files().create()).isEqualTo(2);
    assertThat(report.files().failed()).isEqualTo(1);
  }

  @Test
  void restore_sparseFileThatTheTargetCannotHold_isListedAndTheRestArrives() throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(data.resolve("sparse").toFile(), "rw")) {
      sparse.seek(10_000_000);
      sparse.writeBytes("the end");
    }
    backUp();
    Fault tooLarge = files
        .fail(FileCall.WRITE)
        .of(name -> name.endsWith("stage/0/sparse"))
        .with(() -> new IOException("File too large"))
        .once();
    RestoreReport report = restoreTo();
    assertThat(tooLarge.fired()).isTrue();
    assertThat(report.failures())
        .singleElement()
        .matches(failure -> failure.path().equals("data/sparse"))
        .matches(failure -> failure.reason().contains("10000007 bytes: File too large"));
    assertThat(report.files().create()).isEqualTo(3);
    assertThat(target.resolve("data/sparse")).doesNotExist();
    assertThat(target.resolve("data/two")).hasContent("content of two");
  }
}
