package com.personalaichatbot.dr.core.internal.store;

import com.personalaichatbot.dr.core.storage.NotRegularFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Files outside of a repository that are replaced whole: a reader sees the old one or the new one,
 * and so does the next start after a crash. Their names are fixed, so that anybody who may write
 * there can put something else under them: what has the name is looked at before it is opened. A
 * pipe would make its reader wait for ever, and a link leads to a file that is not ours.
 */
public final class DurableFile {
  /** Permissions of what only its owner may read. */
  public static final String OWNER = "rw-------";

  /** Permissions of what everybody may read. */
  public static final String EVERYBODY = "rw-r--r--";

  private DurableFile() {}

  /**
   * Replaces a file, or creates it, in a directory that exists. Bytes and name are durable on
   * return; after a failure the old file is as it was.
   *
   * @param permissions {@link #OWNER} or {@link #EVERYBODY}, where the file system knows them
   * @throws IOException with the name of the file, if it cannot be written
   */
  public static void replace(Path file, byte[] bytes, String permissions) throws IOException {
    Path temporary =
        file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel out = FileChannel.open(
          temporary,
          Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
          permissions(file, permissions))) {
        write(out, bytes);
        out.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceNames(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      if (Directories.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        requireRegular(file);
      }
      throw naming(file, e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Reads a file of ours. No interrupt ends that.
   *
   * @param most bytes that it can have
   * @throws NoSuchFileException if nothing has the name
   * @throws NotRegularFileException if something else than a regular file has it
   */
  public static byte[] read(Path file, long most) throws IOException {
    requireRegular(file);
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE));
      if (bytes.length > most) {
        throw new FileSystemException(
            file.toString(), null, "it is longer than any file of its kind; move it away");
      }
      return bytes;
    } catch (IOException e) {
      throw naming(file, e);
    }
  }

  /**
   * Opens a file of ours to write to it.
   *
   * @throws NoSuchFileException if nothing has the name
   * @throws NotRegularFileException if something else than a regular file has it
   */
  public static FileChannel open(Path file) throws IOException {
    requireRegular(file);
    return FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  private static void requireRegular(Path file) throws IOException {
    BasicFileAttributes found =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isRegularFile()) {
      throw notRegular(file, found);
    }
  }

  private static NotRegularFileException notRegular(Path file, BasicFileAttributes found) {
    String what = found.isDirectory()
        ? "a directory"
        : found.isSymbolicLink() ? "a symbolic link" : "a pipe, a socket or a device";
    return new NotRegularFileException(
        file.toString(), "it is " + what + ", where a file of this tool belongs; move it away");
  }

  /** Attributes that create a file or directory with these permissions, where there are any. */
  public static FileAttribute<?>[] permissions(Path file, String permissions) {
    return isPosix(file)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Makes a directory, and those above it that are not there; their names are durable on return.
   *
   * @param attributes of those that are made
   */
  public static void makeDirectories(Path directory, FileAttribute<?>... attributes)
      throws IOException {
    Path absolute = directory.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      return;
    }
    if (absolute.getParent() != null) {
      makeDirectories(absolute.getParent(), attributes);
    }
    Files.createDirectories(absolute, attributes);
    if (absolute.getParent() != null) {
      forceNames(absolute.getParent());
    }
  }

  /** Makes the names in a directory durable, where a file system can. */
  public static void forceNames(Path directory) throws IOException {
    if (isPosix(directory)) {
      try (FileChannel self = FileChannel.open(directory, StandardOpenOption.READ)) {
        self.force(true);
      }
    }
  }

  /** Writes all bytes at the channel's position. */
  public static void write(FileChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /**
   * Returns a failure that names the file: what the JDK throws when a write or a force fails, as on
   * a full disk, does not.
   */
  public static IOException naming(Path file, IOException e) {
    if (e instanceof FileSystemException || e instanceof ClosedByInterruptException) {
      return e;
    }
    FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
    named.initCause(e);
    return named;
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
