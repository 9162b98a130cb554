package com.personalaichatbot.dr.core.internal.recovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Criticality;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.recovery.LivingApplication;
import com.personalaichatbot.dr.core.recovery.NewMachine;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.MemoryStorage;
import com.personalaichatbot.dr.core.testkit.TestKeys;
import com.personalaichatbot.dr.crypto.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The places of components on a machine that knows nothing but the repository. */
class LayoutTest {

  @TempDir
  Path temp;

  @AutoClose
  private LivingApplication application;

  private Path there;

  @BeforeEach
  void live() throws IOException {
    application = new LivingApplication(temp);
    there = temp.resolve("there");
  }

  private void backUp(Component... components) throws IOException {
    application.repository.backUp(List.of(components), BackupOptions.of(Purpose.MANUAL));
  }

  private Map<String, Path> places() throws IOException {
    return places(Optional.empty());
  }

  private Map<String, Path> places(Optional<SnapshotId> named) throws IOException {
    return Layout.components(application.repository, named, there).stream()
        .collect(
            Collectors.toMap(Component::name, c -> there.relativize(c.source().path())));
  }

  @Test
  void components_besideEachOther_keepTheirNames() throws IOException {
    application.backUp();

    assertThat(places())
        .containsOnly(
            Map.entry("config", Path.of("config")),
            Map.entry("secrets", Path.of(".env")),
            Map.entry("conversations", Path.of("conversations")),
            Map.entry("logs", Path.of("logs")),
            Map.entry("state", Path.of("state")));
    assertThat(Layout.components(application.repository, Optional.empty(), there))
        .extracting(Component::criticality)
        .isSorted()
        .endsWith(Criticality.FULL);
  }

  @Test
  void components_atDifferentDepths_keepTheirRelativePaths() throws IOException {
    Path data = application.data;
    backUp(
        Component.at("active", Kind.CONVERSATIONS, data.resolve("conversations/active")),
        Component.at("config", Kind.CONFIG, data.resolve("config")));

    assertThat(places())
        .containsOnly(
            Map.entry("active", Path.of("conversations/active")),
            Map.entry("config", Path.of("config")));
  }

  @Test
  void components_inSeveralSnapshots_areTakenTogether() throws IOException {
    Path data = application.data;
    backUp(Component.at("conversations", Kind.CONVERSATIONS, data.resolve("conversations")));
    backUp(Component.at("secrets", Kind.SECRETS, data.resolve(".env")));

    assertThat(places())
        .containsOnly(
            Map.entry("conversations", Path.of("conversations")),
            Map.entry("secrets", Path.of(".env")));
  }

  @Test
  void components_onlyOneDirectory_liesInTheData() throws IOException {
    backUp(Component.at("logs", Kind.LOGS, application.data.resolve("logs")));

    assertThat(places()).containsOnly(Map.entry("logs", Path.of("logs")));
  }

  @Test
  void components_aWholeDataDirectory_isTheDataDirectory() throws IOException {
    backUp(Component.at("data", Kind.CUSTOM, application.data));

    assertThat(places()).containsOnly(Map.entry("data", Path.of("")));
  }

  @Test
  void components_ofAnArchive_goToTheirUsualPlaces() throws IOException {
    application.backUp();
    Path archive = temp.resolve("export.tar.gz");
    application.repository.exportTo(Selector.LATEST, List.of(), archive);
    SnapshotId imported = application
        .repository
        .importFrom(archive, ImportOptions.DEFAULT)
        .snapshots()
        .values()
        .iterator()
        .next();

    assertThat(places(Optional.of(imported)).values())
        .contains(Path.of("config"), Path.of("conversations"), Path.of("logs"));
  }

  @Test
  void components_nothingBackedUp_areNone() throws IOException {
    assertThat(places()).isEmpty();
  }

  @Test
  void ofHost_severalOtherHosts_asksForAName() throws IOException {
    application.backUp();
    MemoryStorage copy = ((MemoryStorage) application.storage).crash();
    try (RootKey key = TestKeys.root();
        BackupRepository second = BackupRepository.builder(copy)
            .host("second")
            .executor(Runnable::run, 1)
            .open(key)) {
      second.backUp(
          List.of(Component.at("logs", Kind.LOGS, application.data.resolve("logs"))),
          BackupOptions.of(Purpose.MANUAL));
    }
    try (RootKey key = TestKeys.root();
        BackupRepository third = BackupRepository.builder(copy.crash())
            .host("third")
            .executor(Runnable::run, 1)
            .open(key)) {
      assertThatThrownBy(() -> GoodSnapshots.ofHost(third, Optional.empty()))
          .isInstanceOf(SnapshotNotFoundException.class)
          .hasMessageContaining("chatbot, second");
      SnapshotId named = third.snapshots().get(0).id();
      assertThat(GoodSnapshots.ofHost(third, Optional.of(named)))
          .allMatch(s -> s.host().equals("chatbot"));
    }
  }

  @Test
  void hardwareFailure_dataAlreadyThere_isKeptAndTheOtherHostIsStillFound() throws Exception {
    application.backUp();
    application.repository.verify(VerifyOptions.readAll());
    Path data = temp.resolve("new/data");
    Files.createDirectories(data.resolve("config"));
    Files.writeString(data.resolve("config/app_config.json"), "half a configuration");
    try (NewMachine machine = new NewMachine(application, data);
        Recovery recovery = machine.recovery().build()) {
      RunReport report = recovery.run(recovery.plan(Scenario.HARDWARE_FAILURE, RunOptions.none()));

      assertThat(report.status())
          .as(LivingApplication.failures(report))
          .isEqualTo(RunStatus.RECOVERED);
      assertThat(LivingApplication.content(data)).isEqualTo(application.content());
      assertThat(machine.repository.snapshots())
          .anyMatch(s -> s.host().equals("another") && s.purpose() == Purpose.QUARANTINE);
    }
  }

  @Test
  void configurationLoss_backupGivenByFile_isImportedAndRestored() throws Exception {
    Path data = application.data;
    String config = Files.readString(data.resolve("config/app_config.json"));
    backUp(Component.at("config", Kind.CONFIG, data.resolve("config")));
    Path archive = temp.resolve("config.tar.gz");
    application.repository.exportTo(Selector.LATEST, List.of(), archive);
    SnapshotId imported = application
        .repository
        .importFrom(archive, ImportOptions.DEFAULT)
        .snapshots()
        .get("config");
    Files.delete(data.resolve("config/app_config.json"));
    try (Recovery recovery = Recovery.builder(application.repository)
        .data(data)
        .state(application.state)
        .operator(Operator.ASSUME_YES)
        .build()) {
      RunReport report = recovery.run(
          recovery.plan(Scenario.CONFIGURATION_LOSS, RunOptions.none().withSnapshot(imported)));

      assertThat(report.status())
          .as(LivingApplication.failures(report))
          .isEqualTo(RunStatus.RECOVERED);
      assertThat(report.snapshots()).containsOnly(Map.entry("config", imported));
    }
    assertThat(data.resolve("config/app_config.json")).hasContent(config);
  }

  @Test
  void components_namedSnapshot_areThoseThatItHolds() throws IOException {
    Path data = application.data;
    application.backUp();
    backUp(Component.at("config", Kind.CONFIG, data.resolve("config")));
    SnapshotId named = application.repository.snapshots().get(1).id();

    assertThat(places(Optional.of(named))).containsOnly(Map.entry("config", Path.of("config")));
  }
}
