package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.internal.store.DurableFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/*
 * Java's own way to work relative to an open directory, SecureDirectoryStream, makes no directories and no links and sets
 * no times exactly. Linux shows the open files of a process as links in /proc/self/fd, and a path through such a link goes
 * to what was opened, whatever became of its name. Which number an open channel has Java does not say: it is the one
 * that is at a position to which nobody else sets a descriptor, and that is the same directory.
 */

/**
 * A directory that is held open on Linux, so that a path through it stays in it though somebody
 * renames it or puts a link in its place. Immutable.
 */
public final class HeldDirectory implements Closeable {
  static final Path OPEN = Path.of("/proc/self/fd");
  private static final Path POSITIONS = Path.of("/proc/self/fdinfo");
  private static final boolean SHOWS_POSITIONS = Files.isDirectory(POSITIONS);
  private static final AtomicLong MARKS = new AtomicLong(0x2B00_0000);

  private final FileChannel channel;
  private final Path path;

  private HeldDirectory(FileChannel channel, Path path) {
    this.channel = channel;
    this.path = path;
  }

  /** Whether directories can be held where this path lies. */
  public static boolean isOffered(Path path) {
    return path.getFileSystem() == FileSystems.getDefault() && SHOWS_POSITIONS;
  }

  /**
   * Opens a directory.
   *
   * @param stat what its name, not followed, was found to be
   * @return null if the directory cannot be told from others that are open
   * @throws FileSystemException if it is another one by now
   */
  public static HeldDirectory open(Path directory, FileStat stat) throws IOException {
    // With the dot nothing but a directory opens, so that a pipe in its place makes nobody wait.
    FileChannel channel = FileChannel.open(directory.resolve("."), StandardOpenOption.READ);
    try {
      Path path = find(channel, directory, stat);
      if (path != null) {
        return new HeldDirectory(channel, path.resolve("."));
      }
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  /**
   * The path through which an open channel is reached.
   *
   * @param name under which it was opened
   * @param stat what stood there
   * @return null if it cannot be told from others
   */
  static Path find(FileChannel channel, Path name, FileStat stat) throws IOException {
    long mark = MARKS.getAndIncrement();
    try {
      channel.position(mark);
    } catch (IOException e) {
      return null; // Not on this file system.
    }
    String wanted = "pos:\t" + mark + "\n";
    for (Path number : Directories.list(POSITIONS)) {
      if (!isAt(number, wanted)) {
        continue;
      }
      Path path = OPEN.resolve(number.getFileName().toString());
      FileStat held = FileStat.ofOpen(path);
      if (held.kind() != stat.kind() || !held.identity().equals(stat.identity())) {
        throw new FileSystemException(
            name.toString(), null, stat.kind() + " was exchanged while it was opened");
      }
      return path;
    }
    return null;
  }

  private static boolean isAt(Path number, String position) {
    try {
      return Files.readString(number, StandardCharsets.ISO_8859_1).startsWith(position);
    } catch (IOException e) {
      return false; // Closed meanwhile.
    }
  }

  /** What people call a path, which may go through what is held. */
  public static String name(Path path) {
    if (!path.startsWith(OPEN)) {
      return path.toString();
    }
    try {
      return path.endsWith(".") || HeldFile.isHeld(path)
          ? path.toRealPath().toString()
          : path.getParent().toRealPath().resolve(path.getFileName()).toString();
    } catch (IOException e) {
      return path.toString();
    }
  }

  /** Returns a failure that names the file, by what people call it. */
  public static IOException naming(Path path, IOException e) {
    return DurableFile.naming(path.getFileSystem().getPath(name(path)), e);
  }

  /** A path that leads to it as long as it is held. */
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
