package com.personalaichatbot.dr.core.internal.format;

/**
 * Lengths that say little: below 1 MiB Padmé (Nikitin and others, "Reducing Metadata Leakage from
 * Encrypted Files and Communication with PURBs", PoPETs 2019), which costs at most 12 %; from there
 * whole units of 4 KiB.
 */
public final class Padding {
  private static final int UNIT = 4096;
  private static final int LARGE = 1 << 20;

  private Padding() {}

  /** The length to which {@code length} bytes are padded. */
  public static int padded(int length) {
    if (length >= LARGE) {
      return (length + UNIT - 1) / UNIT * UNIT;
    }
    if (length < 2) {
      return length;
    }
    int exponent = 31 - Integer.numberOfLeadingZeros(length);
    int kept = 32 - Integer.numberOfLeadingZeros(exponent);
    int mask = (1 << Math.max(0, exponent - kept)) - 1;
    return (length + mask) & ~mask;
  }
}
