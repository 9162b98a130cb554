package com.personalaichatbot.dr.core.internal.format;

/** The type of a tree entry. */
public enum EntryType {
  /** A regular file. */
  FILE(1),
  /** A directory. */
  DIRECTORY(2),
  /** A symbolic link. */
  SYMLINK(3);

  private final int code;

  EntryType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static EntryType of(int code) throws MalformedException {
    for (EntryType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new MalformedException("entry type " + code + " is unknown");
  }
}
