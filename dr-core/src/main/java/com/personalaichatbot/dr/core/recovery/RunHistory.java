package com.personalaichatbot.dr.core.recovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What earlier runs tell about the next one. Immutable. */
final class RunHistory {
  private final List<RunReport> runs;

  RunHistory(List<RunReport> runs) {
    this.runs = List.copyOf(runs);
  }

  /** How long each step of a runbook took at the median, live and in drills, by its id. */
  Map<String, Duration> usual(String runbook) {
    Map<String, List<Duration>> all = new HashMap<>();
    runs.stream()
        .filter(run -> run.runbook().equals(runbook))
        .flatMap(run -> run.steps().stream())
        .filter(step -> step.status() == StepStatus.DONE)
        .forEach(
            step -> all.computeIfAbsent(step.id(), id -> new ArrayList<>()).add(step.duration()));
    Map<String, Duration> usual = new HashMap<>();
    all.forEach((id, durations) ->
        usual.put(id, durations.stream().sorted().toList().get((durations.size() - 1) / 2)));
    return usual;
  }
}
