package com.personalaichatbot.dr.core.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A temporary file of a {@link LocalStorage}.
 *
 * <p>A failed write or force condemns the file. After a failed fsync the kernel marks the pages
 * clean although they never reached the disk, and a second fsync succeeds; so there is no second
 * one: the channel is closed, the file deleted, and whoever wants the bytes stored writes them
 * again. An interrupt during the force counts as a failure, because the JDK reports it in place of
 * what the force itself said. An interrupt from before is set aside and restored.
 */
final class LocalWriter implements StorageWriter {

  private final LocalStorage storage;
  private final Path temporary;
  private final FileChannel channel;
  private long length;
  private boolean spent;

  LocalWriter(LocalStorage storage, Path temporary, FileChannel channel) {
    this.storage = storage;
    this.temporary = temporary;
    this.channel = channel;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    requireUnspent();
    Objects.checkFromIndexSize(offset, count, bytes.length);
    boolean interrupted = Thread.interrupted();
    try {
      for (int done = 0; done < count; ) {
        int piece = Math.min(count - done, LocalStorage.PIECE);
        done += channel.write(ByteBuffer.wrap(bytes, offset + done, piece));
      }
      length += count;
    } catch (IOException e) {
      close();
      throw LocalStorage.naming(temporary, e);
    } finally {
      restore(interrupted);
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void commit(String name) throws IOException {
    requireUnspent();
    Path file = storage.file(name);
    boolean interrupted = Thread.interrupted();
    try {
      try (channel) {
        channel.force(true);
      }
      storage.publish(temporary, file);
    } catch (IOException e) {
      throw LocalStorage.naming(temporary, e);
    } finally {
      close();
      restore(interrupted);
    }
  }

  @Override
  public void close() {
    if (spent) {
      return;
    }
    spent = true;
    try (channel) {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // It has no name that counts, and is swept with the other temporaries.
    }
  }

  Path temporary() {
    return temporary;
  }

  private void requireUnspent() {
    if (spent) {
      throw new IllegalStateException("committed, failed or closed before: " + temporary);
    }
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
