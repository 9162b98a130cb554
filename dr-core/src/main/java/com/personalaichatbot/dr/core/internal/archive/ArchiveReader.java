package com.personalaichatbot.dr.core.internal.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** Reads an archive once, from its beginning to its end. Not thread-safe. */
public interface ArchiveReader {
  /**
   * Finds out what the bytes are, and begins to read them.
   *
   * @param in a tar archive, or a stream of the original application; not compressed
   * @param time what stands for the modification times where an archive has none
   * @throws BadArchiveException if they are neither
   */
  static ArchiveReader open(InputStream in, Instant time) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
    buffered.mark(TarReader.BLOCK);
    byte[] begin = buffered.readNBytes(TarReader.BLOCK);
    buffered.reset();
    if (begin.length == TarReader.BLOCK && TarReader.isHeader(begin)) {
      return new TarReader(buffered);
    }
    byte[] wanted = PlainStreamReader.BEGIN;
    if (Arrays.equals(Arrays.copyOf(begin, wanted.length), wanted)) {
      return new PlainStreamReader(buffered, time);
    }
    throw new BadArchiveException("it is not a tar archive");
  }

  /**
   * The next entry; what was not read of the one before is passed over.
   *
   * @return null behind the last, when the archive was read to its end and found whole
   * @throws BadArchiveException if the archive is damaged, or holds what cannot be imported
   */
  ArchiveEntry next() throws IOException;

  /** Reads content of the current entry: fills the part of the buffer unless the entry ends. */
  int read(byte[] buffer, int offset, int length) throws IOException;

  /** Whether it is a tar archive, with modes, times and links. */
  boolean isTar();

  /** What the archive says of itself in its header so far. */
  Optional<String> comment();
}
