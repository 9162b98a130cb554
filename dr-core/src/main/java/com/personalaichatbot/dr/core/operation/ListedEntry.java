package com.personalaichatbot.dr.core.operation;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An entry of a snapshot, as a listing shows it.
 *
 * @param path component and path in it; bytes that are no text appear as {@code \xNN}
 * @param type what it is
 * @param mode permission bits
 * @param size bytes of a file, else 0
 * @param modified time of its last change
 * @param linkTarget target of a symbolic link
 */
public record ListedEntry(
    String path, Type type, int mode, long size, Instant modified, Optional<String> linkTarget) {

  /** The type of an entry. */
  public enum Type {
    /** A regular file. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link. */
    SYMLINK
  }

  /** Refuses nulls. */
  public ListedEntry {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(modified, "modified");
    Objects.requireNonNull(linkTarget, "linkTarget");
  }
}
