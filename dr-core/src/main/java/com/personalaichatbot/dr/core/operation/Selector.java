package com.personalaichatbot.dr.core.operation;

import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.util.Objects;
import java.util.Optional;

/**
 * The choice of a snapshot for a restore: one by its id, or the latest or latest good one, which is
 * chosen for each component. Immutable.
 */
public final class Selector {
  /** The newest snapshot of each component, whatever its trust; never a QUARANTINE one. */
  public static final Selector LATEST = new Selector("latest", null);

  /**
   * The newest snapshot of each component that is verified or proven, not QUARANTINE, and complete
   * for that component.
   */
  public static final Selector LATEST_GOOD = new Selector("latest-good", null);

  private final String text;
  private final SnapshotId id;

  private Selector(String text, SnapshotId id) {
    this.text = text;
    this.id = id;
  }

  /**
   * One snapshot, whatever its purpose and trust.
   *
   * @param id its name
   * @return what selects it
   */
  public static Selector of(SnapshotId id) {
    return new Selector(id.toString(), id);
  }

  /**
   * The snapshot's name.
   *
   * @return empty for {@link #LATEST} and {@link #LATEST_GOOD}
   */
  public Optional<SnapshotId> id() {
    return Optional.ofNullable(id);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Selector selector && text.equals(selector.text);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(text);
  }

  /** {@code latest}, {@code latest-good} or the id. */
  @Override
  public String toString() {
    return text;
  }
}
