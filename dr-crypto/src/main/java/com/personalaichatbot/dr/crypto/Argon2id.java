package com.personalaichatbot.dr.crypto;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id version 1.3 (RFC 9106), the one algorithm that the JDK lacks. */
final class Argon2id {

  private Argon2id() {}

  /**
   * Derives 32 bytes, which the caller wipes.
   *
   * @param heapBytes the most that the heap may grow to; what cannot fit is refused immediately
   */
  static byte[] derive(byte[] passphrase, byte[] salt, KdfParameters cost, long heapBytes)
      throws TooLittleMemoryException {
    if (cost.memoryKiB() * 1024L >= heapBytes) {
      throw new TooLittleMemoryException(cost, heapBytes);
    }
    Argon2Parameters parameters = new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
        .withMemoryAsKB(cost.memoryKiB())
        .withIterations(cost.iterations())
        .withParallelism(cost.parallelism())
        .withSalt(salt)
        .build();
    byte[] derived = new byte[32];
    try {
      Argon2BytesGenerator generator = new Argon2BytesGenerator();
      generator.init(parameters);
      generator.generateBytes(passphrase, derived);
    } catch (OutOfMemoryError e) {
      // The memory is many small blocks, all garbage by now: the heap is as it was before.
      throw new TooLittleMemoryException(cost, heapBytes);
    }
    return derived;
  }
}
