package com.personalaichatbot.dr.core.operation;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The findings of a verify.
 *
 * @param status the worst of it
 * @param damages everything that is missing or wrong
 * @param notes what is not damage: orphan packs, temporaries, foreign files, damage known and
 *     healed
 * @param blobs how many blobs were looked at
 * @param bytes how many bytes were read from the repository
 * @param head fingerprint of the repository's history
 * @param duration how long it took
 */
public record VerifyReport(
    Status status,
    List<Damage> damages,
    List<String> notes,
    long blobs,
    long bytes,
    String head,
    Duration duration) {

  /** The state of a repository. */
  public enum Status {
    /** Nothing is wrong. */
    CLEAN,
    /** Stored data is missing or wrong. */
    DAMAGED,
    /** The history ends before the point that this client remembers. */
    ROLLED_BACK,
    /** The history is another one than this client remembers. */
    FORKED
  }

  /** Refuses nulls and keeps copies. */
  public VerifyReport {
    Objects.requireNonNull(status, "status");
    damages = List.copyOf(damages);
    notes = List.copyOf(notes);
    Objects.requireNonNull(head, "head");
    Objects.requireNonNull(duration, "duration");
  }

  /** Whether nothing is wrong. */
  public boolean isClean() {
    return status == Status.CLEAN;
  }
}
