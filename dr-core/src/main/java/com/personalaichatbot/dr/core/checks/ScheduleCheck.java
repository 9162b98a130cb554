package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.core.recovery.schedule.JobState;
import com.personalaichatbot.dr.core.recovery.schedule.Schedule;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The schedule's jobs, late or in time: jobs that should have been done by now, those that failed
 * the last time, and what a person was asked for and has not confirmed in time. All of them are
 * DEGRADED, for what follows from them is seen by other checks.
 */
final class ScheduleCheck implements HealthCheck {
  private final Schedule schedule;
  private final Clock clock;

  ScheduleCheck(Schedule schedule, Clock clock) {
    this.schedule = schedule;
    this.clock = clock;
  }

  @Override
  public CheckSettings settings() {
    return CheckDefaults.SETTINGS;
  }

  @Override
  public CheckResult check() {
    Instant now = clock.instant();
    List<JobState> states = schedule.states();
    List<JobState> overdue = states.stream().filter(JobState::isOverdue).toList();
    List<JobState> failed = states.stream().filter(s -> s.failures() > 0).toList();
    List<JobState> open = states.stream()
        .filter(s -> s.openUntil().filter(now::isAfter).isPresent())
        .toList();
    return judge(overdue, failed, open)
        .with("jobs", states.size())
        .with("overdue", overdue.size())
        .with("failed", failed.size())
        .with("unconfirmed", open.size());
  }

  private static CheckResult judge(
      List<JobState> overdue, List<JobState> failed, List<JobState> open) {
    if (!overdue.isEmpty()) {
      JobState first = overdue.get(0);
      return CheckResult.degraded(
          "JOB_OVERDUE",
          names(overdue) + " should have been done; " + first.job().name() + " was due "
              + first.due() + (first.problem().isEmpty() ? "" : " and failed: " + first.problem()),
          "see that the schedule runs, and repair what keeps the job from being done");
    }
    if (!failed.isEmpty()) {
      return CheckResult.degraded(
          "JOB_FAILED",
          names(failed) + " failed the last time: " + failed.get(0).problem(),
          "repair what it names; the job is tried again");
    }
    if (!open.isEmpty()) {
      JobState first = open.get(0);
      return CheckResult.degraded(
          "REMINDER_OVERDUE",
          names(open) + " was asked for and not confirmed; " + first.job().owner()
              + " was to do it by " + first.openUntil().orElseThrow(),
          "do it, and confirm it to the schedule");
    }
    return CheckResult.up("what is to be done regularly is done");
  }

  private static String names(List<JobState> states) {
    return states.stream().map(state -> state.job().name()).collect(Collectors.joining(", "));
  }
}
