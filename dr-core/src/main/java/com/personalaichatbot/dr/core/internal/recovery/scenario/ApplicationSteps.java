package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.internal.recovery.run.RunContext;
import com.personalaichatbot.dr.core.internal.recovery.run.RunRegistry;
import com.personalaichatbot.dr.core.internal.recovery.run.StepFailedException;
import com.personalaichatbot.dr.core.internal.recovery.run.StepResult;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.recovery.runbook.ApplicationHooks;
import com.personalaichatbot.dr.core.recovery.runbook.HookKind;
import com.personalaichatbot.dr.core.recovery.runbook.RunListener;
import com.personalaichatbot.dr.core.recovery.runbook.RunMessage;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import com.personalaichatbot.dr.core.recovery.runbook.StepContext;
import com.personalaichatbot.dr.core.recovery.runbook.Urgency;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckState;
import com.personalaichatbot.dr.health.Health;
import com.personalaichatbot.dr.health.Status;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Steps that stop the application, start it, and look whether it works. */
final class ApplicationSteps {
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofHours(1);
  private static final String STOP_BY_HAND =
      "Stop the application, and see that none of its processes is left.";
  private static final String START_BY_HAND =
      "Start the application: run.sh on Linux and macOS, run.bat on Windows.";

  /** Looks before the application is started, and throws where it must not be. */
  @FunctionalInterface
  interface Guard {
    void check(StepRun run) throws Exception;
  }

  private ApplicationSteps() {}

  private static Optional<Probe> probe(StepContext context) {
    return StepRun.of(context).setup().url().map(Probe::new);
  }

  /** Stops it; what still listens afterwards was not stopped, whoever says so. */
  static Step stop() {
    return Step.hook("stop", HookKind.STOP)
        .byHand(STOP_BY_HAND)
        .alreadyDone(context -> {
          // A process that does not listen may still write: a hook is always called.
          Optional<Probe> probe = probe(context);
          return !StepRun.of(context).setup().hooks().has(HookKind.STOP)
              && probe.isPresent()
              && !probe.get().isListening();
        })
        .run(context -> stop(StepRun.of(context)))
        .verify(context -> {
          Optional<Probe> probe = probe(context);
          if (probe.isPresent() && !probe.get().awaitSilence(silence(context))) {
            throw new StepFailedException(
                "The stop was reported as done, but something still answers at the application's address.");
          }
          return probe.isPresent() ? "Nothing listens at its address any more." : "";
        })
        .timeout(PATIENCE)
        .build();
  }

  /** What has stopped releases its port soon. */
  private static Duration silence(StepContext context) {
    return StepRun.of(context)
        .setup()
        .hooks()
        .get(HookKind.STOP)
        .map(ApplicationHooks.Timed::timeout)
        .filter(t -> t.compareTo(SILENCE) < 0)
        .orElse(SILENCE);
  }

  private static String stop(StepRun run) throws Exception {
    if (!run.setup().hooks().has(HookKind.STOP)) {
      return STOP_BY_HAND;
    }
    try {
      run.hook(HookKind.STOP);
      return "The application's hook has done it.";
    } catch (InterruptedException | TimeoutException e) {
      throw e;
    } catch (Exception e) {
      Optional<Probe> probe = probe(run);
      if (probe.isEmpty() || probe.get().isListening()) {
        throw e;
      }
      run.note("The hook failed, and nothing listens: " + StepResult.text(e));
      return "There was nothing to stop.";
    }
  }

  /** Starts it, a few times if need be; when that is no use, pages once and gives up. */
  static Step start(Guard guard) {
    return Step.hook("start", HookKind.START)
        .byHand(START_BY_HAND)
        .alreadyDone(context -> {
          Optional<Probe> probe = probe(context);
          guard.check(StepRun.of(context));
          return probe.isPresent() && probe.get().answers();
        })
        .run(context -> start(StepRun.of(context), guard))
        .timeout(PATIENCE)
        .build();
  }

