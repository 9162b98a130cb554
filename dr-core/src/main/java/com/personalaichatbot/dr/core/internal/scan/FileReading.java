package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads a file by its path. Never reads past the length that the file had when it was opened, so
 * that a file which grows as fast as it is read, or is a device by now, comes to an end.
 */
final class FileReading implements Reading {

  private final Path path;
  private final Attributes opened;
  private final InputStream bytes;
  private long position;
  private boolean ended;
  private boolean grown;

  FileReading(Path path, Attributes opened, InputStream bytes) {
    this.path = path;
    this.opened = opened;
    this.bytes = bytes;
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
    long left = opened.size() - position;
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
      return Outcome.VANISHED;
    }
    Attributes found = now.attributes();
    boolean sameFile = now.kind() == FileStat.Kind.FILE
        && found.device() == opened.device()
        && found.inode() == opened.inode()
        && position == opened.size();
    if (sameFile && found.sameVersion(opened) && !grown) {
      return Outcome.CLEAN;
    }
    return sameFile && found.size() > opened.size() ? Outcome.GROWN : Outcome.CHANGED;
  }

  @Override
  public Attributes attributes() {
    return opened;
  }
}
