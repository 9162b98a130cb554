package com.personalaichatbot.dr.core.recovery.schedule;

import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.MonthDay;
import java.util.List;
import java.util.Locale;

/** The drills of a recovery as jobs. What its journals say counts, whoever held the drill. */
final class DrillJobs {
  private static final LocalTime NIGHT = LocalTime.of(5, 0);
  private static final int FIRST = 1;
  private static final int SECOND = 2;
  private static final MonthDay YEARLY = MonthDay.of(1, 3);

  private final Recovery recovery;

  DrillJobs(Recovery recovery) {
    this.recovery = recovery;
  }

  void addTo(List<Job> jobs) {
    jobs.add(job(Drill.RESTORE, Recurrence.monthly(FIRST, NIGHT)));
    jobs.add(job(Drill.SIMULATION, Recurrence.quarterly(SECOND, NIGHT)));
    jobs.add(job(Drill.COMPLETE, Recurrence.yearly(YEARLY, NIGHT)));
  }

  private Job job(Drill drill, Recurrence rhythm) {
    return Job.of(id(drill), rhythm, () -> hold(drill)).withLastRun(recorded -> held(drill));
  }

  private static String id(Drill drill) {
    return "drill-" + drill.name().toLowerCase(Locale.ROOT);
  }

  private String hold(Drill drill) throws IOException, JobFailedException {
    RunReport report = recovery.drill(drill);
    if (report.status() != RunStatus.RECOVERED) {
      throw new JobFailedException("drill " + report.incident() + " ended " + report.status()
          + report.steps().stream()
              .filter(step -> !step.status().isPassed() && !step.message().isEmpty())
              .findFirst()
              .map(step -> ": " + step.message())
              .orElse(""));
    }
    return "drill " + report.incident() + " recovered everything within "
        + report.recoveryTime().orElseThrow().toSeconds() + " s";
  }

  /**
   * When a drill was held and passed. A complete recovery whose steps have changed since is due
   * immediately.
   */
  private List<Instant> held(Drill drill) throws IOException {
    List<RunReport> passed = recovery.history().stream()
        .filter(run -> run.mode() == RunMode.DRILL && run.runbook().equals(id(drill)))
        .filter(run -> run.status() == RunStatus.RECOVERED)
        .toList();
    boolean isChanged = drill == Drill.COMPLETE
        && !passed.isEmpty()
        && !passed.get(passed.size() - 1).planHash().equals(recovery.plan(drill).hash());
    return isChanged
        ? List.of(Instant.EPOCH)
        : passed.stream().map(RunReport::started).toList();
  }
}
