package com.personalaichatbot.dr.core.operation;

import java.util.List;

/**
 * The differences of two snapshots, as paths, sorted.
 *
 * @param added in the second only
 * @param removed in the first only
 * @param changed in both, with other content or other metadata
 */
public record DiffReport(List<String> added, List<String> removed, List<String> changed) {
  /** Keeps copies. */
  public DiffReport {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    changed = List.copyOf(changed);
  }
}
