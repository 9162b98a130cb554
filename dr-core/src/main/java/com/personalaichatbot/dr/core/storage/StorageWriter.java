package com.personalaichatbot.dr.core.storage;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file that is being written and has no name yet.
 *
 * <p>Bytes are appended, then {@link #commit} gives the file its name. Whatever the outcome of the
 * commit, the writer is spent after it; {@link #close} of a spent writer does nothing. Not safe for
 * use by several threads. The caller closes it.
 */
public interface StorageWriter extends Closeable {

  /**
   * Appends bytes. The array is not kept.
   *
   * @param bytes holds the bytes
   * @param offset where they begin in the array
   * @param length how many they are; may be 0
   * @throws IOException if they could not all be written, for example because the disk is full; the
   *     writer is then spent and the temporary file discarded
   * @throws IndexOutOfBoundsException if the range is not within the array
   * @throws IllegalStateException if the writer is spent or closed
   */
  void write(byte[] bytes, int offset, int length) throws IOException;

  /**
   * Returns the number of bytes written so far.
   *
   * @return the length in bytes
   */
  long length();

  /**
   * Makes the bytes durable and then gives the file its name, if no file has it. The name itself is
   * durable after {@link Storage#sync}. Of several writers that commit under one name, exactly one
   * succeeds.
   *
   * <p>If the bytes cannot be made durable, the file is condemned: it gets no name, and nobody asks
   * for its bytes to be made durable again, because an operating system may report such a failure
   * only once and forget the bytes.
   *
   * @param name the name of the file
   * @throws java.nio.file.FileAlreadyExistsException if a file has that name; nothing has changed
   * @throws IOException if the bytes could not be made durable or the name not be created. As a
   *     rule the name does not exist then; but a store at the far end of a network may have created
   *     it and failed to say so, which the caller finds out by reading it
   * @throws IllegalArgumentException if the name is not one that the storage accepts
   * @throws IllegalStateException if the writer is spent or closed, or the storage closed
   */
  void commit(String name) throws IOException;

  /** Discards what was not committed. What cannot be deleted stays as a temporary file. */
  @Override
  void close();
}
