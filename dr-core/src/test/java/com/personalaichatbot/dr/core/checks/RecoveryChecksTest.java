package com.personalaichatbot.dr.core.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.objective.BackupPolicy;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.Tampering;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import com.personalaichatbot.dr.health.Status;
import com.personalaichatbot.dr.health.ValidationReport;
import com.personalaichatbot.dr.health.trend.TrendStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The checks of a repository while time passes and things go wrong. */
@Timeout(300)
class RecoveryChecksTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir
  private Path directory;

  private final SettableClock clock = SettableClock.at(START);
  private FaultyStorage storage;

  @AutoClose
  private BackupRepository repository;

  private Component chats;

  @BeforeEach
  void setUp() throws IOException {
    Path data = Files.createDirectory(directory.resolve("data"));
    Files.writeString(data.resolve("a"), "some text");
    chats = Component.directory("chats", Kind.CONVERSATIONS, data);
    open(new MemoryStorage(), "here");
  }

  private void open(Storage place, String host) throws IOException {
    if (repository != null) {
      repository.close();
    }
    storage = FaultyStorage.over(place);
    try (RootKey root = TestKeys.root()) {
      repository = BackupRepository.builder(storage).clock(clock).host(host).create(root);
    }
  }

  private RecoveryChecks checks() {
    return RecoveryChecks.of(repository, List.of(chats));
  }

  private Health health() {
    return health(checks());
  }

  private Health health(RecoveryChecks checks) {
    clock.advance(Duration.ofSeconds(2));
    try (HealthMonitor monitor = HealthMonitor.builder().clock(clock).build()) {
      return checks.register(monitor).check();
    }
  }

  private static CheckState of(Health health, String name) {
    return health.check(name).orElseThrow();
  }

  private SnapshotId backUp(Purpose purpose) throws IOException {
    return repository
        .backUp(List.of(chats), BackupOptions.of(purpose))
        .snapshot()
        .orElseThrow()
        .id();
  }

  private SnapshotId backUpAndVerify() throws IOException {
    SnapshotId id = backUp(Purpose.SCHEDULED);
    repository.verify(VerifyOptions.readAll());
    return id;
  }

  private void expect(String check, Status status, String code) {
    CheckState state = of(health(), check);
    assertThat(state.status() + " " + state.latest().code())
        .as(state.toString())
        .isEqualTo(status + " " + code);
    assertThat(state.latest().action().isEmpty()).isEqualTo(status == Status.UP);
  }

  @Test
  void register_verifiedBackup_everythingIsUpAndInItsGroup() throws IOException {
    SnapshotId id = backUpAndVerify();
    clock.advance(Duration.ofHours(2));

    Health health = health();
    assertThat(health.checks()).extracting(CheckState::status).containsOnly(Status.UP);
    assertThat(health.group("recovery").orElseThrow().checks())
        .extracting(CheckState::name)
        .containsExactly("backup:chats", "verified", "drill", "repository");
    assertThat(health.group("capacity").orElseThrow().checks())
        .extracting(CheckState::name)
        .containsExactly("repository-space", "repository-size");
    assertThat(health.group("ready").orElseThrow().checks()).isEmpty();
    assertThat(health.group("live").orElseThrow().checks()).isEmpty();
    assertThat(of(health, "backup:chats").latest().details())
        .containsEntry("rpoSeconds", 86_400L)
        .containsEntry("newestAgeSeconds", 7_202L)
        .containsEntry("verifiedAgeSeconds", 7_202L)
        .containsEntry("newestSnapshot", id.toString())
        .containsEntry("verifiedSnapshot", id.toString())
        .containsEntry("newestTrust", "VERIFIED");
  }

  @Test
  void backupAge_noBackup_isDown() throws IOException {
    expect("backup:chats", Status.DOWN, "NO_BACKUP");
    backUp(Purpose.QUARANTINE);
    expect("backup:chats", Status.DOWN, "NO_BACKUP");
  }

  @Test
  void backupAge_pastItsObjective_isDown() throws IOException {
    backUpAndVerify();
    clock.advance(Duration.ofHours(24).minusSeconds(2));
    expect("backup:chats", Status.UP, "OK");
    expect("backup:chats", Status.DOWN, "BACKUP_STALE");
  }

  @Test
  void backupAge_countsFromTheStartOfTheCapture() throws IOException {
    Fault slow = storage
        .fail(StorageCall.COMMIT)
        .of(name -> name.startsWith("packs/"))
        .once()
        .meanwhile(() -> clock.advance(Duration.ofHours(3)));
    backUpAndVerify();
    assertThat(slow.fired()).isTrue();
    clock.advance(Duration.ofHours(22));
    expect("backup:chats", Status.DOWN, "BACKUP_STALE");
  }

  @Test
  void backupAge_youngButNeverReadBack_isDegradedAndShowsBoth() throws IOException {
    backUp(Purpose.SCHEDULED);
    expect("backup:chats", Status.DEGRADED, "BACKUP_UNVERIFIED");
    repository.verify(VerifyOptions.readAll());
    clock.advance(Duration.ofHours(23));
    expect("backup:chats", Status.UP, "OK");
    SnapshotId unread = backUp(Purpose.SCHEDULED);
    clock.advance(Duration.ofHours(2));

    CheckState state = of(health(), "backup:chats");
    assertThat(state.status()).isEqualTo(Status.DEGRADED);
    assertThat(state.latest().details())
        .containsEntry("newestSnapshot", unread.toString())
        .containsEntry("newestTrust", "UNVERIFIED")
        .containsEntry("newestAgeSeconds", 7_202L)
        .containsEntry("verifiedAgeSeconds", 90_006L);
  }

  @Test
  void backupAge_suspectOrIncomplete_doesNotCount() throws IOException {
    SnapshotId id = backUpAndVerify();
    repository.markSuspect(id);
    expect("backup:chats", Status.DOWN, "NO_BACKUP");
    Component gone = Component.directory("chats", Kind.CONVERSATIONS, directory.resolve("gone"));
    Component other = Component.directory("other", Kind.LOGS, chats.source().path());
    repository.backUp(List.of(gone, other), BackupOptions.of(Purpose.SCHEDULED));
    expect("backup:chats", Status.DOWN, "NO_BACKUP");
  }

  @Test
  void backupAge_shrunk_isDegradedUntilAcceptedAndDownOnceTooOld() throws IOException {
    SnapshotId full = backUpAndVerify();
    Files.delete(chats.source().path().resolve("a"));
    clock.advance(Duration.ofHours(1));
    SnapshotId shrunk = backUpAndVerify();

    expect("backup:chats", Status.DEGRADED, "BACKUP_SHRUNK");
    CheckState state = of(health(), "backup:chats");
    assertThat(state.latest().description()).contains("chats", "0 files", "1 file (9 bytes)");
    assertThat(state.latest().action()).contains("volume", "dr mark " + shrunk + " accepted");
    assertThat(state.latest().details()).containsEntry("verifiedSnapshot", full.toString());
    clock.advance(Duration.ofHours(24));
    backUpAndVerify();
    expect("backup:chats", Status.DOWN, "BACKUP_STALE");

    for (Snapshot snapshot : repository.snapshots()) {
      repository.markAccepted(snapshot.id());
    }
    expect("backup:chats", Status.UP, "OK");
  }

  @Test
  void backupAge_shrunkAndBack_isUp() throws IOException {
    backUpAndVerify();
    Files.delete(chats.source().path().resolve("a"));
    backUpAndVerify();
    Files.writeString(chats.source().path().resolve("a"), "some text");
    backUpAndVerify();
    expect("backup:chats", Status.UP, "OK");
  }

  @Test
  void backupAge_nextBackupComesTooLate_isDegradedBeforeItIs() throws IOException {
    backUpAndVerify();
    RecoveryChecks planned = checks().nextRun(c -> Optional.of(START.plus(Duration.ofHours(30))));
    CheckState late = of(health(planned), "backup:chats");
    assertThat(late.status()).isEqualTo(Status.DEGRADED);
    assertThat(late.latest().code()).isEqualTo("BACKUP_LATE");
    assertThat(late.latest().description()).contains("6 h after the objective of 24 h");

    RecoveryChecks inTime = checks().nextRun(c -> Optional.of(START.plus(Duration.ofHours(24))));
    assertThat(of(health(inTime), "backup:chats").status()).isEqualTo(Status.UP);
  }

  @Test
  void backupAge_usualDuration_countsInTheLookAhead() throws IOException {
    Fault slow = storage
        .fail(StorageCall.COMMIT)
        .of(name -> name.startsWith("packs/"))
        .once()
        .meanwhile(() -> clock.advance(Duration.ofHours(3)));
    backUpAndVerify();
    assertThat(slow.fired()).isTrue();

    RecoveryChecks planned = checks().nextRun(c -> Optional.of(START.plus(Duration.ofHours(23))));
    assertThat(of(health(planned), "backup:chats").latest().code()).isEqualTo("BACKUP_LATE");
  }

  @Test
  void backupAge_usualInterval_isTakenFromTheHistory() throws IOException {
    for (int i = 0; i < 3; i++) {
      clock.advance(Duration.ofHours(40));
      backUpAndVerify();
    }
    expect("backup:chats", Status.DEGRADED, "BACKUP_LATE");
    for (int i = 0; i < 6; i++) {
      clock.advance(Duration.ofHours(24));
      backUpAndVerify();
    }
    expect("backup:chats", Status.UP, "OK");
  }

  @Test
  void backupAge_clockBeforeTheBackup_isNotTaken() throws IOException {
    backUpAndVerify();
    clock.set(START.minus(Duration.ofDays(3)));
    expect("backup:chats", Status.DEGRADED, "CLOCK");
  }

  @Test
  void backupAge_weighsAsTheComponentDoes() throws IOException {
    Component logs = Component.directory("logs", Kind.LOGS, chats.source().path());
    Health health = health(RecoveryChecks.of(repository, List.of(chats, logs)));
    assertThat(of(health, "backup:chats").weight().name()).isEqualTo("CRITICAL");
    assertThat(of(health, "backup:logs").weight().name()).isEqualTo("IMPORTANT");
  }

  @Test
  void backupAge_severalHosts_onlyThisOneCounts() throws IOException {
    MemoryStorage shared = new MemoryStorage();
    open(shared, "other");
    backUpAndVerify();
    clock.advance(Duration.ofHours(30));
    try (RootKey root = TestKeys.root();
        BackupRepository here =
            BackupRepository.builder(storage).clock(clock).host("here").open(root)) {
      RecoveryChecks there = RecoveryChecks.of(here, List.of(chats));
      CheckState alone = of(health(there), "backup:chats");
      assertThat(alone.latest().code()).isEqualTo("BACKUP_STALE");
      assertThat(alone.latest().details()).containsEntry("host", "other");

      here.backUp(List.of(chats), BackupOptions.of(Purpose.MANUAL));
      here.verify(VerifyOptions.readAll());
      CheckState own = of(health(there), "backup:chats");
      assertThat(own.status()).isEqualTo(Status.UP);
      assertThat(own.latest().details()).containsEntry("host", "here");
      clock.advance(Duration.ofHours(25));
      backUpAndVerify();
      assertThat(of(health(there), "backup:chats").latest().code()).isEqualTo("BACKUP_STALE");
    }
    open(new MemoryStorage(), "here");
  }

  @Test
  void register_namesThatNoCheckMayHave_areChangedAndStayDifferent() {
    List<Component> odd = List.of(
        Component.directory("é", Kind.CUSTOM, directory),
        Component.directory("ü", Kind.CUSTOM, directory),
        Component.directory("x".repeat(200), Kind.CUSTOM, directory));
    Health health = health(RecoveryChecks.of(repository, odd));
    assertThat(health.checks())
        .extracting(CheckState::name)
        .startsWith("backup:_", "backup:_-2", "backup:" + "x".repeat(93));
  }

  @Test
  void verified_overdue_isDegraded_andAVerifyMendsIt() throws IOException {
    backUp(Purpose.SCHEDULED);
    expect("verified", Status.UP, "OK");
    clock.advance(Duration.ofDays(9));
    expect("verified", Status.DEGRADED, "NEVER_VERIFIED");
    repository.verify(VerifyOptions.structure());
    expect("verified", Status.DEGRADED, "NEVER_VERIFIED");
    repository.verify(VerifyOptions.sample(50));
    expect("verified", Status.UP, "OK");
    assertThat(of(health(), "verified").latest().details())
        .containsEntry("coveragePercent", 50.0)
        .containsEntry("provenSnapshots", 0L)
        .containsEntry("snapshots", 1)
        .containsEntry("result", "PASSED");
    clock.advance(Duration.ofDays(9));
    expect("verified", Status.DEGRADED, "VERIFY_OVERDUE");
    repository.verify(VerifyOptions.readAll());
    expect("verified", Status.UP, "OK");
    assertThat(of(health(), "verified").latest().details())
        .containsEntry("coveragePercent", 100.0)
        .containsEntry("provenSnapshots", 1L);
  }

  @Test
  void verified_foundDamage_isDown_andTheBackupNoLongerCountsAsRead() throws IOException {
    backUpAndVerify();
    for (StoredFile pack : storage.list("packs")) {
      Tampering.on(storage).flip(pack.name(), (int) pack.length() / 2);
    }
    repository.verify(VerifyOptions.readAll());

    expect("verified", Status.DOWN, "DAMAGE_FOUND");
    expect("backup:chats", Status.DEGRADED, "BACKUP_UNVERIFIED");
  }

  @Test
  void drill_overdueFailedAndPassed_isTold() throws IOException {
    SnapshotId id = backUp(Purpose.SCHEDULED);
    expect("drill", Status.UP, "OK");
    clock.advance(Duration.ofDays(36));
    expect("drill", Status.DEGRADED, "NEVER_DRILLED");
    repository.recordDrill(id, false);
    expect("drill", Status.DOWN, "DRILL_FAILED");
    repository.recordDrill(id, true);
    expect("drill", Status.UP, "OK");
    assertThat(of(health(), "drill").latest().details())
        .containsEntry("result", "PASSED")
        .containsEntry("provenSnapshots", 1L);
    clock.advance(Duration.ofDays(36));
    expect("drill", Status.DEGRADED, "DRILL_OVERDUE");
    RecoveryChecks patient = checks().provenWithin(Duration.ofDays(8), Duration.ofDays(365));
    assertThat(of(health(patient), "drill").status()).isEqualTo(Status.UP);
  }

  @Test
  void provenWithin_notPositive_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> checks().provenWithin(Duration.ZERO, Duration.ofDays(1)));
  }

  @Test
  void repository_readOnly_isDown() {
    storage.makeReadOnly();
    expect("repository", Status.DOWN, "REPOSITORY_READ_ONLY");
  }

  @Test
  void repository_full_isDown_andNothingIsLeftBehind() throws IOException {
    List<StoredFile> before = storage.list("");
    Fault full = storage.fullAfter(100);
    expect("repository", Status.DOWN, "REPOSITORY_READ_ONLY");
    assertThat(full.fired()).isTrue();
    storage.heal();
    expect("repository", Status.UP, "OK");
    assertThat(storage.list("")).isEqualTo(before);
  }

  @Test
  void repository_unreachable_isDown_andTheOthersAreUnknown() throws IOException {
    backUpAndVerify();
    Fault read = storage.fail(StorageCall.READ);
    Fault list = storage.fail(StorageCall.LIST);
    Health health = health();
    assertThat(read.fired() && list.fired()).isTrue();
    assertThat(of(health, "repository").latest().code()).isEqualTo("REPOSITORY_UNREACHABLE");
    for (String name : List.of("backup:chats", "verified", "drill", "repository-space")) {
      assertThat(of(health, name).status()).as(name).isEqualTo(Status.UNKNOWN);
    }
    storage.heal();
    assertThat(health().status()).isEqualTo(Status.UP);
  }

  @Test
  void repository_gone_isDown() throws IOException {
    Path place = directory.resolve("repository");
    open(LocalStorage.at(place), "here");
    assertThat(of(health(), "repository").status()).isEqualTo(Status.UP);
    Files.move(place, directory.resolve("away"));
    expect("repository", Status.DOWN, "REPOSITORY_MISSING");
    assertThat(place).doesNotExist();
    Files.move(directory.resolve("away"), place);
  }

  @Test
  void history_askedByManyWhileOneReads_isReadOnceMore() throws Exception {
    backUpAndVerify();
    RecentHistory history = new RecentHistory(repository);
    List<Thread> others = new ArrayList<>();
    Fault whileReading = storage.fail(StorageCall.LIST).once().meanwhile(() -> {
      for (int i = 0; i < 5; i++) {
        Thread other = new Thread(() -> read(history));
        other.start();
        others.add(other);
      }
      while (history.asked() < 6) {
        Thread.onSpinWait();
      }
    });
    int before = storage.calls(StorageCall.LIST);
    history.read();
    for (Thread other : others) {
      other.join();
    }
    assertThat(whileReading.fired()).isTrue();
    assertThat(storage.calls(StorageCall.LIST) - before).isEqualTo(2 * 2);
    assertThat(history.read().snapshots()).hasSize(1);
    assertThat(storage.calls(StorageCall.LIST) - before).isEqualTo(3 * 2);
  }

  private static void read(RecentHistory history) {
    try {
      history.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void trends_repositoryVolume_isRememberedAndForecast() throws IOException {
    open(LocalStorage.at(directory.resolve("repository")), "here");
    backUpAndVerify();
    TrendStore trends = TrendStore.open(directory.resolve("trends"), clock);
    for (int day = 0; day < 6; day++) {
      health(checks().trends(trends));
      clock.advance(Duration.ofDays(1));
    }
    Health health = health(checks().trends(trends));
    assertThat(trends.samples("repository-space")).hasSize(7);
    assertThat(of(health, "repository-size").latest().details())
        .containsEntry("outlook", "STEADY")
        .containsKeys("bytes", "perDay");
    assertThat(of(health, "repository-space").latest().details()).containsKey("outlook");
  }

  @Test
  void copies_goneBehindOrUpToDate_areTold() throws IOException {
    FaultyStorage medium = FaultyStorage.over(new MemoryStorage());
    MemoryStorage absent = new MemoryStorage();
    backUpAndVerify();
    repository.copies().copyTo(medium, VerifyOptions.structure());
    RecoveryChecks checks =
        checks().copy(medium, Duration.ofDays(2)).copy(absent, Duration.ofDays(2));
    Health health = health(checks);
    assertThat(of(health, "copy").status()).isEqualTo(Status.UP);
    assertThat(of(health, "copy-2").latest().code()).isEqualTo("COPY_MISSING");
    assertThat(health.status()).isEqualTo(Status.DEGRADED);

    backUpAndVerify();
    clock.advance(Duration.ofDays(2).minusSeconds(10));
    assertThat(of(health(checks), "copy").status()).isEqualTo(Status.UP);
    clock.advance(Duration.ofSeconds(10));
    CheckState behind = of(health(checks), "copy");
    assertThat(behind.latest().code()).isEqualTo("COPY_BEHIND");
    assertThat(behind.latest().details())
        .containsEntry("snapshotsBehind", 1)
        .containsEntry("entriesBehind", 2);

    Fault gone = medium.fail(StorageCall.LIST);
    assertThat(of(health(checks), "copy").latest().code()).isEqualTo("COPY_UNREACHABLE");
    assertThat(gone.fired()).isTrue();
    medium.heal();
    repository.copies().copyTo(medium, VerifyOptions.structure());
    assertThat(of(health(checks), "copy").status()).isEqualTo(Status.UP);
    assertThatIllegalArgumentException().isThrownBy(() -> checks().copy(medium, Duration.ZERO));
  }

  @Test
  void policy_thatCannotBeKept_isToldWithAllThatIsWrong() throws IOException {
    backUpAndVerify();
    BackupPolicy policy = BackupPolicy.of(List.of(chats)).withInterval("chats", Duration.ofDays(7));
    Health broken = health(checks().policy(policy));
    CheckState state = of(broken, "policy");
    assertThat(state.status()).isEqualTo(Status.DOWN);
    assertThat(state.latest().code()).isEqualTo("POLICY_SCHEDULE");
    assertThat(state.latest().action())
        .isEqualTo("back it up more often, or allow more to be lost");
    assertThat(state.latest().details()).containsOnlyKeys("1-SCHEDULE", "2-COPY", "3-KEYS");
    assertThat(broken.status()).isEqualTo(Status.DEGRADED);

    BackupPolicy sound = BackupPolicy.of(List.of(chats)).withInterval("chats", Duration.ofDays(1));
    MemoryStorage medium = new MemoryStorage();
    repository.copies().copyTo(medium, VerifyOptions.structure());
    CheckState rest = of(health(checks().copy(medium, Duration.ofDays(2)).policy(sound)), "policy");
    assertThat(rest.latest().code()).isEqualTo("POLICY_KEYS");
    assertThat(rest.status()).isEqualTo(Status.DEGRADED);
    Fault gone = storage.fail(StorageCall.READ);
    assertThat(of(health(checks().policy(sound)), "policy").status()).isEqualTo(Status.UNKNOWN);
    assertThat(gone.fired()).isTrue();
    storage.heal();
  }

  @Test
  void objectives_unprovenBreachedAndHeld_areTold() throws Exception {
    backUpAndVerify();
    Path state = directory.resolve("state");
    try (Recovery recovery = Recovery.builder(repository)
        .components(List.of(chats))
        .data(chats.source().path())
        .state(state)
        .scratch(Files.createDirectories(directory.resolve("scratch")))
        .validator(data -> new ValidationReport(List.of()))
        .build()) {
      RecoveryChecks checks = checks().objectives(Objectives.of(List.of(chats)), recovery);
      CheckState never = of(health(checks), "objectives");
      assertThat(never.status()).isEqualTo(Status.DEGRADED);
      assertThat(never.latest().code()).isEqualTo("OBJECTIVE_UNPROVEN");
      assertThat(never.latest().action()).isEqualTo("hold a drill of all components");

      assertThat(recovery.drill(Drill.COMPLETE).status()).isEqualTo(RunStatus.RECOVERED);
      CheckState held = of(health(checks), "objectives");
      assertThat(held.status()).as(held.toString()).isEqualTo(Status.UP);
      assertThat(held.latest().details()).containsOnlyKeys("RPO chats", "RTO critical", "RTO full");

      clock.advance(Duration.ofDays(2));
      CheckState missed = of(health(checks), "objectives");
      assertThat(missed.status()).isEqualTo(Status.DOWN);
      assertThat(missed.latest().code()).isEqualTo("OBJECTIVE_BREACHED");
      assertThat(missed.latest().description())
          .isEqualTo("RPO chats: the newest verified snapshot is too old, and 24 h are promised");
    }
  }

  @Test
  void passphrase_thatOpensNothing_isDown() throws IOException {
    repository.close();
    try (Secret right = Secret.ofPassphrase("right".toCharArray())) {
      repository = BackupRepository.builder(new MemoryStorage())
          .clock(clock)
          .kdf(TestKeys.cheapKdf())
          .create(right);
    }
    Map<String, Status> expected = Map.of("right", Status.UP, "wrong", Status.DOWN);
    for (String text : Set.of("right", "wrong")) {
      CheckState state = of(
          health(checks().passphrase(() -> Secret.ofPassphrase(text.toCharArray()))), "passphrase");
      assertThat(state.status()).as(text).isEqualTo(expected.get(text));
      assertThat(state.latest().toString()).doesNotContain(text + "\"").doesNotContain("'" + text);
    }
  }
}
