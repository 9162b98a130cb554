package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.health.ValidationReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ValidationStepsTest {
  @TempDir
  Path temp;

  @AutoClose
  private LivingApplication application;

  @BeforeEach
  void live() throws Exception {
    application = new LivingApplication(temp);
    application.start();
  }

  private static StepReport tests(RunReport run) {
    return run.step("test-deployment").orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(Drill.class)
  void drill_each_testsWhatWasRestoredAndChecksItsHealth(Drill drill) throws Exception {
    application.backUp();
    try (Recovery recovery = application.recovery().build()) {
      RunReport run = recovery.drill(drill);

      assertThat(tests(run).message()).isEqualTo("All 6 validation tests passed.");
      assertThat(run.step("verify").orElseThrow().details()).containsKey("health");
    }
  }

  @Test
  void run_runningApplication_isTestedAtItsAddressToo() throws Exception {
    application.backUp();
    Files.writeString(LivingApplication.conversation(application.data, 1), "{");
    try (Recovery recovery = application.recovery().build()) {
      RunReport run = recovery.run(recovery.plan(Scenario.DATA_CORRUPTION, RunOptions.none()));

      assertThat(run.status()).isEqualTo(RunStatus.RECOVERED);
      assertThat(tests(run).details()).containsEntry("tests", "10").containsEntry("failed", "0");
    }
  }

  @Test
  void tests_oneFails_isNamedAndEndsNoRun() throws Exception {
    application.backUp();
    List<Component> withoutLogs = LivingApplication.components(application.data).stream()
        .filter(component -> component.kind() != Kind.LOGS)
        .toList();
    try (Recovery recovery = application.recovery().components(withoutLogs).build()) {
      RunReport run = recovery.drill(Drill.COMPLETE);

      assertThat(run.status()).isEqualTo(RunStatus.RECOVERED);
      assertThat(tests(run).status()).isEqualTo(StepStatus.SKIPPED);
      assertThat(tests(run).message()).contains("1 of 6 validation tests failed");
      assertThat(tests(run).notes()).anyMatch(note -> note.startsWith("directories: "));
    }
  }

  @Test
  void tests_applicationWithAValidatorOfItsOwn_areNotThoseOfTheOriginal() throws Exception {
    application.backUp();
    try (Recovery recovery = application
        .recovery()
        .validator(data -> new ValidationReport(List.of()))
        .build()) {
      RunReport run = recovery.drill(Drill.RESTORE);

      assertThat(tests(run).status()).isEqualTo(StepStatus.DONE);
      assertThat(tests(run).message()).contains("tests of its own");
      assertThat(tests(run).details()).doesNotContainKey("tests");
    }
  }
}