  private static String start(StepRun run, Guard guard) throws Exception {
    guard.check(run);
    if (!run.setup().hooks().has(HookKind.START)) {
      return START_BY_HAND;
    }
    Duration wait = run.setup().firstWait();
    List<String> failures = new ArrayList<>();
    for (int attempt = 1; attempt <= run.setup().mostRestarts(); attempt++) {
      if (attempt > 1) {
        Thread.sleep(wait.toMillis());
        wait = wait.multipliedBy(2);
      }
      run.detail("starts", Integer.toString(attempt));
      String failure = startOnce(run);
      if (failure.isEmpty()) {
        failures.forEach(run::note);
        return attempt == 1 ? "It was started." : "It was started at the " + attempt + ". try.";
      }
      failures.add("Start " + attempt + ": " + failure);
      stopWhatIsHalfStarted(run);
    }
    failures.forEach(run::note);
    run.remember(Restarts.GAVE_UP, run.clock().instant().toString());
    String last = failures.get(failures.size() - 1);
    page(
        run,
        "The application could not be started: given up after " + failures.size() + " starts. "
            + last);
    throw new StepFailedException("Given up after " + failures.size() + " starts. " + last);
  }

  private static String startOnce(StepRun run) throws InterruptedException {
    try {
      run.hook(HookKind.START);
      awaitReady(run);
      return "";
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return StepResult.text(e);
    }
  }

  private static void stopWhatIsHalfStarted(StepRun run) throws InterruptedException {
    if (run.setup().hooks().has(HookKind.STOP)) {
      try {
        run.hook(HookKind.STOP);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        run.note("What was half started could not be stopped: " + StepResult.text(e));
      }
    }
  }

  private static void awaitReady(StepRun run) throws Exception {
    Optional<Probe> probe = probe(run);
    if (probe.isPresent()) {
      CheckResult answer = probe.get().awaitAnswer(run.setup().startWithin());
      if (answer.status() == Status.DOWN) {
        throw new StepFailedException(answer.description() + hint(run, answer));
      }
    }
    if (run.setup().hooks().has(HookKind.READY)) {
      run.hook(HookKind.READY);
    }
  }

  /** During a run readiness says 503, so an application that answers there is never started. */
  private static String hint(StepRun run, CheckResult answer) {
    return run.setup().health().isPresent() && answer.description().endsWith(" answers 503")
        ? "; if this is the address of readiness, which is 503 until the run has ended, give"
            + " .url(URI) another one"
        : "";
  }

  private static void page(StepRun run, String text) throws InterruptedException {
    RunContext setup = run.setup();
    if (run.mode() == RunMode.LIVE && setup.listener() != RunListener.NONE) {
      try {
        RunReport report = run.report();
        setup
            .threads()
            .call(
                Duration.ofSeconds(30),
                () -> setup
                    .listener()
                    .tell(new RunMessage(report, "start", "on call", text, Urgency.PAGE)));
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        run.note("Nobody could be paged: " + StepResult.text(e));
      }
    }
  }

  /** Looks whether it works, from outside and by its own checks. */
  static Step verify() {
    return Step.check("verify", "Verify that the application functions", context -> {
          StepRun run = StepRun.of(context);
          if (run.mode() == RunMode.DRILL) {
            return ValidationSteps.checkRestored(run);
          }
          awaitReady(run);
          String address = run.setup().url().map(URI::toString).orElse("");
          boolean asked = !address.isEmpty() || run.setup().hooks().has(HookKind.READY);
          if (run.setup().health().isPresent()) {
            judge(run, run.setup().health().get().check());
            asked = true;
          }
          if (!asked) {
            run.note("There is no address, no ready hook and no health to ask: that the"
                + " application functions has to be seen by a person.");
            return "Its data was verified; it could not be asked whether it functions.";
          }
          return "It answers as it should.";
        })
        .byHand("Run the health check, open the chat interface, and send a message.")
        .timeout(PATIENCE)
        .build();
  }

  /**
   * Judges the findings of the checks. That the application is out of service for this run is not
   * one.
   */
  private static void judge(StepRun run, Health whole) throws StepFailedException {
    String reason = RunRegistry.outOfService(run.incident());
    Health health = whole.select(check ->
        check.status() != Status.OUT_OF_SERVICE || !check.latest().description().equals(reason));
    List<String> down = new ArrayList<>();
    for (CheckState check : health.checks()) {
      if (check.status() != Status.UP) {
        String line =
            check.name() + " is " + check.status() + ": " + check.latest().description();
        run.note(line);
        if (check.status() == Status.DOWN) {
          down.add(line);
        }
      }
    }
    run.detail("health", health.status().name());
    if (health.status() == Status.DOWN) {
      throw new StepFailedException("The health check finds that " + String.join("; ", down));
    }
  }
}
