package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a file by its path. Never reads past the length that the file had when it was opened. So a
 * file that grows as fast as it is read, or is a device by now, comes to an end. Of a file without
 * a length it reads {@link #UNMEASURED_BYTES} at most.
 */
final class FileReading implements Reading {

  /** Files such as those in {@code /proc} claim to be empty; this much is read of one. */
  static final int UNMEASURED_BYTES = 16 << 20;

  private final Path path;
  private final OpenFiles openFiles;
  private final OpenFiles.Descriptor descriptor;
  private final InputStream bytes;
  private final Attributes opened;
  private final long limit;
  private Attributes stored;
  private long position;
  private boolean ended;
  private boolean grown;

  FileReading(Path path, Attributes opened, OpenFiles openFiles, OpenFiles.Descriptor descriptor) {
    this.path = path;
    this.openFiles = openFiles;
    this.descriptor = descriptor;
    this.bytes = descriptor.bytes();
    this.opened = opened;
    this.stored = opened;
    this.limit = opened.size() == 0 ? UNMEASURED_BYTES : opened.size();
  }

  /**
   * Asks for one byte more than there should be. If it is not there, the same call of the system
   * that gave the last bytes has told that the file ends.
   */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (ended) {
      return 0;
    }
    long left = limit - position;
    int asked = (int) Math.min(length, left + 1);
    int read = 0;
    do {
      int count = bytes.read(buffer, offset + read, asked - read);
      if (count < 0) {
        break;
      }
      read += count;
    } while (read < Math.min(asked, left));
    grown = read > left;
    ended = read < asked || grown;
    int usable = (int) Math.min(read, left);
    position += usable;
    return usable;
  }

  @Override
  public void skip(long count) throws IOException {
    bytes.skipNBytes(count);
    position += count;
  }

  @Override
  public Outcome finish() throws IOException {
    FileStat now;
    try {
      now = FileStat.read(path);
    } catch (NoSuchFileException e) {
      return isWholeElsewhere() && stored.links() > 0 ? Outcome.RENAMED : Outcome.VANISHED;
    }
    Attributes found = now.attributes();
    boolean sameFile = now.kind() == FileStat.Kind.FILE
        && found.device() == opened.device()
        && found.inode() == opened.inode();
    if (!sameFile) {
      return isWholeElsewhere() ? Outcome.RENAMED : Outcome.CHANGED;
    }
    boolean same = found.sameVersion(opened);
    if (same && ended && !grown && position > 0 && position != opened.size()) {
      return Outcome.UNMEASURED;
    }
    if (same && opened.size() == 0 && grown) {
      throw new IOException(
          "has a length of 0 and more than " + (UNMEASURED_BYTES >> 20) + " MiB of content");
    }
    if (position != opened.size()) {
      return Outcome.CHANGED;
    }
    if (same && !grown) {
      return Outcome.CLEAN;
    }
    return found.size() > opened.size() ? Outcome.GROWN : Outcome.CHANGED;
  }

  /**
   * Whether the open file, which the path does not name any more, was read whole: to its end, and
   * without a change but that of its name, which moves the change time.
   */
  private boolean isWholeElsewhere() {
    if (position != opened.size() || !ended || grown) {
      return false;
    }
    Optional<FileStat> open = openFiles.stat(descriptor);
    if (open.isEmpty()
        || !open.get().identity().equals(identity(opened))
        || open.get().attributes().size() != opened.size()
        || open.get().attributes().mtimeSeconds() != opened.mtimeSeconds()
        || open.get().attributes().mtimeNanos() != opened.mtimeNanos()) {
      return false;
    }
    stored = open.get().attributes();
    return true;
  }

  private static FileIdentity identity(Attributes attributes) {
    return new FileIdentity(attributes.device(), attributes.inode());
  }

  @Override
  public Attributes attributes() {
    return stored;
  }
}
