package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.core.BackupRepository;
import com.personalaichatbot.dr.core.operation.RepositoryException;
import com.personalaichatbot.dr.core.operation.StorageState;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import java.io.IOException;

/** Whether the repository is there and takes what is written; a temporary file is all it costs. */
final class RepositoryCheck implements HealthCheck {
  private final BackupRepository repository;

  RepositoryCheck(BackupRepository repository) {
    this.repository = repository;
  }

  @Override
  public CheckSettings settings() {
    return RecoveryChecks.SETTINGS;
  }

  @Override
  public CheckResult check() {
    try {
      StorageState state = repository.probe();
      return state.isWritable()
          ? CheckResult.up(state.location() + " can be read and written")
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
}
