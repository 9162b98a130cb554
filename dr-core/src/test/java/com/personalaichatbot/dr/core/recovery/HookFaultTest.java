package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.Hook;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.RunMessage;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunPlan;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Urgency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hooks that throw, hang and lie, and applications that do not come up. */
class HookFaultTest {

  @TempDir
  Path temp;

  @AutoClose
  private LivingApplication application;

  @BeforeEach
  void live() throws Exception {
    application = new LivingApplication(temp);
    application.start();
  }

  private ApplicationHooks hooks(HookKind kind, Duration timeout, Hook hook) {
    return application.hooks().with(kind, timeout, hook);
  }

  private RunReport run(Recovery.Builder builder, Scenario scenario) throws IOException {
    try (Recovery recovery = builder.build()) {
      return recovery.run(recovery.plan(scenario, RunOptions.none()));
    }
  }

  private static StepReport step(RunReport report, String id) {
    return report.step(id).orElseThrow();
  }

  @Test
  void stop_hookThrowsAndSomethingListens_runFailsAndNothingIsStarted() throws Exception {
    AtomicInteger called = new AtomicInteger();
    RunReport report = run(
        application.recovery().hooks(hooks(HookKind.STOP, Duration.ofSeconds(5), call -> {
          called.incrementAndGet();
          throw new IOException("no such process");
        })),
        Scenario.PROCESS_FAILURE);

    assertThat(called).hasValue(1);
    assertThat(report.status()).isEqualTo(RunStatus.FAILED);
    assertThat(step(report, "stop").message()).contains("no such process");
    assertThat(step(report, "start").status()).isEqualTo(StepStatus.PENDING);
    assertThat(report.remaining()).anyMatch(line -> line.startsWith("start: "));
  }

  @Test
  void stop_hookThrowsAndNothingListens_isTakenForStopped() throws Exception {
    application.stop();

    RunReport report = run(
        application.recovery().hooks(hooks(HookKind.STOP, Duration.ofSeconds(5), call -> {
          throw new IOException("no such process");
        })),
        Scenario.PROCESS_FAILURE);

    assertThat(report.status())
        .as(LivingApplication.failures(report))
        .isEqualTo(RunStatus.RECOVERED);
    assertThat(step(report, "stop").notes()).anyMatch(n -> n.contains("no such process"));
  }

  @Test
  void stop_hookSaysStoppedAndPortAnswers_isNotBelieved() throws Exception {
    application.backUpAndVerify();

    RunReport report = run(
        application.recovery().hooks(hooks(HookKind.STOP, Duration.ofMillis(200), call -> {})),
        Scenario.DATA_CORRUPTION);

    assertThat(report.status()).isEqualTo(RunStatus.FAILED);
    assertThat(step(report, "stop").message()).contains("still answers");
    assertThat(step(report, "restore").status()).isEqualTo(StepStatus.PENDING);
  }

