package com.personalaichatbot.dr.core.internal.compress;

/**
 * The only form of a zstd frame (RFC 8878, section 3.1.1) that a repository holds: no magic number,
 * a descriptor of zero (so no content size, dictionary id or checksum), the window byte, and blocks
 * up to the last one. That ends with the stored bytes.
 *
 * <p>zstd itself would accept more: several frames, other descriptors, a window of terabytes.
 * Walking the block headers first leaves one encoding where there were many, and it refuses most
 * damage before native code sees it.
 */
final class ZstdFrame {

  private static final int BLOCK_HEADER = 3;
  private static final int LARGEST_BLOCK = 128 << 10;
  private static final int SMALLEST_WINDOW = 1 << 10;

  private static final int RAW = 0;
  private static final int RLE = 1;
  private static final int COMPRESSED = 2;

  private ZstdFrame() {}

  /**
   * Throws unless the bytes have that form and need no more window than plaintext and dictionary
   * fill.
   */
  static void check(byte[] in, int offset, int length, int plainLength, int dictionaryLength)
      throws CorruptDataException {
    if (length < 2 + BLOCK_HEADER || in[offset] != 0) {
      throw new CorruptDataException("Not a zstd frame");
    }
    int window = in[offset + 1] & 0xff;
    long base = 1L << (10 + (window >>> 3));
    if (base + base / 8 * (window & 7) > largestWindow(plainLength, dictionaryLength)) {
      throw new CorruptDataException(
          "Asks for a window larger than " + plainLength + " bytes need");
    }
    int end = offset + length;
    int at = offset + 2;
    boolean last = false;
    while (!last) {
      if (end - at < BLOCK_HEADER) {
        throw new CorruptDataException("Ends within a zstd frame");
      }
      int header = in[at] & 0xff | (in[at + 1] & 0xff) << 8 | (in[at + 2] & 0xff) << 16;
      last = (header & 1) != 0;
      at += BLOCK_HEADER + content(header >>> 1 & 3, header >>> 3);
    }
    if (at != end) {
      throw new CorruptDataException("Goes on behind a zstd frame, or ends within it");
    }
  }

  /** The power of two that holds both. */
  private static long largestWindow(int plainLength, int dictionaryLength) {
    long both = Math.max((long) plainLength + dictionaryLength, SMALLEST_WINDOW);
    return Long.highestOneBit(2 * both - 1);
  }

  /** The number of bytes that follow the header of a block. */
  private static int content(int type, int size) throws CorruptDataException {
    if (size > LARGEST_BLOCK) {
      throw new CorruptDataException("Holds a zstd block of " + size + " bytes");
    }
    return switch (type) {
      case RAW, COMPRESSED -> size;
      case RLE -> 1;
      default -> throw new CorruptDataException("Holds a zstd block of an unknown type");
    };
  }
}
