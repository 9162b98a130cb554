package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.DataValidator;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.RunMessage;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Corruption that reached the backups, or the repository itself. */
class CorruptionTest {

  @TempDir
  Path temp;

  private final FaultyStorage storage = FaultyStorage.over(new MemoryStorage());
  private LivingApplication application;
  private Path data;

  @BeforeEach
  void live() throws IOException {
    application = new LivingApplication(temp, storage);
    data = application.data;
  }

  @AfterEach
  void end() throws IOException {
    storage.heal();
    application.close();
  }

  private RunReport run() throws IOException {
    return run(application.recovery());
  }

  private static RunReport run(Recovery.Builder builder) throws IOException {
    try (Recovery recovery = builder.build()) {
      return recovery.run(recovery.plan(Scenario.DATA_CORRUPTION, RunOptions.none()));
    }
  }

  private static void assertRecovered(RunReport report) {
    assertThat(report.status())
        .as(LivingApplication.failures(report))
        .isEqualTo(RunStatus.RECOVERED);
  }

  private static StepReport step(RunReport report, String id) {
    return report.step(id).orElseThrow();
  }

  private Set<String> packs() throws IOException {
    Set<String> names = new HashSet<>();
    for (StoredFile file : storage.list("packs")) {
      names.add(file.name());
    }
    return names;
  }

  @Test
  void restore_latestGoodHoldsTheDamageToo_takesTheOlderOneAndSaysSo() throws Exception {
    SnapshotId whole = application.backUpAndVerify();
    Files.writeString(LivingApplication.conversation(data, 1), "{\"id\": ");
    LivingApplication.writeConversation(data, 2, "changed after the damage");
    SnapshotId damaged = application.backUpAndVerify();
    Files.delete(LivingApplication.conversation(data, 2));

    RunReport report = run();

    assertRecovered(report);
    assertThat(Files.readString(LivingApplication.conversation(data, 1))).contains("hello 1");
    assertThat(Files.readString(LivingApplication.conversation(data, 2))).contains("changed after");
    assertThat(step(report, "restore").notes())
        .anyMatch(n -> n.contains(damaged.abbreviated()) && n.contains("next older"));
    assertThat(report.snapshots()).containsEntry("conversations", whole);
  }

  @Test
  void restore_deletionWasBackedUpWithTheDamage_isNamedAndLeftToAPerson() throws Exception {
    SnapshotId whole = application.backUpAndVerify();
    Files.writeString(LivingApplication.conversation(data, 1), "{\"id\": ");
    Path deleted = LivingApplication.conversation(data, 2);
    Files.delete(deleted);
    SnapshotId damaged = application.backUpAndVerify();

    RunReport report = run();

    assertRecovered(report);
    assertThat(Files.readString(LivingApplication.conversation(data, 1))).contains("hello 1");
    assertThat(deleted).doesNotExist();
    assertThat(step(report, "restore").notes())
        .filteredOn(n -> n.contains(deleted.getFileName().toString()))
        .singleElement()
        .asString()
        .contains("is in snapshot " + whole.abbreviated())
        .contains("gone when snapshot " + damaged.abbreviated());
  }

  @Test
  void restore_latestGoodIsDamagedInTheRepository_takesTheNextAndSaysSo() throws Exception {
    application.backUpAndVerify();
    Set<String> before = packs();
    LivingApplication.writeConversation(data, 1, "newer");
    LivingApplication.writeConversation(data, 3, "newer");
    SnapshotId damaged = application.backUpAndVerify();
    Set<String> added = packs();
    added.removeAll(before);
    assertThat(added).isNotEmpty();
    for (String pack : added) {
      Tampering.on(storage).flip(pack, (int) storage.length(pack) / 2);
    }
    Files.writeString(LivingApplication.conversation(data, 1), "{");
    Files.writeString(LivingApplication.conversation(data, 2), "{");

    RunReport report = run();

    assertRecovered(report);
    assertThat(Files.readString(LivingApplication.conversation(data, 1))).contains("hello 1");
    assertThat(Files.readString(LivingApplication.conversation(data, 2))).contains("hello 2");
    assertThat(report.steps().stream().flatMap(s -> s.notes().stream()))
        .anyMatch(n -> n.contains(damaged.abbreviated()) && n.contains("next good one"));
  }

  @Test
  void restore_noWholeVersionAnywhere_isSetAsideAndTheRestRuns() throws Exception {
    Files.writeString(LivingApplication.conversation(data, 1), "never whole");
    application.backUpAndVerify();
    LivingApplication.writeConversation(data, 7, "new");
    Files.writeString(LivingApplication.conversation(data, 7), "broken before any backup");

    RunReport report = run();

    assertRecovered(report);
    assertThat(Files.exists(LivingApplication.conversation(data, 1))).isFalse();
    assertThat(Files.exists(LivingApplication.conversation(data, 7))).isFalse();
    assertThat(application.content().keySet())
        .filteredOn(name -> name.endsWith(".damaged-" + report.incident()))
        .hasSize(2);
    assertThat(step(report, "restore").details()).containsEntry("setAside", "2");
  }

  @Test
  void choose_nothingIsVerified_verifiesTheNewestFirst() throws Exception {
    SnapshotId id = application.backUp();
    Files.delete(LivingApplication.conversation(data, 1));

    RunReport report = run();

    assertRecovered(report);
    assertThat(report.snapshots()).containsEntry("conversations", id);
    assertThat(application.repository.snapshots())
        .filteredOn(s -> s.id().equals(id))
        .extracting(Snapshot::trust)
        .containsExactly(Trust.VERIFIED);
  }

