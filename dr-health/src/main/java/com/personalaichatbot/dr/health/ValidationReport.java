package com.personalaichatbot.dr.health;

import java.util.List;

/**
 * The findings of a validation, ordered by path and line. Immutable.
 *
 * @param findings everything that was found; past 10,000 the rest is one finding that counts it
 */
public record ValidationReport(List<Finding> findings) {

  /**
   * Copies and orders the findings.
   *
   * @param findings in any order
   */
  public ValidationReport {
    findings = findings.stream().sorted().toList();
  }

  /**
   * What follows for the whole.
   *
   * @return DOWN if there is an ERROR, else DEGRADED if there is a WARNING, else UP
   */
  public Status status() {
    return count(Severity.ERROR) > 0
        ? Status.DOWN
        : count(Severity.WARNING) > 0 ? Status.DEGRADED : Status.UP;
  }

  /**
   * How many findings there are of a severity.
   *
   * @param severity the severity
   * @return the number
   */
  public long count(Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  /**
   * The same with each WARNING raised to ERROR.
   *
   * @return a new report
   */
  public ValidationReport strict() {
    return new ValidationReport(findings.stream()
        .map(f -> f.severity() == Severity.WARNING
            ? new Finding(Severity.ERROR, f.code(), f.path(), f.line(), f.message(), f.action())
            : f)
        .toList());
  }

  /**
   * The report as the result of a check: the first of the worst findings, and how many there are.
   *
   * @return the result
   */
  public CheckResult result() {
    long errors = count(Severity.ERROR);
    long warnings = count(Severity.WARNING);
    Severity worst = errors > 0 ? Severity.ERROR : warnings > 0 ? Severity.WARNING : Severity.INFO;
    CheckResult result = findings.stream()
        .filter(finding -> worst != Severity.INFO && finding.severity() == worst)
        .findFirst()
        .map(first -> new CheckResult(
            status(),
            first.code(),
            first.path() + ": " + first.message(),
            first.action(),
            java.util.Map.of()))
        .orElse(CheckResult.up("nothing to repair was found"));
    return result.with("errors", errors).with("warnings", warnings);
  }
}