  @Test
  void stop_hookHangs_isInterruptedAndTheDataStaysLockedUntilItEnds() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Recovery.Builder builder = application
        .recovery()
        .hooks(hooks(HookKind.STOP, Duration.ofMillis(50), call -> {
          boolean over = false;
          while (!over) {
            try {
              release.await();
              over = true;
            } catch (InterruptedException e) {
              interrupted.countDown(); // And goes on, as a hook that hangs does.
            }
          }
          ended.countDown();
        }));
    try (Recovery recovery = builder.build()) {
      RunPlan plan = recovery.plan(Scenario.PROCESS_FAILURE, RunOptions.none());
      RunReport report = recovery.run(plan);

      assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(report.status()).isEqualTo(RunStatus.FAILED);
      assertThat(step(report, "stop").message())
          .contains("did not end within 50 ms", "has not ended since it was interrupted");
      assertThatThrownBy(() -> recovery.run(plan))
          .isInstanceOf(RepositoryLockedException.class)
          .hasMessageContaining("another run");

      release.countDown();
      assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(recovery.history()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DATA_CORRUPTION", "CONFIGURATION_LOSS"})
  void stop_channelHangs_isDoneMeanwhile(Scenario scenario) throws Exception {
    application.backUpAndVerify();
    RunListener hanging = new RunListener() {
      @Override
      public void changed(RunReport run) {}

      @Override
      public String tell(RunMessage notice) throws Exception {
        application.awaitStop(); // Forever, unless the stop does not wait for this.
        return "told";
      }
    };

    RunReport report = run(application.recovery().listener(hanging), scenario);

    assertThat(report.status())
        .as(LivingApplication.failures(report))
        .isEqualTo(RunStatus.RECOVERED);
    assertThat(step(report, "notify-team").status()).isEqualTo(StepStatus.DONE);
  }

  @Test
  void start_failsEachTime_givesUpAndPagesOnce() throws Exception {
    List<RunMessage> pages = new ArrayList<>();
    RunListener notices = new RunListener() {
      @Override
      public void changed(RunReport run) {}

      @Override
      public String tell(RunMessage notice) {
        if (notice.urgency() == Urgency.PAGE) {
          pages.add(notice);
        }
        return "told";
      }
    };
    AtomicInteger starts = new AtomicInteger();
    Recovery.Builder builder = application
        .recovery()
        .listener(notices)
        .operator(Operator.NOBODY)
        .restarts(3, Duration.ofMillis(1))
        .hooks(hooks(HookKind.START, Duration.ofSeconds(5), call -> {
          starts.incrementAndGet();
          throw new IOException("port in use");
        }));

    RunReport first = run(builder, Scenario.PROCESS_FAILURE);
    RunReport second = run(builder, Scenario.PROCESS_FAILURE);
    RunReport third = run(builder, Scenario.PROCESS_FAILURE);

    assertThat(first.status()).isEqualTo(RunStatus.FAILED);
    assertThat(step(first, "start").details()).containsEntry("starts", "3");
    assertThat(starts).hasValue(3);
    assertThat(List.of(second.status(), third.status())).containsOnly(RunStatus.STOPPED);
    assertThat(step(second, "restart-allowed").message()).contains("gave up");
    assertThat(pages).hasSize(1);
    assertThat(pages.get(0).text()).contains("given up after 3 starts");
  }

  @Test
  void start_hookSaysStartedAndNothingAnswers_isNotBelieved() throws Exception {
    AtomicInteger starts = new AtomicInteger();
    RunReport report = run(
        application
            .recovery()
            .startWithin(Duration.ofMillis(1))
            .hooks(hooks(HookKind.START, Duration.ofSeconds(5), call -> starts.incrementAndGet())),
        Scenario.PROCESS_FAILURE);

    assertThat(report.status()).isEqualTo(RunStatus.FAILED);
    assertThat(starts).hasValue(2);
    assertThat(step(report, "start").message()).contains("Given up after 2 starts");
    assertThat(step(report, "verify").status()).isEqualTo(StepStatus.PENDING);
  }

  @Test
  void start_failsOnceAndThenComesUp_isRecovered() throws Exception {
    AtomicInteger starts = new AtomicInteger();
    RunReport report = run(
        application.recovery().hooks(hooks(HookKind.START, Duration.ofSeconds(5), call -> {
          if (starts.incrementAndGet() == 1) {
            throw new IOException("not yet");
          }
          application.start();
        })),
        Scenario.PROCESS_FAILURE);

    assertThat(report.status())
        .as(LivingApplication.failures(report))
        .isEqualTo(RunStatus.RECOVERED);
    assertThat(step(report, "start").message()).contains("2. try");
    assertThat(step(report, "start").notes()).anyMatch(n -> n.contains("not yet"));
  }

  @Test
  void processFailure_dataIsDamaged_isStoppedAndNamesTheOtherScenario() throws Exception {
    Files.writeString(LivingApplication.conversation(application.data, 1), "{");

    RunReport report = run(application.recovery(), Scenario.PROCESS_FAILURE);

    assertThat(report.status()).isEqualTo(RunStatus.STOPPED);
    assertThat(step(report, "check-data").message()).contains("data-corruption");
    assertThat(application.isRunning()).isFalse();
  }

  @Test
  void run_needsAPersonAndNobodyIsThere_endsBeforeAnythingIsChanged() throws Exception {
    application.backUpAndVerify();
    RunReport report = run(
        application
            .recovery()
            .operator(Operator.NOBODY)
            .hooks(ApplicationHooks.none()
                .with(HookKind.STOP, Duration.ofSeconds(5), call -> application.stop())),
        Scenario.DATA_CORRUPTION);

    assertThat(report.status()).isEqualTo(RunStatus.STOPPED);
    assertThat(step(report, "start").message()).contains("Needs a person");
    assertThat(application.isRunning()).isTrue();
    assertThat(step(report, "stop").status()).isEqualTo(StepStatus.PENDING);
  }

  @Test
  void run_executorTakesNoWork_failsAndSaysSo() throws Exception {
    var executor = java.util.concurrent.Executors.newCachedThreadPool();
    try (Recovery recovery = application.recovery().executor(executor).build()) {
      RunPlan plan = recovery.plan(Scenario.PROCESS_FAILURE, RunOptions.none());
      executor.shutdown();

      RunReport report = recovery.run(plan);

      assertThat(report.status()).isEqualTo(RunStatus.FAILED);
      assertThat(step(report, "restart-allowed").message()).contains("takes no more work");
    }
  }

  @Test
  void executor_runsInTheCaller_isRefused() {
    assertThatThrownBy(() -> application.recovery().executor(Runnable::run))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
