package com.personalaichatbot.dr.health.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads a whole file, but never a device or a pipe, which might not end, never more than is
 * allowed, and never one that this process has locked.
 */
public final class BoundedFile {

  private BoundedFile() {}

  /** Says that a file is larger than it may be. */
  public static final class TooLargeException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    /** Says how large it may be. */
    public TooLargeException(Path file, long maxBytes) {
      super(file.toString(), null, "larger than " + maxBytes + " bytes");
    }
  }

  /** Says that a path is not a regular file. */
  public static final class NotRegularException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    NotRegularException(Path file) {
      super(file.toString(), null, "not a regular file");
    }
  }

  /**
   * The content, of one file.
   *
   * @throws IOException as {@link #read(Path, int, OwnLocks)}
   */
  public static byte[] read(Path file, int maxBytes) throws IOException {
    return read(file, maxBytes, new OwnLocks());
  }

  /**
   * The content.
   *
   * @throws NotRegularException if the path is something else; it is not opened
   * @throws OwnLocks.InUseException if this process holds a lock on it; it is not opened
   * @throws TooLargeException if there is more than allowed; no more than that is read
   */
  public static byte[] read(Path file, int maxBytes, OwnLocks locks) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new NotRegularException(file);
    }
    if (attributes.size() > maxBytes) {
      throw new TooLargeException(file, maxBytes);
    }
    locks.require(file);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes((int) attributes.size() + 1);
      if (content.length > attributes.size()) {
        byte[] rest = in.readNBytes(maxBytes + 1 - content.length);
        if (content.length + rest.length > maxBytes) {
          throw new TooLargeException(file, maxBytes);
        }
        byte[] all = java.util.Arrays.copyOf(content, content.length + rest.length);
        System.arraycopy(rest, 0, all, content.length, rest.length);
        return all;
      }
      return content;
    }
  }
}
