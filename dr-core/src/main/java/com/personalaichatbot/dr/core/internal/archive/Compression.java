package com.personalaichatbot.dr.core.internal.archive;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** The compression of an archive. */
public enum Compression {
  /** RFC 1952. */
  GZIP(".gz", new byte[] {0x1f, (byte) 0x8b}),
  /** RFC 8878; wants the native library. */
  ZSTD(".zst", new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd});

  private static final int BUFFER = 1 << 16;
  private static final int LEVEL = 3;

  private final String ending;
  private final byte[] magic;

  Compression(String ending, byte[] magic) {
    this.ending = ".tar" + ending;
    this.magic = magic;
  }

  /** What the name of an archive asks for; empty if it ends in neither. */
  public static Optional<Compression> of(Path file) {
    String name = String.valueOf(file.getFileName());
    return Arrays.stream(values()).filter(c -> name.endsWith(c.ending)).findFirst();
  }

  /** What the bytes of an archive begin with; empty if it is neither. They can be read again. */
  public static Optional<Compression> of(BufferedInputStream in) throws IOException {
    in.mark(BUFFER);
    byte[] begin = in.readNBytes(4);
    in.reset();
    return Arrays.stream(values())
        .filter(c -> Arrays.equals(Arrays.copyOf(begin, c.magic.length), c.magic))
        .findFirst();
  }

  /**
   * Decompresses.
   *
   * @param most bytes to give at most; one more is a {@link BadArchiveException}, as is everything
   *     that does not decompress
   */
  public InputStream reading(InputStream in, long most) throws IOException {
    return new BoundedInput(() -> this == GZIP ? new GzipInput(in) : new ZstdInputStream(in), most);
  }

  /** Compresses; closing it ends the stream and closes what is below. */
  public OutputStream writing(OutputStream out) throws IOException {
    return this == GZIP
        ? new GZIPOutputStream(out, BUFFER)
        : new ZstdOutputStream(out, LEVEL).setChecksum(true);
  }
}
