package com.personalaichatbot.dr.core.internal.write;

/**
 * Finds out whether a dictionary still pays: some of the blobs that are compressed with it are
 * compressed without it too. A snapshot whose trial it does not pass records none, so that the next
 * backup trains another. Few blobs, or blobs of few bytes, say nothing. Thread-safe.
 */
public final class DictionaryTrial {
  /** One blob in this many is tried, so that not all of them are from one directory. */
  private static final int ONE_IN = 16;

  private static final int ENOUGH = 64;
  private static final int MAX_BLOBS = 256;

  /** A dictionary pays if it saves one part in this many of what would be stored without it. */
  private static final int WORTHWHILE = 20;

  private int blobs;
  private int tried;
  private long with;
  private long without;

  /** Whether to try the next blob. */
  synchronized boolean wantsNext() {
    return tried < MAX_BLOBS && blobs++ % ONE_IN == 0;
  }

  /** Takes the stored lengths of a blob, with the dictionary and without. */
  synchronized void take(int lengthWith, int lengthWithout) {
    tried++;
    with += lengthWith;
    without += lengthWithout;
  }

  /** Whether nothing speaks against the dictionary. */
  public synchronized boolean pays() {
    return tried < ENOUGH || (without - with) * WORTHWHILE >= without;
  }
}
