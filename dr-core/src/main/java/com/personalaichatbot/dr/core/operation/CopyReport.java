package com.personalaichatbot.dr.core.operation;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What bringing a copy of a repository up to date did. Immutable.
 *
 * @param filesCopied files that the copy did not have, each read back from there
 * @param filesMended files that the copy had and that were not what was written, replaced
 * @param bytesCopied bytes of both
 * @param damages what the original could not give whole, and so was not copied. Verify it, back up,
 *     and copy again
 * @param head fingerprint of the history that the copy has now
 * @param duration how long it took
 */
public record CopyReport(
    int filesCopied,
    int filesMended,
    long bytesCopied,
    List<Damage> damages,
    String head,
    Duration duration) {

  /** Refuses nulls and keeps a copy. */
  public CopyReport {
    damages = List.copyOf(damages);
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(duration, "duration");
  }

  /** Whether the copy holds all that the original does. */
  public boolean isWhole() {
    return damages.isEmpty();
  }
}
