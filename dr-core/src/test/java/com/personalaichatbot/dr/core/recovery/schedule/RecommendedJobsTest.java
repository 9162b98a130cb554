package com.personalaichatbot.dr.core.recovery.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.checks.RecoveryChecks;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.Communication;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecommendedJobsTest {
  @TempDir
  Path temp;

  private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-15T12:00:00Z"));
  private final FaultyStorage storage = FaultyStorage.over(new MemoryStorage());
  private Path data;
  private Path logs;
  private Path state;
  private BackupRepository repository;

  @AutoClose
  private DisasterRecovery application;

  @BeforeEach
  void open() throws IOException {
    data = Files.createDirectory(temp.resolve("data"));
    logs = Files.createDirectory(data.resolve("logs"));
    state = temp.resolve("state");
    Files.createDirectory(data.resolve("config"));
    Files.writeString(data.resolve("config/settings.json"), "{\"port\": 1}");
    Files.createDirectory(data.resolve("conversations"));
    Files.writeString(data.resolve("conversations/1.json"), "{}");
    try (RootKey key = TestKeys.root()) {
      repository = BackupRepository.builder(storage)
          .clock(clock)
          .state(state)
          .executor(Runnable::run, 1)
          .create(key);
    }
    application = DisasterRecovery.of(
        repository,
        List.of(
            Component.directory("config", Kind.CONFIG, data.resolve("config")),
            Component.directory("conversations", Kind.CONVERSATIONS, data.resolve("conversations")),
            Component.directory("logs", Kind.LOGS, logs).withExcludes(List.of("keep.log"))));
  }

  private Schedule.Builder schedule() {
    return application.schedule().jitter(Duration.ZERO).executor(Runnable::run);
  }

  private static Map<String, String> rhythms(Schedule schedule) {
    Map<String, String> rhythms = new TreeMap<>();
    schedule.jobs().forEach(job -> rhythms.put(job.name(), job.recurrence().toString()));
    return rhythms;
  }

  @Test
  void recommended_withEverything_isTheTableOfTheDocument() throws IOException {
    Communication communication =
        new Communication(CommunicationPlan.recommended(), state, clock, Runnable::run);
    try (Recovery recovery = application.recovery().data(data).build();
        Schedule schedule =
            schedule().recovery(recovery).communication(communication).build()) {
      assertThat(rhythms(schedule))
          .isEqualTo(Map.ofEntries(
              Map.entry("configuration", "every 1H"),
              Map.entry("data", "daily at 02:00"),
              Map.entry("full", "weekly on Sunday at 02:00"),
              Map.entry("verification", "weekly on Sunday at 02:00"),
              Map.entry("retention", "weekly on Sunday at 02:00"),
              Map.entry("log-cleanup", "daily at 04:00"),
              Map.entry("drill-restore", "monthly on day 1 at 05:00"),
              Map.entry("drill-simulation", "quarterly on day 2 at 05:00"),
              Map.entry("drill-complete", "yearly on 3 January at 05:00"),
              Map.entry("channel-test", "monthly on day 1 at 10:00"),
              Map.entry("security-updates", "monthly on day 1 at 09:00"),
              Map.entry("system-audit", "quarterly on day 1 at 09:00"),
              Map.entry("document-review", "quarterly on day 15 at 09:00")));
    }
  }

  @Test
  void application_embedsIt() throws IOException {
    Communication communication =
        new Communication(CommunicationPlan.recommended(), state, clock, Runnable::run);
    HealthMonitor monitor = HealthMonitor.builder().build();
    try (Recovery recovery = application.recovery().data(data).build()) {
      // region schedule
      Schedule schedule = application
          .schedule()
          .recovery(recovery)
          .communication(communication)
          .zone(ZoneId.of("Europe/Berlin"))
          .quietHours(LocalTime.of(8, 0), LocalTime.of(18, 0))
          .build();
      application.checks().schedule(schedule).register(monitor);
      schedule.start();
      // endregion
      schedule.close();
      assertThat(schedule.states()).hasSize(13);
    } finally {
      monitor.close();
    }
  }

  @Test
  void firstLook_backsEverythingUpOnce() throws IOException {
    try (Schedule schedule = schedule().build()) {
      assertThat(schedule.runDue()).extracting(JobRun::job).containsExactly("full");
      assertThat(schedule.runDue()).isEmpty();
    }
    assertThat(repository.snapshots())
        .singleElement()
        .satisfies(s -> assertThat(s.purpose()).isEqualTo(Purpose.SCHEDULED))
        .satisfies(s -> assertThat(s.components()).hasSize(3));
  }

  @Test
  void configuration_isBackedUpHourly_andOnChangeAtTheSecondLook() throws IOException {
    try (Schedule schedule = schedule().build()) {
      schedule.runDue();
      clock.advance(Duration.ofHours(1));
      assertThat(schedule.runDue()).extracting(JobRun::job).containsExactly("configuration");

      Files.writeString(data.resolve("config/settings.json"), "{\"port\": 23}");
      clock.advance(Duration.ofSeconds(10));
      assertThat(schedule.runDue()).isEmpty();
      clock.advance(Duration.ofSeconds(10));
      assertThat(schedule.runDue()).extracting(JobRun::job).containsExactly("configuration");
      assertThat(schedule.next(application.components().get(0)))
          .contains(clock.instant().plus(Duration.ofHours(1)));
    }
  }

  @Test
  void backupByHand_counts() throws IOException {
    try (Schedule schedule = schedule().build()) {
      schedule.runDue();
      clock.advance(Duration.ofMinutes(59));
      application.backUp(Purpose.PRE_CHANGE);
      clock.advance(Duration.ofMinutes(1));

      assertThat(schedule.runDue()).isEmpty();
    }
  }

  @Test
  void backup_thatIsShrunk_failsInWordsAndHoldsNothingUp() throws IOException {
    Path conversation = data.resolve("conversations/1.json");
    try (Schedule schedule = schedule().build()) {
      schedule.runDue();
      Files.delete(conversation);
      clock.advance(Duration.ofDays(7));

      List<JobRun> runs = schedule.runDue();
      assertThat(runs)
          .extracting(JobRun::job)
          .startsWith("full", "verification", "retention")
          .doesNotHaveDuplicates();
      assertThat(runs.get(0).passed()).isFalse();
      assertThat(runs.get(0).message()).contains("SHRUNK", "conversations has 0 of 1 files");
      assertThat(runs.subList(1, 3)).allMatch(JobRun::passed);
      clock.advance(Duration.ofMinutes(50));
      assertThat(schedule.runDue()).as("it is not made again and again").isEmpty();

      assertThat(schedule.states())
          .filteredOn(state -> state.job().name().equals("full"))
          .singleElement()
          .satisfies(state -> assertThat(state.failures()).isPositive())
          .satisfies(state -> assertThat(state.problem()).contains("SHRUNK"));
      assertThat(RecoveryChecks.of(repository, List.of())
              .schedule(schedule)
              .register(HealthMonitor.builder().clock(clock).build())
              .check()
              .check("schedule")
              .orElseThrow()
              .latest()
              .description())
          .contains("SHRUNK");
    }
  }

  @Test
  void configurationChange_thatIsShrunk_isBackedUpOnce() throws IOException {
    try (Schedule schedule = schedule().build()) {
      schedule.runDue();
      Files.delete(data.resolve("config/settings.json"));
      int snapshots = repository.snapshots().size();
      for (int look = 0; look < 30; look++) {
        clock.advance(Duration.ofMinutes(1));
        schedule.runDue();
      }
      assertThat(repository.snapshots()).hasSize(snapshots + 1);
      assertThat(repository.snapshots().get(snapshots).isShrunk("config")).isTrue();
    }
  }

  @Test
  void backup_thatIsNotComplete_failsAndIsTriedAgain() throws IOException {
    Path hidden = data.resolve("conversations");
    Files.move(hidden, data.resolve("elsewhere"));
    try (Schedule schedule = schedule().build()) {
      assertThat(schedule.runDue())
          .filteredOn(run -> run.job().equals("full"))
          .singleElement()
          .satisfies(run -> assertThat(run.passed()).isFalse())
          .satisfies(run -> assertThat(run.message()).contains("INCOMPLETE", "conversations"));
      Files.move(data.resolve("elsewhere"), hidden);
      clock.advance(Duration.ofHours(1));
      assertThat(schedule.runDue()).extracting(JobRun::passed).contains(true);
    }
    assertThat(repository.snapshots().get(repository.snapshots().size() - 1).components())
        .hasSize(3);
  }

  @Test
  void sunday_verifiesAndPrunesAfterTheFullBackup() throws IOException {
    clock.set(Instant.parse("2026-01-18T02:00:00Z"));
    try (Schedule schedule = schedule().build()) {
      schedule.runDue();
      clock.set(Instant.parse("2026-01-25T02:00:00Z"));

      assertThat(schedule.runDue())
          .extracting(JobRun::job)
          .startsWith("full", "verification", "retention");
    }
    assertThat(repository.snapshots()).extracting(Snapshot::trust).containsOnly(Trust.VERIFIED);
  }

  @Test
  void verification_ofADamagedRepository_failsOnceAndStaysAFinding() throws IOException {
    try (Schedule schedule = schedule().build()) {
      schedule.runDue();
      String pack = storage.list("packs").get(0).name();
      Tampering.on(storage).flip(pack, 40);
      clock.set(Instant.parse("2026-01-18T02:00:00Z"));

      assertThat(schedule.runDue())
          .filteredOn(run -> run.job().equals("verification"))
          .singleElement()
          .satisfies(run -> assertThat(run.passed()).isFalse());
      clock.advance(Duration.ofHours(12));
      assertThat(schedule.runDue()).extracting(JobRun::job).doesNotContain("verification");
      assertThat(schedule.states())
          .filteredOn(s -> s.job().name().equals("verification"))
          .singleElement()
          .satisfies(s -> assertThat(s.problem()).contains("DAMAGED"));
    }
  }

  private Path log(Path file, int daysAgo) throws IOException {
    Files.writeString(file, "ERROR one\n");
    return Files.setLastModifiedTime(
        file, FileTime.from(clock.instant().minus(Duration.ofDays(daysAgo))));
  }

  private JobRun cleanUp() {
    try (Schedule schedule = schedule().build()) {
      schedule.runDue();
      clock.advance(Duration.ofDays(1));
      return schedule.runDue().stream()
          .filter(run -> run.job().equals("log-cleanup"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void logCleanup_oldLogs_areRemoved_andNothingElse() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Path other = log(outside.resolve("old.log"), 90);
    Path young = log(logs.resolve("young.log"), 3);
    Path kept = log(logs.resolve("keep.log"), 90);
    Path old = log(Files.createDirectory(logs.resolve("archive")).resolve("old.log"), 40);
    Path link = Files.createSymbolicLink(logs.resolve("link.log"), other);
    Path linked = Files.createSymbolicLink(logs.resolve("linked"), outside);
    Files.setLastModifiedTime(data.resolve("conversations/1.json"), FileTime.from(Instant.EPOCH));

    JobRun run = cleanUp();

    assertThat(run.passed()).as(run.message()).isTrue();
    assertThat(run.message()).contains("1 old logs were removed");
    assertThat(old).doesNotExist();
    assertThat(List.of(other, young, kept, data.resolve("conversations/1.json")))
        .allMatch(Files::exists);
    assertThat(link).isSymbolicLink();
    assertThat(linked).isSymbolicLink();
  }

  @Test
  void logCleanup_logThatIsNotBackedUp_stays() throws IOException {
    try (Schedule schedule =
        schedule().without("full").without("data").without("configuration").build()) {
      Path old = log(logs.resolve("old.log"), 90);
      clock.advance(Duration.ofDays(1));

      assertThat(schedule.runDue()).extracting(JobRun::job).contains("log-cleanup");
      assertThat(old).exists();
    }
  }

  @Test
  void logCleanup_errorsSinceTheLastReview_areCounted() throws IOException {
    Path log = logs.resolve("app.log");
    Files.writeString(log, "INFO a\n");
    try (Schedule schedule = schedule().build()) {
      schedule.runDue();
      clock.advance(Duration.ofDays(1));
      schedule.runDue();
      Files.writeString(log, "INFO a\n2026 ERROR b\n2026 ERROR c\n");
      clock.advance(Duration.ofDays(1));

      assertThat(schedule.runDue())
          .extracting(JobRun::message)
          .anyMatch(message -> message.startsWith("2 errors since the last review"));
    }
  }

  @Test
  void retention_underADoubtfulClock_removesNothing_andLogsStay() throws IOException {
    Path old;
    try (Schedule schedule = schedule().build()) {
      schedule.runDue();
      old = log(logs.resolve("app.log"), 1);
      clock.set(Instant.parse("2056-01-15T12:00:00Z"));

      List<JobRun> runs = schedule.runDue();

      assertThat(runs)
          .filteredOn(run -> run.job().equals("retention"))
          .singleElement()
          .satisfies(run -> assertThat(run.message()).contains("the clock is doubtful"));
      assertThat(runs).extracting(JobRun::job).doesNotContain("log-cleanup");
    }
    assertThat(old).exists();
    assertThat(repository.snapshots()).hasSize(2);
  }

  private Recovery.Builder recovery() {
    return application
        .recovery()
        .data(data)
        .scratch(temp)
        .validator(directory -> new ValidationReport(List.of()));
  }

  @Test
  void changedRunbook_isDrilledAtOnce_andItsReviewIsAskedForOnce() throws IOException {
    try (Schedule schedule = schedule().build();
        Recovery recovery = recovery().build()) {
      schedule.runDue();
      recovery.drill(Drill.COMPLETE);
    }
    clock.advance(Duration.ofHours(2));
    Runbook changed = Recovery.builtIn(Scenario.HARDWARE_FAILURE)
        .insertAfter(
            "verify-data",
            Step.check("look-again", "Look once more", context -> "It is fine.")
                .timeout(Duration.ofMinutes(1))
                .build());
    try (Recovery recovery = recovery().runbook(changed).build();
        Schedule schedule = schedule().recovery(recovery).build()) {
      List<JobRun> runs = schedule.runDue();
      assertThat(runs).allMatch(JobRun::passed);
      assertThat(runs)
          .extracting(JobRun::job)
          .containsSubsequence("drill-complete", "document-review");
      clock.advance(Duration.ofHours(26));
      assertThat(schedule.runDue())
          .extracting(JobRun::job)
          .doesNotContain("drill-complete", "document-review");
    }
  }

  @Test
  void reminder_withoutACommunicationPlan_standsInTheHealth() {
    try (Schedule schedule = schedule().build();
        HealthMonitor monitor = HealthMonitor.builder().clock(clock).build()) {
      RecoveryChecks.of(repository, List.of()).schedule(schedule).register(monitor);
      clock.set(Instant.parse("2026-02-01T09:00:00Z"));
      schedule.runDue();
      clock.advance(Duration.ofDays(15));
      schedule.runDue();

      assertThat(monitor.check().check("schedule").orElseThrow())
          .satisfies(check -> assertThat(check.status()).isEqualTo(Status.DEGRADED))
          .satisfies(check -> assertThat(check.latest().description())
              .contains("security-updates", "system administrator"));
    }
  }
}
