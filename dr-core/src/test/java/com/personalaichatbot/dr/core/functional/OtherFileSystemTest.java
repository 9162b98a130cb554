package com.personalaichatbot.dr.core.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A path means nothing outside its file system: what was read from one in memory must never be
 * written to the same path of the disk.
 */
class OtherFileSystemTest {
  @TempDir
  private Path directory;

  @AutoClose
  private final FileSystem memory = Jimfs.newFileSystem(Configuration.unix());

  private List<Component> components;

  @BeforeEach
  void write() throws IOException {
    Path notes = memory.getPath(directory.resolve("notes").toString());
    Files.createDirectories(notes);
    Files.writeString(notes.resolve("note"), "first");
    components = List.of(Component.directory("notes", Kind.CUSTOM, notes));
  }

  private static BackupRepository.Builder newRepository() {
    return BackupRepository.builder(new MemoryStorage());
  }

  @Test
  void restore_inPlaceFromAnotherFileSystem_isRefused() throws IOException {
    try (RootKey root = TestKeys.root();
        BackupRepository repository = newRepository().create(root)) {
      BackupReport backup = repository.backUp(components, BackupOptions.of(Purpose.MANUAL));
      RestoreRequest request = RestoreRequest.inPlace(Selector.LATEST);
      Path notes = components.get(0).source().path();

      assertThat(backup.snapshot().orElseThrow().components().get(0).path()).isEmpty();
      assertThatThrownBy(() -> repository.planRestore(request))
          .isInstanceOf(RestoreRefusedException.class)
          .hasMessageContaining("of another file system");
      assertThatThrownBy(() -> repository.planRestore(request.withPlace("notes", notes)))
          .isInstanceOf(RestoreRefusedException.class)
          .hasMessageContaining("another file system");
      assertThat(directory.resolve("notes")).doesNotExist();
      repository.restore(
          repository.planRestore(RestoreRequest.to(Selector.LATEST, directory)), List.of());
      assertThat(directory.resolve("notes/note")).hasContent("first");
    }
  }

  @Test
  void restore_inPlaceInTheFileSystemOfTheRepository_staysThere() throws IOException {
    try (RootKey root = TestKeys.root();
        BackupRepository repository = newRepository().fileSystem(memory).create(root)) {
      repository.backUp(components, BackupOptions.of(Purpose.MANUAL));
      Path note = components.get(0).source().path().resolve("note");
      Files.writeString(note, "second");

      repository.restore(
          repository.planRestore(RestoreRequest.inPlace(Selector.LATEST)), components);

      assertThat(note).hasContent("first");
      assertThat(directory.resolve("notes")).doesNotExist();
      repository.undo(components);
      assertThat(note).hasContent("second");
    }
  }
}
