package com.personalaichatbot.dr.core.snapshot;

/** The degree to which a snapshot can be relied on. */
public enum Trust {
  /** Stored, and not read back since. */
  UNVERIFIED,
  /** Every byte of it was read back and found right. */
  VERIFIED,
  /** A drill restored and validated it. */
  PROVEN,
  /** Somebody or something says that it is not to be relied on. */
  SUSPECT;

  /** Whether it may be the latest good snapshot. */
  public boolean isGood() {
    return this == VERIFIED || this == PROVEN;
  }
}
