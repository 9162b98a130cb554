package com.personalaichatbot.dr.core.storage;

import java.nio.file.FileSystemException;

/**
 * Under a name lies something that is no regular file: a directory, a link, a FIFO or a device. No
 * storage creates such a thing, so it is nobody's file, and it is never opened.
 */
public final class NotRegularFileException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  /**
   * Names what is no regular file.
   *
   * @param file its path
   */
  public NotRegularFileException(String file) {
    super(file, null, "not a regular file");
  }

  /**
   * Names what is no regular file, and says more of it.
   *
   * @param file its path
   * @param reason what it is, and what to do about it
   */
  public NotRegularFileException(String file, String reason) {
    super(file, null, reason);
  }
}
