package com.personalaichatbot.dr.core.internal.scan;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A regular file that is held open on Linux, so that a path through it leads to it, whatever
 * somebody puts in its place. Immutable.
 */
public final class HeldFile implements Closeable {
  private static final LinkOption[] FOLLOWED = {};
  private static final LinkOption[] NOT_FOLLOWED = {LinkOption.NOFOLLOW_LINKS};

  private final FileChannel channel;
  private final Path path;

  private HeldFile(FileChannel channel, Path path) {
    this.channel = channel;
    this.path = path;
  }

  /**
   * Opens a file in a directory that is held or safe, where {@link HeldDirectory#isOffered}.
   *
   * @param stat what its name, not followed, was found to be
   * @throws FileSystemException if it is another one by now
   */
  public static HeldFile open(Path file, FileStat stat) throws IOException {
    FileChannel channel = channel(file);
    try {
      Path path = HeldDirectory.find(channel, file, stat);
      if (path == null) {
        throw new FileSystemException(file.toString(), null, "cannot be told from other files");
      }
      return new HeldFile(channel, path);
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /** Opens a regular file; a link is not followed, and a pipe makes nobody wait. */
  static FileChannel channel(Path file) throws IOException {
    // To read and write: a pipe that is opened so is open immediately.
    FileChannel channel = FileChannel.open(
        file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      channel.position(); // A pipe has none.
      return channel;
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /** Whether a path is that of a file that is held. */
  public static boolean isHeld(Path path) {
    return HeldDirectory.OPEN.equals(path.getParent());
  }

  /** How to treat a link at the end of a path: only that to what is held is followed. */
  public static LinkOption[] links(Path path) {
    return isHeld(path) ? FOLLOWED.clone() : NOT_FOLLOWED.clone();
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
