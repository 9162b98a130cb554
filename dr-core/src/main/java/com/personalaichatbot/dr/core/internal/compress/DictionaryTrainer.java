package com.personalaichatbot.dr.core.internal.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Trains a dictionary on the beginnings of small files, and says whether it is worth having.
 *
 * <p>Good samples are spread evenly over all files that the dictionary will be used for, up to
 * {@link #SAMPLE_BYTES} in all and {@link #SAMPLE_LENGTH} of each. Measured: on 3,710 real
 * conversations of 1.8 KB that takes 60 ms and leaves 32 % of what zstd alone leaves; on 20,000
 * mixed source files of 8 KB it takes 95 ms and leaves 92 %. Four times the samples take three
 * times as long and leave 0.3 to 0.6 % less.
 */
public final class DictionaryTrainer {

  /** Bytes of samples in all beyond which more cost more than they gain. */
  public static final int SAMPLE_BYTES = 2 << 20;

  /** Bytes of one file beyond which samples of more files are better. */
  public static final int SAMPLE_LENGTH = 8 << 10;

  /** Fewer say too little about what comes. */
  private static final int FEWEST = 64;

  /**
   * zstd's trainer wants samples of many times the size of the dictionary; below, the dictionary
   * repeats them.
   */
  private static final int SAMPLES_PER_DICTIONARY = 8;

  /** Below, zstd does not make one. */
  private static final int SMALLEST = 256;

  /** One sample in this many does not train, but tries the result. */
  private static final int HELD_OUT = 8;

  /** A dictionary is a blob in two packs. */
  private static final int COPIES = 2;

  private DictionaryTrainer() {}

  /**
   * Trains a dictionary.
   *
   * @param samples none of a secrets component; not changed
   * @return its content, at most {@link Dictionary#MAX_LENGTH} bytes; empty if there are fewer than
   *     64 samples, if they have too little in common, or if what is saved on data like them would
   *     not pay for storing it
   * @throws IllegalStateException if zstd does not work on this machine
   */
  public static Optional<byte[]> train(List<byte[]> samples) {
    if (!Codec.zstdAvailable()) {
      throw new IllegalStateException(Codec.zstdProblem());
    }
    if (samples.size() < FEWEST) {
      return Optional.empty();
    }
    List<byte[]> training = new ArrayList<>();
    List<byte[]> heldOut = new ArrayList<>();
    long bytes = 0;
    for (byte[] sample : samples) {
      boolean trains = (training.size() + heldOut.size()) % HELD_OUT != HELD_OUT - 1;
      (trains ? training : heldOut).add(sample);
      bytes += sample.length;
    }
    byte[] content =
        new byte[(int) Math.min(bytes / SAMPLES_PER_DICTIONARY, Dictionary.MAX_LENGTH)];
    if (content.length < SMALLEST) {
      return Optional.empty();
    }
    long size =
        Zstd.trainFromBuffer(training.toArray(byte[][]::new), content, false, ZstdCoder.LEVEL);
    if (Zstd.isError(size)) {
      return Optional.empty();
    }
    content = Arrays.copyOf(content, (int) size);
    return pays(content, heldOut) ? Optional.of(content) : Optional.empty();
  }

  /**
   * What it saves on samples that it has not seen, taken for all samples, against what it takes to
   * store it.
   */
  private static boolean pays(byte[] content, List<byte[]> heldOut) {
    try (ZstdDictCompress dictionary = new ZstdDictCompress(content, ZstdCoder.LEVEL);
        ZstdCompressCtx context = new ZstdCompressCtx()) {
      context.setLevel(ZstdCoder.LEVEL);
      long own = COPIES * (long) context.compress(content).length;
      long without = compressed(heldOut, context);
      context.loadDict(dictionary);
      long with = compressed(heldOut, context);
      return (without - with) * HELD_OUT > own;
    }
  }

  private static long compressed(List<byte[]> samples, ZstdCompressCtx context) {
    return samples.stream().mapToLong(sample -> context.compress(sample).length).sum();
  }
}
