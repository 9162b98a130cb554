package com.personalaichatbot.dr.core.internal.engine.restore;

import com.personalaichatbot.dr.core.internal.scan.FileStat;
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
 * that stands at a position to which nobody else sets a descriptor, and that is the same directory.
 */

/**
 * A directory that is held open on Linux, so that a path through it stays in it though somebody
 * renames it or puts a link in its place. Immutable.
 */
final class HeldDirectory implements Closeable {
  private static final Path OPEN = Path.of("/proc/self/fd");
  private static final Path POSITIONS = Path.of("/proc/self/fdinfo");
  private static final AtomicLong MARKS = new AtomicLong(0x2B00_0000);

  private final FileChannel channel;
  private final Path path;

  private HeldDirectory(FileChannel channel, Path path) {
    this.channel = channel;
    this.path = path;
  }

  /** Whether directories can be held where this path lies. */
  static boolean isOffered(Path path) {
    return path.getFileSystem() == FileSystems.getDefault() && Files.isDirectory(POSITIONS);
  }

  /**
   * Opens a directory.
   *
   * @param stat what its name, not followed, was found to be
   * @return null if the directory cannot be told from others that are open
   * @throws FileSystemException if it is another one by now
   */
  static HeldDirectory open(Path directory, FileStat stat) throws IOException {
    // With the dot nothing but a directory opens, so that a pipe in its place makes nobody wait.
    FileChannel channel = FileChannel.open(directory.resolve("."), StandardOpenOption.READ);
    try {
      Path path = find(channel, directory, stat);
      if (path != null) {
        return new HeldDirectory(channel, path);
      }
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  private static Path find(FileChannel channel, Path directory, FileStat stat) throws IOException {
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
      Path path = OPEN.resolve(number.getFileName().toString()).resolve(".");
      FileStat held = FileStat.read(path);
      if (held.attributes().inode() != stat.attributes().inode()
          || held.attributes().device() != stat.attributes().device()) {
        throw new FileSystemException(
            directory.toString(), null, "the directory was exchanged while it was opened");
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
  static String name(Path path) {
    if (!path.startsWith(OPEN)) {
      return path.toString();
    }
    try {
      return path.endsWith(".")
          ? path.toRealPath().toString()
          : path.getParent().toRealPath().resolve(path.getFileName()).toString();
    } catch (IOException e) {
      return path.toString();
    }
  }

  /** Returns a failure that names the file, by what people call it. */
  static IOException naming(Path path, IOException e) {
    return DurableFile.naming(path.getFileSystem().getPath(name(path)), e);
  }

  /** A path that leads to it as long as it is held. */
  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
