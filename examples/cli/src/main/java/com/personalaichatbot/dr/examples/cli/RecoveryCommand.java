package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.objective.ObjectiveResult;
import com.personalaichatbot.dr.core.recovery.objective.Objectives;
import com.personalaichatbot.dr.core.recovery.report.RecoveryReport;
import com.personalaichatbot.dr.core.recovery.runbook.RunMode;
import com.personalaichatbot.dr.core.recovery.runbook.RunReport;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** A command that recovers a data directory from a repository, or rehearses it. */
abstract class RecoveryCommand extends DataCommand {
  private HistoryState history;

  @Override
  final int run(Path data) throws Exception {
    check();
    BackupRepository.Builder builder = dr().repository
        .builder(dr().environment, ProgressLine.isPossible() ? dr().progress : progress -> {});
    try (Secret secret = Passphrase.read(dr());
        BackupRepository repository = builder.open(secret);
        Recovery recovery =
            prepare(Recovery.builder(repository).data(data), data).build()) {
      history = RepositoryCommand.history(dr(), repository);
      return run(repository, recovery, data);
    }
  }

  /** Refuses options that do not go together, before anything is opened. */
  void check() {}

  /** Says what else the recovery is to know. */
  Recovery.Builder prepare(Recovery.Builder builder, Path data) throws IOException {
    return builder;
  }

  /** Does it, and returns the exit code. */
  abstract int run(BackupRepository repository, Recovery recovery, Path data) throws Exception;

  /** Prints how a run came out, and writes its report. */
  final int print(BackupRepository repository, Recovery recovery, RunReport run)
      throws IOException {
    Optional<Path> page =
        run.mode() == RunMode.DRY_RUN ? Optional.empty() : page(repository, recovery, run);
    Optional<SnapshotId> snapshot = run.snapshots().isEmpty()
        ? Optional.empty()
        : Optional.of(SnapshotArgument.newest(repository, run.snapshots().values()));
    Optional<String> trust = repository.snapshotsAsFound().stream()
        .filter(s -> snapshot.isPresent() && s.id().equals(snapshot.get()))
        .map(Snapshot::trust)
        .map(Enum::name)
        .findFirst();
    RunResult result = new RunResult(run, snapshot, trust, history, page);
    dr().progress.clear();
    dr().output.print(dr().json, result::json, result::text);
    return result.exit();
  }

  /** The report is for the person who asked; that it cannot be written does not undo the run. */
  private Optional<Path> page(BackupRepository repository, Recovery recovery, RunReport run) {
    Path directory =
        dr().repository.state(dr().environment).resolve(repository.id()).resolve("reports");
    try {
      List<ObjectiveResult> objectives = Objectives.of(recovery.components())
          .measure(repository, recovery, Clock.systemUTC().instant());
      return Optional.of(RecoveryReport.of(run)
          .withObjectives(objectives)
          .withHistory(recovery.history())
          .withRepository(history)
          .write(directory));
    } catch (IOException e) {
      dr().warn("the report cannot be written: " + Failure.of(e, "dr recover").message());
      return Optional.empty();
    }
  }
}
