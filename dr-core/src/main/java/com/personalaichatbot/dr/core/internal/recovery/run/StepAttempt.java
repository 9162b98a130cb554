package com.personalaichatbot.dr.core.internal.recovery.run;

import com.personalaichatbot.dr.core.recovery.runbook.Confirmation;
import com.personalaichatbot.dr.core.recovery.runbook.ConfirmationRequest;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.Impact;
import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.RunMessage;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunPlan;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.StepKind;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Does a step, once, in the thread that calls: what runs it sees to the time and to the journal.
 * Thread-safe.
 */
final class StepAttempt {
  private final RunContext setup;
  private final RunPlan plan;
  private final Supplier<RunReport> report;

  StepAttempt(RunContext setup, RunPlan plan, Supplier<RunReport> report) {
    this.setup = setup;
    this.plan = plan;
    this.report = report;
  }

  /** Does the step and looks whether it came out. */
  StepResult run(Step step, StepRun said) {
    try {
      StepResult result = switch (plan.kindOf(step)) {
        case ACTION, CHECK -> act(step, said);
        case MANUAL, APPROVE -> ask(step, said);
        case NOTIFY -> tell(step, said);
        case PARALLEL -> throw new IllegalStateException("parts are done, not their whole");
      };
      return result.status().isPassed() && result.status() != StepStatus.SKIPPED
          ? verified(step, said, result)
          : result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return StepResult.failed(e);
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
      return StepResult.failed(e);
    }
  }

  private StepResult act(Step step, StepRun said) throws Exception {
    if (said.mode() == RunMode.DRILL && step.hook().isPresent()) {
      HookKind kind = step.hook().get();
      if (kind == HookKind.START) {
        return new StepResult(StepStatus.SKIPPED, "The start hook is off in a drill.");
      }
      if (!setup.hooks().get(kind).orElseThrow().hook().isForDrills()) {
        return new StepResult(StepStatus.SKIPPED, "The hook is not for drills.");
      }
    }
    if (step.run().isPresent()) {
      return new StepResult(StepStatus.DONE, step.run().get().run(said));
    }
    said.hook(step.hook().orElseThrow());
    return new StepResult(StepStatus.DONE, "The application's hook has done it.");
  }

  private StepResult verified(Step step, StepRun said, StepResult result) throws Exception {
    if (step.verify().isEmpty()) {
      return result;
    }
    String seen = step.verify().get().run(said);
    return new StepResult(
        result.status(), seen.isBlank() ? result.message() : result.message() + " " + seen);
  }

  private StepResult ask(Step step, StepRun said) throws Exception {
    String text = step.run().isPresent() ? step.run().get().run(said) : step.byHand();
    if (said.mode() == RunMode.DRILL && !setup.operator().isThere()) {
      return new StepResult(
          StepStatus.NOT_CONFIRMED_BY_A_PERSON, "Nobody is asked in this drill: " + text);
    }
    if (step.isDeclinable() && !setup.operator().isThere()) {
      return new StepResult(StepStatus.SKIPPED, "Nobody is there to ask: " + text);
    }
    Confirmation first = put(step, text, 1);
    if (first.choice() != Confirmation.Choice.YES && step.isDeclinable()) {
      return new StepResult(
          StepStatus.SKIPPED,
          (first.choice() == Confirmation.Choice.NO ? "A person said no: " : "No person said yes: ")
              + text);
    }
    if (first.choice() != Confirmation.Choice.YES) {
      return withoutYes(first, text);
    }
    if (plan.kindOf(step) != StepKind.APPROVE || step.impact() != Impact.DESTRUCTIVE) {
      return new StepResult(StepStatus.CONFIRMED, "Confirmed by " + first.by() + ".");
    }
    Confirmation second = put(step, text, 2);
    if (second.choice() != Confirmation.Choice.YES) {
      return withoutYes(second, text);
    }
    if (second.by().strip().equalsIgnoreCase(first.by().strip())) {
      return new StepResult(
          StepStatus.STOPPED,
          "What destroys data needs the yes of two persons, and both are " + first.by() + ".");
    }
    return new StepResult(
        StepStatus.CONFIRMED, "Approved by " + first.by() + " and " + second.by() + ".");
  }

