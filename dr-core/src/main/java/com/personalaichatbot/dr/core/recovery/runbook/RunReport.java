package com.personalaichatbot.dr.core.recovery.runbook;

import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The result of a run of a runbook. Immutable; it can be made again from the journal at any time.
 *
 * @param incident name of the incident, and of its journal
 * @param runbook id of the runbook, which for a built-in one is that of its scenario
 * @param title of the runbook, for people
 * @param planHash names exactly the steps that were run
 * @param detected when the fault was first seen; for a drill, when it began
 * @param started when the run began
 * @param ended when it ended; empty while it runs
 * @param snapshots the snapshot from which each component came, by the component's name; empty
 *     where nothing was restored
 * @param recoveryTime from detection until everything was verified; empty unless recovered
 * @param criticalTime from detection until the critical components were verified; empty unless
 *     recovered
 * @param dataLoss how old the oldest snapshot used was at detection: what was changed in that time
 *     is lost; zero where nothing was restored
 * @param steps in their order; those inside a parallel one follow it
 * @param remaining what a person has to do by hand where the run ended early, one line a step
 * @param notes one line each for what a person should know
 */
public record RunReport(
    String incident,
    String runbook,
    String title,
    RunMode mode,
    RunStatus status,
    String planHash,
    Instant detected,
    Instant started,
    Optional<Instant> ended,
    Map<String, SnapshotId> snapshots,
    Optional<Duration> recoveryTime,
    Optional<Duration> criticalTime,
    Duration dataLoss,
    List<StepReport> steps,
    List<String> remaining,
    List<String> notes) {

  /** Refuses nulls and keeps copies. */
  public RunReport {
    Objects.requireNonNull(incident, "incident");
    Objects.requireNonNull(runbook, "runbook");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(planHash, "planHash");
    Objects.requireNonNull(detected, "detected");
    Objects.requireNonNull(started, "started");
    Objects.requireNonNull(ended, "ended");
    snapshots = Map.copyOf(snapshots);
    Objects.requireNonNull(recoveryTime, "recoveryTime");
    Objects.requireNonNull(criticalTime, "criticalTime");
    Objects.requireNonNull(dataLoss, "dataLoss");
    steps = List.copyOf(steps);
    remaining = List.copyOf(remaining);
    notes = List.copyOf(notes);
  }

  /** The step of this id. */
  public Optional<StepReport> step(String id) {
    return steps.stream().filter(s -> s.id().equals(id)).findFirst();
  }
}
