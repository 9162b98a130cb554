package com.personalaichatbot.dr.core.internal.compress;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/** The two zstd contexts of a worker, each remembering the dictionary that it refers to. */
final class ZstdCoder {

  static final int LEVEL = 3;

  private final ZstdCompressCtx compression = new ZstdCompressCtx();
  private final ZstdDecompressCtx decompression = new ZstdDecompressCtx();
  private Dictionary compressedWith;
  private Dictionary decompressedWith;

  /**
   * What a frame would repeat (magic, length, dictionary, checksum) stands, authenticated, beside
   * the blob.
   */
  ZstdCoder() {
    compression
        .setLevel(LEVEL)
        .setMagicless(true)
        .setContentSize(false)
        .setDictID(false)
        .setChecksum(false);
    decompression.setMagicless(true);
  }

  int compress(
      byte[] in, int offset, int length, Dictionary dictionary, byte[] out, int outOffset) {
    if (dictionary != compressedWith) {
      compression.loadDict(dictionary == null ? null : dictionary.forCompression());
      compressedWith = dictionary;
    }
    return compression.compressByteArray(
        out, outOffset, Compressor.bound(length), in, offset, length);
  }

  void decompress(
      byte[] in,
      int offset,
      int length,
      Dictionary dictionary,
      byte[] out,
      int outOffset,
      int plainLength)
      throws CorruptDataException {
    ZstdFrame.check(in, offset, length, plainLength, dictionary == null ? 0 : dictionary.length());
    if (dictionary != decompressedWith) {
      decompression.loadDict(dictionary == null ? null : dictionary.forDecompression());
      decompressedWith = dictionary;
    }
    int written;
    try {
      written = decompression.decompressByteArray(out, outOffset, plainLength, in, offset, length);
    } catch (ZstdException e) {
      throw new CorruptDataException("Not " + plainLength + " bytes in zstd: " + e.getMessage(), e);
    }
    if (written != plainLength) {
      throw new CorruptDataException(
          "Decompresses to " + written + " bytes instead of " + plainLength);
    }
  }

  void close() {
    compression.close();
    decompression.close();
  }
}
