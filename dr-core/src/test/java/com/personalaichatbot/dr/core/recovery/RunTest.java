package com.personalaichatbot.dr.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RunRefusedException;
import com.personalaichatbot.dr.core.recovery.runbook.Confirmation;
import com.personalaichatbot.dr.core.recovery.runbook.ConfirmationRequest;
import com.personalaichatbot.dr.core.recovery.runbook.Operator;
import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.RunMessage;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunOptions;
import com.personalaichatbot.dr.core.recovery.runbook.RunPlan;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Runbook;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.testkit.Fault;
import com.personalaichatbot.dr.core.testkit.FaultyFileSystem;
import com.personalaichatbot.dr.core.testkit.FileCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine, on runbooks of a few steps. */
class RunTest {
  private static final Duration SECONDS = Duration.ofSeconds(20);

  @TempDir
  Path temp;

  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  @AutoClose
  private LivingApplication application;

  @BeforeEach
  void live() throws IOException {
    application = new LivingApplication(temp);
  }

  private Step.Builder action(String id) {
    return Step.action(id, "Do " + id, context -> {
          done.add(id);
          return id + " is done.";
        })
        .timeout(SECONDS);
  }

  private static Step.Action failing(String message) {
    return context -> {
      throw new IOException(message);
    };
  }

  private static Runbook runbook(Step... steps) {
    return Runbook.of("own", "A runbook of one's own", "1", List.of(steps));
  }

  private RunReport run(Runbook runbook) throws IOException {
    return run(application.recovery(), runbook);
  }

  private static RunReport run(Recovery.Builder builder, Runbook runbook) throws IOException {
    try (Recovery recovery = builder.runbook(runbook).build()) {
      return recovery.run(recovery.plan("own", RunOptions.none()));
    }
  }

  private static StepReport step(RunReport report, String id) {
    return report.step(id).orElseThrow();
  }

  @Test
  void run_stepsInOrder_areDoneAndReportedAsJournalled() throws Exception {
    try (Recovery recovery = application
        .recovery()
        .runbook(runbook(action("one").build(), action("two").build()))
        .build()) {
      RunReport report = recovery.run(recovery.plan("own", RunOptions.none()));

      assertThat(done).containsExactly("one", "two");
      assertThat(report.status()).isEqualTo(RunStatus.RECOVERED);
      assertThat(step(report, "two").message()).isEqualTo("two is done.");
      assertThat(recovery.history()).containsExactly(report);
    }
  }

