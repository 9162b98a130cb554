package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The attributes of a path in its file system, links not followed. Sizes of what is no regular file
 * are zero: they say nothing about the content and differ from one file system to the next.
 */
public record FileStat(Kind kind, Attributes attributes) {

  /** The kind of file at a path. */
  public enum Kind {
    /** A regular file. */
    FILE("a file", EntryType.FILE),
    /** A directory. */
    DIRECTORY("a directory", EntryType.DIRECTORY),
    /** A symbolic link. */
    SYMLINK("a symbolic link", EntryType.SYMLINK),
    /** A named pipe. */
    FIFO("a named pipe", null),
    /** A socket. */
    SOCKET("a socket", null),
    /** A character or block device. */
    DEVICE("a device", null),
    /** What the file system has no word for. */
    OTHER("a special file", null);

    private final String text;
    private final EntryType type;

    Kind(String text, EntryType type) {
      this.text = text;
      this.type = type;
    }

    /** Returns what a tree records it as; empty for a special file, which a tree does not hold. */
    public Optional<EntryType> type() {
      return Optional.ofNullable(type);
    }

    /** Returns the words for it, with an article. */
    @Override
    public String toString() {
      return text;
    }
  }

  // One call of the system for all of it; asking for owner and group by name would look them up.
  private static final String UNIX = "unix:mode,uid,gid,size,lastModifiedTime,ctime,dev,ino,nlink";
  private static final int TYPE_MASK = 0170000;
  private static final int MODE_MASK = 07777;

  /**
   * Asks the file system.
   *
   * @throws java.nio.file.NoSuchFileException if nothing has that name
   * @throws IOException if the path cannot be asked for
   */
  public static FileStat read(Path path) throws IOException {
    Set<String> views = path.getFileSystem().supportedFileAttributeViews();
    if (views.contains("unix")) {
      return unix(path);
    }
    if (views.contains("posix")) {
      PosixFileAttributes posix =
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return basic(posix, mode(posix.permissions()));
    }
    return basic(
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS), 0);
  }

  /**
   * Asks for the file behind an entry of a table of descriptors, whatever names it has by now.
   *
   * @throws IOException if the descriptor is closed
   */
  static FileStat ofOpen(Path descriptor) throws IOException {
    return unix(descriptor, Files.readAttributes(descriptor, UNIX));
  }

  private static FileStat unix(Path path) throws IOException {
    return unix(path, Files.readAttributes(path, UNIX, LinkOption.NOFOLLOW_LINKS));
  }

  private static FileStat unix(Path path, Map<String, Object> values) throws IOException {
    int mode = number(values, "mode").intValue();
    Kind kind = (mode & TYPE_MASK) == 0
        ? kind(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS))
        : kind(mode);
    Instant mtime = ((FileTime) values.get("lastModifiedTime")).toInstant();
    Instant ctime = ((FileTime) values.get("ctime")).toInstant();
    Attributes attributes = new Attributes(
        mode & MODE_MASK,
        number(values, "uid").intValue(),
        number(values, "gid").intValue(),
        kind == Kind.FILE ? number(values, "size").longValue() : 0,
        mtime.getEpochSecond(),
        mtime.getNano(),
        ctime.getEpochSecond(),
        ctime.getNano(),
        number(values, "dev").longValue(),
        number(values, "ino").longValue(),
        number(values, "nlink").intValue());
    return new FileStat(kind, attributes);
  }

  private static Number number(Map<String, Object> values, String name) {
    return (Number) values.get(name);
  }

  private static FileStat basic(BasicFileAttributes values, int mode) {
    Kind kind = kind(values);
    Instant mtime = values.lastModifiedTime().toInstant();
    long size = kind == Kind.FILE ? values.size() : 0;
    return new FileStat(
        kind,
        new Attributes(mode, 0, 0, size, mtime.getEpochSecond(), mtime.getNano(), 0, 0, 0, 0, 1));
  }

  private static Kind kind(int mode) {
    return switch (mode & TYPE_MASK) {
      case 0100000 -> Kind.FILE;
      case 0040000 -> Kind.DIRECTORY;
      case 0120000 -> Kind.SYMLINK;
      case 0010000 -> Kind.FIFO;
      case 0140000 -> Kind.SOCKET;
      case 0020000, 0060000 -> Kind.DEVICE;
      default -> Kind.OTHER;
    };
  }

  private static Kind kind(BasicFileAttributes values) {
    if (values.isRegularFile()) {
      return Kind.FILE;
    }
    if (values.isDirectory()) {
      return Kind.DIRECTORY;
    }
    return values.isSymbolicLink() ? Kind.SYMLINK : Kind.OTHER;
  }

  private static int mode(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission permission : permissions) {
      mode |= 0400 >> permission.ordinal();
    }
    return mode;
  }

  /** Returns the identity in values of the {@code unix} view. */
  static FileIdentity identity(Map<String, Object> values) {
    return new FileIdentity(
        number(values, "dev").longValue(), number(values, "ino").longValue());
  }

  FileIdentity identity() {
    return new FileIdentity(attributes.device(), attributes.inode());
  }
}
