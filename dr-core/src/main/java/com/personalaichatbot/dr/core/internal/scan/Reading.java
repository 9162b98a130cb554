package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import java.io.IOException;

/**
 * The bytes of one file, read once from the beginning to the end, by one thread at a time. It
 * belongs to the batch that opened it and is closed by it.
 *
 * <p>A file that vanished or was replaced before it could be opened reads as empty;
 * {@link #finish()} says so. So nothing that was read may be relied on before {@code finish()} has
 * answered.
 */
public interface Reading {

  /**
   * Reads until the buffer's part is full or the file ends.
   *
   * @param length more than zero
   * @return the number of bytes read; less than {@code length} only at the end, then zero
   * @throws IOException if the file cannot be read
   */
  int read(byte[] buffer, int offset, int length) throws IOException;

  /**
   * Passes bytes without reading them. Call it before the first {@link #read}.
   *
   * @param count not beyond the end
   * @throws IOException if the file cannot be read or ends before
   */
  void skip(long count) throws IOException;

  /**
   * Compares the file with what it was when it was opened. Call it when {@link #read} has returned
   * zero; called earlier it answers {@link Outcome#CHANGED}, because not all was read.
   *
   * @throws IOException if the file cannot be asked for its attributes
   */
  Outcome finish() throws IOException;

  /** Returns the attributes that belong to what was read: those of the moment of opening. */
  Attributes attributes();
}
