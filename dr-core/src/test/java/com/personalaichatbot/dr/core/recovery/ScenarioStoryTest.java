package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each scenario, from a broken application to one that answers and was verified. */
class ScenarioStoryTest {

  @TempDir
  Path temp;

  @AutoClose
  private LivingApplication application;

  @BeforeEach
  void live() throws IOException {
    application = new LivingApplication(temp);
  }

  private RunReport run(Scenario scenario) throws IOException {
    return run(scenario, RunOptions.none());
  }

  private RunReport run(Scenario scenario, RunOptions options) throws IOException {
    try (Recovery recovery = application.recovery().build()) {
      return recovery.run(recovery.plan(scenario, options));
    }
  }

  private static StepReport step(RunReport report, String id) {
    return report.step(id).orElseThrow();
  }

  @Test
  void processFailure_hungApplication_isStoppedAndStartedAndAnswers() throws Exception {
    application.start();
    Map<String, String> before = application.content();

    RunReport report = run(Scenario.PROCESS_FAILURE);

    assertThat(report.status())
        .as(LivingApplication.failures(report))
        .isEqualTo(RunStatus.RECOVERED);
    assertThat(application.isRunning()).isTrue();
    assertThat(application.content()).isEqualTo(before);
    assertThat(step(report, "look-at-log").message()).contains("1 errors");
    assertThat(report.recoveryTime()).isPresent();
    assertThat(report.snapshots()).isEmpty();
    assertThat(report.dataLoss()).isZero();
  }

  @Test
  void dataCorruption_damagedAndGoneFiles_comeBackAndNewerOnesStay() throws Exception {
    application.start();
    Map<String, String> good = application.content();
    SnapshotId id = application.backUpAndVerify();
    Path data = application.data;
    LivingApplication.writeConversation(data, 0, "newer than the backup");
    LivingApplication.writeConversation(data, 9, "made after the backup");
    Files.writeString(LivingApplication.conversation(data, 1), "{\"id\": ");
    Files.delete(LivingApplication.conversation(data, 2));
    Files.writeString(data.resolve("config/app_config.json"), "not json");

    RunReport report = run(Scenario.DATA_CORRUPTION);

    assertThat(report.status())
        .as(LivingApplication.failures(report))
        .isEqualTo(RunStatus.RECOVERED);
    assertThat(application.isRunning()).isTrue();
    Map<String, String> after = application.content();
    assertThat(after.get("config/app_config.json")).isEqualTo(good.get("config/app_config.json"));
    assertThat(Files.readString(LivingApplication.conversation(data, 0))).contains("newer");
    assertThat(Files.readString(LivingApplication.conversation(data, 1))).contains("hello 1");
    assertThat(Files.readString(LivingApplication.conversation(data, 2))).contains("hello 2");
    assertThat(Files.readString(LivingApplication.conversation(data, 9))).contains("made after");
    assertThat(report.snapshots()).containsOnlyKeys("config", "conversations").containsValue(id);
    assertThat(report.dataLoss()).isPositive();
    assertThat(application.repository.snapshots())
        .anyMatch(s -> s.purpose() == Purpose.QUARANTINE
            && s.tags().contains("incident-" + report.incident()));
  }

  @Test
  void configurationLoss_missingEnv_comesBackAndKeysAreNamed() throws Exception {
    SnapshotId id = application.backUpAndVerify();
    Path data = application.data;
    String env = Files.readString(data.resolve(".env"));
    Files.delete(data.resolve(".env"));
    Files.writeString(LivingApplication.conversation(data, 1), "{\"id\": ");
    LivingApplication.writeConversation(data, 1, "said since");

    RunReport report = run(Scenario.CONFIGURATION_LOSS);

    assertThat(report.status())
        .as(LivingApplication.failures(report))
        .isEqualTo(RunStatus.RECOVERED);
    assertThat(data.resolve(".env")).hasContent(env);
    assertThat(Files.readString(LivingApplication.conversation(data, 1))).contains("said since");
    assertThat(report.snapshots()).containsOnly(Map.entry("secrets", id));
    assertThat(step(report, "keys-to-renew").notes())
        .anyMatch(n -> n.startsWith("OPENROUTER_API_KEY has the fingerprint"))
        .noneMatch(n -> n.contains(LivingApplication.OLD_KEY));
  }

  @Test
  void configurationLoss_validFileWithLostSettings_isRestored() throws Exception {
    application.backUpAndVerify();
    Path config = application.data.resolve("config/app_config.json");
    String good = Files.readString(config);
    Files.writeString(config, good.replace(", \"port\": 7860", ""));

    RunReport report = run(Scenario.CONFIGURATION_LOSS);

    assertThat(report.status())
        .as(LivingApplication.failures(report))
        .isEqualTo(RunStatus.RECOVERED);
    assertThat(config).hasContent(good);
  }

  @Test
  void hardwareFailure_bareMachine_runsFromTheRepositoryAlone() throws Exception {
    Map<String, String> good = application.content();
    application.backUp();
    Path elsewhere = temp.resolve("new-machine/data");
    try (NewMachine machine = new NewMachine(application, elsewhere)) {
      try (Recovery recovery = machine.recovery().build()) {
        RunReport report =
            recovery.run(recovery.plan(Scenario.HARDWARE_FAILURE, RunOptions.none()));

        assertThat(report.status())
            .as(LivingApplication.failures(report))
            .isEqualTo(RunStatus.RECOVERED);
        assertThat(LivingApplication.content(elsewhere)).isEqualTo(good);
        assertThat(step(report, "verify-restored").status()).isEqualTo(StepStatus.DONE);
        assertThat(report.snapshots())
            .containsOnlyKeys("config", "secrets", "conversations", "logs", "state");
        assertThat(step(report, "prepare-machine").status())
            .isEqualTo(StepStatus.NOT_CONFIRMED_BY_A_PERSON);
      }
    }
  }

  @Test
  void securityBreach_renewedSecrets_replaceThoseThatWereKnown() throws Exception {
    application.start();
    Map<String, String> good = application.content();
    application.backUpAndVerify();
    Path data = application.data;
    Files.writeString(data.resolve("config/backdoor.sh"), "echo");
    Files.writeString(data.resolve("conversations/active/planted.json"), "{}");
    Path renewed = temp.resolve("renewed.env");
    LivingApplication.writeEnv(renewed, LivingApplication.NEW_KEY, "new");

    RunReport report = run(Scenario.SECURITY_BREACH, RunOptions.none().withSecrets(renewed));

    assertThat(report.status())
        .as(LivingApplication.failures(report))
        .isEqualTo(RunStatus.RECOVERED);
    assertThat(application.isRunning()).isTrue();
    Map<String, String> after = application.content();
    good.put(".env", Files.readString(renewed));
    assertThat(after).isEqualTo(good);
    assertThat(application.repository.snapshots())
        .filteredOn(s -> s.tags().contains("incident-" + report.incident()))
        .allMatch(s -> s.hold().isPresent())
        .anyMatch(s -> s.component("evidence").isPresent());
  }
}
