package com.personalaichatbot.dr.core.internal.format;

/** What a catalog entry records. */
public enum EntryKind {
  /** The first entry. */
  GENESIS(1),
  /** A snapshot. */
  SNAPSHOT(2),
  /** Trust, holds, damage. */
  MARK(3),
  /** The live key slots. */
  KEYS(4),
  /** Parameters of the repository. */
  CONFIG(5),
  /** Snapshots removed and packs condemned. */
  PRUNE(6);

  private final int code;

  EntryKind(int code) {
    this.code = code;
  }

  /** The byte that stands for it. */
  int code() {
    return code;
  }

  /** The kind with this code. */
  public static EntryKind of(int code) throws MalformedException {
    for (EntryKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new MalformedException("catalog entry kind " + code + " is unknown");
  }
}
