package com.personalaichatbot.dr.core.internal.compress;

import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The two zlib contexts of a worker. */
final class DeflateCoder {

  private static final boolean RAW = true;

  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, RAW);
  private final Inflater inflater = new Inflater(RAW);
  private final byte[] beyond = new byte[1];

  int compress(byte[] in, int offset, int length, byte[] out, int outOffset) {
    deflater.reset();
    deflater.setInput(in, offset, length);
    deflater.finish();
    int stored = deflater.deflate(out, outOffset, Compressor.bound(length));
    return deflater.finished() ? stored : Integer.MAX_VALUE;
  }

  void decompress(byte[] in, int offset, int length, byte[] out, int outOffset, int plainLength)
      throws CorruptDataException {
    inflater.reset();
    inflater.setInput(in, offset, length);
    try {
      int written = plainLength == 0 ? 0 : inflater.inflate(out, outOffset, plainLength);
      // The end of the stream may lie behind its last byte, so it is read for as long as nothing
      // more comes.
      boolean more = !inflater.finished() && inflater.inflate(beyond, 0, 1) > 0;
      if (written != plainLength || more || !inflater.finished() || inflater.getRemaining() > 0) {
        throw new CorruptDataException("Not exactly " + plainLength + " bytes in DEFLATE");
      }
    } catch (DataFormatException e) {
      throw new CorruptDataException(
          "Not " + plainLength + " bytes in DEFLATE: " + e.getMessage(), e);
    }
  }

  void close() {
    deflater.end();
    inflater.end();
  }
}
