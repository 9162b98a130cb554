package com.personalaichatbot.dr.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A key that seals nothing itself: every sealed container (a pack's blobs, its contents table, an
 * index, a section of an entry) draws a key, a nonce and a commitment of its own from it.
 *
 * <p>Thread-safe. It ends when the {@link RepositoryKeys} or the secret that gave it are closed.
 */
public final class SealKey {

  /** The length of a container's salt in bytes. */
  public static final int SALT_BYTES = 32;

  /** The length of a key in bytes. */
  public static final int KEY_BYTES = 32;

  private static final int MAX_LABEL = 64;

  private final Secret key;

  SealKey(Secret key) {
    this.key = key;
  }

  /**
   * Returns a key of its own, apart from those of a repository.
   *
   * @param key 32 random bytes; it stays the caller's and must outlive what is returned
   * @return the key
   * @throws IllegalArgumentException if the secret has another length
   */
  public static SealKey of(Secret key) {
    if (key.length() != KEY_BYTES) {
      throw new IllegalArgumentException("A seal key has 32 bytes, not " + key.length() + ".");
    }
    return new SealKey(key);
  }

  /**
   * The cipher of one container, derived by HKDF-SHA-512 with the salt and {@code "dr1/" label} as
   * info.
   *
   * @param salt 32 random bytes, drawn afresh for each container that is written
   * @param label what kind of container it is: 1 to 64 printable ASCII characters without space
   * @return the cipher, which the caller closes
   * @throws IllegalArgumentException if the salt or the label has another form
   * @throws IllegalStateException if the repository's keys are closed
   */
  public Sealer newSealer(byte[] salt, String label) {
    if (salt.length != SALT_BYTES) {
      throw new IllegalArgumentException("A salt has 32 bytes, not " + salt.length + ".");
    }
    if (label.isEmpty()
        || label.length() > MAX_LABEL
        || label.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IllegalArgumentException("Not the label of a sealed container: " + label);
    }
    byte[] bytes = key.copyBytes();
    byte[] info = ("dr1/" + label).getBytes(StandardCharsets.US_ASCII);
    try {
      return new Sealer(SealMaterial.derive(bytes, salt, info));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** A constant: nothing of the key. */
  @Override
  public String toString() {
    return "SealKey";
  }
}
