package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
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
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that a restore in place replaced is never lost, whatever happens to the undo. */
class UndoFaultTest {
  @TempDir
  private Path temp;

  private final RootKey root = TestKeys.root();
  private final List<String> calls = new ArrayList<>();
  private FaultyFileSystem files;
  private BackupRepository repository;
  private Path data;
  private Path file;

  @BeforeEach
  void replace() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    file = Files.writeString(Files.createDirectory(data.resolve("sub")).resolve("file"), "stored");
    files = new FaultyFileSystem(temp.getFileSystem());
    repository = BackupRepository.builder(new MemoryStorage())
        .executor(Runnable::run, 1)
        .fileSystem(files)
        .create(root);
    repository.backUp(
        List.of(Component.directory("data", Kind.CUSTOM, files.path(data))),
        BackupOptions.of(Purpose.MANUAL));
    Files.writeString(file, "before");
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
    root.close();
  }

  private RestoreReport restore() throws IOException {
    return repository.restore(
        repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), List.of());
  }

  @Test
  void undo_fileOfTheSameLengthCameSince_isMovedAside() throws IOException {
    restore();
    assertThat(file).hasContent("stored");
    Files.writeString(file, "since!");

    RestoreReport report = repository.undo(List.of());

    assertThat(report.status()).isEqualTo(RestoreReport.Status.COMPLETE);
    assertThat(file).hasContent("before");
    assertThat(file.resolveSibling("file.after-restore")).hasContent("since!");
  }

  @Test
  void undo_oneChangeFails_keepsWhatWasReplacedAndCanBeDoneAgain() throws IOException {
    restore();
    Fault failing = files.fail(FileCall.MOVE).of(file.toString());

    RestoreReport report = repository.undo(List.of());

    assertThat(failing.fired()).isTrue();
    assertThat(report.status()).isEqualTo(RestoreReport.Status.INCOMPLETE);
    assertThat(report.failures()).singleElement().matches(f -> f.path().endsWith("sub/file"));
    files.heal();
    assertThat(repository.undo(List.of()).status()).isEqualTo(RestoreReport.Status.COMPLETE);
    assertThat(file).hasContent("before");
    assertThat(data.resolve(".dr-restore")).doesNotExist();
  }

  @Test
  void undo_whatNeverCameToItsPlace_leavesNoTrace() throws IOException {
    Fault failing = files.fail(FileCall.MOVE).of(file.toString());
    assertThat(restore().status()).isEqualTo(RestoreReport.Status.INCOMPLETE);
    assertThat(failing.fired()).isTrue();
    assertThat(file).hasContent("before");
    files.heal();

    RestoreReport report = repository.undo(List.of());

    assertThat(report.notes())
        .containsExactly("that restore had replaced nothing, so there was nothing to put back");
    assertThat(file).hasContent("before");
    assertThat(file.getParent().toFile().list()).containsExactly("file");
  }

  /** The directory may be there, with what the restore put into it. */
  @Test
  void undo_directoryCannotBeLookedAt_isNotDoneBefore_itCanBeDone() throws IOException {
    Files.delete(file);
    int struck = 0;
    for (boolean fired = true; fired; struck++) {
      restore();
      assertThat(file).hasContent("stored");
      Fault failing = files
          .fail(FileCall.ATTRIBUTES)
          .of(file.getParent().toString())
          .after(struck)
          .once();
      boolean done;
      try {
        done = repository.undo(List.of()).status() == RestoreReport.Status.COMPLETE;
      } catch (IOException e) {
        done = false;
      }
      fired = failing.fired();
      files.heal();
      if (!done) {
        assertThat(fired).isTrue();
        assertThat(repository.undo(List.of()).status()).isEqualTo(RestoreReport.Status.COMPLETE);
      }
      assertThat(file).as("after a fault at look %s", struck).doesNotExist();
    }
    assertThat(struck).isGreaterThan(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone", "empty", "cut", "flipped"})
  void undo_journalIsDamaged_isRefusedAndWhatWasReplacedStays(String how) throws IOException {
    restore();
    Path journal = data.resolve(".dr-restore/data/1/journal");
    byte[] bytes = Files.readAllBytes(journal);
    switch (how) {
      case "gone" -> Files.delete(journal);
      case "empty" -> Files.write(journal, new byte[0]);
      case "cut" -> Files.write(journal, Arrays.copyOf(bytes, 20));
      default -> {
        bytes[12] ^= 1;
        Files.write(journal, bytes);
      }
    }

    assertThatThrownBy(() -> repository.undo(List.of()))
        .isInstanceOf(RestoreRefusedException.class)
        .hasMessageContaining("journal");
    assertThatThrownBy(this::restore).isInstanceOf(RestoreRefusedException.class);

    assertThat(data.resolve(".dr-restore/data/1/undo")).isDirectoryContaining(kept -> {
      try {
        return Files.readString(kept).equals("before");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  @ParameterizedTest
  @EnumSource(
      value = FileCall.class,
      names = {"OPEN", "WRITE", "FORCE"})
  void restore_journalCannotBeWrittenOnce_nothingIsChangedOrItIsCompleted(FileCall call)
      throws IOException {
    Path journal = data.resolve(".dr-restore/data/1/journal");
    int struck = 0;
    for (int after = 0; struck == after; after++) {
      Fault full = files
          .fail(call)
          .of(name -> name.startsWith(journal.toString()))
          .after(after)
          .once()
          .with(() -> new FileSystemException(journal.toString(), null, "No space left on device"));
      try {
        assertThat(restore().status()).isEqualTo(RestoreReport.Status.COMPLETE);
      } catch (FileSystemException e) {
        assertThat(e).hasMessageContaining("No space left on device");
      }
      struck += full.count();
      files.heal();
      assertThat(Files.readString(file)).isIn("before", "stored");
      if (Files.readString(file).equals("stored")) {
        repository.undo(List.of());
      }
      assertThat(file).hasContent("before");
      assertThat(data.resolve(".dr-restore")).as("after %d", after).doesNotExist();
    }
    assertThat(struck).isPositive();
  }

  @Test
  void undo_restoreOfAnotherComponentBefore_isLeft() throws IOException {
    Path other = Files.createDirectory(temp.resolve("other"));
    Path note = Files.writeString(other.resolve("note"), "stored");
    repository.backUp(
        List.of(Component.directory("other", Kind.CUSTOM, files.path(other))),
        BackupOptions.of(Purpose.MANUAL));
    Files.writeString(note, "before");
    for (String component : List.of("data", "other")) {
      repository.restore(
          repository.planRestore(
              RestoreRequest.inPlace(Selector.LATEST).withComponents(List.of(component))),
          List.of());
    }

    repository.undo(List.of());

    assertThat(note).hasContent("before");
    assertThat(file).hasContent("stored");
  }

  @Test
  void undo_isForcedBeforeTheJournalSaysSo() throws IOException {
    restore();
    for (FileCall call : List.of(FileCall.FORCE, FileCall.MOVE)) {
      files.fail(call).of(name -> {
        calls.add(call + " " + name);
        return false;
      });
    }

    repository.undo(List.of());

    String journal = "FORCE " + data.resolve(".dr-restore/data/1/journal");
    assertThat(calls)
        .containsSubsequence(journal, "MOVE " + file, "FORCE " + file.getParent(), journal);
  }
}
