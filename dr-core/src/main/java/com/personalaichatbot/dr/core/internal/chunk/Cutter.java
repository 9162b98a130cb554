package com.personalaichatbot.dr.core.internal.chunk;

/** Divides a file into the pieces that are stored, one after the other. */
public interface Cutter {

  /** The number of bytes that {@link #next} must see unless the file ends before. */
  int window();

  /**
   * Finds the next piece of a file.
   *
   * @param buffer holds the file's bytes from the current position on
   * @param offset the current position in the buffer
   * @param length the bytes available there, more than 0
   * @param last whether the file ends with them; if not, at least {@link #window()} are available
   * @return n > 0: the next n bytes are a piece with content; n < 0: the next -n bytes are zero and
   *     belong to a hole, which goes on if the next piece is one as well. Never more than
   *     {@code length}
   * @throws IllegalArgumentException if too few bytes are available
   * @throws IndexOutOfBoundsException if they do not lie in the buffer
   */
  int next(byte[] buffer, int offset, int length, boolean last);
}
