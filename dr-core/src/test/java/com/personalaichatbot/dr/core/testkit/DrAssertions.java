package com.personalaichatbot.dr.core.testkit;

import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.snapshot.Snapshot;

/**
 * The entry point of AssertJ assertions on the values of this library.
 *
 * <pre>{@code
 * assertThat(repository.backUp(components, options)).isComplete();
 * assertThat(repository.verify(VerifyOptions.readAll())).isClean();
 * }</pre>
 */
public final class DrAssertions {

  private DrAssertions() {}

  /**
   * Begins assertions on what a backup did.
   *
   * @param actual the report
   * @return the assertions
   */
  public static BackupReportAssert assertThat(BackupReport actual) {
    return new BackupReportAssert(actual);
  }

  /**
   * Begins assertions on what a verify found.
   *
   * @param actual the report
   * @return the assertions
   */
  public static VerifyReportAssert assertThat(VerifyReport actual) {
    return new VerifyReportAssert(actual);
  }

  /**
   * Begins assertions on a snapshot.
   *
   * @param actual the snapshot
   * @return the assertions
   */
  public static SnapshotAssert assertThat(Snapshot actual) {
    return new SnapshotAssert(actual);
  }
}
