package com.personalaichatbot.dr.crypto;

import java.util.Arrays;
import javax.crypto.Mac;

/**
 * HKDF (RFC 5869) over an HMAC of the JDK. Thread-safe: each call makes its own MAC, since a shared
 * one gives wrong keys under contention.
 */
final class Hkdf {

  static final Hkdf SHA_512 = new Hkdf("HmacSHA512", 64);

  private final String hmac;
  private final int hashLength;

  Hkdf(String hmac, int hashLength) {
    this.hmac = hmac;
    this.hashLength = hashLength;
  }

  /** Concentrates the key material into a key of the hash's length; the caller wipes it. */
  byte[] extract(byte[] salt, byte[] keyMaterial) {
    // An absent salt is a block of zeros (section 2.2), which the JCE accepts as a key.
    byte[] key = salt.length == 0 ? new byte[hashLength] : salt;
    return Jce.mac(hmac, key).doFinal(keyMaterial);
  }

  /** Stretches a uniformly random key to {@code length} bytes; the caller wipes them. */
  byte[] expand(byte[] key, byte[] info, int length) {
    if (length < 0 || length > 255 * hashLength) {
      throw new IllegalArgumentException("HKDF gives at most " + 255 * hashLength + " bytes");
    }
    Mac mac = Jce.mac(hmac, key);
    byte[] result = new byte[length];
    byte[] block = new byte[0];
    for (int done = 0, number = 1; done < length; number++) {
      mac.update(block);
      mac.update(info);
      mac.update((byte) number);
      Arrays.fill(block, (byte) 0);
      block = mac.doFinal();
      int part = Math.min(block.length, length - done);
      System.arraycopy(block, 0, result, done, part);
      done += part;
    }
    Arrays.fill(block, (byte) 0);
    return result;
  }

  /** Extract, then expand. */
  byte[] derive(byte[] keyMaterial, byte[] salt, byte[] info, int length) {
    byte[] key = extract(salt, keyMaterial);
    try {
      return expand(key, info, length);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}
