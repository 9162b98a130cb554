package com.personalaichatbot.dr.core.internal.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses gzip (RFC 1952), one member or several, to the last byte of the file.
 *
 * <p>The JDK's stream takes whatever follows a member, and is no member, for the end, and says
 * nothing; that of Commons Compress holds a name or comment in memory however long it is. Here
 * anything that follows is an error, and names are passed over. Not thread-safe.
 */
final class GzipInput extends InputStream {
  private static final int BUFFER = 1 << 16;
  private static final int MAX_HEADER = 1 << 17;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final CRC32 headerCrc = new CRC32();
  private final byte[] buffer = new byte[BUFFER];
  private int from;
  private int to;
  private int headerLength;
  private boolean first = true;
  private boolean inMember;

  /** Decompresses a stream, which it owns. */
  GzipInput(InputStream in) {
    this.in = in;
  }

  private boolean fill() throws IOException {
    if (from == to) {
      from = 0;
      to = Math.max(0, in.read(buffer, 0, BUFFER));
    }
    return from < to;
  }

  private int next() throws IOException {
    if (!fill()) {
      throw new EOFException();
    }
    return buffer[from++] & 0xff;
  }

  private int headerByte() throws IOException {
    if (++headerLength > MAX_HEADER) {
      throw new ZipException("its gzip header is longer than " + MAX_HEADER + " bytes");
    }
    int value = next();
    headerCrc.update(value);
    return value;
  }

  private void readHeader() throws IOException {
    headerLength = 0;
    headerCrc.reset();
    if (headerByte() != 0x1f || headerByte() != 0x8b) {
      throw new BadArchiveException("it goes on behind its end with bytes that are not gzip");
    }
    int method = headerByte();
    int flags = headerByte();
    if (method != 8 || flags > 0x1f) {
      throw new ZipException("unknown method or flags of gzip");
    }
    skipHeader(6); // Time, effort and system.
    if ((flags & EXTRA) != 0) {
      skipHeader(headerByte() | headerByte() << 8);
    }
    for (int text = flags & (NAME | COMMENT); text != 0; text &= text - 1) {
      while (headerByte() != 0) {
        // Passes over the text.
      }
    }
    if ((flags & HEADER_CRC) != 0 && (headerCrc.getValue() & 0xffff) != (next() | next() << 8)) {
      throw new ZipException("its gzip header has a wrong checksum");
    }
    inflater.reset();
    crc.reset();
  }

  private void skipHeader(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      headerByte();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (inMember || isMore()) {
      int count = inflater.finished() ? 0 : inflate(bytes, offset, length);
      if (count > 0) {
        crc.update(bytes, offset, count);
        return count;
      }
      if (inflater.finished()) {
        readTrailer();
        inMember = false;
      }
    }
    return -1;
  }

  /** Begins the next member, if there is one. */
  private boolean isMore() throws IOException {
    if (!fill() && !first) {
      return false;
    }
    readHeader();
    first = false;
    inMember = true;
    return true;
  }

  /** Inflates some bytes, or none, and then either the member is finished or input was added. */
  private int inflate(byte[] bytes, int offset, int length) throws IOException {
    if (inflater.needsInput()) {
      if (!fill()) {
        throw new EOFException();
      }
      inflater.setInput(buffer, from, to - from);
    }
    try {
      int count = inflater.inflate(bytes, offset, length);
      if (inflater.needsDictionary()) {
        throw new ZipException("it wants a dictionary");
      }
      from = to - inflater.getRemaining();
      return count;
    } catch (DataFormatException e) {
      ZipException failure = new ZipException(String.valueOf(e.getMessage()));
      failure.initCause(e);
      throw failure;
    }
  }

  private void readTrailer() throws IOException {
    long sum = littleEndian();
    long length = littleEndian();
    if (sum != crc.getValue() || length != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw new ZipException("its checksum or length is wrong");
    }
  }

  private long littleEndian() throws IOException {
    return next() | next() << 8 | next() << 16 | (long) next() << 24;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