  @Test
  void choose_applicationBacksUpTheDamageWhenItStops_isPassedOver() throws Exception {
    SnapshotId id = application.backUp();
    application.start();
    Files.delete(LivingApplication.conversation(data, 1));
    ApplicationHooks hooks = application
        .hooks()
        .with(HookKind.STOP, Duration.ofSeconds(20), call -> {
          application.stop();
          application.backUp();
        });

    RunReport report = run(application.recovery().hooks(hooks));

    assertRecovered(report);
    assertThat(Files.readString(LivingApplication.conversation(data, 1))).contains("hello 1");
    assertThat(report.snapshots()).containsEntry("conversations", id);
  }

  @Test
  void choose_clockIsBehindTheSnapshots_takesTheNewestAllTheSame() throws Exception {
    application.backUp();
    LivingApplication.writeConversation(data, 1, "newer");
    SnapshotId newest = application.backUpAndVerify();
    Files.delete(LivingApplication.conversation(data, 1));
    Clock unset = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    try (BackupRepository behind = application.open(application.state, unset)) {
      RunReport report = run(application.recovery(behind));

      assertRecovered(report);
      assertThat(report.snapshots()).containsEntry("conversations", newest);
      assertThat(report.dataLoss()).isZero();
    }
  }

  @Test
  void choose_nothingWasEverBackedUp_stopsAndNothingIsReplaced() throws Exception {
    Files.writeString(LivingApplication.conversation(data, 1), "{");

    RunReport report = run();

    assertThat(report.status()).isEqualTo(RunStatus.STOPPED);
    assertThat(step(report, "choose-snapshot").message()).contains("no good snapshot");
    assertThat(LivingApplication.conversation(data, 1)).hasContent("{");
  }

  @Test
  void run_nothingIsDamaged_restoresNothing() throws Exception {
    application.backUpAndVerify();
    Map<String, String> before = application.content();

    RunReport report = run();

    assertRecovered(report);
    assertThat(application.content()).isEqualTo(before);
    assertThat(report.snapshots()).isEmpty();
    assertThat(report.dataLoss()).isZero();
  }

  @Test
  void restore_namesThatLookLikePatterns_areRestoredAndTheirNeighboursAreNot() throws Exception {
    Path odd = data.resolve("logs/a*b?[x]\\x41\n.log");
    Path neighbour = data.resolve("logs/aXbY[x]\\x41\n.log");
    Files.writeString(odd, "odd");
    Files.writeString(neighbour, "old");
    application.backUpAndVerify();
    Files.delete(odd);
    Files.writeString(neighbour, "newer");

    RunReport report = run();

    assertRecovered(report);
    assertThat(odd).hasContent("odd");
    assertThat(neighbour).hasContent("newer");
  }

  @Test
  void restore_validatorNamesAFewAtATime_goesOnUntilNothingIsLeft() throws Exception {
    application.backUpAndVerify();
    for (int i = 0; i < 4; i++) {
      Files.writeString(LivingApplication.conversation(data, i), "{");
    }
    DataValidator short1 =
        where -> new ValidationReport(DataValidator.ORIGINAL.validate(where).findings().stream()
            .filter(f -> f.severity() == Severity.ERROR)
            .limit(1)
            .toList());

    RunReport report = run(application.recovery().validator(short1));

    assertRecovered(report);
    for (int i = 0; i < 4; i++) {
      assertThat(Files.readString(LivingApplication.conversation(data, i))).contains("hello " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "2, false", "4, false", "0, true", "1, true", "2, true"})
  void restore_repositoryGoesAwayInTheMidst_failsWholeAndALaterRunRecovers(
      int calls, boolean wholly) throws Exception {
    Map<String, String> good = application.content();
    application.backUpAndVerify();
    for (int i = 0; i < 4; i++) {
      Files.writeString(LivingApplication.conversation(data, i), "{");
    }
    Map<String, String> damaged = application.content();
    Fault[] gone = new Fault[1];
    RunListener unplug = new RunListener() {
      @Override
      public void changed(RunReport run) {
        if (run.step("restore").filter(s -> s.status() == StepStatus.RUNNING).isPresent()) {
          gone[0] = wholly
              ? storage.fail(StorageCall.LIST).after(calls)
              : storage
                  .fail(StorageCall.READ)
                  .of(name -> name.startsWith("packs/"))
                  .after(calls);
        }
      }

      @Override
      public String tell(RunMessage notice) {
        return "told";
      }
    };

    RunReport first = run(application.recovery().listener(unplug));

    assertThat(gone[0].fired()).isTrue();
    assertThat(first.status()).isEqualTo(RunStatus.FAILED);
    assertThat(step(first, "restore").status()).isEqualTo(StepStatus.FAILED);
    assertThat(application.isRunning()).isFalse();
    assertThat(first.remaining()).isNotEmpty();
    for (Map.Entry<String, String> file : application.content().entrySet()) {
      assertThat(List.of(good.get(file.getKey()), damaged.get(file.getKey())))
          .contains(file.getValue());
    }
    storage.heal();
    assertRecovered(run());
    assertThat(application.content()).isEqualTo(good);
  }
}
