package com.personalaichatbot.dr.core.internal.write;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides from a file's last change whether what was read of it may be only a part of what is being
 * written, and whether its attributes can tell. Immutable.
 *
 * <p>The clock is compared in both directions: a change that lies in the future by more than two
 * seconds was stamped before the clock was set back, so the file is not being written now.
 */
public record Youth(Clock clock) {

  /** Nanoseconds between two looks; no kernel stamps files by a clock that is coarser. */
  public static final long LOOK_AFTER = 20_000_000;

  /** FAT, the coarsest file system, stamps files to two seconds. */
  public static final Duration GRANULARITY = Duration.ofSeconds(2);

  /** The remaining work on a file that was read. */
  public enum Doubt {
    /** Nothing: it has been at rest for long. */
    NONE,
    /** Its attributes must be the same a while later. */
    MAY_BE_IN_WRITING,
    /**
     * Its attributes do not tell: it was changed so recently that another change looks the same.
     */
    MAY_HAVE_CHANGED_UNSEEN
  }

  public Instant now() {
    return clock.instant();
  }

  /**
   * Returns what is to be doubted about a file.
   *
   * @param attributes at the time of reading
   * @param read when reading began
   */
  public Doubt doubt(Attributes attributes, Instant read) {
    Instant changed = attributes.lastChange();
    Duration age = Duration.between(changed, read);
    if (age.abs().compareTo(GRANULARITY) > 0) {
      return Doubt.NONE;
    }
    boolean isCoarse = changed.getNano() == 0;
    return isCoarse || age.toNanos() < LOOK_AFTER
        ? Doubt.MAY_HAVE_CHANGED_UNSEEN
        : Doubt.MAY_BE_IN_WRITING;
  }
}
