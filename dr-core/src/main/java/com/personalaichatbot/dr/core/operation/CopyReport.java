package com.personalaichatbot.dr.core.operation;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The result of bringing a copy of a repository up to date, or of healing the original from its
 * copy. Immutable.
 *
 * @param filesCopied files that the target did not have, each read back from there
 * @param filesMended files that the target had and that were not what was written, replaced
 * @param bytesCopied bytes of both
 * @param damages of a copy: what the original does not have whole; the copy keeps what it has of
 *     it. Of a heal: what was found wrong in the original and the copy does not have whole
 * @param head fingerprint of the history that the target has now
 * @param lag how far the history of the copy is behind that of the original, because it would lose
 *     data by following it; what is missing is among the damages
 * @param duration how long it took
 */
public record CopyReport(
    int filesCopied,
    int filesMended,
    long bytesCopied,
    List<Damage> damages,
    String head,
    Lag lag,
    Duration duration) {

  /**
   * The distance of a history behind another.
   *
   * @param entries of the original that the copy does not have
   * @param snapshots among them
   */
  public record Lag(int entries, int snapshots) {
    /** Not at all. */
    public static final Lag NONE = new Lag(0, 0);
  }

  /** Refuses nulls and keeps a copy. */
  public CopyReport {
    damages = List.copyOf(damages);
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(lag, "lag");
    Objects.requireNonNull(duration, "duration");
  }

  /** Whether nothing was found damaged that was to be copied. */
  public boolean isWhole() {
    return damages.isEmpty();
  }
}
