package com.personalaichatbot.dr.core.internal.compress;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

/**
 * The zstd contexts of a worker, one for plaintexts with a dictionary and one for those without,
 * each remembering the dictionary that it refers to.
 *
 * <p>Level 3 with the tables of its match finder (double fast) made small enough for the second
 * cache of a processor, and with matches of six bytes and more, as text has them: against level 3
 * as it comes 1.2 to 1.3 times as fast for 1 to 3.4 % more bytes. With a dictionary the tables
 * count twice, because zstd copies those of the dictionary for every blob of more than 16 KiB. ADR
 * 18 has what was compared.
 */
final class ZstdCoder {

  static final int LEVEL = 3;

  private static final int DOUBLE_FAST = 2;
  private static final int SHORTEST_MATCH = 6;

  private final ZstdCompressCtx plain = newCompression(16);
  private final ZstdDecompressCtx decompression = new ZstdDecompressCtx();
  private ZstdCompressCtx withDictionary;
  private Dictionary compressedWith;
  private Dictionary decompressedWith;

  ZstdCoder() {
    decompression.setMagicless(true);
  }

  /**
   * What a frame would repeat (magic, length, dictionary, checksum) stands, authenticated, beside
   * the blob.
   */
  private static ZstdCompressCtx newCompression(int hashLog) {
    return new ZstdCompressCtx()
        .setMagicless(true)
        .setContentSize(false)
        .setDictID(false)
        .setChecksum(false)
        .setLevel(LEVEL)
        .setStrategy(DOUBLE_FAST)
        .setHashLog(hashLog)
        .setChainLog(13)
        .setMinMatch(SHORTEST_MATCH);
  }

  int compress(
      byte[] in, int offset, int length, Dictionary dictionary, byte[] out, int outOffset) {
    return context(dictionary)
        .compressByteArray(out, outOffset, Compressor.bound(length), in, offset, length);
  }

  private ZstdCompressCtx context(Dictionary dictionary) {
    if (dictionary == null) {
      return plain;
    }
    if (dictionary != compressedWith) {
      if (withDictionary == null) {
        withDictionary = newCompression(15);
      }
      dictionary.loadInto(withDictionary);
      compressedWith = dictionary;
    }
    return withDictionary;
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
