package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.core.snapshot.Proof;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The last proof of the stored data, its age, coverage and outcome: by a verify, which reads it
 * back, or by a drill, which restores and validates it. One that found something wanting is DOWN,
 * one that is too long ago DEGRADED. A repository that is younger than the limit owes none yet.
 */
final class ProofCheck implements HealthCheck {
  private final Proof.Kind kind;
  private final Duration limit;
  private final RecentHistory history;
  private final Clock clock;

  ProofCheck(Proof.Kind kind, Duration limit, RecentHistory history, Clock clock) {
    this.kind = kind;
    this.limit = limit;
    this.history = history;
    this.clock = clock;
  }

  @Override
  public CheckSettings settings() {
    return CheckDefaults.SETTINGS;
  }

  @Override
  public CheckResult check() {
    RecentHistory.Reading read;
    try {
      read = history.read();
    } catch (IOException unreadable) {
      return CheckDefaults.unreadable(unreadable);
    }
    Instant now = clock.instant();
    long proven = read.snapshots().stream().filter(this::isProven).count();
    Optional<Proof> newest = read.proofs().newest(kind);
    CheckResult result = newest
        .map(proof -> judge(proof, now))
        .orElseGet(() -> never(Duration.between(read.proofs().since(), now)))
        .with("limitSeconds", limit.toSeconds())
        .with("provenSnapshots", proven)
        .with("snapshots", read.snapshots().size());
    return newest
        .map(proof -> result
            .with("last", proof.time().toString())
            .with("ageSeconds", Duration.between(proof.time(), now).toSeconds())
            .with("result", proof.passed() ? "PASSED" : "FAILED")
            .with("coveragePercent", Math.rint(proof.coverage() * 1000) / 10))
        .orElse(result);
  }

  private boolean isProven(Snapshot snapshot) {
    return switch (snapshot.trust()) {
      case PROVEN -> true;
      case VERIFIED -> kind == Proof.Kind.VERIFY;
      default -> false;
    };
  }

  private CheckResult never(Duration age) {
    String text = isDrill() ? "there was no drill yet" : "stored data was never read back";
    return age.compareTo(limit) > 0
        ? CheckResult.degraded(isDrill() ? "NEVER_DRILLED" : "NEVER_VERIFIED", text, action())
        : CheckResult.up(
            text + ", and the first is due in " + CheckDefaults.text(limit.minus(age)));
  }

  private CheckResult judge(Proof proof, Instant now) {
    Duration age = Duration.between(proof.time(), now);
    String text = (isDrill() ? "the last drill was " : "stored data was last read back ")
        + CheckDefaults.text(age) + " ago";
    if (!proof.passed()) {
      return CheckResult.down(
          isDrill() ? "DRILL_FAILED" : "DAMAGE_FOUND",
          text + " and found " + proof.failed().size() + " snapshots wanting, the newest "
              + proof.failed().get(proof.failed().size() - 1),
          isDrill()
              ? "read its report, repair what it names, and repeat it"
              : "run dr verify again to see what is damaged; heal it with dr heal COPY, or back up, which stores"
                  + " again what the source still has");
    }
    if (age.compareTo(limit) > 0) {
      return CheckResult.degraded(isDrill() ? "DRILL_OVERDUE" : "VERIFY_OVERDUE", text, action());
    }
    return CheckResult.up(text);
  }

  private String action() {
    return isDrill() ? "hold a drill" : "verify the repository";
  }

  private boolean isDrill() {
    return kind == Proof.Kind.DRILL;
  }
}
