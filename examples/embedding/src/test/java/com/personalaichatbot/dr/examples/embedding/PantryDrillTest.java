package com.personalaichatbot.dr.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.Audience;
import com.personalaichatbot.dr.core.recovery.communication.Communication;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.communication.Stage;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.testkit.DrillTest;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.RecordingChannel;
import com.personalaichatbot.dr.core.testkit.Rehearsal;
import com.personalaichatbot.dr.core.testkit.RepositoryExtension;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.health.Finding;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(RepositoryExtension.class)
class PantryDrillTest {
  @TempDir
  private Path place;

  private Pantry pantry;
  private BackupRepository repository;

  @BeforeEach
  void fillPantry(BackupRepository given, FaultyFileSystem files, SettableClock clock)
      throws IOException {
    repository = given;
    pantry = new Pantry(Files.createDirectory(files.getPath("/shelf")));
    pantry.put("flour", 3);
    repository.backUp(PantryRecovery.components(pantry), BackupOptions.of(Purpose.SCHEDULED));
    clock.advance(Duration.ofMinutes(1)); // What is dated after a run began is not restored by it.
  }

  /** What is wrong with a shelf, in its own place or restored somewhere else. */
  private static ValidationReport validate(Path shelf) throws IOException {
    return new ValidationReport(new Pantry(shelf)
        .damaged().stream()
            .map(item -> new Finding(
                Severity.ERROR,
                "NO_COUNT",
                shelf.resolve(item),
                1,
                "does not say how many there are",
                "restore it"))
            .toList());
  }

  // region drill test
  @DrillTest(rto = "PT4H")
  void recovery_ofThePantry_keepsItsPromise(Rehearsal rehearsal) throws IOException {
    rehearsal.hold(
        repository,
        recovery -> recovery
            .components(PantryRecovery.components(pantry))
            .data(pantry.shelf())
            .validator(PantryDrillTest::validate));
  }
  // endregion

  // region told
  @Test
  void recovery_ofADamagedItem_theTeamIsTold() throws IOException {
    Files.writeString(pantry.shelf().resolve("flour"), "?");
    RecordingChannel chat = new RecordingChannel("chat");
    CommunicationPlan plan =
        CommunicationPlan.recommended().withChannels(Audience.TEAM, List.of(chat));
    try (Recovery recovery = Recovery.builder(repository)
        .components(PantryRecovery.components(pantry))
        .data(pantry.shelf())
        .validator(PantryDrillTest::validate)
        .state(place.resolve("state"))
        .operator(Operator.ASSUME_YES)
        .listener(
            new Communication(plan, place.resolve("state"), repository.clock(), Runnable::run))
        .build()) {
      RunReport report = recovery.run(recovery.plan(Scenario.DATA_CORRUPTION, RunOptions.none()));

      assertThat(report.status()).isEqualTo(RunStatus.RECOVERED);
    }
    assertThat(pantry.count("flour")).isEqualTo(3);
    assertThat(chat.stages()).contains(Stage.IMMEDIATE, Stage.NOTICE);
  }
  // endregion
}
