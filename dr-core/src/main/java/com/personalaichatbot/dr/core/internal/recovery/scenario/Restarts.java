package com.personalaichatbot.dr.core.internal.recovery.scenario;

import com.personalaichatbot.dr.core.internal.recovery.run.RunRecord;
import com.personalaichatbot.dr.core.internal.recovery.run.StepRun;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.RunStoppedException;
import com.personalaichatbot.dr.core.recovery.runbook.Scenario;
import com.personalaichatbot.dr.core.recovery.runbook.Step;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a process that fails again and again from being started again and again: after a run that
 * gave up, and after too many runs in an hour, somebody has to look first.
 */
final class Restarts {
  /** Fact of a run whose starts were no use. */
  static final String GAVE_UP = "gave-up";

  private static final int MOST_RUNS = 5;
  private static final Duration WINDOW = Duration.ofHours(1);

  private Restarts() {}

  static Step allowed() {
    Step.Action look = context -> allowed(StepRun.of(context));
    return Step.check("restart-allowed", "See that it was not restarted too often", look)
        .byHand("Look how often it was restarted in the last hour, and why it failed.")
        .preview(look)
        .timeout(Duration.ofMinutes(1))
        .build();
  }

  private static String allowed(StepRun run) throws IOException, RunStoppedException {
    List<RunRecord> runs = run.setup().journals().all().stream()
        .filter(r -> r.mode() == RunMode.LIVE
            && !r.incident().equals(run.incident())
            && r.report().runbook().equals(Scenario.PROCESS_FAILURE.id())
            && r.isAbout(run.data()))
        .toList();
    Instant now = run.clock().instant();
    Instant from = now.minus(WINDOW);
    long recent = runs.stream()
        .map(r -> r.opened().time())
        .filter(t -> t.isAfter(from) && !t.isAfter(now)) // Later ones: the clock was ahead.
        .count();
    Optional<RunRecord> last = runs.stream()
        .filter(r -> r.status() == RunStatus.RECOVERED || r.recall(GAVE_UP).isPresent())
        .reduce((older, newer) -> newer);
    boolean gaveUp = last.flatMap(r -> r.recall(GAVE_UP)).isPresent();
    run.detail("runsInTheLastHour", Long.toString(recent));
    if (run.setup().operator().isThere()) {
      return recent + " runs in the last hour; a person is there to judge.";
    }
    if (gaveUp) {
      throw new RunStoppedException("Run " + last.get().incident()
          + " gave up and paged; nobody is paged again. Find out why the application does not start,"
          + " and run this at a terminal.");
    }
    if (recent >= MOST_RUNS) {
      throw new RunStoppedException("It was restarted " + recent
          + " times in the last hour. Look why, and run this at a terminal.");
    }
    return recent + " runs in the last hour.";
  }
}
