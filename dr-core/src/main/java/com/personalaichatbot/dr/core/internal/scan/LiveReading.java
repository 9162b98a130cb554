package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads a file through the application's own handle, and trusts the application but for the length.
 */
final class LiveReading implements Reading {

  private final LiveFile file;
  private final Attributes scanned;
  private final long size;
  private long position;

  LiveReading(LiveFile file, Attributes scanned) throws IOException {
    this.file = file;
    this.scanned = scanned;
    this.size = size(file);
  }

  private static long size(LiveFile file) throws IOException {
    try {
      return file.size();
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
      throw failed(e);
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    ByteBuffer room = ByteBuffer.wrap(buffer, offset, (int) Math.min(length, size - position));
    while (room.hasRemaining()) {
      int read = readSome(room);
      if (read < 0) {
        break;
      }
      position += read;
    }
    return room.position() - offset;
  }

  private int readSome(ByteBuffer room) throws IOException {
    int before = room.position();
    int read;
    try {
      read = file.read(room, position);
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
      throw failed(e);
    }
    if (read == 0 || room.position() != before + Math.max(read, 0)) {
      throw new IOException(
          "its live file says it read " + read + " bytes and gave " + (room.position() - before));
    }
    return read;
  }

  private static IOException failed(Throwable e) {
    return new IOException("its live file failed: " + e, e);
  }

  @Override
  public void skip(long count) {
    position += count;
  }

  @Override
  public Outcome finish() throws IOException {
    long now = size(file);
    if (position != size || now < size) {
      return Outcome.CHANGED;
    }
    return now == size ? Outcome.CLEAN : Outcome.GROWN;
  }

  @Override
  public Attributes attributes() {
    return new Attributes(
        scanned.mode(),
        scanned.uid(),
        scanned.gid(),
        size,
        scanned.mtimeSeconds(),
        scanned.mtimeNanos(),
        scanned.ctimeSeconds(),
        scanned.ctimeNanos(),
        scanned.device(),
        scanned.inode(),
        scanned.links());
  }
}
