package com.personalaichatbot.dr.core.internal.format;

/** Kinds of catalog entries. */
public enum EntryKind {
  /** The first entry. */
  GENESIS(1),
  /** A snapshot. */
  SNAPSHOT(2),
  /** Trust, holds, removals, damage. */
  MARK(3),
  /** The live key slots. */
  KEYS(4),
  /** Snapshots removed and packs condemned. */
  PRUNE(6),
  /**
   * A kind that this version does not read: CONFIG (5), REPAIR (7), CHECKPOINT (8) and ERASE (9)
   * are reserved for newer versions. Such an entry is part of the history; whoever does not know
   * what it says reads and restores, and neither writes nor prunes.
   */
  NEWER(0);

  private final int code;

  EntryKind(int code) {
    this.code = code;
  }

  /** The byte that stands for it. */
  int code() {
    return code;
  }

  /** Returns the kind with this code, {@link #NEWER} if this version knows none. */
  public static EntryKind of(int code) {
    for (EntryKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    return NEWER;
  }
}
