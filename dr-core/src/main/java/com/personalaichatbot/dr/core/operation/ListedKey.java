package com.personalaichatbot.dr.core.operation;

import java.time.Instant;
import java.util.Objects;

/**
 * A key slot of a repository: one way to open it.
 *
 * @param id its name, 32 hexadecimal digits
 * @param kind what opens it
 * @param created when it was made, by the clock of the machine that made it
 */
public record ListedKey(String id, Kind kind, Instant created) {
  /** The kind of key that opens a slot. */
  public enum Kind {
    /** A passphrase. */
    PASSPHRASE,
    /** A recovery code, of a newer version. */
    RECOVERY_CODE,
    /** Somebody's private key, of a newer version. */
    RECIPIENT,
    /** Something that this version does not know. */
    OTHER,
    /**
     * Nobody can tell: the slot is live, and its file is missing, damaged or cannot be read. It is
     * listed as made in 1970.
     */
    UNREADABLE
  }

  /** Refuses nulls. */
  public ListedKey {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(created, "created");
  }
}
