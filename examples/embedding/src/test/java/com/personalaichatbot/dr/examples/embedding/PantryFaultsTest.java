package com.personalaichatbot.dr.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.FileCall;
import com.personalaichatbot.dr.core.testkit.RepositoryExtension;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The pantry when what it relies on fails too. */
@ExtendWith(RepositoryExtension.class)
class PantryFaultsTest {
  private Pantry pantry;
  private PantryRecovery disasters;

  @BeforeEach
  void fillPantry(BackupRepository repository, FaultyFileSystem files) throws IOException {
    pantry = new Pantry(Files.createDirectory(files.getPath("/shelf")));
    pantry.put("flour", 3);
    pantry.put("sugar", 1);
    disasters = new PantryRecovery(
        pantry, DisasterRecovery.of(repository, PantryRecovery.components(pantry)));
  }

  @Test
  void recover_nothingDamaged_changesNothing(BackupRepository repository) throws IOException {
    disasters.backUp();

    assertThat(disasters.recover()).isEmpty();

    assertThat(repository.snapshots()).hasSize(1);
  }

  @Test
  void recover_withoutAGoodSnapshot_failsAndChangesNothing() throws IOException {
    Files.writeString(pantry.shelf().resolve("flour"), "?");
    disasters.backUp();

    assertThatThrownBy(disasters::recover).isInstanceOf(SnapshotNotFoundException.class);

    assertThat(pantry.damaged()).containsExactly("flour");
    assertThat(pantry.count("sugar")).isEqualTo(1);
  }

  @Test
  void recover_diskFails_changesNothingAndTheNextTrySucceeds(FaultyFileSystem files)
      throws IOException {
    disasters.backUp();
    Path flour = Files.writeString(pantry.shelf().resolve("flour"), "?");
    files.fail(FileCall.MOVE).once();

    assertThatIOException().isThrownBy(disasters::recover);
    assertThat(flour).hasContent("?");

    assertThat(disasters.recover()).isEmpty();
    assertThat(pantry.count("flour")).isEqualTo(3);
  }

  @Test
  void recover_damagedRepository_restoresNoWrongByte(FaultyStorage storage) throws IOException {
    disasters.backUp();
    Files.writeString(pantry.shelf().resolve("flour"), "?");
    for (StoredFile pack : storage.list("packs")) {
      Tampering.on(storage).resize(pack.name(), 10);
    }

    assertThatThrownBy(disasters::recover).isInstanceOf(CorruptRepositoryException.class);

    assertThat(pantry.shelf().resolve("flour")).hasContent("?");
  }

  @Test
  void backUp_answerLostAtTheCommit_isThereAtTheNextLook(
      BackupRepository repository, FaultyStorage storage) throws IOException {
    storage.fail(StorageCall.COMMIT).of("catalog").once().afterEffect();

    disasters.backUp();

    assertThat(repository.snapshots()).hasSize(1);
  }
}
