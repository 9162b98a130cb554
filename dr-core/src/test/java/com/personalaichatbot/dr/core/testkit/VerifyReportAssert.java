package com.personalaichatbot.dr.core.testkit;

import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Assertions on what a verify found; each failure shows the damages that the report lists. */
public final class VerifyReportAssert extends AbstractAssert<VerifyReportAssert, VerifyReport> {

  VerifyReportAssert(VerifyReport actual) {
    super(actual, VerifyReportAssert.class);
  }

  /**
   * Nothing is wrong.
   *
   * @return this
   */
  public VerifyReportAssert isClean() {
    hasStatus(VerifyReport.Status.CLEAN);
    Assertions.assertThat(actual.damages()).as("damages").isEmpty();
    return this;
  }

  /**
   * Stored data is missing or wrong.
   *
   * @return this
   */
  public VerifyReportAssert isDamaged() {
    hasStatus(VerifyReport.Status.DAMAGED);
    Assertions.assertThat(actual.damages()).as("damages").isNotEmpty();
    return this;
  }

  /**
   * The repository is in this state.
   *
   * @param status the state
   * @return this
   */
  public VerifyReportAssert hasStatus(VerifyReport.Status status) {
    isNotNull();
    if (actual.status() != status) {
      failWithMessage(
          "Expected a repository that is %s, but it is %s; damages: %s; notes: %s",
          status, actual.status(), actual.damages(), actual.notes());
    }
    return this;
  }

  /**
   * An object of the repository is among the damages.
   *
   * @param object its name
   * @return this
   */
  public VerifyReportAssert namesObject(String object) {
    isNotNull();
    Assertions.assertThat(actual.damages())
        .as("damages")
        .extracting(Damage::object)
        .contains(object);
    return this;
  }

  /**
   * A damage hits a path in some snapshot.
   *
   * @param path component and path in it
   * @return this
   */
  public VerifyReportAssert namesPath(String path) {
    isNotNull();
    Assertions.assertThat(actual.damages())
        .as("damages")
        .flatExtracting(Damage::paths)
        .contains(path);
    return this;
  }

  /**
   * Exactly these paths are damaged by one damage or another.
   *
   * @param paths component and path in it, in any order
   * @return this
   */
  public VerifyReportAssert hitsExactly(String... paths) {
    isNotNull();
    Assertions.assertThat(
            actual.damages().stream().flatMap(damage -> damage.paths().stream()).distinct())
        .as("paths that damages damaged")
        .containsExactlyInAnyOrder(paths);
    return this;
  }

  /**
   * Some note holds this text.
   *
   * @param text the text
   * @return this
   */
  public VerifyReportAssert hasNote(String text) {
    isNotNull();
    Assertions.assertThat(actual.notes()).as("notes").anyMatch(note -> note.contains(text));
    return this;
  }

  /**
   * There are no notes.
   *
   * @return this
   */
  public VerifyReportAssert hasNoNotes() {
    isNotNull();
    Assertions.assertThat(actual.notes()).as("notes").isEmpty();
    return this;
  }
}
