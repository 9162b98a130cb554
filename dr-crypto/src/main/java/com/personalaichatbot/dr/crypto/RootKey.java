package com.personalaichatbot.dr.crypto;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The 256-bit key at the root of a repository: every other key is derived from it, and each key
 * slot wraps it. Who has it has everything.
 *
 * <p>Thread-safe. The text is constant, and equality is identity.
 */
public final class RootKey implements AutoCloseable {

  /** The length of the key in bytes. */
  public static final int BYTES = 32;

  private final Secret key;

  private RootKey(Secret key) {
    this.key = key;
  }

  /**
   * A fresh key.
   *
   * @param random where its bits come from
   * @return the key, which the caller closes
   */
  public static RootKey generate(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    try {
      return of(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * The key with the given bytes.
   *
   * @param bytes 32; copied; they stay the caller's, who wipes them
   * @return the key, which the caller closes
   * @throws IllegalArgumentException if there are not 32
   */
  public static RootKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("A root key has 32 bytes, not " + bytes.length + ".");
    }
    return new RootKey(Secret.ofBytes(bytes));
  }

  /**
   * Derives the keys of a repository.
   *
   * @param repositoryId 16 bytes
   * @param suite the algorithms in use, 0 to 65535
   * @param epoch which generation of the data and lookup keys, at least 0
   * @return the keys, which the caller closes and which do not need this key any more
   * @throws IllegalArgumentException if an argument is outside its range
   * @throws IllegalStateException after close
   */
  public RepositoryKeys derive(byte[] repositoryId, int suite, int epoch) {
    byte[] bytes = key.copyBytes();
    try {
      return new RepositoryKeys(bytes, repositoryId, suite, epoch);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** A copy that the caller wipes. */
  byte[] copyBytes() {
    return key.copyBytes();
  }

  /** Wipes the key. Closing again does nothing. */
  @Override
  public void close() {
    key.close();
  }

  /** A constant: nothing of the key. */
  @Override
  public String toString() {
    return "RootKey";
  }
}
