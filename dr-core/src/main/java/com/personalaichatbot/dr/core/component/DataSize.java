package com.personalaichatbot.dr.core.component;

/**
 * The size of a component, or of what is left of it. Immutable.
 *
 * @param files number of files and links
 * @param bytes total length of the files
 */
public record DataSize(long files, long bytes) {
  /** No file and no byte. */
  public static final DataSize NONE = new DataSize(0, 0);

  /**
   * Refuses what no component can have.
   *
   * @throws IllegalArgumentException if one of the figures is negative
   */
  public DataSize {
    if (files < 0 || bytes < 0) {
      throw new IllegalArgumentException("negative size: " + files + " files, " + bytes + " bytes");
    }
  }

  /** Returns this size and another one together. */
  public DataSize plus(DataSize more) {
    return new DataSize(files + more.files, bytes + more.bytes);
  }

  /** Returns what is left of this size once another one is taken away, at least {@link #NONE}. */
  public DataSize minus(DataSize lost) {
    return new DataSize(Math.max(0, files - lost.files), Math.max(0, bytes - lost.bytes));
  }

  /** Returns the greater figures of the two. */
  public DataSize max(DataSize other) {
    return new DataSize(Math.max(files, other.files), Math.max(bytes, other.bytes));
  }

  /** Returns the size for people, such as {@code 9 files (18 bytes)}. */
  @Override
  public String toString() {
    return (files == 1 ? "1 file" : files + " files")
        + " ("
        + (bytes == 1 ? "1 byte" : bytes + " bytes")
        + ")";
  }
}
