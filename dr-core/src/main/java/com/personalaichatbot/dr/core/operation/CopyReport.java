package com.personalaichatbot.dr.core.operation;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What bringing a copy of a repository up to date did, or healing the original from its copy.
 * Immutable.
 *
 * @param filesCopied files that the target did not have, each read back from there
 * @param filesMended files that the target had and that were not what was written, replaced
 * @param bytesCopied bytes of both
 * @param damages of a copy: what the original does not have whole; the copy keeps what it has of
 *     it. Of a heal: what was found wrong in the original and the copy does not have whole
 * @param head fingerprint of the history that the target has now
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

  /** Whether nothing was found damaged that was to be copied. */
  public boolean isWhole() {
    return damages.isEmpty();
  }
}
