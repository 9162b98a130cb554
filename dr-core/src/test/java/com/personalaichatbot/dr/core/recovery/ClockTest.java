package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunPlan;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clocks that are set in the midst of a run, and between runs. */
class ClockTest {
  private static final Duration SECONDS = Duration.ofSeconds(20);

  @TempDir
  Path temp;

  private final SettableClock clock = SettableClock.at(Instant.parse("2026-11-23T03:45:12Z"));

  @AutoClose
  private LivingApplication application;

  @BeforeEach
  void live() throws Exception {
    application = new LivingApplication(temp, clock);
    application.start();
  }

  private Recovery recovery(Operator person) {
    return application.recovery().operator(person).build();
  }

  @Test
  void run_clockIsSetBackInTheMidst_tookNoLessThanItsSteps() throws Exception {
    Step set = Step.action("set", "Set the clock back", context -> {
          clock.advance(Duration.ofDays(-1));
          return "";
        })
        .timeout(SECONDS)
        .build();
    Runbook runbook = Runbook.of("own", "Own", "1", List.of(set));
    try (Recovery recovery = application.recovery().runbook(runbook).build()) {
      RunReport report = recovery.run(recovery.plan("own", RunOptions.none()));

      assertThat(report.ended().orElseThrow()).isBefore(report.started());
      Duration step = report.step("set").orElseThrow().duration();
      assertThat(step).isPositive();
      assertThat(report.recoveryTime().orElseThrow()).isGreaterThanOrEqualTo(step);
      assertThat(report.dataLoss()).isZero();
      assertThat(recovery.history()).containsExactly(report);
    }
  }

  @Test
  void restartAllowed_sixthTimeInAnHour_isNotUnlessAPersonIsThere() throws Exception {
    assertThat(runs(6, Operator.NOBODY))
        .startsWith(RunStatus.RECOVERED)
        .endsWith(RunStatus.RECOVERED, RunStatus.STOPPED);
    assertThat(runs(1, Operator.ASSUME_YES)).containsExactly(RunStatus.RECOVERED);

    clock.advance(Duration.ofMinutes(61));
    assertThat(runs(1, Operator.NOBODY)).containsExactly(RunStatus.RECOVERED);
  }

  @Test
  void restartAllowed_clockWasAheadBefore_isNotHeldAgainstIt() throws Exception {
    assertThat(runs(5, Operator.NOBODY)).containsOnly(RunStatus.RECOVERED);

    clock.advance(Duration.ofDays(-1));

    assertThat(runs(1, Operator.NOBODY)).containsExactly(RunStatus.RECOVERED);
  }

  private List<RunStatus> runs(int times, Operator person) throws IOException {
    List<RunStatus> ends = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      clock.advance(Duration.ofMinutes(1));
      try (Recovery recovery = recovery(person)) {
        RunPlan plan = recovery.plan(Scenario.PROCESS_FAILURE, RunOptions.none());
        ends.add(recovery.run(plan).status());
      }
    }
    return ends;
  }
}
