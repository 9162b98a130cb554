package com.personalaichatbot.dr.core.operation;

/**
 * Receives the progress of operations. Called about ten times a second at most, from one thread at
 * a time and never under a lock; what it throws is logged once and ignored.
 */
@FunctionalInterface
public interface ProgressListener {
  /** Takes the newest state. */
  void progress(Progress progress);
}
