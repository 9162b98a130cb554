package com.personalaichatbot.dr.core.testkit;

import com.personalaichatbot.dr.core.snapshot.BackupStatus;
import com.personalaichatbot.dr.core.snapshot.ComponentState;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.Trust;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Assertions on a snapshot. */
public final class SnapshotAssert extends AbstractAssert<SnapshotAssert, Snapshot> {

  SnapshotAssert(Snapshot actual) {
    super(actual, SnapshotAssert.class);
  }

  /**
   * All its components are complete.
   *
   * @return this
   */
  public SnapshotAssert isComplete() {
    isNotNull();
    Assertions.assertThat(actual.status()).as("status").isEqualTo(BackupStatus.COMPLETE);
    Assertions.assertThat(actual.components())
        .as("components")
        .allMatch(component -> component.status() == BackupStatus.COMPLETE);
    return this;
  }

  /**
   * It can be relied on so far.
   *
   * @param trust how far
   * @return this
   */
  public SnapshotAssert hasTrust(Trust trust) {
    isNotNull();
    Assertions.assertThat(actual.trust()).as("trust").isEqualTo(trust);
    return this;
  }

  /**
   * It holds exactly these components.
   *
   * @param names their names, in any order
   * @return this
   */
  public SnapshotAssert hasComponents(String... names) {
    isNotNull();
    Assertions.assertThat(actual.components())
        .as("components")
        .extracting(ComponentState::name)
        .containsExactlyInAnyOrder(names);
    return this;
  }

  /**
   * A component is SHRUNK in it and was not accepted.
   *
   * @param component name of the component
   * @return this
   */
  public SnapshotAssert isShrunkFor(String component) {
    isNotNull();
    Assertions.assertThat(actual.isShrunk(component))
        .as(component + " is SHRUNK")
        .isTrue();
    return isNotGoodFor(component);
  }

  /**
   * It could be the latest good one of a component, if nothing newer is.
   *
   * @param component name of the component
   * @return this
   */
  public SnapshotAssert isGoodFor(String component) {
    isNotNull();
    Assertions.assertThat(actual.isGoodFor(component))
        .as("good for " + component)
        .isTrue();
    return this;
  }

  /**
   * It cannot be the latest good one of a component.
   *
   * @param component name of the component
   * @return this
   */
  public SnapshotAssert isNotGoodFor(String component) {
    isNotNull();
    Assertions.assertThat(actual.isGoodFor(component))
        .as("good for " + component)
        .isFalse();
    return this;
  }
}
