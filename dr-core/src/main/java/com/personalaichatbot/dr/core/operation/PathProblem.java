package com.personalaichatbot.dr.core.operation;

import java.util.Objects;

/**
 * A file or directory with which something was not as it should be.
 *
 * @param path component and path in it; bytes that are no text appear as {@code \xNN}
 * @param reason what it was, and where it helps what to do
 */
public record PathProblem(String path, String reason) {
  /** Refuses nulls. */
  public PathProblem {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(reason, "reason");
  }
}
