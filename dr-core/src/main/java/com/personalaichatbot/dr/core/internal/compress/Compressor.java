package com.personalaichatbot.dr.core.internal.compress;

import java.util.Objects;

/**
 * Compresses and decompresses blobs with contexts that live as long as it does.
 *
 * <p>There is no search for data that does not compress: zstd gives up on it at 4 to 8 bytes a
 * nanosecond by itself, which is faster than the stages before and behind.
 *
 * <p>One for each worker: not safe for use by several threads. Holds native memory until closed.
 */
public final class Compressor implements AutoCloseable {

  /** A blob is stored raw unless at least one part in this many is saved. */
  private static final int WORTHWHILE = 33;

  private final Codec codec;
  private ZstdCoder zstd;
  private DeflateCoder deflate;

  /**
   * Makes a compressor for a repository.
   *
   * @param codec with which {@link #compress} compresses; {@link #decompress} knows all
   */
  public Compressor(Codec codec) {
    this.codec = Objects.requireNonNull(codec);
  }

  /**
   * The room that {@link #compress} needs for a plaintext of this length, more than it will fill.
   */
  public static int bound(int length) {
    return Math.addExact(length, (length >>> 8) + 64);
  }

  /**
   * Compresses a blob.
   *
   * @param dictionary that will be at hand when it is decompressed, or null; with
   *     {@link Codec#ZSTD} only
   * @param out has at least {@link #bound} bytes of room at {@code outOffset}
   * @return the number of bytes stored there, or -1 if that would not be at least 3 % fewer: store
   *     the plaintext itself, as {@link Codec#NONE}; what {@code out} holds is then undefined
   * @throws IllegalStateException if the codec is zstd and that does not work on this machine
   */
  public int compress(
      byte[] in, int offset, int length, Dictionary dictionary, byte[] out, int outOffset) {
    Objects.checkFromIndexSize(offset, length, in.length);
    Objects.checkFromIndexSize(outOffset, bound(length), out.length);
    refuseDictionary(codec, dictionary);
    int limit = length - (length + WORTHWHILE - 1) / WORTHWHILE;
    int stored = switch (codec) {
      case NONE -> Integer.MAX_VALUE;
      case ZSTD -> zstd().compress(in, offset, length, dictionary, out, outOffset);
      case DEFLATE -> deflate().compress(in, offset, length, out, outOffset);
    };
    return stored <= limit ? stored : -1;
  }

  /**
   * Decompresses a blob into exactly {@code plainLength} bytes. Nothing is written outside of
   * these; what they hold after a failure is undefined. Memory and time are bounded by the two
   * lengths, whatever the stored bytes say.
   *
   * <p>Bytes that were made with another dictionary may decompress to wrong bytes of the right
   * length. The caller binds codec, dictionary and length to the blob by authentication and
   * compares the id.
   *
   * @param dictionary with which they were compressed, or null
   * @param plainLength the length of the plaintext, known from elsewhere
   * @throws CorruptDataException if the stored bytes are not exactly one blob of that length
   * @throws IllegalStateException if the codec is zstd and that does not work on this machine
   */
  public void decompress(
      byte[] in,
      int offset,
      int length,
      Codec storedCodec,
      Dictionary dictionary,
      byte[] out,
      int outOffset,
      int plainLength)
      throws CorruptDataException {
    Objects.checkFromIndexSize(offset, length, in.length);
    Objects.checkFromIndexSize(outOffset, plainLength, out.length);
    refuseDictionary(storedCodec, dictionary);
    switch (storedCodec) {
      case NONE -> copy(in, offset, length, out, outOffset, plainLength);
      case ZSTD -> zstd().decompress(in, offset, length, dictionary, out, outOffset, plainLength);
      case DEFLATE -> deflate().decompress(in, offset, length, out, outOffset, plainLength);
    }
  }

  private static void copy(
      byte[] in, int offset, int length, byte[] out, int outOffset, int plainLength)
      throws CorruptDataException {
    if (length != plainLength) {
      throw new CorruptDataException("Holds " + length + " bytes instead of " + plainLength);
    }
    System.arraycopy(in, offset, out, outOffset, length);
  }

  private static void refuseDictionary(Codec codec, Dictionary dictionary) {
    if (dictionary != null && codec != Codec.ZSTD) {
      throw new IllegalArgumentException("No dictionary with codec " + codec);
    }
  }

  private ZstdCoder zstd() {
    if (zstd == null) {
      if (!Codec.zstdAvailable()) {
        throw new IllegalStateException(Codec.zstdProblem());
      }
      zstd = new ZstdCoder();
    }
    return zstd;
  }

  private DeflateCoder deflate() {
    if (deflate == null) {
      deflate = new DeflateCoder();
    }
    return deflate;
  }

  /**
   * Frees the contexts, and releases the dictionaries that they used. A closed compressor may not
   * be used again.
   */
  @Override
  public void close() {
    if (zstd != null) {
      zstd.close();
    }
    if (deflate != null) {
      deflate.close();
    }
  }
}
