package com.personalaichatbot.dr.core.internal.report;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The words in which a failure is reported. */
public final class Failures {
  private Failures() {}

  /**
   * Returns the reason of a failure without the path, which the report lists beside it. A failure
   * that gives no reason is described by its type.
   */
  public static String describe(Throwable failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    String reason =
        failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
    return reason == null ? failure.getClass().getSimpleName() : reason;
  }
}
