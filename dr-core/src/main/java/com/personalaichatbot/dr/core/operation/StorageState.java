package com.personalaichatbot.dr.core.operation;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The answer of a repository's place just now.
 *
 * @param location the place as a person would name it
 * @param directory the directory on this machine, if it is one
 * @param refusal why it does not take what is written; empty if it does
 */
public record StorageState(String location, Optional<Path> directory, String refusal) {
  /** Refuses nulls. */
  public StorageState {
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(refusal, "refusal");
  }

  /** Whether it takes what is written. */
  public boolean isWritable() {
    return refusal.isEmpty();
  }
}
