package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.core.operation.CopyState;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Weight;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The lag of a copy behind its repository: the oldest snapshot that it lacks may wait for so long.
 * It is a second line, so that nothing about it makes the whole DOWN.
 */
final class CopyCheck implements HealthCheck {
  private final BackupRepository repository;
  private final Storage target;
  private final Duration within;
  private final Clock clock;

  CopyCheck(BackupRepository repository, Storage target, Duration within, Clock clock) {
    this.repository = repository;
    this.target = target;
    this.within = within;
    this.clock = clock;
  }

  @Override
  public CheckSettings settings() {
    return CheckDefaults.SETTINGS.weight(Weight.IMPORTANT);
  }

  @Override
  public CheckResult check() {
    CopyState state;
    try {
      state = repository.copies().state(target);
    } catch (RepositoryNotFoundException none) {
      return CheckResult.down("COPY_MISSING", none.getMessage(), none.action());
    } catch (IOException silent) {
      return CheckResult.down(
          "COPY_UNREACHABLE",
          "the copy or the repository does not answer: " + silent,
          "mount its volume, or look at its network");
    }
    Instant now = clock.instant();
    Duration waiting =
        state.since().map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
    String text = state.snapshotsBehind() == 0
        ? state.location() + " has every snapshot"
        : state.location() + " lacks " + state.snapshotsBehind() + " snapshots, the oldest of "
            + CheckDefaults.text(waiting) + " ago";
    CheckResult result = waiting.compareTo(within) > 0
        ? CheckResult.degraded("COPY_BEHIND", text, "bring the copy up to date")
        : CheckResult.up(text);
    return result
        .with("entriesBehind", state.entriesBehind())
        .with("snapshotsBehind", state.snapshotsBehind())
        .with("limitSeconds", within.toSeconds());
  }
}
