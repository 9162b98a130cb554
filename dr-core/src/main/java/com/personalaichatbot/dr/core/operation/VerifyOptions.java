package com.personalaichatbot.dr.core.operation;

import java.util.Objects;

/**
 * The options of a verify. Immutable.
 *
 * @param depth how much is read
 * @param samplePercent for SAMPLE, the share of packs whose data is read, 1 to 100; else 0
 */
public record VerifyOptions(VerifyDepth depth, int samplePercent) {
  /** Refuses a share that cannot be. */
  public VerifyOptions {
    Objects.requireNonNull(depth, "depth");
    if (depth == VerifyDepth.SAMPLE
        ? samplePercent < 1 || samplePercent > 100
        : samplePercent != 0) {
      throw new IllegalArgumentException("a sample is 1 to 100 percent: " + samplePercent);
    }
  }

  /** Reads everything. */
  public static VerifyOptions readAll() {
    return new VerifyOptions(VerifyDepth.READ_ALL, 0);
  }

  /** Reads no file data. */
  public static VerifyOptions structure() {
    return new VerifyOptions(VerifyDepth.STRUCTURE, 0);
  }

  /** Reads a share of the packs. */
  public static VerifyOptions sample(int percent) {
    return new VerifyOptions(VerifyDepth.SAMPLE, percent);
  }
}
