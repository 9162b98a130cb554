package com.personalaichatbot.dr.core.internal.report;

import com.personalaichatbot.dr.core.operation.RepositoryException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;

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

  /**
   * Returns the message of a failure, or of its cause where an executor has wrapped it. The type is
   * before the message, unless the message is known to be a sentence for people, and alone where
   * there is no message.
   *
   * @param worded types whose messages are sentences for people, besides that of the repository
   */
  public static String message(Throwable failure, Class<?>... worded) {
    Throwable cause = failure instanceof ExecutionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
    String message = cause.getMessage();
    String name = cause.getClass().getSimpleName();
    if (message == null || message.isBlank()) {
      return name;
    }
    return isWorded(cause, worded) ? message : name + ": " + message;
  }

  private static boolean isWorded(Throwable failure, Class<?>... worded) {
    for (Class<?> type : worded) {
      if (type.isInstance(failure)) {
        return true;
      }
    }
    return failure instanceof RepositoryException;
  }
}
