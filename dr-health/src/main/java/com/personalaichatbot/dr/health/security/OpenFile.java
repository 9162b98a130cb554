package com.personalaichatbot.dr.health.security;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file that is open on Linux, and the path through its descriptor, which leads to nothing else.
 * Java does not tell the number of the descriptor: it is the one that is at a position to which
 * nobody else sets one.
 */
final class OpenFile implements Closeable {
  private static final Path OPEN = Path.of("/proc/self/fd");
  private static final Path POSITIONS = Path.of("/proc/self/fdinfo");
  private static final AtomicLong MARKS = new AtomicLong(0x2C00_0000);

  private final SeekableByteChannel channel;
  private final Path path;

  private OpenFile(SeekableByteChannel channel, Path path) {
    this.channel = channel;
    this.path = path;
  }

  /**
   * Opens a file in a directory, not following a link.
   *
   * @return null where this system has no such paths, or the file cannot be opened to write
   * @throws FileSystemException if it is a pipe by now
   */
  static OpenFile open(SecureDirectoryStream<Path> directory, Path name) throws IOException {
    if (!Files.isDirectory(POSITIONS)) {
      return null;
    }
    SeekableByteChannel channel;
    try {
      // To read and write: a pipe that is opened so is open immediately.
      channel = directory.newByteChannel(
          name,
          Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    } catch (FileSystemException e) {
      return null; // It is being executed, say, or its owner may not write it.
    }
    try {
      long mark = MARKS.getAndIncrement();
      channel.position(mark); // A pipe has none.
      return new OpenFile(channel, find(name, mark));
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static Path find(Path name, long mark) throws IOException {
    try (DirectoryStream<Path> numbers = Files.newDirectoryStream(POSITIONS)) {
      for (Path number : numbers) {
        if (isAt(number, "pos:\t" + mark + "\n")) {
          return OPEN.resolve(number.getFileName());
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    throw new FileSystemException(name.toString(), null, "cannot be told from other files");
  }

  private static boolean isAt(Path number, String position) {
    try {
      return Files.readString(number, StandardCharsets.ISO_8859_1).startsWith(position);
    } catch (IOException e) {
      return false; // Closed meanwhile.
    }
  }

  /** What it is, and its mode. */
  PosixFileAttributeView view() {
    return Files.getFileAttributeView(path, PosixFileAttributeView.class);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
