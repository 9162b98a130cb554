package com.personalaichatbot.dr.core.internal.scan;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Hears of what a scan could not read, or does not keep. Called from every thread that uses the
 * scan.
 */
public interface ScanProblems {

  /** Hears of nothing. */
  ScanProblems UNHEARD = new ScanProblems() {
    @Override
    public void failed(String path, String reason) {}

    @Override
    public void skipped(String path, String reason) {}
  };

  /** Something belongs to the component and could not be read: the component is incomplete. */
  void failed(String path, String reason);

  /** Something is of a kind that no snapshot holds; the component is complete without it. */
  void skipped(String path, String reason);

  /** Returns the words of a failure without the path, which is listed beside them. */
  static String reason(IOException failure) {
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
