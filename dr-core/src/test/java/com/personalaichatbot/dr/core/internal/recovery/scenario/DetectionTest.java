package com.personalaichatbot.dr.core.internal.recovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.recovery.LivingApplication;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.SuggestedScenario;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.HealthMonitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectionTest {

  @TempDir
  Path temp;

  @AutoClose
  private LivingApplication application;

  @BeforeEach
  void live() throws Exception {
    application = new LivingApplication(temp);
    application.start();
  }

  private List<SuggestedScenario> propose() throws Exception {
    try (Recovery recovery = application.recovery().build()) {
      return recovery.propose();
    }
  }

  private List<Scenario> scenarios() throws Exception {
    return propose().stream().map(SuggestedScenario::scenario).toList();
  }

  private static Health health(String name, CheckResult result, String... groups) throws Exception {
    try (HealthMonitor monitor = HealthMonitor.builder().build()) {
      CheckSettings settings = CheckSettings.DEFAULT.in(groups).downAfter(1);
      monitor.register(name, () -> result, settings);
      return monitor.check();
    }
  }

  private static List<Scenario> scenarios(Health health) {
    Detection detection = new Detection();
    detection.add(health);
    return detection.proposals().stream().map(SuggestedScenario::scenario).toList();
  }

  @Test
  void propose_allIsWell_isEmpty() throws Exception {
    assertThat(propose()).isEmpty();
  }

  @Test
  void propose_nothingAnswers_isProcessFailure() throws Exception {
    application.stop();

    assertThat(propose()).singleElement().satisfies(p -> {
      assertThat(p.scenario()).isEqualTo(Scenario.PROCESS_FAILURE);
      assertThat(p.reasons()).singleElement().asString().contains("does not answer");
    });
  }

  @Test
  void propose_brokenConversation_isDataCorruption() throws Exception {
    Files.writeString(LivingApplication.conversation(application.data, 1), "{");

    assertThat(propose()).singleElement().satisfies(p -> {
      assertThat(p.scenario()).isEqualTo(Scenario.DATA_CORRUPTION);
      assertThat(p.reasons()).singleElement().asString().contains("000000000001.json");
    });
  }

  @Test
  void propose_envIsGoneAndNothingAnswers_namesTheCauseFirst() throws Exception {
    application.stop();
    Files.delete(application.data.resolve(".env"));

    assertThat(scenarios()).containsExactly(Scenario.CONFIGURATION_LOSS, Scenario.PROCESS_FAILURE);
  }

  @Test
  void propose_dataIsGone_isHardwareFailure() throws Exception {
    TargetDirectories.deleteTree(application.data);

    assertThat(scenarios()).first().isEqualTo(Scenario.HARDWARE_FAILURE);
  }

  @Test
  void add_readyCheckIsDown_isProcessFailure() throws Exception {
    CheckResult down = CheckResult.down("BAD_STATUS", "answers 500", "look");

    assertThat(scenarios(health("http", down, Health.READY)))
        .containsExactly(Scenario.PROCESS_FAILURE);
  }

  @Test
  void add_dependencyIsDown_isNothingOfOurs() throws Exception {
    CheckResult down = CheckResult.down("NO_ANSWER", "does not answer", "wait");

    assertThat(scenarios(health("provider", down))).isEmpty();
  }

  @Test
  void add_secretInALog_isASecurityBreach() throws Exception {
    CheckResult down = CheckResult.down("SECRET_IN_LOG", "a key is in the log", "renew it");

    assertThat(scenarios(health("security", down, Health.SECURITY)))
        .containsExactly(Scenario.SECURITY_BREACH);
  }

  @Test
  void add_errorsInTheLogOfARunningProcess_isDataCorruption() throws Exception {
    CheckResult errors = CheckResult.degraded("LOG_ERRORS", "20 errors a minute", "read the log");

    assertThat(scenarios(health("log", errors))).containsExactly(Scenario.DATA_CORRUPTION);
  }
}
