package com.personalaichatbot.dr.core.internal.compress;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/**
 * The zstd contexts of a worker, one for plaintexts with a dictionary and one for those without,
 * each remembering the dictionary that it refers to.
 *
 * <p>Without a dictionary the method is that of level 1 (fast) with larger tables and matches of
 * seven bytes and more: a fifth faster than level 3's (double fast) for 1 to 2 % more bytes. With
 * one it is level 3's: see {@link #withDictionary}. ADR 18 has what was compared.
 */
final class ZstdCoder {

  static final int LEVEL = 3;

  private static final int FAST = 1;
  private static final int DOUBLE_FAST = 2;
  private static final int SMALLEST_WINDOW = 10;

  private final ZstdCompressCtx plain =
      newCompression().setStrategy(FAST).setHashLog(16).setMinMatch(7);
  private final ZstdDecompressCtx decompression = new ZstdDecompressCtx();
  private final ByteBuffer nothing = ByteBuffer.allocate(0);
  private ZstdCompressCtx withDictionary;
  private Dictionary compressedWith;
  private Dictionary decompressedWith;

  ZstdCoder() {
    decompression.setMagicless(true);
  }

  /**
   * What a frame would repeat (magic, length, dictionary, checksum) is kept, authenticated, beside
   * the blob.
   */
  private static ZstdCompressCtx newCompression() {
    return new ZstdCompressCtx()
        .setMagicless(true)
        .setContentSize(false)
        .setDictID(false)
        .setChecksum(false)
        .setLevel(LEVEL);
  }

  int compress(
      byte[] in, int offset, int length, Dictionary dictionary, byte[] out, int outOffset) {
    int room = Compressor.bound(length);
    return dictionary == null
        ? plain.compressByteArray(out, outOffset, room, in, offset, length)
        : withDictionary(
            ByteBuffer.wrap(in, offset, length), dictionary, ByteBuffer.wrap(out, outOffset, room));
  }

  /**
   * Compresses without saying beforehand how long the plaintext is. If zstd knows that it is longer
   * than 16 KiB, it copies the tables of the dictionary into its own for every blob. That takes as
   * long as compressing 6 KB; if not, it looks into both.
   */
  private int withDictionary(ByteBuffer in, Dictionary dictionary, ByteBuffer out) {
    if (withDictionary == null) {
      withDictionary = newCompression()
          .setStrategy(DOUBLE_FAST)
          .setHashLog(15)
          .setChainLog(14)
          .setMinMatch(5);
    }
    if (dictionary != compressedWith) {
      dictionary.loadInto(withDictionary);
      compressedWith = dictionary;
    }
    int longest = Math.max(in.remaining(), dictionary.length());
    int begin = out.position();
    withDictionary.setWindowLog(
        Math.max(SMALLEST_WINDOW, Integer.SIZE - Integer.numberOfLeadingZeros(longest - 1)));
    withDictionary.compressByteBufferStream(out, nothing, EndDirective.CONTINUE);
    if (!withDictionary.compressByteBufferStream(out, in, EndDirective.END)) {
      throw new IllegalStateException("zstd needs more room than it says");
    }
    return out.position() - begin;
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
    plain.close();
    decompression.close();
    if (withDictionary != null) {
      withDictionary.close();
    }
  }
}
