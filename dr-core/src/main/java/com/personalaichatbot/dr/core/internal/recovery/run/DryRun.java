package com.personalaichatbot.dr.core.internal.recovery.run;

import com.personalaichatbot.dr.core.recovery.runbook.RunPlan;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import java.time.Duration;
import java.util.List;

/**
 * A run of a plan that changes nothing: steps that only look are done, of the others it says what
 * they would do. It goes on behind what fails, to show everything.
 */
final class DryRun {
  private final RunContext setup;
  private final RunPlan plan;
  private final RunRecord record;

  DryRun(RunContext setup, RunPlan plan, RunRecord record) {
    this.setup = setup;
    this.plan = plan;
    this.record = record;
  }

  RunReport go() {
    plan.runbook().all().filter(step -> step.parts().isEmpty()).forEach(this::look);
    plan.runbook().steps().stream()
        .filter(step -> !step.parts().isEmpty())
        .forEach(step -> add(
            step,
            new StepResult(StepStatus.PLANNED, "Would do its parts at the same time."),
            Duration.ZERO,
            said()));
    RunStatus status = record.ending().isEmpty() ? RunStatus.RECOVERED : RunStatus.FAILED;
    record.add(JournalEntry.ended(setup.clock().instant(), status, List.of()));
    return record.report();
  }

  private StepRun said() {
    return new StepRun(setup, plan.options(), record);
  }

  private void look(Step step) {
    StepRun said = said();
    long began = System.nanoTime();
    StepResult result;
    try {
      result = setup.threads().call(step.timeout(), () -> look(step, said));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      result = StepResult.failed(e);
    } catch (Exception e) {
      result = StepResult.failed(e);
    }
    add(step, result, Duration.ofNanos(System.nanoTime() - began), said);
  }

  private StepResult look(Step step, StepRun said) throws Exception {
    if (step.alreadyDone().isPresent() && isDone(step, said)) {
      return new StepResult(StepStatus.ALREADY_DONE, "It is done already.");
    }
    if (step.preview().isPresent()) {
      return new StepResult(StepStatus.PLANNED, step.preview().get().run(said));
    }
    String who = switch (plan.kindOf(step)) {
      case MANUAL, APPROVE -> "Would ask the " + step.owner() + ": ";
      case NOTIFY -> "Would tell " + step.audience() + ": ";
      case ACTION, CHECK, PARALLEL -> "Would be done: ";
    };
    return new StepResult(StepStatus.PLANNED, who + step.byHand());
  }

  private static boolean isDone(Step step, StepRun said) {
    try {
      return step.alreadyDone().get().test(said);
    } catch (Exception e) {
      return false;
    }
  }

  private void add(Step step, StepResult result, Duration duration, StepRun said) {
    record.add(
        JournalEntry.outcome(setup.clock().instant(), step.id(), result, duration, said.record()));
  }
}
