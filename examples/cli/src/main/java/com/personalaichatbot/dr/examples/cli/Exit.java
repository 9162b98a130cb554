package com.personalaichatbot.dr.examples.cli;

import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.HeadChangedException;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.health.Status;
import java.util.List;
import picocli.CommandLine.ParameterException;

/** The exit codes of the tool, and the failures that end in each. */
final class Exit {
  static final int DONE = 0;
  static final int FAILED = 1;

  /** Done, but what could not be read or restored is listed. */
  static final int INCOMPLETE = 3;

  /** Something does not work; of checks only. */
  static final int DOWN = 2;

  /** It could not be told; of checks only. */
  static final int UNKNOWN = 3;

  static final int NO_REPOSITORY = 10;

  /** Held by another operation, or pruned meanwhile: running it again is safe. */
  static final int HELD = 11;

  static final int WRONG_KEY = 12;

  /** Damage, rollback or fork; wins over INCOMPLETE. */
  static final int DAMAGED = 13;

  static final int USAGE = 64;

  /** Nobody reads the output any more; as a shell shows it of a process that SIGPIPE ended. */
  static final int OUTPUT_CLOSED = 141;

  static final int INTERRUPTED = 130;

  private Exit() {}

  static int of(Throwable failure) {
    if (failure instanceof RepositoryNotFoundException) {
      return NO_REPOSITORY;
    }
    if (failure instanceof RepositoryLockedException) {
      return HELD;
    }
    if (failure instanceof WrongKeyException) {
      return WRONG_KEY;
    }
    if (failure instanceof CorruptRepositoryException || failure instanceof HeadChangedException) {
      return DAMAGED;
    }
    if (failure instanceof ParameterException || failure instanceof IllegalArgumentException) {
      return USAGE;
    }
    return FAILED;
  }

  /** What a check or a validation found. */
  static int of(Status status) {
    return switch (status) {
      case UP -> DONE;
      case DEGRADED -> FAILED;
      case DOWN, OUT_OF_SERVICE -> DOWN;
      case UNKNOWN -> UNKNOWN;
    };
  }

  /** How an operation that did what it could has ended. */
  static int of(boolean damaged, List<?> failures) {
    if (damaged) {
      return DAMAGED;
    }
    return failures.isEmpty() ? DONE : INCOMPLETE;
  }
}
