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
  /** What can open a slot. */
  public enum Kind {
    /** A passphrase. */
    PASSPHRASE
  }

  /** Refuses nulls. */
  public ListedKey {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(created, "created");
  }
}