  @Test
  void insert_beforeAndAfter_areRunInTheirPlaceAndChangeTheHash() throws Exception {
    Runbook before = runbook(action("one").build(), action("three").build());
    Runbook after = before
        .insertAfter("one", action("two").build())
        .insertBefore("one", action("zero").build());

    run(after);

    assertThat(done).containsExactly("zero", "one", "two", "three");
    try (Recovery first = application.recovery().runbook(before).build();
        Recovery second = application.recovery().runbook(after).build()) {
      assertThat(first.plan("own", RunOptions.none()).hash())
          .isNotEqualTo(second.plan("own", RunOptions.none()).hash());
    }
    assertThatThrownBy(() -> before.insertAfter("none", action("x").build()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> before.insertAfter("one", action("three").build()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void build_noTimeout_isRefused() {
    assertThatThrownBy(() -> Step.action("one", "One", context -> "").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("time-out");
  }

  @Test
  void remember_valueOfAStep_isRecalledByLaterOnes() throws Exception {
    RunReport report = run(runbook(
        Step.action("one", "One", context -> {
              context.remember("what", "this");
              context.detail("figure", "7");
              context.note("look");
              return "";
            })
            .timeout(SECONDS)
            .build(),
        Step.action("two", "Two", context -> context.recall("what").orElse("nothing"))
            .timeout(SECONDS)
            .build()));

    assertThat(step(report, "two").message()).isEqualTo("this");
    assertThat(step(report, "one").details()).containsEntry("figure", "7");
    assertThat(step(report, "one").notes()).containsExactly("look");
  }

  @Test
  void alreadyDone_true_isNotRun() throws Exception {
    RunReport report = run(runbook(action("one").alreadyDone(context -> true).build()));

    assertThat(done).isEmpty();
    assertThat(step(report, "one").status()).isEqualTo(StepStatus.ALREADY_DONE);
  }

  @Test
  void verify_fails_theStepHasFailed() throws Exception {
    RunReport report = run(runbook(action("one").verify(failing("it is not so")).build()));

    assertThat(done).containsExactly("one");
    assertThat(step(report, "one").status()).isEqualTo(StepStatus.FAILED);
    assertThat(report.status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void failure_stop_endsTheRunAndNamesWhatIsLeftByHand() throws Exception {
    RunReport report = run(runbook(
        Step.action("one", "One", failing("no")).timeout(SECONDS).build(),
        action("two").byHand("Do two by hand.").build()));

    assertThat(report.status()).isEqualTo(RunStatus.FAILED);
    assertThat(done).isEmpty();
    assertThat(report.remaining()).containsExactly("one: One", "two: Do two by hand.");
    assertThat(report.recoveryTime()).isEmpty();
  }

  @Test
  void failure_skip_goesOnWithTheReason() throws Exception {
    RunReport report = run(runbook(
        Step.action("one", "One", failing("no"))
            .onFailure(Step.OnFailure.SKIP)
            .timeout(SECONDS)
            .build(),
        action("two").build()));

    assertThat(report.status()).isEqualTo(RunStatus.RECOVERED);
    assertThat(step(report, "one").status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(step(report, "one").message()).contains("no");
  }

  @Test
  void failure_undo_takesBackWhatWasDoneTheLatestFirst() throws Exception {
    RunReport report = run(runbook(
        action("one").undo(context -> undo("one")).build(),
        action("two").build(),
        action("three").undo(context -> undo("three")).build(),
        Step.action("four", "Four", failing("no"))
            .onFailure(Step.OnFailure.UNDO)
            .timeout(SECONDS)
            .build()));

    assertThat(done).containsExactly("one", "two", "three", "undo three", "undo one");
    assertThat(report.status()).isEqualTo(RunStatus.FAILED);
    assertThat(step(report, "one").status()).isEqualTo(StepStatus.UNDONE);
    assertThat(step(report, "two").status()).isEqualTo(StepStatus.DONE);
  }

  private String undo(String id) {
    done.add("undo " + id);
    return id + " is undone.";
  }

  @Test
  void failure_handOver_goesOnWhenAPersonHasDoneIt() throws Exception {
    Runbook runbook = runbook(
        Step.action("one", "One", failing("no"))
            .onFailure(Step.OnFailure.HAND_OVER)
            .timeout(SECONDS)
            .build(),
        action("two").build());

    RunReport confirmed = run(application.recovery().operator(saying(true)), runbook);
    RunReport nobody = run(application.recovery().operator(Operator.NOBODY), runbook);
    RunReport assumed = run(application.recovery().operator(Operator.ASSUME_YES), runbook);

    assertThat(confirmed.status()).isEqualTo(RunStatus.RECOVERED);
    assertThat(step(confirmed, "one").status()).isEqualTo(StepStatus.CONFIRMED);
    assertThat(nobody.status()).isEqualTo(RunStatus.FAILED);
    assertThat(assumed.status()).isEqualTo(RunStatus.FAILED);
  }

  private static Operator saying(boolean yes) {
    return new Operator() {
      @Override
      public boolean isThere() {
        return true;
      }

      @Override
      public Confirmation ask(ConfirmationRequest question) {
        return yes ? Confirmation.yes("Ada") : Confirmation.no("Ada");
      }
    };
  }

  @Test
  void manual_answers_decide() throws Exception {
    Runbook runbook = runbook(
        Step.manual("one", "One").timeout(SECONDS).build(), action("two").build());

    assertThat(step(run(application.recovery().operator(saying(true)), runbook), "one")
            .status())
        .isEqualTo(StepStatus.CONFIRMED);
    assertThat(run(application.recovery().operator(saying(false)), runbook).status())
        .isEqualTo(RunStatus.STOPPED);
    assertThat(step(run(application.recovery().operator(Operator.ASSUME_YES), runbook), "one")
            .status())
        .isEqualTo(StepStatus.NOT_CONFIRMED_BY_A_PERSON);
  }

  @Test
  void manual_nobodyAnswersInTime_stops() throws Exception {
    Operator silent = new Operator() {
      @Override
      public boolean isThere() {
        return true;
      }

      @Override
      public Confirmation ask(ConfirmationRequest question) throws InterruptedException {
        new CountDownLatch(1).await();
        return Confirmation.no("");
      }
    };

    RunReport report = run(
        application.recovery().operator(silent),
        runbook(Step.manual("one", "One").timeout(Duration.ofMillis(50)).build()));

    assertThat(report.status()).isEqualTo(RunStatus.STOPPED);
    assertThat(step(report, "one").message()).contains("Nobody answered");
  }

  @Test
  void parallel_parts_runAtTheSameTime() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    Step.Action meet = context -> {
      both.await(10, TimeUnit.SECONDS);
      return "met";
    };
    RunReport report = run(runbook(Step.parallel(
            "all",
            "Both",
            List.of(
                Step.action("left", "Left", meet).timeout(SECONDS).build(),
                Step.action("right", "Right", meet).timeout(SECONDS).build()))
        .timeout(SECONDS)
        .build()));

    assertThat(report.status()).isEqualTo(RunStatus.RECOVERED);
    assertThat(report.steps()).extracting(StepReport::id).containsExactly("all", "left", "right");
    assertThat(report.steps()).extracting(StepReport::message).contains("met");
  }

  @Test
  void parallel_onePartFails_theOthersAreStillReported() throws Exception {
    RunReport report = run(runbook(Step.parallel(
            "all",
            "Both",
            List.of(
                Step.action("left", "Left", failing("no")).timeout(SECONDS).build(),
                action("right").build()))
        .timeout(SECONDS)
        .build()));

    assertThat(report.status()).isEqualTo(RunStatus.FAILED);
    assertThat(step(report, "right").status()).isEqualTo(StepStatus.DONE);
    assertThat(report.remaining()).containsExactly("left: Left");
  }

  @Test
  void run_twoAtOnce_theSecondIsRefused() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Runbook runbook = runbook(Step.action("one", "One", context -> {
          begun.countDown();
          go.await();
          return "";
        })
        .timeout(SECONDS)
        .build());
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Recovery first = application.recovery().runbook(runbook).build();
        Recovery second = application.recovery().runbook(runbook).build()) {
      Future<RunReport> running =
          threads.submit(() -> first.run(first.plan("own", RunOptions.none())));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

      assertThatThrownBy(() -> second.run(second.plan("own", RunOptions.none())))
          .isInstanceOf(RepositoryLockedException.class)
          .hasMessageContaining("another run works on it");

      go.countDown();
      assertThat(running.get(10, TimeUnit.SECONDS).status()).isEqualTo(RunStatus.RECOVERED);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Cuts a run off right after the intent of a step: the next line cannot be written. */
  private void cutOffIn(String step, Runbook runbook) throws IOException {
    FaultyFileSystem files = new FaultyFileSystem(temp.getFileSystem());
    Fault[] cut = new Fault[1];
    Step before = runbook.step(step).orElseThrow();
    RunListener notices = new RunListener() {
      @Override
      public void changed(RunReport run) {
        boolean begun =
            run.step(before.id()).filter(s -> s.status() == StepStatus.RUNNING).isPresent();
        if (begun && cut[0] == null) {
          cut[0] = files.fail(FileCall.WRITE).of(name -> name.endsWith(".journal"));
        }
      }

      @Override
      public String tell(RunMessage notice) {
        return "";
      }
    };
    try (BackupRepository repository =
            application.open(files.path(application.state), Clock.systemUTC());
        Recovery recovery =
            application.recovery(repository).listener(notices).runbook(runbook).build()) {
      assertThatThrownBy(() -> recovery.run(recovery.plan("own", RunOptions.none())))
          .isInstanceOf(IOException.class);
    }
    assertThat(cut[0].fired()).isTrue();
  }

  private String cutOff(Recovery recovery) throws IOException {
    List<RunReport> history = recovery.history();
    assertThat(history).last().extracting(RunReport::status).isEqualTo(RunStatus.RUNNING);
    return history.get(history.size() - 1).incident();
  }

  @Test
  void run_oneWasCutOff_isRefusedUntilItIsResumed() throws Exception {
    Runbook runbook = runbook(action("one").build(), action("two").build());
    cutOffIn("two", runbook);
    try (Recovery recovery = application.recovery().runbook(runbook).build()) {
      RunPlan plan = recovery.plan("own", RunOptions.none());
      assertThatThrownBy(() -> recovery.run(plan))
          .isInstanceOf(RunRefusedException.class)
          .hasMessageContaining("cut off");

      RunReport report = recovery.resume(cutOff(recovery));

      assertThat(report.status()).isEqualTo(RunStatus.RECOVERED);
      assertThat(report.notes()).anyMatch(n -> n.contains("went on"));
      assertThat(done).containsExactly("one", "two", "two");
      assertThat(recovery.run(plan).status()).isEqualTo(RunStatus.RECOVERED);
    }
  }

  @Test
  void resume_stepThatTellsThatItWasDone_isNotRunAgain() throws Exception {
    Runbook runbook =
        runbook(action("one").alreadyDone(context -> done.contains("one")).build());
    cutOffIn("one", runbook);
    try (Recovery recovery = application.recovery().runbook(runbook).build()) {
      RunReport report = recovery.resume(cutOff(recovery));

      assertThat(done).containsExactly("one");
      assertThat(step(report, "one").status()).isEqualTo(StepStatus.ALREADY_DONE);
    }
  }

  @Test
  void resume_stepThatMustNotBeRepeated_asksThePerson() throws Exception {
    Runbook runbook =
        runbook(action("one").notRepeatable().build(), action("two").build());
    cutOffIn("one", runbook);
    try (Recovery recovery =
        application.recovery().operator(saying(true)).runbook(runbook).build()) {
      RunReport report = recovery.resume(cutOff(recovery));

      assertThat(done).containsExactly("one", "two");
      assertThat(step(report, "one").status()).isEqualTo(StepStatus.CONFIRMED);
    }
  }

  @Test
  void resume_stepThatMustNotBeRepeatedAndNobodyKnows_stops() throws Exception {
    Runbook runbook =
        runbook(action("one").notRepeatable().build(), action("two").build());
    cutOffIn("one", runbook);
    try (Recovery recovery =
        application.recovery().operator(Operator.ASSUME_YES).runbook(runbook).build()) {
      RunReport report = recovery.resume(cutOff(recovery));

      assertThat(report.status()).isEqualTo(RunStatus.STOPPED);
      assertThat(done).containsExactly("one");
    }
  }

  @Test
  void resume_runbookWasChanged_isRefusedUntilItsHashIsAccepted() throws Exception {
    Runbook runbook = runbook(action("one").build(), action("two").build());
    cutOffIn("one", runbook);
    Runbook changed = runbook.insertAfter("one", action("between").build());
    try (Recovery recovery = application.recovery().runbook(changed).build()) {
      String incident = cutOff(recovery);
      String hash = recovery.plan("own", RunOptions.none()).hash();
      assertThatThrownBy(() -> recovery.resume(incident))
          .isInstanceOf(RunRefusedException.class)
          .hasMessageContaining("steps have changed");
      assertThatThrownBy(() -> recovery.resume(incident, "0".repeat(64)))
          .isInstanceOf(RunRefusedException.class);

      RunReport report = recovery.resume(incident, hash);

      assertThat(report.status()).isEqualTo(RunStatus.RECOVERED);
      assertThat(report.planHash()).isEqualTo(hash);
      assertThat(report.notes()).anyMatch(n -> n.contains("was accepted"));
      assertThat(done).containsExactly("one", "one", "between", "two");
    }
  }

  @Test
  void resume_journalWasEdited_isRefusedAndANewRunMayBegin() throws Exception {
    Runbook runbook = runbook(action("one").build(), action("two").build());
    cutOffIn("two", runbook);
    Path journal = journal();
    String text = Files.readString(journal);
    Files.writeString(journal, text.replaceFirst("\"sealed\":\"..", "\"sealed\":\"AA"));
    try (Recovery recovery = application.recovery().runbook(runbook).build()) {
      String incident = journal.getFileName().toString().replace(".journal", "");
      assertThatThrownBy(() -> recovery.resume(incident))
          .isInstanceOf(RunRefusedException.class)
          .hasMessageContaining("cannot be relied on");
      assertThat(recovery.run(recovery.plan("own", RunOptions.none())).status())
          .isEqualTo(RunStatus.RECOVERED);
    }
  }

  private Path journal() throws IOException {
    try (Stream<Path> all = Files.walk(application.state)) {
      return all.filter(p -> p.toString().endsWith(".journal")).findFirst().orElseThrow();
    }
  }

  @Test
  void resume_noSuchRunOrOneThatEnded_isRefused() throws Exception {
    RunReport ended = run(runbook(action("one").build()));
    try (Recovery recovery = application.recovery().build()) {
      assertThatThrownBy(() -> recovery.resume("../../etc/passwd"))
          .isInstanceOf(RunRefusedException.class);
      assertThatThrownBy(() -> recovery.resume("20261123-034512-ffff"))
          .isInstanceOf(RunRefusedException.class);
      assertThatThrownBy(() -> recovery.resume(ended.incident()))
          .isInstanceOf(RunRefusedException.class)
          .hasMessageContaining("has ended");
    }
  }

  @Test
  void run_planOfAnotherRecovery_isRefused() throws Exception {
    try (Recovery one =
            application.recovery().runbook(runbook(action("one").build())).build();
        Recovery other =
            application.recovery().runbook(runbook(action("one").build())).build()) {
      RunPlan plan = one.plan("own", RunOptions.none());
      assertThatThrownBy(() -> other.run(plan)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void dryRun_anyScenario_changesNothingAndAsksNobody() throws Exception {
    application.backUpAndVerify();
    Files.writeString(LivingApplication.conversation(application.data, 1), "{");
    int snapshots = application.repository.snapshots().size();
    try (Recovery recovery = application.recovery().build()) {
      for (Scenario scenario : Scenario.values()) {
        var before = application.content();

        RunReport report = recovery.dryRun(recovery.plan(scenario, RunOptions.none()));

        assertThat(application.content()).isEqualTo(before);
        assertThat(report.mode()).isEqualTo(RunMode.DRY_RUN);
        assertThat(report.steps())
            .extracting(StepReport::status)
            .doesNotContain(StepStatus.DONE, StepStatus.PENDING);
      }
      assertThat(recovery.history()).isEmpty();
    }
    assertThat(application.calls).isEmpty();
    assertThat(application.repository.snapshots()).hasSize(snapshots);
  }

  @Test
  void dryRun_corruption_saysWhatWouldBeRestored() throws Exception {
    application.backUpAndVerify();
    Files.writeString(LivingApplication.conversation(application.data, 1), "{");
    try (Recovery recovery = application.recovery().build()) {
      RunReport report =
          recovery.dryRun(recovery.plan(Scenario.DATA_CORRUPTION, RunOptions.none()));

      assertThat(step(report, "plan-restore").message())
          .contains("1 damaged")
          .contains("1 replaced");
    }
  }

  @Test
  void start_nothingWasRestored_isRefused() throws Exception {
    Step start = Recovery.builtIn(Scenario.DATA_CORRUPTION).step("start").orElseThrow();

    RunReport report = run(runbook(start));

    assertThat(report.status()).isEqualTo(RunStatus.STOPPED);
    assertThat(step(report, "start").message()).contains("Nothing was restored");
    assertThat(application.isRunning()).isFalse();
  }

  @Test
  void notices_hangOrThrow_doNotHoldTheRunUp() throws Exception {
    RunListener broken = new RunListener() {
      @Override
      public void changed(RunReport run) {
        throw new IllegalStateException("no");
      }

      @Override
      public String tell(RunMessage notice) throws IOException {
        throw new IOException("no channel");
      }
    };
    RunReport report = run(
        application.recovery().listener(broken),
        runbook(
            Step.notify("tell", "Tell", "team", context -> "text")
                .timeout(SECONDS)
                .build(),
            action("one").build()));

    assertThat(report.status()).isEqualTo(RunStatus.RECOVERED);
    assertThat(step(report, "tell").status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(step(report, "tell").message()).contains("no channel");
  }

  @Test
  void plan_text_namesEachStepAndWhoAnswersForIt() throws Exception {
    try (Recovery recovery = application.recovery().build()) {
      String text = recovery.plan(Scenario.SECURITY_BREACH, RunOptions.none()).toString();

      assertThat(text)
          .contains("Security breach", "approve-reset", "destroys data", "security officer");
    }
  }
}
