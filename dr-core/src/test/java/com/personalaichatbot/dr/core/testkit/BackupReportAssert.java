package com.personalaichatbot.dr.core.testkit;

import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.PathProblem;
import com.personalaichatbot.dr.core.operation.ShrunkComponent;
import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Assertions on what a backup did; each failure shows the failures that the report lists. */
public final class BackupReportAssert extends AbstractAssert<BackupReportAssert, BackupReport> {

  BackupReportAssert(BackupReport actual) {
    super(actual, BackupReportAssert.class);
  }

  /**
   * Everything was saved.
   *
   * @return this
   */
  public BackupReportAssert isComplete() {
    return hasStatus(BackupStatus.COMPLETE).hasNoFailures();
  }

  /**
   * A snapshot was made, and something is missing from it.
   *
   * @return this
   */
  public BackupReportAssert isIncomplete() {
    return hasStatus(BackupStatus.INCOMPLETE);
  }

  /**
   * A snapshot was made in which exactly these components are SHRUNK, and nothing else is missing.
   *
   * @param components their names, in any order
   * @return this
   */
  public BackupReportAssert isShrunk(String... components) {
    return hasStatus(BackupStatus.SHRUNK).hasNoFailures().hasShrunk(components);
  }

  /**
   * Exactly these components are SHRUNK, whatever else is missing.
   *
   * @param components their names, in any order
   * @return this
   */
  public BackupReportAssert hasShrunk(String... components) {
    isNotNull();
    Assertions.assertThat(actual.unaccepted())
        .as("shrunk")
        .extracting(ShrunkComponent::component)
        .containsExactlyInAnyOrder(components);
    return this;
  }

  /**
   * No snapshot was made.
   *
   * @return this
   */
  public BackupReportAssert isFailed() {
    return hasStatus(BackupStatus.FAILED);
  }

  private BackupReportAssert hasStatus(BackupStatus status) {
    isNotNull();
    if (actual.status() != status) {
      failWithMessage(
          "Expected a backup that is %s, but it is %s; failures: %s",
          status, actual.status(), actual.failures());
    }
    if (actual.snapshot().isPresent() == (status == BackupStatus.FAILED)) {
      failWithMessage("A backup that is %s names the snapshot %s", status, actual.snapshot());
    }
    return this;
  }

  /**
   * Nothing could not be read.
   *
   * @return this
   */
  public BackupReportAssert hasNoFailures() {
    isNotNull();
    Assertions.assertThat(actual.failures()).as("failures").isEmpty();
    return this;
  }

  /**
   * Exactly these paths could not be read.
   *
   * @param paths component and path in it, in any order
   * @return this
   */
  public BackupReportAssert hasFailures(String... paths) {
    isNotNull();
    Assertions.assertThat(actual.failures())
        .as("failures")
        .extracting(PathProblem::path)
        .containsExactlyInAnyOrder(paths);
    return this;
  }

  /**
   * Exactly these paths were left out because they are no files, or were gone.
   *
   * @param paths component and path in it, in any order
   * @return this
   */
  public BackupReportAssert hasSkipped(String... paths) {
    isNotNull();
    Assertions.assertThat(actual.skipped())
        .as("skipped")
        .extracting(PathProblem::path)
        .containsExactlyInAnyOrder(paths);
    return this;
  }
}
