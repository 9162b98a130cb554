package com.personalaichatbot.dr.core.testkit;

import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.runbook.Drill;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunStatus;
import com.personalaichatbot.dr.core.recovery.runbook.StepReport;
import com.personalaichatbot.dr.core.recovery.runbook.StepStatus;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.snapshot.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Holds the drills of a {@link DrillTest}: in a scratch directory, with nobody to ask, and with a
 * state of its own unless the repository has one. Data and repository are the test's; the data is
 * not touched. Not safe for use by several threads.
 */
public final class Rehearsal {

  private final Drill drill;
  private final Duration rto;
  private final Path directory;
  private final Function<BackupRepository, Path> places;
  private int held;

  /**
   * @param directory where the recovery keeps its state
   * @param places where what a repository holds is restored
   */
  Rehearsal(Drill drill, Duration rto, Path directory, Function<BackupRepository, Path> places) {
    this.drill = drill;
    this.rto = rto;
    this.directory = directory;
    this.places = places;
  }

  /**
   * Holds the drill.
   *
   * @param repository holds at least one snapshot; stays the caller's. One that a
   *     {@link RepositoryExtension} gave restores into its file system in memory, any other into a
   *     temporary directory
   * @param how says what the recovery is to know, as in the application: its data directory at
   *     least. State and scratch directory are given already
   * @return the report of the drill, which is as good as was promised
   * @throws AssertionError if the drill did not end RECOVERED, took longer than was promised, or
   *     left a snapshot that it restored not PROVEN; the message says at which step
   * @throws IOException if the repository cannot be read, or nothing can be written
   */
  public RunReport hold(BackupRepository repository, Consumer<Recovery.Builder> how)
      throws IOException {
    held++;
    Path scratch = places.apply(repository).resolve("scratch-" + held);
    Recovery.Builder builder =
        Recovery.builder(repository).scratch(Files.createDirectories(scratch));
    if (repository.state().isEmpty()) {
      builder.state(directory.resolve("state-" + held));
    }
    how.accept(builder);
    RunReport report;
    try (Recovery recovery = builder.build()) {
      report = recovery.drill(drill);
    }
    requireRecovered(report);
    requireInTime(report);
    requireProven(repository.snapshots(), report.snapshots().values());
    return report;
  }

  /** How many drills were held. */
  int held() {
    return held;
  }

  private void requireRecovered(RunReport report) {
    if (report.status() != RunStatus.RECOVERED) {
      String steps = report.steps().stream()
          .filter(step -> step.status() == StepStatus.FAILED || step.status() == StepStatus.STOPPED)
          .map(Rehearsal::text)
          .collect(Collectors.joining("; "));
      throw new AssertionError("the drill " + drill + " ended " + report.status() + ": "
          + (steps.isEmpty() ? String.join("; ", report.notes()) : steps));
    }
  }

  private static String text(StepReport step) {
    return "step " + step.id() + ": " + step.message();
  }

  private void requireInTime(RunReport report) {
    Duration taken = report
        .recoveryTime()
        .orElseThrow(() -> new AssertionError("the drill " + drill + " has no recovery time"));
    if (taken.compareTo(rto) > 0) {
      String longest = report.steps().stream()
          .max((a, b) -> a.duration().compareTo(b.duration()))
          .map(step -> ", of which step " + step.id() + " took " + step.duration())
          .orElse("");
      throw new AssertionError(
          "the drill " + drill + " took " + taken + longest + "; " + rto + " was promised");
    }
  }

  private void requireProven(List<Snapshot> snapshots, Collection<SnapshotId> used) {
    if (used.isEmpty()) {
      throw new AssertionError("the drill " + drill + " restored no snapshot");
    }
    snapshots.stream()
        .filter(s -> used.contains(s.id()) && s.trust() != Trust.PROVEN)
        .findFirst()
        .ifPresent(s -> {
          throw new AssertionError(
              "the drill " + drill + " left snapshot " + s.id() + " " + s.trust() + ", not PROVEN");
        });
  }
}
