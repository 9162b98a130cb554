package com.personalaichatbot.dr.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.RestoreCounts;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreReport.Status;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The result of a restore, an undo or a plan, in the one form that all of them have. */
record RestoreResult(
    Optional<SnapshotId> snapshot,
    Map<String, SnapshotId> snapshots,
    boolean dryRun,
    RestoreCounts files,
    List<PathProblem> failures,
    List<String> notes,
    long bytesToWrite,
    long bytesWritten,
    OptionalLong freeSpace,
    boolean verified,
    boolean damaged,
    Optional<SnapshotId> safety,
    Duration duration) {

  static RestoreResult of(BackupRepository repository, RestorePlan plan, long nanos)
      throws IOException {
    Map<String, SnapshotId> snapshots = new TreeMap<>();
    plan.parts().forEach(part -> snapshots.put(part.component(), part.snapshot()));
    return new RestoreResult(
        newest(repository, snapshots),
        snapshots,
        true,
        plan.files(),
        plan.failures(),
        plan.notes(),
        plan.bytesToWrite(),
        0,
        plan.freeSpace(),
        false,
        false,
        Optional.empty(),
        Duration.ofNanos(nanos));
  }

  static RestoreResult of(BackupRepository repository, RestoreReport report) throws IOException {
    return of(report, newest(repository, report.snapshots()));
  }

  /** Where no repository is open, nobody knows which snapshot is the newest of several. */
  static RestoreResult of(RestoreReport report) {
    return of(report, report.snapshots().values().stream().findFirst());
  }

  private static RestoreResult of(RestoreReport report, Optional<SnapshotId> snapshot) {
    return new RestoreResult(
        snapshot,
        new TreeMap<>(report.snapshots()),
        false,
        report.files(),
        report.failures(),
        report.notes(),
        report.bytesToWrite(),
        report.bytesWritten(),
        report.freeSpace(),
        report.verified(),
        report.damaged(),
        report.safety(),
        report.duration());
  }

  private static Optional<SnapshotId> newest(
      BackupRepository repository, Map<String, SnapshotId> snapshots) throws IOException {
    return snapshots.isEmpty()
        ? Optional.empty()
        : Optional.of(SnapshotArgument.newest(repository, snapshots.values()));
  }

  int exit() {
    return Exit.of(damaged, failures);
  }

  ObjectNode json() {
    ObjectNode json = Output.object().put("snapshot", text(snapshot));
    ObjectNode chosen = json.putObject("snapshots");
    snapshots.forEach((name, id) -> chosen.put(name, id.toString()));
    json.put("status", status().name()).put("dryRun", dryRun);
    json.putObject("files")
        .put("create", files.create())
        .put("replace", files.replace())
        .put("unchanged", files.unchanged())
        .put("remove", files.remove())
        .put("failed", files.failed());
    json.set("failures", Output.problems(failures));
    json.set("notes", Output.array(notes));
    json.putObject("bytes")
        .put("toWrite", bytesToWrite)
        .put("written", bytesWritten)
        .put("freeSpace", freeSpace.isPresent() ? (Long) freeSpace.getAsLong() : null);
    return json.put("verified", verified)
        .put("safety", text(safety))
        .put("durationMillis", duration.toMillis());
  }

  void text(Output out) {
    text(out, "Restored");
  }

  /** The same for people, of an undo. */
  void undoneText(Output out) {
    text(out, "Undone");
  }

  private void text(Output out, String done) {
    out.line(dryRun ? "This would be done; nothing was changed." : "%s: %s.", done, status());
    snapshots.forEach((name, id) -> out.line("%-10s %s from %s", "snapshot", name, id));
    out.line(
        dryRun
            ? "%-10s %,d to create, %,d to replace, %,d unchanged, %,d to remove, %,d impossible"
            : "%-10s %,d created, %,d replaced, %,d unchanged, %,d removed, %,d failed",
        "files",
        files.create(),
        files.replace(),
        files.unchanged(),
        files.remove(),
        files.failed());
    if (dryRun) {
      out.line(
          "%-10s %s to write, %s free",
          "data",
          Output.size(bytesToWrite),
          freeSpace.isPresent() ? Output.size(freeSpace.getAsLong()) : "unknown");
    } else {
      out.line(
          "%-10s %s written%s",
          "data", Output.size(bytesWritten), verified ? " and read back" : "");
    }
    safety.ifPresent(id -> out.line("%-10s %s was taken of what was there before", "safety", id));
    out.problems("failed", failures);
    notes.forEach(note -> out.line("%-10s %s", "note", note));
  }

  private Status status() {
    return failures.isEmpty() && !damaged ? Status.COMPLETE : Status.INCOMPLETE;
  }

  private static String text(Optional<SnapshotId> id) {
    return id.map(SnapshotId::toString).orElse(null);
  }
}
