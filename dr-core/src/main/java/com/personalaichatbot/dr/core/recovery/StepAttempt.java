package com.personalaichatbot.dr.core.recovery;

import java.io.IOException;
import java.util.function.Supplier;

/**
 * Does a step, once, in the thread that calls: what runs it sees to the time and to the journal.
 * Thread-safe.
 */
final class StepAttempt {
  private final Setup setup;
  private final RunPlan plan;
  private final Supplier<RunReport> report;

  StepAttempt(Setup setup, RunPlan plan, Supplier<RunReport> report) {
    this.setup = setup;
    this.plan = plan;
    this.report = report;
  }

  static Run.Result failed(Throwable failure) {
    return new Run.Result(
        failure instanceof RunStoppedException ? StepStatus.STOPPED : StepStatus.FAILED,
        text(failure));
  }

  /** What a failure says; its type where it says nothing. */
  static String text(Throwable failure) {
    Throwable cause =
        failure instanceof java.util.concurrent.ExecutionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = cause.getMessage();
    String name = cause.getClass().getSimpleName();
    if (message == null || message.isBlank()) {
      return name;
    }
    return cause instanceof RunStoppedException
            || cause instanceof StepFailedException
            || cause instanceof com.personalaichatbot.dr.core.operation.RepositoryException
        ? message
        : name + ": " + message;
  }

  /** Does the step and looks whether it came out. */
  Run.Result run(Step step, StepRun said) {
    try {
      Run.Result result = switch (plan.kindOf(step)) {
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
      return failed(e);
    } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
      return failed(e);
    }
  }

  private Run.Result act(Step step, StepRun said) throws Exception {
    if (said.mode() == RunMode.DRILL && step.hook().isPresent()) {
      HookKind kind = step.hook().get();
      if (kind == HookKind.START) {
        return new Run.Result(StepStatus.SKIPPED, "The start hook is off in a drill.");
      }
      if (!setup.hooks().get(kind).orElseThrow().hook().isForDrills()) {
        return new Run.Result(StepStatus.SKIPPED, "The hook is not for drills.");
      }
    }
    if (step.run().isPresent()) {
      return new Run.Result(StepStatus.DONE, step.run().get().run(said));
    }
    said.hook(step.hook().orElseThrow());
    return new Run.Result(StepStatus.DONE, "The application's hook has done it.");
  }

  private Run.Result verified(Step step, StepRun said, Run.Result result) throws Exception {
    if (step.verify().isEmpty()) {
      return result;
    }
    String seen = step.verify().get().run(said);
    return new Run.Result(
        result.status(), seen.isBlank() ? result.message() : result.message() + " " + seen);
  }

  private Run.Result ask(Step step, StepRun said) throws Exception {
    String text = step.run().isPresent() ? step.run().get().run(said) : step.byHand();
    if (said.mode() == RunMode.DRILL && !setup.person().isThere()) {
      return new Run.Result(
          StepStatus.NOT_CONFIRMED_BY_A_PERSON, "Nobody is asked in this drill: " + text);
    }
    if (step.isDeclinable() && !setup.person().isThere()) {
      return new Run.Result(StepStatus.SKIPPED, "Nobody is there to ask: " + text);
    }
    Answer first = put(step, text, 1);
    if (first.choice() != Answer.Choice.YES && step.isDeclinable()) {
      return new Run.Result(
          StepStatus.SKIPPED,
          (first.choice() == Answer.Choice.NO ? "A person said no: " : "No person said yes: ")
              + text);
    }
    if (first.choice() != Answer.Choice.YES) {
      return withoutYes(first, text);
    }
    if (plan.kindOf(step) != StepKind.APPROVE || step.danger() != Danger.DESTRUCTIVE) {
      return new Run.Result(StepStatus.CONFIRMED, "Confirmed by " + first.by() + ".");
    }
    Answer second = put(step, text, 2);
    if (second.choice() != Answer.Choice.YES) {
      return withoutYes(second, text);
    }
    if (second.by().strip().equalsIgnoreCase(first.by().strip())) {
      return new Run.Result(
          StepStatus.STOPPED,
          "What destroys data needs the yes of two persons, and both are " + first.by() + ".");
    }
    return new Run.Result(
        StepStatus.CONFIRMED, "Approved by " + first.by() + " and " + second.by() + ".");
  }

