package com.personalaichatbot.dr.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.communication.Communication;
import com.personalaichatbot.dr.core.recovery.communication.CommunicationPlan;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.schedule.Job;
import com.personalaichatbot.dr.core.recovery.schedule.JobRun;
import com.personalaichatbot.dr.core.recovery.schedule.Recurrence;
import com.personalaichatbot.dr.core.recovery.schedule.Schedule;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.repository.Copies;
import com.personalaichatbot.dr.core.repository.Keys;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.ForwardingStorage;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.health.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisasterRecoveryTest {
  @TempDir
  private Path temp;

  private final RootKey root = TestKeys.root();
  private final MemoryStorage storage = new MemoryStorage();
  private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-15T12:00:00Z"));
  private Path data;
  private Path state;
  private Path env;
  private List<Component> components;

  @BeforeEach
  void writeData() throws IOException {
    data = Files.createDirectories(temp.resolve("data"));
    state = temp.resolve("state");
    env = Files.writeString(data.resolve(".env"), "KEY=value");
    components = List.of(Component.file("env", Kind.SECRETS, env));
  }

  @AfterEach
  void wipe() {
    root.close();
  }

  private DisasterRecovery.Builder builder() {
    return over(storage);
  }

  private DisasterRecovery.Builder over(Storage place) {
    return withoutState().state(state).clock(clock).repository(place);
  }

  private DisasterRecovery.Builder withoutState() {
    return DisasterRecovery.builder()
        .name("Shop")
        .components(components)
        .data(data)
        .repository(storage)
        .rootKey(root);
  }

  private static void refuses(ThrowingCallable call, String... words) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll(words);
  }

  private Recovery recovery(DisasterRecovery application) throws IOException {
    return application
        .recovery()
        .scratch(Files.createDirectories(temp.resolve("scratch")))
        .validator(restored -> new ValidationReport(List.of()))
        .build();
  }

  // What is said once

  @Test
  void state_saidOnce_isThatOfEverythingThatIsGivenOut() throws IOException {
    try (DisasterRecovery application = builder().openOrCreate();
        Recovery recovery = recovery(application)) {
      Communication communication =
          application.communication(CommunicationPlan.recommended(), Runnable::run);
      Reports reports = application.reports(recovery).communication(communication);
      application.backUp(Purpose.MANUAL);
      application.verify();

      RunReport drill = recovery.drill(Drill.COMPLETE);

      assertThat(drill.status()).isEqualTo(RunStatus.RECOVERED);
      assertThat(drill.started()).isEqualTo(clock.instant());
      assertThat(recovery.history()).containsExactly(drill);
      assertThat(reports.writeRun(drill)).isEqualTo(reports.page(drill)).isRegularFile();
      assertThat(reports.page(drill)).startsWith(state);
      assertThat(reports.writeRunbook()).isRegularFile();
      assertThat(reports.writePosture()).content().contains("Shop");
      assertThat(reports.writeStatusPage()).isEqualTo(state.resolve("status/index.html"));
      assertThat(reports.objectives()).isNotEmpty();
    }
  }

  @Test
  void repositoryThatIsOpen_givesStateAndClock() throws IOException {
    BackupRepository opened =
        BackupRepository.builder(storage).state(state).clock(clock).create(root);
    try (DisasterRecovery application = DisasterRecovery.builder()
            .components(components)
            .data(data)
            .repository(opened)
            .open();
        Recovery recovery = recovery(application);
        Schedule schedule = application.schedule().recovery(recovery).build()) {
      application.backUp(Purpose.MANUAL);

      assertThat(schedule.zone()).isEqualTo(ZoneOffset.UTC);
      assertThat(recovery.drill(Drill.COMPLETE).started()).isEqualTo(clock.instant());
      assertThat(state.resolve(opened.id()).resolve("recovery")).isNotEmptyDirectory();
    }
    assertThatIllegalStateException().as("closed with it").isThrownBy(opened::snapshots);
  }

  @Test
  void secondValueForStateOrClock_isRefused_andNothingStaysOpen() throws IOException {
    Clock other = Clock.systemDefaultZone();
    Path elsewhere = temp.resolve("elsewhere");

    refuses(
        () -> builder().configure(repository -> repository.state(elsewhere)).openOrCreate(),
        "state directory was given twice",
        state.toString(),
        elsewhere.toString(),
        "write .state(PATH) once");
    refuses(
        () -> builder().configure(repository -> repository.clock(other)).openOrCreate(),
        "clock was given twice",
        "write .clock(CLOCK) once");
    refuses(
        () -> builder().state(elsewhere),
        ".state(PATH) was given",
        state.toString(),
        elsewhere.toString(),
        "write it once");
    refuses(() -> builder().clock(other), ".clock(CLOCK) was given", "write it once");
    assertThat(storage.list("")).isEmpty();
    try (DisasterRecovery same =
        builder().configure(repository -> repository.state(state).clock(clock)).openOrCreate()) {
      assertThat(same.repository().state()).contains(state);
      refuses(() -> same.schedule().state(elsewhere), "leave out .state(", elsewhere.toString());
      refuses(() -> same.recovery().state(elsewhere), "leave out .state(", elsewhere.toString());
      assertThat(same.schedule().state(state).build().jobs()).isNotEmpty();
    }
  }

  @Test
  void secondValueBesideAnOpenRepository_isRefused_andTheRepositoryStaysTheCallers()
      throws IOException {
    try (BackupRepository opened = BackupRepository.builder(storage).create(root)) {
      DisasterRecovery.Builder both =
          DisasterRecovery.builder().components(components).repository(opened);

      refuses(
          () -> both.state(state).open(),
          "has a state directory and a clock of its own",
          "write .state(PATH) when you open the repository");
      refuses(
          () -> DisasterRecovery.builder()
              .components(components)
              .repository(opened)
              .clock(clock)
              .open(),
          "write .clock(CLOCK) when you open the repository");
      refuses(
          () -> DisasterRecovery.builder()
              .components(components)
              .repository(opened)
              .rootKey(root)
              .open(),
          "is open already");
      assertThat(opened.snapshots()).isEmpty();
    }
  }

  @Test
  void placeOrKey_missingOrTwice_isRefused() {
    refuses(
        () -> DisasterRecovery.builder().components(components).rootKey(root).open(),
        "write .repository(PATH)");
    refuses(() -> builder().repository(temp.resolve("backups")).open(), "given twice");
    refuses(
        () -> DisasterRecovery.builder()
            .components(components)
            .repository(storage)
            .open(),
        "write .passphrase(SECRET) or .rootKey(KEY)");
    try (Secret secret = Secret.ofPassphrase("words".toCharArray())) {
      refuses(() -> builder().passphrase(secret).open(), "one key");
    }
  }

  @Test
  void wrongKey_isSaid() throws IOException {
    Path backups = temp.resolve("backups");
    try (Secret right = Secret.ofPassphrase("right".toCharArray());
        Secret wrong = Secret.ofPassphrase("wrong".toCharArray())) {
      DisasterRecovery.builder()
          .components(components)
          .repository(backups)
          .passphrase(right)
          .configure(repository -> repository.kdf(TestKeys.cheapKdf()))
          .openOrCreate()
          .close();
      DisasterRecovery.Builder builder =
          DisasterRecovery.builder().components(components).repository(backups).passphrase(wrong);
      assertThatExceptionOfType(WrongKeyException.class).isThrownBy(builder::openOrCreate);
    }
  }

  // Bad input

  @Test
  void stateInTheData_isRefused_beforeAnythingIsMade() throws IOException {
    refuses(
        () -> withoutState().state(data.resolve("state")).openOrCreate(),
        data.resolve("state").toString(),
        "lies in the data",
        "write .state(PATH) with a directory outside of it");
    Path directory = Files.createDirectories(temp.resolve("chats"));
    refuses(
        () -> withoutState()
            .components(Component.directory("chats", Kind.CONVERSATIONS, directory))
            .state(directory.resolve("a/../state"))
            .openOrCreate(),
        "lies in the data");
    Path link = Files.createSymbolicLink(temp.resolve("link"), data);
    refuses(() -> withoutState().state(link.resolve("state")).openOrCreate(), "lies in the data");
    assertThat(storage.list("")).isEmpty();
    assertThat(data.resolve("state")).doesNotExist();
  }

  @Test
  void stateInTheData_saidToTheRepository_isRefused_andTheRepositoryIsClosed() throws IOException {
    AtomicInteger closed = new AtomicInteger();
    Storage counted = new ForwardingStorage(storage) {
      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
    refuses(
        () -> DisasterRecovery.builder()
            .components(components)
            .data(data)
            .repository(counted)
            .rootKey(root)
            .configure(repository -> repository.state(data.resolve("state")))
            .openOrCreate(),
        "lies in the data");
    assertThat(closed).hasValue(1);
  }

  @Test
  void componentsOfOneName_orNone_areRefused() throws IOException {
    refuses(
        () -> builder()
            .components(components.get(0), Component.directory("env", Kind.CONFIG, data))
            .openOrCreate(),
        "two components have the name 'env'",
        "give each a name of its own");
    refuses(
        () -> builder().components(List.of()).openOrCreate(), "write .components(List.of(...))");
    assertThat(storage.list("")).isEmpty();
  }

  @Test
  void withoutState_everydayVerbsWork_andTheOthersSayWhatToWrite() throws IOException {
    try (DisasterRecovery application = withoutState().openOrCreate()) {
      application.backUp(Purpose.MANUAL);
      assertThat(application.verify().isClean()).isTrue();
      Files.writeString(env, "?");
      application.restore(application.planRestore(Selector.LATEST_GOOD));
      assertThat(env).hasContent("KEY=value");

      for (ThrowingCallable call : List.<ThrowingCallable>of(
          () -> application.schedule().build(),
          () -> application.recovery().build(),
          () -> application.communication(CommunicationPlan.recommended(), Runnable::run))) {
        assertThatIllegalStateException()
            .isThrownBy(call)
            .withMessageContaining("write .state(PATH) when you build DisasterRecovery");
      }
    }
  }

  @Test
  void withoutData_recoverySaysWhatToWrite() throws IOException {
    try (DisasterRecovery application = DisasterRecovery.builder()
        .components(components)
        .state(state)
        .repository(storage)
        .rootKey(root)
        .openOrCreate()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> application.recovery().build())
          .withMessageContaining("write .data(PATH) when you build DisasterRecovery");
    }
  }

  /** As two processes do, each with a hub of its own. */
  @Test
  void twoHubsOfOneState_seeEachOther_andDoAJobOnce() throws Exception {
    Path backups = temp.resolve("backups");
    try (DisasterRecovery one = local(backups);
        DisasterRecovery two = local(backups);
        Schedule first = one.schedule().jitter(Duration.ZERO).build();
        Schedule second = two.schedule().jitter(Duration.ZERO).build()) {
      SnapshotId id = one.backUp(Purpose.MANUAL).snapshot().orElseThrow().id();
      assertThat(two.repository().snapshots())
          .singleElement()
          .satisfies(s -> assertThat(s.id()).isEqualTo(id));
      two.backUp(Purpose.MANUAL);
      assertThat(one.repository().history().warning()).isEmpty();
      assertThat(one.repository().snapshots()).hasSize(2);

      for (int week = 0; week < 2; week++) {
        clock.advance(Duration.ofDays(8));
        List<String> done = jobs(first.runDue());
        assertThat(done).contains("full", "verification", "retention", "log-cleanup");
        assertThat(jobs(second.runDue())).doesNotContainAnyElementsOf(done);
      }
      assertThat(two.repository().history().warning()).isEmpty();
    }
  }

  private DisasterRecovery local(Path backups) throws IOException {
    return DisasterRecovery.builder()
        .components(components)
        .data(data)
        .state(state)
        .clock(clock)
        .repository(backups)
        .rootKey(root)
        .openOrCreate();
  }

  private static List<String> jobs(List<JobRun> runs) {
    return runs.stream().map(JobRun::job).toList();
  }

  // After close

  @Test
  void afterClose_everythingSaysThatItIsClosed() throws Exception {
    DisasterRecovery application = builder().openOrCreate();
    Keys keys = application.repository().keys();
    Copies copies = application.repository().copies();
    Recovery recovery = recovery(application);
    RunReport run = new RunSample(application, recovery).report();
    RestorePlan plan = application.planRestore(Selector.LATEST);
    Reports reports = application.reports(recovery);
    Schedule schedule = application.schedule().recovery(recovery).build();
    Storage elsewhere = new MemoryStorage();

    application.close();
    application.close();

    Map<String, ThrowingCallable> hub = Map.ofEntries(
        Map.entry("schedule", application::schedule),
        Map.entry("recovery", application::recovery),
        Map.entry("checks", application::checks),
        Map.entry("reports", () -> application.reports(recovery)),
        Map.entry(
            "communication",
            () -> application.communication(CommunicationPlan.recommended(), Runnable::run)),
        Map.entry("backUp", () -> application.backUp(Purpose.MANUAL)),
        Map.entry("shutdown", () -> application.backUpForShutdown(Duration.ofSeconds(1))),
        Map.entry("onExit", () -> application.backUpOnExit(Duration.ofSeconds(1))),
        Map.entry("verify", application::verify),
        Map.entry("planRestore", () -> application.planRestore(Selector.LATEST)),
        Map.entry("restore", () -> application.restore(plan)),
        Map.entry("objectives", reports::objectives),
        Map.entry("page", () -> reports.page(run)),
        Map.entry("writeRun", () -> reports.writeRun(run)),
        Map.entry("writeRunbook", reports::writeRunbook),
        Map.entry("writePosture", reports::writePosture),
        Map.entry("writeStatusPage", reports::writeStatusPage));
    hub.forEach((name, call) -> assertThatIllegalStateException()
        .as(name)
        .isThrownBy(call)
        .withMessageContaining("DisasterRecovery was closed")
        .withMessageContaining("DisasterRecovery.builder()"));

    Map<String, ThrowingCallable> handles = Map.of(
        "keys.list", keys::list,
        "keys.remove", () -> keys.remove(null),
        "keys.add", () -> keys.add(null, null),
        "keys.authenticate", () -> keys.authenticate(null),
        "copies.copyTo", () -> copies.copyTo(elsewhere, null),
        "copies.heal", () -> copies.heal(elsewhere, null),
        "copies.state", () -> copies.state(null),
        "changes", () -> application.repository().changes(components),
        "schedule", schedule::runDue,
        "drill", () -> recovery.drill(Drill.COMPLETE));
    handles.forEach((name, call) -> assertThatIllegalStateException()
        .as(name)
        .isThrownBy(call)
        .withMessageContaining("closed"));
    schedule.close();
    recovery.close();
  }

  @Test
  void close_fromWithinACall_isRefused_andItStaysOpen() throws IOException {
    AtomicReference<DisasterRecovery> application = new AtomicReference<>();
    List<Throwable> refused = new ArrayList<>();
    FaultyStorage faulty = FaultyStorage.over(storage);
    try (DisasterRecovery opened = over(faulty).openOrCreate()) {
      application.set(opened);
      faulty.fail(StorageCall.CREATE).once().meanwhile(() -> {
        try {
          application.get().close();
        } catch (IllegalStateException e) {
          refused.add(e);
        }
      });
      opened.backUp(Purpose.MANUAL);
      assertThat(refused).hasSize(1);
      assertThat(opened.verify().isClean()).isTrue();
    }
  }

  // Changed configuration

  /** The timer of the schedule would end for good, and no change be backed up any more. */
  @Test
  void changedConfiguration_whateverIsThrown_isNotThrownOn() throws IOException {
    FaultyStorage faulty = FaultyStorage.over(storage);
    List<Integer> asked = new ArrayList<>();
    try (DisasterRecovery application = over(faulty).openOrCreate();
        Schedule schedule = application
            .schedule()
            .jitter(Duration.ZERO)
            .executor(Runnable::run)
            .without("full")
            .without("verification")
            .without("retention")
            .job(Job.of("odd", Recurrence.every(Duration.ofDays(300)), () -> "done")
                .orWhen(() -> {
                  asked.add(1);
                  throw new StackOverflowError();
                }))
            .build()) {
      Fault fault = faulty.fail(StorageCall.CREATE).once().meanwhile(() -> {
        throw new OutOfMemoryError("planted");
      });
      assertThat(schedule.runDue())
          .filteredOn(run -> run.job().equals("configuration"))
          .singleElement()
          .satisfies(run -> assertThat(run.passed()).isFalse());
      assertThat(fault.fired()).isTrue();
      assertThat(asked).isNotEmpty();
      assertThat(application.repository().snapshots()).isEmpty();

      clock.advance(Duration.ofHours(2));
      schedule.runDue();
      assertThat(application.repository().snapshots()).hasSize(1);

      Files.writeString(env, "KEY=another");
      for (int look = 0; look < 3; look++) {
        clock.advance(Duration.ofSeconds(10));
        schedule.runDue();
      }
      assertThat(application.repository().snapshots()).hasSize(2);
    }
  }

  /** A run and its report, for calls that take one. */
  private record RunSample(DisasterRecovery application, Recovery recovery) {
    RunReport report() throws IOException {
      application.backUp(Purpose.MANUAL);
      application.verify();
      return recovery.drill(Drill.COMPLETE);
    }
  }
}
