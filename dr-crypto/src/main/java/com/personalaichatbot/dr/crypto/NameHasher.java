package com.personalaichatbot.dr.crypto;

import java.nio.ByteBuffer;
import javax.crypto.Mac;

/**
 * Decides the shape of a directory from its entry names: the first 8 bytes, big-endian, of
 * HMAC-SHA-256 under the repository's tree key.
 *
 * <p>Not thread-safe: one for each worker. It stays usable after the keys that made it are closed.
 */
public final class NameHasher {

  private final Mac mac;

  NameHasher(byte[] key) {
    mac = Jce.hmacSha256(key);
  }

  /**
   * The hash of a name.
   *
   * @param name its raw bytes
   * @return 64 bits
   */
  public long hash(byte[] name) {
    return ByteBuffer.wrap(mac.doFinal(name)).getLong();
  }
}
