package com.personalaichatbot.dr.core.checks;

import com.personalaichatbot.dr.core.recovery.objective.BackupPolicy;
import com.personalaichatbot.dr.core.recovery.objective.PolicyFacts;
import com.personalaichatbot.dr.core.recovery.objective.PolicyFinding;
import com.personalaichatbot.dr.core.repository.BackupRepository;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.health.CheckResult;
import com.personalaichatbot.dr.health.CheckSettings;
import com.personalaichatbot.dr.health.HealthCheck;
import com.personalaichatbot.dr.health.Severity;
import com.personalaichatbot.dr.health.Weight;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * The findings of the linter in the policy: the worst of it is the result, all of it is in the
 * details. A promise that cannot be kept is broken tomorrow and not now, so that it never makes the
 * whole DOWN.
 */
final class PolicyCheck implements HealthCheck {
  private final BackupRepository repository;
  private final BackupPolicy policy;
  private final List<Storage> copies;

  PolicyCheck(BackupRepository repository, BackupPolicy policy, List<Storage> copies) {
    this.repository = repository;
    this.policy = policy;
    this.copies = copies;
  }

  @Override
  public CheckSettings settings() {
    return CheckDefaults.SETTINGS.every(Duration.ofHours(1)).weight(Weight.IMPORTANT);
  }

  @Override
  public CheckResult check() {
    List<PolicyFinding> findings;
    try {
      findings = policy.lint(PolicyFacts.of(repository, policy.components(), copies));
    } catch (IOException unreadable) {
      return CheckDefaults.unreadable(unreadable);
    }
    CheckResult result = findings.stream()
        .max(Comparator.comparing(PolicyFinding::severity))
        .map(PolicyCheck::result)
        .orElse(CheckResult.up("what is promised can be kept"));
    int number = 1;
    for (PolicyFinding finding : findings) {
      String text = finding.object() + ": " + finding.message() + "; " + finding.action();
      result = result.with(number++ + "-" + finding.rule(), text);
    }
    return result;
  }

  private static CheckResult result(PolicyFinding worst) {
    String code = "POLICY_" + worst.rule();
    String text = worst.object() + ": " + worst.message();
    return worst.severity() == Severity.ERROR
        ? CheckResult.down(code, text, worst.action())
        : CheckResult.degraded(code, text, worst.action());
  }
}