  private static Run.Result withoutYes(Answer answer, String text) {
    return answer.choice() == Answer.Choice.ASSUMED
        ? new Run.Result(
            StepStatus.NOT_CONFIRMED_BY_A_PERSON, "Taken as done without a person: " + text)
        : new Run.Result(StepStatus.STOPPED, "A person said no: " + text);
  }

  private Answer put(Step step, String text, int voice) throws InterruptedException, IOException {
    Question question = new Question(
        report.get().incident(),
        step.id(),
        plan.kindOf(step),
        step.danger(),
        step.owner(),
        text,
        voice);
    synchronized (setup.person()) {
      return setup.person().ask(question);
    }
  }

  private Run.Result tell(Step step, StepRun said) throws Exception {
    if (said.mode() == RunMode.DRILL) {
      return new Run.Result(StepStatus.SKIPPED, "The channels are off in a drill.");
    }
    String text = step.run().orElseThrow().run(said);
    if (setup.notices() != Notices.NONE) {
      return new Run.Result(
          StepStatus.DONE,
          setup
              .notices()
              .tell(new Notice(report.get(), step.id(), step.audience(), text, step.urgency())));
    }
    String byHand = "Tell " + step.audience() + ": " + text;
    said.note(byHand);
    if (setup.person().isThere()) {
      Answer answer = put(step, byHand, 1);
      if (answer.choice() == Answer.Choice.YES) {
        return new Run.Result(StepStatus.CONFIRMED, "Told by " + answer.by() + ".");
      }
      if (answer.choice() == Answer.Choice.ASSUMED) {
        return withoutYes(answer, byHand);
      }
    }
    return new Run.Result(StepStatus.SKIPPED, "No channel is set up, and nobody was told.");
  }

  /** Puts a step that failed before the person, to be done by hand. */
  Run.Result handOver(Step step, StepRun said, String failure) {
    try {
      if (!setup.person().isThere()) {
        return new Run.Result(StepStatus.FAILED, failure);
      }
      Answer answer = setup
          .threads()
          .call(step.timeout(), () -> put(step, failure + " By hand: " + step.byHand(), 1));
      return switch (answer.choice()) {
        case YES ->
          verified(
              step,
              said,
              new Run.Result(
                  StepStatus.CONFIRMED,
                  failure + " Then done by hand, confirmed by " + answer.by() + "."));
        case NO, ASSUMED -> new Run.Result(StepStatus.FAILED, failure);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Run.Result(StepStatus.FAILED, failure);
    } catch (Exception e) {
      return new Run.Result(StepStatus.FAILED, failure + " By hand: " + text(e));
    }
  }

  /**
   * Asks whether a step that a crash cut off was done.
   *
   * @return PENDING if it was not and is to be done
   */
  Run.Result askWhetherDone(Step step) {
    String text = "The run was cut off while this was under way, and it cannot be told whether it"
        + " was done: " + step.title() + ". Was it done?";
    try {
      if (setup.person().isThere()) {
        Answer answer = setup.threads().call(step.timeout(), () -> put(step, text, 1));
        if (answer.choice() == Answer.Choice.YES) {
          return new Run.Result(StepStatus.CONFIRMED, "Done, confirmed by " + answer.by() + ".");
        }
        if (answer.choice() == Answer.Choice.NO) {
          return new Run.Result(StepStatus.PENDING, "");
        }
      }
      return new Run.Result(StepStatus.STOPPED, text + " Nobody is there to say.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Run.Result(StepStatus.STOPPED, text + " The run was interrupted.");
    } catch (Exception e) {
      return new Run.Result(StepStatus.STOPPED, text + " " + text(e));
    }
  }
}
