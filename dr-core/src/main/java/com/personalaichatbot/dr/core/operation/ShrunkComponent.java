package com.personalaichatbot.dr.core.operation;

import com.personalaichatbot.dr.core.component.DataSize;
import java.util.Objects;

/**
 * A component that lost so much since its last COMPLETE or accepted snapshot that its data is
 * probably out of reach and not deleted. Immutable.
 *
 * @param component its name
 * @param before its size in that snapshot
 * @param after its size now; what the backup did not reach or was told to exclude is counted as
 *     present
 * @param accepted whether the backup was told to accept it, so that its status is not SHRUNK
 */
public record ShrunkComponent(String component, DataSize before, DataSize after, boolean accepted) {
  /** Refuses nulls. */
  public ShrunkComponent {
    Objects.requireNonNull(component, "component");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
  }

  /** Returns the loss for people, such as {@code data has 0 of 9 files and 0 of 18 bytes left}. */
  @Override
  public String toString() {
    return component + " has " + after.files() + " of " + before.files() + " files and "
        + after.bytes() + " of " + before.bytes() + " bytes left";
  }
}
