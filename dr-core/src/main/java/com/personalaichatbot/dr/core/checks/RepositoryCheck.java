package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.core.operation.Blockage;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.RepositoryException;
import com.personalaichatbot.dr.core.operation.StorageState;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.snapshot.RemovedSnapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that the repository is there and takes what is written, which costs a temporary file, and
 * shows which removed snapshots wait for the end of their grace. What these take is worked out when
 * another set of them waits than at the last check.
 */
final class RepositoryCheck implements HealthCheck {
  private final BackupRepository repository;
  private List<SnapshotId> counted = List.of();
  private Optional<PrunePlan> plan = Optional.empty();

  RepositoryCheck(BackupRepository repository) {
    this.repository = repository;
  }

  @Override
  public CheckSettings settings() {
    return CheckDefaults.SETTINGS;
  }

  @Override
  public CheckResult check() {
    try {
      StorageState state = repository.probe();
      return state.isWritable()
          ? waiting(state.location() + " can be read and written")
          : CheckResult.down(
              "REPOSITORY_READ_ONLY",
              state.location() + " takes no backup: " + state.refusal(),
              "check rights, free space, and whether the volume is read-only");
    } catch (RepositoryException known) {
      return CheckResult.down("REPOSITORY_MISSING", known.getMessage(), known.action());
    } catch (IOException silent) {
      return CheckResult.down(
          "REPOSITORY_UNREACHABLE",
          "the repository does not answer: " + silent,
          "mount its volume, or look at its network");
    }
  }

  private synchronized CheckResult waiting(String text) throws IOException {
    List<RemovedSnapshot> removed = repository.removedSnapshots();
    if (removed.isEmpty()) {
      return CheckResult.up(text);
    }
    List<SnapshotId> ids = removed.stream().map(one -> one.snapshot().id()).toList();
    if (!ids.equals(counted) || plan.isEmpty() || plan.get().blockage().isPresent()) {
      plan = Optional.of(repository.planForget(Set.of(), PruneOptions.DEFAULT));
      counted = ids;
    }
    CheckResult result = plan.get()
        .blockage()
        .map(Blockage::toException)
        .map(why -> CheckResult.degraded("PRUNE_BLOCKED", why.getMessage(), why.action()))
        .orElseGet(() -> CheckResult.up(text + "; " + removed.size()
            + " removed snapshots can be taken back with 'dr unforget'"))
        .with("removedSnapshots", removed.size())
        .with("removedBytes", plan.get().waiting().bytes());
    Optional<Instant> end =
        removed.stream().flatMap(one -> one.graceEnds().stream()).min(Instant::compareTo);
    return end.isEmpty() ? result : result.with("nextGraceEnd", end.get().toString());
  }
}
