package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.BackupRepository;
import com.personalaichatbot.dr.core.recovery.Recovery;
import com.personalaichatbot.dr.core.recovery.RunReport;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A command that recovers a data directory from a repository, or rehearses it. */
abstract class RecoveryCommand extends DataCommand {
  @Override
  final int run(Path data) throws Exception {
    check();
    Path state = dr().repository.state(dr().environment);
    BackupRepository.Builder builder = dr().repository
        .builder(dr().environment, ProgressLine.isPossible() ? dr().progress : progress -> {});
    try (Secret secret = Passphrase.read(dr().repository.passphraseFile(), dr().environment);
        BackupRepository repository = builder.open(secret);
        Recovery recovery =
            prepare(Recovery.builder(repository).data(data).state(state), data).build()) {
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

  /** Prints how a run came out. */
  final int print(BackupRepository repository, RunReport run, Optional<Path> page)
      throws IOException {
    Optional<SnapshotId> snapshot = run.snapshots().isEmpty()
        ? Optional.empty()
        : Optional.of(SnapshotArgument.newest(repository, run.snapshots().values()));
    Optional<String> trust = repository.snapshots().stream()
        .filter(s -> snapshot.isPresent() && s.id().equals(snapshot.get()))
        .map(Snapshot::trust)
        .map(Enum::name)
        .findFirst();
    RunResult result = new RunResult(run, snapshot, trust, page);
    dr().progress.clear();
    dr().output.print(dr().json, result::json, result::text);
    return result.exit();
  }
}
