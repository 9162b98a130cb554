package com.personalaichatbot.dr.core.internal.recovery.run;

import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunPlan;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.StepKind;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run of a plan, live or in a drill: its steps in order, each journalled before it is begun and
 * after it has ended. A run that was cut off goes on in another object with the same journal. Only
 * the thread that calls {@link #go} writes the journal.
 */
final class RunExecutor {
  private static final Logger log = LoggerFactory.getLogger(RunExecutor.class);

  private final RunContext setup;
  private final RunPlan plan;
  private final RunRecord record;
  private final RunJournal journal;
  private final StepAttempt attempts;
  private boolean listening = true;

  RunExecutor(RunContext setup, RunPlan plan, RunRecord record, RunJournal journal) {
    this.setup = setup;
    this.plan = plan;
    this.record = record;
    this.journal = journal;
    this.attempts = new StepAttempt(setup, plan, record::report);
  }

  /**
   * Does what is left to do.
   *
   * @throws IOException if the journal cannot be written; the run is then as if cut off
   */
  RunReport go() throws IOException {
    tell();
    if (record.ending().isEmpty() && !stopForWantOfPerson()) {
      for (Step step : plan.runbook().steps()) {
        if (!record.status(step.id()).isPassed() && !pass(step)) {
          break;
        }
      }
    }
    return end();
  }

  /**
   * A run that is sure to need a person who is not there ends before it has changed anything: an
   * application that was stopped and cannot be started would be worse.
   */
  private boolean stopForWantOfPerson() throws IOException {
    if (record.mode() != RunMode.LIVE || setup.operator().isThere()) {
      return false;
    }
    for (Step step : plan.runbook().all().toList()) {
      StepKind kind = plan.kindOf(step);
      boolean asks = (kind == StepKind.MANUAL || kind == StepKind.APPROVE) && !step.isDeclinable();
      if (asks && !record.status(step.id()).isPassed() && !isAlreadyDone(step, newStepRun())) {
        String message =
            "Needs a person (" + step.owner() + "), and none exists to ask: " + step.byHand();
        write(outcome(step, StepStatus.STOPPED, Duration.ZERO, message, newStepRun()));
        return true;
      }
    }
    return false;
  }

  private StepRun newStepRun() {
    return new StepRun(setup, plan.options(), record);
  }

  /** Does one step, and says whether the run goes on. */
  private boolean pass(Step step) throws IOException {
    if (step.parts().isEmpty()) {
      return passAll(List.of(step)).isPassed();
    }
    List<Step> left = step.parts().stream()
        .filter(part -> !record.status(part.id()).isPassed())
        .toList();
    long began = System.nanoTime();
    write(JournalEntry.intent(now(), step.id()));
    StepStatus worst = passAll(left);
    String message = worst.isPassed() ? "All parts are done." : "A part did not come out.";
    write(outcome(step, worst, since(began), message, newStepRun()));
    return worst.isPassed();
  }

  private record Begun(Step step, StepRun said, long began, StepThreads.Call<StepResult> call) {}

  /** Does steps at the same time, and gives the worst of how they came out. */
  private StepStatus passAll(List<Step> steps) throws IOException {
    List<Begun> begun = new ArrayList<>();
    StepStatus worst = StepStatus.DONE;
    for (Step step : steps) {
      StepRun said = newStepRun();
      boolean unknown = record.status(step.id()) == StepStatus.RUNNING;
      if (isAlreadyDone(step, said)) {
        String how = unknown ? "It was done before the run was cut off." : "It was done already.";
        write(outcome(step, StepStatus.ALREADY_DONE, Duration.ZERO, how, said));
        continue;
      }
      if (unknown && !step.isRepeatable()) {
        StepResult asked = attempts.askWhetherDone(step);
        if (asked.status() != StepStatus.PENDING) {
          write(outcome(step, asked.status(), Duration.ZERO, asked.message(), said));
          worst = worse(worst, asked.status());
          continue;
        }
      }
      write(JournalEntry.intent(now(), step.id()));
      begun.add(new Begun(step, said, System.nanoTime(), start(step, said)));
    }
    for (Begun one : begun) {
      worst = worse(worst, finish(one));
    }
    return worst;
  }

  private static StepStatus worse(StepStatus one, StepStatus other) {
    return other.isPassed() || !one.isPassed() ? one : other;
  }

  private StepThreads.Call<StepResult> start(Step step, StepRun said) {
    try {
      return setup.threads().start(step.timeout(), () -> attempts.run(step, said));
    } catch (RejectedExecutionException e) {
      return null;
    }
  }

  private StepStatus finish(Begun one) throws IOException {
    Step step = one.step;
    StepResult result = await(one);
    if (result.status() == StepStatus.FAILED) {
      result = switch (step.onFailure()) {
        case SKIP -> new StepResult(StepStatus.SKIPPED, result.message());
        case HAND_OVER -> attempts.handOver(step, one.said, result.message());
        case STOP, UNDO -> result;
      };
    }
    write(outcome(step, result.status(), since(one.began), result.message(), one.said));
    return result.status();
  }

  private StepResult await(Begun one) {
    if (one.call == null) {
      return new StepResult(StepStatus.FAILED, "The executor takes no more work.");
    }
    try {
      return one.call.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new StepResult(StepStatus.FAILED, "The run was interrupted.");
    } catch (TimeoutException e) {
      StepKind kind = plan.kindOf(one.step);
      return kind == StepKind.MANUAL || kind == StepKind.APPROVE
          ? new StepResult(
              one.step.isDeclinable() ? StepStatus.SKIPPED : StepStatus.STOPPED,
              "Nobody answered within " + StepThreads.text(one.step.timeout()) + ".")
          : StepResult.failed(e);
    } catch (Exception e) {
      return StepResult.failed(e);
    }
  }

  private boolean isAlreadyDone(Step step, StepRun said) {
    if (step.alreadyDone().isEmpty()) {
      return false;
    }
    try {
      return setup.threads().call(step.timeout(), () -> step.alreadyDone().get().test(said));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) {
      log.debug("It cannot be told whether step {} is done", step.id(), e);
      return false;
    }
  }

  private RunReport end() throws IOException {
    Optional<Step> ending = record.ending().flatMap(id -> plan.runbook().step(id));
    RunStatus status = RunStatus.RECOVERED;
    if (record.ending().isPresent()) {
      status = record.status(record.ending().get()) == StepStatus.STOPPED
          ? RunStatus.STOPPED
          : RunStatus.FAILED;
      if (status == RunStatus.FAILED
          && ending.filter(s -> s.onFailure() == Step.OnFailure.UNDO).isPresent()) {
        undo();
      }
    }
    write(JournalEntry.ended(now(), status, remaining()));
    return record.report();
  }

  /** Takes back what was done, the latest first; what cannot be taken back is left and noted. */
  private void undo() throws IOException {
    List<Step> steps = new ArrayList<>(plan.runbook().all().toList());
    Collections.reverse(steps);
    for (Step step : steps) {
      StepStatus before = record.status(step.id());
      if (step.undo().isEmpty() || before != StepStatus.DONE) {
        continue;
      }
      StepRun said = newStepRun();
      long began = System.nanoTime();
      String message;
      StepStatus after = StepStatus.UNDONE;
      try {
        message = setup.threads().call(step.timeout(), () -> step.undo().get().run(said));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Exception e) {
        after = before;
        message = "It could not be taken back: " + StepResult.text(e);
        said.note(message);
      }
      write(outcome(step, after, since(began), message, said));
    }
  }

  /** What a person would have to do by hand to bring the run to its end. */
  private List<String> remaining() {
    Map<String, String> left = new LinkedHashMap<>();
    plan.runbook()
        .all()
        .filter(step -> step.parts().isEmpty() && !record.status(step.id()).isPassed())
        .forEach(step -> left.put(step.id(), step.id() + ": " + step.byHand()));
    return List.copyOf(left.values());
  }

  private JournalEntry outcome(
      Step step, StepStatus status, Duration duration, String message, StepRun said) {
    return JournalEntry.outcome(
        now(), step.id(), new StepResult(status, message), duration, said.record());
  }

  private java.time.Instant now() {
    return setup.clock().instant();
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  /** An interrupt would close the journal in the midst of a line; it is kept for afterwards. */
  private void write(JournalEntry entry) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      journal.append(entry);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    record.add(entry);
    tell();
  }

  /** A listener that hangs or throws does not hold the run up a second time. */
  private void tell() {
    if (!listening) {
      return;
    }
    RunReport report = record.report();
    try {
      setup.threads().call(Duration.ofSeconds(10), () -> {
        setup.listener().changed(report);
        return null;
      });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      listening = false;
      log.warn(
          "Listener of run {} has not returned for 10 s; it gets no more messages",
          report.incident());
    } catch (Exception e) {
      log.warn("Listener of run {} threw an exception", report.incident(), e);
    }
  }
}
