package com.personalaichatbot.dr.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.RepositoryExtension;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

// region recovery test
@ExtendWith(RepositoryExtension.class)
class PantryRecoveryTest {
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
  void recover_damagedItem_comesBackAndNewerOnesStay(SettableClock clock) throws IOException {
    disasters.backUp();
    clock.advance(Duration.ofHours(3));
    pantry.put("sugar", 2);
    Files.writeString(pantry.shelf().resolve("flour"), "\0\0\0\0");

    assertThat(disasters.recover()).isEmpty();

    assertThat(pantry.count("flour")).isEqualTo(3);
    assertThat(pantry.count("sugar")).isEqualTo(2);
  }

  @Test
  void backUp_fullDisk_failsAndTheLastGoodStillHelps(FaultyStorage storage) throws IOException {
    disasters.backUp();
    pantry.put("flour", 9);
    storage.fullAfter(100);

    assertThatIOException().isThrownBy(disasters::backUp);

    Files.writeString(pantry.shelf().resolve("flour"), "?");
    storage.heal();
    assertThat(disasters.recover()).isEmpty();
    assertThat(pantry.count("flour")).isEqualTo(3);
  }

  @Test
  void recover_damageThatWasBackedUp_takesWhatWasGoodBefore(
      BackupRepository repository, SettableClock clock) throws IOException {
    disasters.backUp();
    clock.advance(Duration.ofDays(1));
    Files.writeString(pantry.shelf().resolve("flour"), "?");
    disasters.backUp();

    assertThat(disasters.recover()).isEmpty();

    assertThat(pantry.count("flour")).isEqualTo(3);
    assertThat(repository.snapshots())
        .extracting(Snapshot::purpose)
        .startsWith(Purpose.SCHEDULED, Purpose.QUARANTINE);
  }
}
// endregion
