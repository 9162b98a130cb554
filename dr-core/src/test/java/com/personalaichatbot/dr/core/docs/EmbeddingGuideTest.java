package com.personalaichatbot.dr.core.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.DisasterRecovery;
import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.component.Source;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.CopyReport;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.Trust;
import com.personalaichatbot.dr.core.storage.LocalStorage;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.testkit.FaultyStorage;
import com.personalaichatbot.dr.core.testkit.StorageCall;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.HealthMonitor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The code that docs/embedding.md shows, run. */
class EmbeddingGuideTest {
  @TempDir
  private Path place;

  private Path data;

  @AutoClose
  private DisasterRecovery recovery;

  private final FaultyStorage storage = FaultyStorage.over(new MemoryStorage());
  private final List<String> operators = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    data = Files.createDirectories(place.resolve("data"));
    Files.createDirectories(data.resolve("config"));
    Files.writeString(data.resolve("config/app.json"), "{}");
    Files.writeString(data.resolve(".env"), "KEY=1");
    Files.writeString(
        Files.createDirectories(data.resolve("orders")).resolve("1"), "flour, three bags");
    try (RootKey root = TestKeys.root()) {
      recovery =
          DisasterRecovery.of(BackupRepository.builder(storage).create(root), components(data));
    }
  }

  private static List<Component> components(Path data) {
    // region components
    return List.of(
        Component.directory("config", Kind.CONFIG, data.resolve("config")),
        Component.file("secrets", Kind.SECRETS, data.resolve(".env")),
        Component.directory("orders", Kind.STATE, data.resolve("orders"))
            .withExcludes(List.of("*.tmp")));
    // endregion
  }

  @Test
  void open_asShown_makesTheRepository() throws IOException {
    recovery.close();
    Path backups = place.resolve("backups");
    Path state = place.resolve("state");
    char[] typed = "a passphrase that nobody guesses".toCharArray();
    // region open
    try (Secret passphrase = Secret.ofPassphrase(typed)) {
      recovery = DisasterRecovery.builder()
          .name("Shop")
          .components(components(data))
          .data(data)
          .state(state)
          .repository(backups)
          .passphrase(passphrase)
          .openOrCreate();
    }
    // endregion
    assertThat(recovery.backUp(Purpose.MANUAL).status()).isEqualTo(BackupStatus.COMPLETE);
    assertThat(state).isNotEmptyDirectory();
  }

  // region hourly
  private void hourly() {
    try {
      BackupReport report = recovery.backUp(Purpose.SCHEDULED);
      if (report.status() != BackupStatus.COMPLETE) {
        operators.add("not backed up: " + report.failures() + report.unaccepted());
      }
    } catch (IOException | RuntimeException e) {
      operators.add("no backup: " + e.getMessage());
    }
  }
  // endregion

  // region nightly
  private void nightly() {
    try {
      VerifyReport report = recovery.verify();
      if (!report.isClean()) {
        operators.add("damaged backups: " + report.damages());
      }
      BackupRepository repository = recovery.repository();
      PrunePlan plan =
          repository.planPrune(RetentionPolicy.recommended(), false, PruneOptions.DEFAULT);
      repository.prune(plan);
    } catch (IOException | RuntimeException e) {
      operators.add("backups not looked after: " + e.getMessage());
    }
  }
  // endregion

  // region copy
  private void copy(Path medium) throws IOException {
    try (Storage target = LocalStorage.at(medium)) {
      CopyReport report = recovery.repository().copies().copyTo(target, VerifyOptions.sample(5));
      if (!report.isWhole()) {
        operators.add("not copied, since damaged: " + report.damages());
      }
    }
  }
  // endregion

  // region heal
  private void heal(BackupRepository copy, Path original) throws IOException {
    try (Storage target = LocalStorage.at(original)) {
      CopyReport report = copy.copies().heal(target, VerifyOptions.readAll());
      if (!report.isWhole()) {
        operators.add("damaged in both: " + report.damages());
      }
    }
  }
  // endregion

  @Test
  void copy_asShown_isASecondRepository() throws IOException {
    hourly();
    copy(place.resolve("medium"));

    assertThat(operators).isEmpty();
    try (RootKey root = TestKeys.root();
        BackupRepository copy =
            BackupRepository.builder(LocalStorage.at(place.resolve("medium"))).open(root)) {
      assertThat(copy.head()).isEqualTo(recovery.repository().head());
    }
  }

  @Test
  void heal_asShown_mendsTheOriginal() throws IOException {
    Path original = place.resolve("original");
    Path medium = place.resolve("medium");
    try (RootKey root = TestKeys.root();
        BackupRepository repository =
            BackupRepository.builder(LocalStorage.at(original)).create(root)) {
      repository.backUp(recovery.components(), BackupOptions.of(Purpose.MANUAL));
      try (Storage target = LocalStorage.at(medium)) {
        repository.copies().copyTo(target, VerifyOptions.structure());
      }
      Files.write(original.resolve("FORMAT"), new byte[3]);
      try (BackupRepository copy =
          BackupRepository.builder(LocalStorage.at(medium)).open(root)) {
        heal(copy, original);
      }
      assertThat(operators).isEmpty();
      assertThat(repository.verify(VerifyOptions.readAll()).isClean()).isTrue();
    }
  }

  @Test
  void hourlyAndNightly_leaveVerifiedSnapshots() throws IOException {
    hourly();
    nightly();

    assertThat(operators).isEmpty();
    assertThat(recovery.repository().snapshots())
        .extracting(Snapshot::trust)
        .containsExactly(Trust.VERIFIED);
  }

  @Test
  void hourlyAndNightly_failing_tellOperatorsAndGoOn() {
    storage.fail(StorageCall.LIST);
    hourly();
    nightly();

    assertThat(operators).hasSize(2).allMatch(line -> line.contains("injected fault"));
  }

  @Test
  void restore_asShown_bringsBackAndCanBeUndone() throws IOException {
    hourly();
    nightly();
    Path order = data.resolve("orders/1");
    Files.writeString(order, "?");

    RestoreReport report = restore(line -> {});

    assertThat(report.status()).isEqualTo(RestoreReport.Status.COMPLETE);
    assertThat(order).hasContent("flour, three bags");
    recovery.repository().undo(recovery.components());
    assertThat(order).hasContent("?");
  }

  @Test
  void checks_asShown_tellOfBackups() throws IOException {
    hourly();
    try (HealthMonitor monitor = HealthMonitor.builder().build()) {
      // region checks
      recovery.checks().register(monitor);
      // endregion
      assertThat(monitor.check().checks())
          .extracting(CheckState::name)
          .contains("backup:config", "backup:secrets", "backup:orders", "verified", "drill");
    }
  }

  private RestoreReport restore(Consumer<String> screen) throws IOException {
    // region restore
    RestorePlan plan = recovery.planRestore(Selector.LATEST_GOOD);
    screen.accept("will replace " + plan.files().replace() + " files");
    return recovery.restore(plan);
    // endregion
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void backUp_fileThatIsHeldOpen_isReadThroughItsHandleOrListed() throws IOException {
    Path file = Files.createDirectories(data.resolve("log")).resolve("app.log");
    // region live file
    FileChannel log = FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Component logs = Component.of(
        "log", Kind.LOGS, Source.directory(file.getParent()).withLiveFile(file, LiveFile.of(log)));
    // endregion
    log.write(StandardCharsets.UTF_8.encode("a line\n"));
    List<Component> byPath = List.of(Component.directory("log", Kind.LOGS, file.getParent()));
    BackupReport lent =
        DisasterRecovery.of(recovery.repository(), List.of(logs)).backUp(Purpose.MANUAL);
    BackupReport notLent =
        DisasterRecovery.of(recovery.repository(), byPath).backUp(Purpose.MANUAL);
    log.close();

    assertThat(lent.status()).isEqualTo(BackupStatus.COMPLETE);
    assertThat(lent.snapshot().orElseThrow().bytes()).isEqualTo(7);
    assertThat(notLent.failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.path()).isEqualTo("log/app.log"));
  }
}
