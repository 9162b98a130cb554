package com.personalaichatbot.dr.core.internal.archive;

import com.github.luben.zstd.ZstdIOException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;

/**
 * The output of a decompressor, up to a limit. A few bytes can decompress to any number, so this is
 * what bounds the time that an archive can take.
 */
final class BoundedInput extends InputStream {
  private final InputStream in;
  private final long most;
  private long given;

  /** Opens what decompresses. */
  @FunctionalInterface
  interface Decompressor {
    InputStream open() throws IOException;
  }

  BoundedInput(Decompressor decompressor, long most) throws IOException {
    this.most = most;
    try {
      this.in = decompressor.open();
    } catch (ZipException | EOFException | ZstdIOException e) {
      throw damaged(e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count;
    try {
      count = in.read(buffer, offset, length);
    } catch (ZipException | EOFException | ZstdIOException e) {
      throw damaged(e);
    }
    given += Math.max(count, 0);
    if (given > most) {
      throw new BadArchiveException("it holds more than the " + most + " bytes that are allowed");
    }
    return count;
  }

  private static BadArchiveException damaged(IOException cause) {
    return new BadArchiveException(
        cause instanceof EOFException
            ? "it is cut short"
            : "it does not decompress: " + cause.getMessage(),
        cause);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