  private static StepResult withoutYes(Confirmation answer, String text) {
    return answer.choice() == Confirmation.Choice.ASSUMED
        ? new StepResult(
            StepStatus.NOT_CONFIRMED_BY_A_PERSON, "Taken as done without a person: " + text)
        : new StepResult(StepStatus.STOPPED, "A person said no: " + text);
  }

  private Confirmation put(Step step, String text, int voice)
      throws InterruptedException, IOException {
    ConfirmationRequest question = new ConfirmationRequest(
        report.get().incident(),
        step.id(),
        plan.kindOf(step),
        step.impact(),
        step.owner(),
        text,
        voice);
    synchronized (setup.operator()) {
      return setup.operator().ask(question);
    }
  }

  private StepResult tell(Step step, StepRun said) throws Exception {
    if (said.mode() == RunMode.DRILL) {
      return new StepResult(StepStatus.SKIPPED, "The channels are off in a drill.");
    }
    String text = step.run().orElseThrow().run(said);
    if (setup.listener() != RunListener.NONE) {
      return new StepResult(
          StepStatus.DONE,
          setup
              .listener()
              .tell(
                  new RunMessage(report.get(), step.id(), step.audience(), text, step.urgency())));
    }
    String byHand = "Tell " + step.audience() + ": " + text;
    said.note(byHand);
    if (setup.operator().isThere()) {
      Confirmation answer = put(step, byHand, 1);
      if (answer.choice() == Confirmation.Choice.YES) {
        return new StepResult(StepStatus.CONFIRMED, "Told by " + answer.by() + ".");
      }
      if (answer.choice() == Confirmation.Choice.ASSUMED) {
        return withoutYes(answer, byHand);
      }
    }
    return new StepResult(StepStatus.SKIPPED, "No channel is set up, and nobody was told.");
  }

  /** Puts a step that failed before the person, to be done by hand. */
  StepResult handOver(Step step, StepRun said, String failure) {
    try {
      if (!setup.operator().isThere()) {
        return new StepResult(StepStatus.FAILED, failure);
      }
      Confirmation answer = setup
          .threads()
          .call(step.timeout(), () -> put(step, failure + " By hand: " + step.byHand(), 1));
      return switch (answer.choice()) {
        case YES ->
          verified(
              step,
              said,
              new StepResult(
                  StepStatus.CONFIRMED,
                  failure + " Then done by hand, confirmed by " + answer.by() + "."));
        case NO, ASSUMED -> new StepResult(StepStatus.FAILED, failure);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new StepResult(StepStatus.FAILED, failure);
    } catch (Exception e) {
      return new StepResult(StepStatus.FAILED, failure + " By hand: " + StepResult.text(e));
    }
  }

  /**
   * Asks whether a step that a crash cut off was done.
   *
   * @return PENDING if it was not and is to be done
   */
  StepResult askWhetherDone(Step step) {
    String text = "The run was cut off while this was under way, and it cannot be told whether it"
        + " was done: " + step.title() + ". Was it done?";
    try {
      if (setup.operator().isThere()) {
        Confirmation answer = setup.threads().call(step.timeout(), () -> put(step, text, 1));
        if (answer.choice() == Confirmation.Choice.YES) {
          return new StepResult(StepStatus.CONFIRMED, "Done, confirmed by " + answer.by() + ".");
        }
        if (answer.choice() == Confirmation.Choice.NO) {
          return new StepResult(StepStatus.PENDING, "");
        }
      }
      return new StepResult(StepStatus.STOPPED, text + " Nobody is there to say.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new StepResult(StepStatus.STOPPED, text + " The run was interrupted.");
    } catch (Exception e) {
      return new StepResult(StepStatus.STOPPED, text + " " + StepResult.text(e));
    }
  }
}
