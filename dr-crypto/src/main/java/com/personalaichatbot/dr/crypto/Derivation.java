package com.personalaichatbot.dr.crypto;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * One way to make a key of a passphrase: Argon2id with a cost and a salt. All ordinary key slots of
 * a repository share one, so that it costs the same to open one of a thousand as to open the only
 * one.
 *
 * <p>Immutable and thread-safe; nothing in it is secret.
 */
public final class Derivation {

  /** The length of a salt in bytes. */
  public static final int SALT_BYTES = 32;

  private final KdfParameters cost;
  private final byte[] salt;

  private Derivation(KdfParameters cost, byte[] salt) {
    this.cost = cost;
    this.salt = salt;
  }

  /**
   * One with a known salt.
   *
   * @param cost of deriving
   * @param salt 32 bytes; copied
   * @return the derivation
   * @throws IllegalArgumentException if the salt has another length
   */
  public static Derivation of(KdfParameters cost, byte[] salt) {
    if (salt.length != SALT_BYTES) {
      throw new IllegalArgumentException("A salt has 32 bytes, not " + salt.length + ".");
    }
    return new Derivation(cost, salt.clone());
  }

  /**
   * One with a fresh salt.
   *
   * @param cost of deriving
   * @param random where the salt comes from
   * @return the derivation
   */
  public static Derivation fresh(KdfParameters cost, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new Derivation(cost, salt);
  }

  /**
   * Derives. It takes as long as the cost says, and its memory.
   *
   * @param passphrase stays the caller's
   * @return what opens slots, which the caller closes
   * @throws TooLittleMemoryException if the heap is too small for the memory cost; nothing was
   *     derived
   * @throws IllegalStateException if the passphrase is closed
   */
  public PassphraseKey derive(Secret passphrase) throws TooLittleMemoryException {
    byte[] typed = passphrase.copyBytes();
    byte[] derived = null;
    try {
      derived = Argon2id.derive(typed, salt, cost, Runtime.getRuntime().maxMemory());
      return new PassphraseKey(this, Secret.ofBytes(derived));
    } finally {
      Arrays.fill(typed, (byte) 0);
      if (derived != null) {
        Arrays.fill(derived, (byte) 0);
      }
    }
  }

  /**
   * The cost of deriving.
   *
   * @return values within the caps
   */
  public KdfParameters cost() {
    return cost;
  }

  /**
   * The salt.
   *
   * @return a fresh array of 32 bytes
   */
  public byte[] salt() {
    return salt.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Derivation
        && ((Derivation) other).cost.equals(cost)
        && Arrays.equals(((Derivation) other).salt, salt);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(salt);
  }

  @Override
  public String toString() {
    return "Derivation[" + cost + "]";
  }
}
