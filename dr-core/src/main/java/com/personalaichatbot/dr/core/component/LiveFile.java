package com.personalaichatbot.dr.core.component;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads a file through a handle that the application itself holds.
 *
 * <p>On POSIX systems a process that closes any descriptor of a file loses all locks that it holds
 * on that file. A backup inside the application therefore never opens a file that the application
 * has open; the application lends its own handle instead (see {@link Source#withLiveFile}).
 *
 * <p>The handle must be of the file that the path names, and is checked as a file that is read by
 * its path: if its attributes or its length change while it is read, it is read again, and listed
 * as a failure if it never rests. A database is checked together with its journals. So let no write
 * happen while a backup runs. A copy that does not change is a file of its own: make the copy the
 * component, not a live file.
 *
 * <p>A handle that the application has closed is not used: the file is read by its path, unless the
 * application holds it by another handle, which makes it a listed failure. So a hook that closes
 * the handle ({@link Quiesce}) leaves a file that a restore can replace and its safety snapshot
 * holds. An implementation without a {@link #channel} says that it is closed by a
 * {@link java.nio.channels.ClosedChannelException}.
 *
 * <p>Calls come from one thread at a time, not always the same one. It will not be closed or
 * locked, nor read after the backup has returned; only a read during which a deadline passed may
 * still come to its end.
 */
public interface LiveFile {

  /**
   * Asks for the length of the content.
   *
   * @return the length in bytes
   * @throws java.nio.channels.ClosedChannelException if the handle was closed; the file is then
   *     read by its path
   * @throws IOException if the file cannot be asked; it is then listed as failed
   */
  long size() throws IOException;

  /**
   * Reads from a place of the content, and moves no position that the application uses.
   *
   * @param buffer takes the bytes, between its position and its limit; has room for at least one
   * @param position the first byte to read, zero or more
   * @return the number of bytes read, at least one, or -1 at the end of the content
   * @throws IOException if the file cannot be read; it is then listed as failed
   */
  int read(ByteBuffer buffer, long position) throws IOException;

  /**
   * Names the channel that is read, if there is one. Where the system can tell which file a channel
   * has open, a backup refuses a channel of another file than the one at the path. A log that was
   * renamed is such a file.
   *
   * @return the channel that {@link #read} reads; empty unless an implementation has one
   */
  default Optional<FileChannel> channel() {
    return Optional.empty();
  }

  /**
   * Reads a channel that the application holds open and goes on owning: it is never closed here,
   * and its position does not move. Java closes a channel when the thread that reads it is
   * interrupted: the threads of a repository never are, those of an executor that the application
   * brings must not be.
   *
   * @param channel a channel that is open for reading
   * @return a live file over the channel
   */
  static LiveFile of(FileChannel channel) {
    Objects.requireNonNull(channel, "channel");
    return new LiveFile() {
      @Override
      public long size() throws IOException {
        return channel.size();
      }

      @Override
      public int read(ByteBuffer buffer, long position) throws IOException {
        return channel.read(buffer, position);
      }

      @Override
      public Optional<FileChannel> channel() {
        return Optional.of(channel);
      }
    };
  }
}
