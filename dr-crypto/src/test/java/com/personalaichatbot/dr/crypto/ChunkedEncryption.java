package com.personalaichatbot.dr.crypto;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.InflaterInputStream;

/**
 * Reads C2SP chunked encryption, instantiated with SHA-512 and AES-256-GCM, by means of this
 * package's own parts: the derivation of key, nonce and commitment, and a {@link Sealer} whose
 * number is 0 and whose tail is the chunk's counter.
 */
final class ChunkedEncryption {

  private static final byte[] INFO =
      "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0".getBytes(StandardCharsets.US_ASCII);
  private static final int SALT = 24;
  private static final int HEADER = SALT + Sealer.COMMITMENT_BYTES;
  private static final int CHUNK = 16 * 1024;

  private ChunkedEncryption() {}

  static byte[] open(byte[] key, byte[] context, byte[] sealed) throws AuthenticationException {
    if (key.length != 32 || sealed.length < HEADER) {
      throw new IllegalArgumentException("header");
    }
    try (Sealer sealer = new Sealer(material(key, context, sealed))) {
      if (!sealer.committedBy(sealed, SALT)) {
        throw new IllegalArgumentException("commitment");
      }
      byte[] message = new byte[sealed.length];
      int length = 0;
      int from = HEADER;
      for (long chunk = 0; ; chunk++) {
        int part = Math.min(CHUNK + Sealer.OVERHEAD, sealed.length - from);
        length += sealer.open(0, chunk, new byte[0], sealed, from, part, message, length);
        from += part;
        if (part < CHUNK + Sealer.OVERHEAD) {
          return Arrays.copyOf(message, length);
        }
      }
    }
  }

  static SealMaterial material(byte[] key, byte[] context, byte[] sealed) {
    byte[] info = Arrays.copyOf(INFO, INFO.length + SALT + context.length);
    System.arraycopy(sealed, 0, info, INFO.length, SALT);
    System.arraycopy(context, 0, info, INFO.length + SALT, context.length);
    return SealMaterial.wiping(Hkdf.SHA_512.expand(key, info, SealMaterial.BYTES));
  }

  static byte[] inflate(byte[] compressed) throws IOException {
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(compressed))) {
      return in.readAllBytes();
    }
  }
}
