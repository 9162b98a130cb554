package com.personalaichatbot.dr.core.internal.scan;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The paths that an operation leaves out of every component, beside what the component itself names
 * and the stage of a restore.
 *
 * @param excludes patterns of what is left out, without a word
 * @param repository the repository's own directory, where it is on this machine. The engine refuses
 *     a repository inside a source; one that shows up there all the same, by a bind mount, is
 *     skipped with a word
 */
public record ScanRules(List<Glob> excludes, Optional<Path> repository) {

  /** Leaves out nothing. */
  public static final ScanRules NONE = new ScanRules(List.of(), Optional.empty());

  /** Copies the patterns. */
  public ScanRules {
    excludes = List.copyOf(excludes);
    Objects.requireNonNull(repository, "repository");
  }
}
