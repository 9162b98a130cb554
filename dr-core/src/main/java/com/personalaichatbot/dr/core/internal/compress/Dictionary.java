package com.personalaichatbot.dr.core.internal.compress;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictContentType;
import com.github.luben.zstd.ZstdDictDecompress;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.Objects;

/**
 * A dictionary. For decompression it is digested once, so that a blob of 2 KB need not pay for 112
 * KiB; for compression each {@link Compressor} digests it for itself, with its own parameters.
 *
 * <p>Safe for use by many threads, each with its own {@link Compressor}. Holds about 140 KB of
 * native memory until closed, and each compressor that uses it about 500 KB until that is closed.
 */
public final class Dictionary implements AutoCloseable {

  /** Largest content of a dictionary, in bytes. */
  public static final int MAX_LENGTH = 112 << 10;

  /**
   * Length of a plaintext, in bytes, up to which a dictionary is worth using. Measured on mixed
   * source files: up to 16 KiB it makes compression faster and the result 10 to 35 % smaller; up to
   * 64 KiB 3 to 6 % smaller at three quarters of the speed (conversations: 20 to 70 % smaller
   * throughout).
   */
  public static final int LONGEST_PLAINTEXT = 64 << 10;

  private final KeyedId id;
  private final byte[] content;
  private final ZstdDictDecompress decompression;

  /**
   * Digests a dictionary.
   *
   * @param id of the blob that holds it
   * @param content as {@link DictionaryTrainer} gave it; copied
   * @throws CorruptDataException if it is not a dictionary of zstd
   * @throws IllegalStateException if zstd does not work on this machine
   */
  public Dictionary(KeyedId id, byte[] content) throws CorruptDataException {
    this.id = Objects.requireNonNull(id);
    this.content = content.clone();
    if (!Codec.zstdAvailable()) {
      throw new IllegalStateException(Codec.zstdProblem());
    }
    if (content.length > MAX_LENGTH) {
      throw new CorruptDataException("A dictionary of " + content.length + " bytes");
    }
    try {
      // FULL_DICT: otherwise zstd would take any bytes for a dictionary of mere text.
      this.decompression = new ZstdDictDecompress(content, ZstdDictContentType.FULL_DICT);
    } catch (IllegalStateException e) {
      throw new CorruptDataException("Not a dictionary of zstd", e);
    }
  }

  /** The id of the blob that holds it. */
  public KeyedId id() {
    return id;
  }

  int length() {
    return content.length;
  }

  /** Has a context compress with it from now on, until it is given another. */
  void loadInto(ZstdCompressCtx context) {
    context.loadDict(content, ZstdDictContentType.FULL_DICT);
  }

  ZstdDictDecompress forDecompression() {
    return decompression;
  }

  /**
   * Frees the native memory.
   *
   * @throws IllegalStateException if a compressor that used it is not closed yet
   */
  @Override
  public void close() {
    decompression.close();
  }
}
