package com.personalaichatbot.dr.crypto;

import java.util.Arrays;

/**
 * The output of one derivation: AES-256 key (32 bytes), nonce (12), commitment (32), tail key (32),
 * cut from one HKDF-SHA-512 output in this order. A key slot, which seals one thing once, uses the
 * first three. The commitment is what AES-GCM lacks: it ties sealed bytes to one key, so that a
 * wrong key is told apart from damage and no bytes open under two keys.
 */
final class SealMaterial implements AutoCloseable {

  static final int KEY_BYTES = 32;
  static final int NONCE_BYTES = 12;
  static final int COMMITMENT_BYTES = 32;
  static final int TAIL_KEY_BYTES = 32;
  static final int BYTES = KEY_BYTES + NONCE_BYTES + COMMITMENT_BYTES + TAIL_KEY_BYTES;

  final WipeableKey key;
  final byte[] nonce;
  final byte[] commitment;
  final byte[] tailKey;

  private SealMaterial(byte[] derived) {
    byte[] keyBytes = Arrays.copyOf(derived, KEY_BYTES);
    key = new WipeableKey("AES", keyBytes);
    Arrays.fill(keyBytes, (byte) 0);
    nonce = Arrays.copyOfRange(derived, KEY_BYTES, KEY_BYTES + NONCE_BYTES);
    int committed = KEY_BYTES + NONCE_BYTES + COMMITMENT_BYTES;
    commitment = Arrays.copyOfRange(derived, KEY_BYTES + NONCE_BYTES, committed);
    tailKey = Arrays.copyOfRange(derived, committed, BYTES);
  }

  static SealMaterial derive(byte[] secret, byte[] salt, byte[] info) {
    return wiping(Hkdf.SHA_512.derive(secret, salt, info, BYTES));
  }

  /** Takes the bytes over and wipes them. */
  static SealMaterial wiping(byte[] derived) {
    try {
      return new SealMaterial(derived);
    } finally {
      Arrays.fill(derived, (byte) 0);
    }
  }

  /** Wipes the keys and the nonce; the commitment is public. */
  @Override
  public void close() {
    key.destroy();
    Arrays.fill(nonce, (byte) 0);
    Arrays.fill(tailKey, (byte) 0);
  }
}
