package com.personalaichatbot.dr.core.testkit;

import com.personalaichatbot.dr.crypto.KdfParameters;
import com.personalaichatbot.dr.crypto.RootKey;
import java.util.Arrays;

/**
 * Keys that everybody knows, so that a test does not spend its time deriving them. Never protect
 * data with them.
 */
public final class TestKeys {

  private TestKeys() {}

  /**
   * A root key, the same each time. {@code BackupRepository.builder(storage).create(root)} makes a
   * repository that it opens, without a passphrase.
   *
   * @return the key, which the caller closes
   */
  public static RootKey root() {
    return root(1);
  }

  /**
   * One of several root keys.
   *
   * @param number which one; the same number gives the same key
   * @return the key, which the caller closes
   */
  public static RootKey root(int number) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) number);
    return RootKey.of(bytes);
  }

  /**
   * The least that a passphrase may cost, where a test needs one at all.
   *
   * @return the cost
   */
  public static KdfParameters cheapKdf() {
    return new KdfParameters(KdfParameters.MIN_MEMORY_KIB, KdfParameters.MIN_ITERATIONS, 1);
  }
}
