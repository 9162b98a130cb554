package com.personalaichatbot.dr.core.internal.archive;

import java.io.IOException;

/** An archive is damaged, is not what it should be, or holds what must not be imported. */
public final class BadArchiveException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong with it. */
  public BadArchiveException(String problem) {
    super(problem);
  }

  BadArchiveException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
