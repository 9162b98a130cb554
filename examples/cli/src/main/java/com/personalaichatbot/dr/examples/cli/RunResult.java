package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The result of a run, for people and for programs.
 *
 * @param snapshot the newest that was used
 * @param trust of that snapshot now, or empty where none was used
 * @param history the state of the repository's history when the run began
 * @param page where the report is, if it was written
 */
record RunResult(
    RunReport run,
    Optional<SnapshotId> snapshot,
    Optional<String> trust,
    HistoryState history,
    Optional<Path> page) {
  int exit() {
    return run.status() == RunStatus.RECOVERED ? Exit.DONE : Exit.FAILED;
  }

  ObjectNode json() {
    ObjectNode json = Output.object()
        .put("incident", run.incident())
        .put("scenario", run.runbook())
        .put("mode", run.mode().name())
        .put("status", run.status().name())
        .put("planHash", run.planHash());
    ArrayNode steps = json.putArray("steps");
    for (StepReport step : run.steps()) {
      ObjectNode node = steps
          .addObject()
          .put("id", step.id())
          .put("status", step.status().name())
          .put("durationMillis", step.duration().toMillis())
          .put("title", step.title())
          .put("message", step.message());
      node.set("notes", Output.array(step.notes()));
    }
    json.put("snapshot", snapshot.map(SnapshotId::toString).orElse(null));
    ObjectNode snapshots = json.putObject("snapshots");
    new TreeMap<>(run.snapshots()).forEach((name, id) -> snapshots.put(name, id.toString()));
    RepositoryCommand.with(history, json).put("head", history.head());
    trust.ifPresent(word -> json.put("trust", word));
    json.put("rtoMillis", run.recoveryTime().map(Duration::toMillis).orElse(null));
    json.put("dataLossMillis", run.dataLoss().toMillis());
    json.set("remaining", Output.array(run.remaining()));
    json.set("notes", Output.array(run.notes()));
    return json.put("report", page.map(Path::toString).orElse(null));
  }

  void text(Output out) {
    for (StepReport step : run.steps()) {
      if (step.status() != StepStatus.PENDING) {
        out.line("%-13s  %-22s  %s", word(step.status()), step.id(), step.message());
        step.notes().forEach(note -> out.line("%-13s  %-22s  %s", "", "", note));
      }
    }
    new TreeMap<>(run.snapshots())
        .forEach((name, id) -> out.line("%-13s  %-22s  %s", "from", name, id));
    out.line(
        "%-13s  %-22s  %s",
        "head",
        history.time().map(Output::time).orElse(""),
        history.head() + (history.isAnchored() ? "" : ", UNANCHORED"));
    run.remaining().forEach(step -> out.line("to do         %s", step));
    run.notes().forEach(note -> out.line("note          %s", note));
    run.recoveryTime()
        .ifPresent(time -> out.line(
            "recovered in %.1f s; lost at most the changes of %s",
            time.toMillis() / 1000.0, words(run.dataLoss())));
    page.ifPresent(path -> out.line("report        %s", Names.of(path)));
    if (run.mode() == RunMode.DRY_RUN) {
      out.line("Dry run: nothing was changed.");
      out.line("would be %s  incident %s", run.status(), run.incident());
    } else {
      out.line("%s  incident %s", run.status(), run.incident());
    }
  }

  private static String word(StepStatus status) {
    return status == StepStatus.NOT_CONFIRMED_BY_A_PERSON ? "NOT CONFIRMED" : status.name();
  }

  private static String words(Duration time) {
    return time.toHours() > 0
        ? time.toHours() + " h " + time.toMinutesPart() + " min"
        : time.toMinutes() + " min " + time.toSecondsPart() + " s";
  }
}
