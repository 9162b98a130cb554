package com.personalaichatbot.dr.core.internal.engine.restore.plan;

import com.personalaichatbot.dr.core.internal.journal.Change;
import java.nio.file.Path;

/**
 * A new directory in the stage, with all that will be below it: its top reaches its place by one
 * rename. Immutable.
 *
 * @param number the change that makes the top
 * @param depth how many elements of a place lead to the top
 * @param path this directory in the stage: the top, or one below it
 */
public record StagedTree(int number, int depth, Path path) {
  /** A change of something in this directory, or of the directory itself. */
  public Change stage(Change change) {
    return change.stagedIn(number, depth);
  }

  /** A directory in this one. */
  public StagedTree below(Path child) {
    return new StagedTree(number, depth, child);
  }
}
