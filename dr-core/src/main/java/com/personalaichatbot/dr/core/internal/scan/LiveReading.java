package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.component.LiveFile;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a file through the application's own handle, and checks it as a file that is read by its
 * path: the path names the same file before and after, with the same attributes, and the handle has
 * the length that the path has.
 */
final class LiveReading implements Reading {

  private final ScannedEntry scanned;
  private final LiveFile file;
  private final Attributes opened;
  private final long size;
  private long position;

  /**
   * @param opened the attributes of the path, asked for just now
   * @throws IOException if the handle cannot be asked for its length
   */
  LiveReading(ScannedEntry scanned, Attributes opened) throws IOException {
    this.scanned = scanned;
    this.file = scanned.liveFile();
    this.opened = opened;
    this.size = size(file);
    requireSameFile();
  }

  private void requireSameFile() throws IOException {
    FileIdentity named = scanned.identity();
    Set<FileIdentity> open = size == 0 || !named.isKnown()
        ? Set.of()
        : channel().map(ChannelIdentity::of).orElse(Set.of());
    if (!open.isEmpty() && !open.contains(named)) {
      throw new IOException("the channel of its live file is open on another file, as after a"
          + " rename; give the component a channel of the file that has this name now");
    }
  }

  private Optional<FileChannel> channel() throws IOException {
    try {
      return file.channel();
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
      throw failed(e);
    }
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
    FileStat now;
    try {
      now = FileStat.read(scanned.path());
    } catch (NoSuchFileException e) {
      return Outcome.VANISHED;
    }
    Attributes found = now.attributes();
    boolean sameFile =
        now.kind() == FileStat.Kind.FILE && now.identity().equals(scanned.identity());
    if (!sameFile || position != size || size != opened.size()) {
      return Outcome.CHANGED;
    }
    if (found.sameVersion(opened) && size(file) == size) {
      return Outcome.CLEAN;
    }
    return found.size() > size ? Outcome.GROWN : Outcome.CHANGED;
  }

  @Override
  public Attributes attributes() {
    return opened.withSize(size);
  }
}
