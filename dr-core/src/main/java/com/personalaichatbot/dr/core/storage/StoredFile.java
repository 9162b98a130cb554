package com.personalaichatbot.dr.core.storage;

import java.util.Objects;

/**
 * A file that a {@link Storage} lists.
 *
 * @param name its name, relative to the root of the storage, with {@code /} between elements; of a
 *     foreign file the name as text, which may hold any character and need not be a name that the
 *     storage accepts
 * @param length its length in bytes
 */
public record StoredFile(String name, long length) {

  /**
   * Checks the values.
   *
   * @param name its name
   * @param length its length in bytes
   * @throws NullPointerException if the name is null
   * @throws IllegalArgumentException if the length is negative
   */
  public StoredFile {
    Objects.requireNonNull(name, "name");
    if (length < 0) {
      throw new IllegalArgumentException("negative length of " + name + ": " + length);
    }
  }
}
