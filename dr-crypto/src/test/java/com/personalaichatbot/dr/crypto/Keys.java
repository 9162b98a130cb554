package com.personalaichatbot.dr.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Keys and bytes that several tests use; the golden values were made from the format's text in
 * Python.
 */
final class Keys {

  /** Bytes 0 to 31. */
  static final byte[] ROOT = counting(0, 32);

  static final byte[] REPOSITORY_ID = counting(0x40, 16);
  static final byte[] SLOT_ID = counting(0x60, 16);
  static final byte[] SALT = counting(0x80, 32);

  /** The lowest cost that is allowed, so that the suite does not spend its time in Argon2. */
  static final KdfParameters CHEAPEST =
      new KdfParameters(KdfParameters.MIN_MEMORY_KIB, KdfParameters.MIN_ITERATIONS, 1);

  private Keys() {}

  static RepositoryKeys repository() {
    try (RootKey root = RootKey.of(ROOT)) {
      return root.derive(REPOSITORY_ID, 1, 1);
    }
  }

  static Sealer sealer() {
    return repository().data().newSealer(SALT, "pack");
  }

  /** A sealer that will use exactly this nonce for the blob of this number and content. */
  static Sealer sealerWithNonce(byte[] key, byte[] nonce, int number, byte[] aad, byte[] plain) {
    byte[] tailKey = new byte[SealMaterial.TAIL_KEY_BYTES];
    long tail =
        ByteBuffer.wrap(Jce.hmacSha256(tailKey).doFinal(join(aad, plain))).getLong();
    ByteBuffer base = ByteBuffer.wrap(nonce.clone());
    base.putInt(0, base.getInt(0) ^ number).putLong(4, base.getLong(4) ^ tail);
    byte[] commitment = new byte[SealMaterial.COMMITMENT_BYTES];
    return new Sealer(
        SealMaterial.wiping(join(join(key, base.array()), join(commitment, tailKey))));
  }

  static byte[] join(byte[] a, byte[] b) {
    byte[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }

  static byte[] counting(int first, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
