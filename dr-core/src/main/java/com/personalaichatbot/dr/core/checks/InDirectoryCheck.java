package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * A check of the directory that a repository lies in, which is known once the repository answers.
 * Where it lies in none, there is nothing to look at.
 */
final class InDirectoryCheck implements HealthCheck {
  private final BackupRepository repository;
  private final CheckSettings settings;
  private final Function<Path, HealthCheck> kind;
  private HealthCheck check;

  InDirectoryCheck(
      BackupRepository repository, CheckSettings settings, Function<Path, HealthCheck> kind) {
    this.repository = repository;
    this.settings = settings;
    this.kind = kind;
  }

  @Override
  public CheckSettings settings() {
    return settings;
  }

  @Override
  public CheckResult check() throws Exception {
    if (check == null) {
      Optional<Path> directory;
      try {
        directory = repository.probe().directory();
      } catch (IOException unreachable) {
        return CheckDefaults.unreadable(unreachable);
      }
      if (directory.isEmpty()) {
        return CheckResult.up("the repository lies in no directory of this machine");
      }
      check = kind.apply(directory.get());
    }
    return check.check();
  }
}
