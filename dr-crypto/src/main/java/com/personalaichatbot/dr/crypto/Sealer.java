package com.personalaichatbot.dr.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The cipher of one sealed container: AES-256-GCM under a key that belongs to this container alone.
 * It keeps the sealed bytes secret, notices every change of them, of their number and of the
 * associated data, and ties them to the key by a commitment. It does not notice that a whole
 * container is missing or old.
 *
 * <p>Not thread-safe. The caller wipes the plaintext it passes in and takes out.
 */
public final class Sealer implements AutoCloseable {

  /*
   * No (key, nonce) pair may ever seal two different plaintexts: with AES-GCM that gives both away,
   * and the key of the tag with them. A counter alone does not hold this. A process can be cloned
   * with its virtual machine, resumed from an old image, or seal blob 7, fail, and seal another
   * blob 7; the salt and so the key are then the same on both sides. So the nonce depends on what
   * is sealed:
   *
   *     nonce (12) = base nonce XOR (blob number (4) ‖ tail (8))
   *     tail = first 8 bytes of HMAC-SHA-256(tail key, associated data ‖ bytes before sealing)
   *
   * Two different blobs share a nonce only under the same key, the same number and the same 64
   * bits of the HMAC. The tail key belongs to the container, and nobody who does not hold it can
   * compute a tail, so such a pair cannot be searched for: it is left to chance, one in 2^64 for
   * each pair. The same blob sealed twice gives the same bytes, which reveals nothing new.
   *
   * The tail is needed to open and may be stored in clear: without the tail key it tells nothing of
   * what is sealed, not even to somebody who has a guess. A wrong tail gives a wrong nonce and so a
   * wrong tag: opening does not compute it again. That could only convict a holder of the key of a
   * badly chosen tail, at the cost of hashing all that is ever read.
   */

  /** How many bytes longer the sealed form is than the plain one. */
  public static final int OVERHEAD = 16;

  /** The length of a commitment in bytes. */
  public static final int COMMITMENT_BYTES = SealMaterial.COMMITMENT_BYTES;

  /**
   * How much the cipher is given at a time. The JDK's fast path for AES-GCM is compiled into its
   * caller, and a caller is compiled after some thousand calls: blobs of 256 KiB in one call each
   * seal at about 105 MB/s for the first 300 MB of a process. In slices of 2 KiB at 800 MB/s and
   * soon at 6 GB/s (measured on JDK 17 and 25).
   */
  private static final int SLICE = 2048;

  private final SealMaterial material;
  private final byte[] digest = new byte[32];
  private final byte[] nonce = new byte[SealMaterial.NONCE_BYTES];
  private Cipher cipher = Jce.aesGcm();

  /** Made with the first tail: who only opens needs none. */
  private Mac tails;

  private boolean closed;

  Sealer(SealMaterial material) {
    this.material = material;
  }

  /**
   * The commitment to this container's key, which the container carries in clear.
   *
   * @return a fresh array of 32 bytes
   */
  public byte[] commitment() {
    return material.commitment.clone();
  }

  /**
   * Whether a stored commitment is to this key, compared in constant time. To be asked before the
   * first {@link #open}.
   *
   * @param bytes holds the stored commitment
   * @param offset its first byte
   * @return false if the container was sealed under another key, salt or label
   * @throws IndexOutOfBoundsException if fewer than 32 bytes follow
   */
  public boolean committedBy(byte[] bytes, int offset) {
    Objects.checkFromIndexSize(offset, COMMITMENT_BYTES, bytes.length);
    return MessageDigest.isEqual(
        material.commitment, Arrays.copyOfRange(bytes, offset, offset + COMMITMENT_BYTES));
  }

  /**
   * Seals one blob.
   *
   * <p>The tail is a keyed hash of what goes in, and may be stored in clear.
   *
   * @param number the blob's number within the container, an unsigned 32-bit integer
   * @param aad what is bound to the blob and not stored with it; may be empty
   * @param stored holds the bytes to seal; not changed
   * @param offset their first byte
   * @param length their number, which may be 0
   * @param out takes {@code length + OVERHEAD} bytes; must not overlap the bytes to seal
   * @param outOffset the first byte written
   * @return the tail, which {@link #open} needs
   * @throws IndexOutOfBoundsException if a part is not within its array
   * @throws IllegalArgumentException if the parts overlap
   * @throws IllegalStateException after close
   */
  public long seal(
      int number, byte[] aad, byte[] stored, int offset, int length, byte[] out, int outOffset) {
    check(stored, offset, length, out, outOffset, Math.addExact(length, OVERHEAD));
    long tail = tail(aad, stored, offset, length);
    try {
      initToSeal(number, tail);
      cipher.updateAAD(aad);
      int end = offset + length;
      int from = offset;
      int to = outOffset;
      for (; end - from > SLICE; from += SLICE) {
        to += cipher.update(stored, from, SLICE, out, to);
      }
      cipher.doFinal(stored, from, end - from, out, to);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to seal " + length + " bytes.", e);
    }
    return tail;
  }

  /**
   * Opens one blob. Nothing is given out before its tag has been verified.
   *
   * @param number the number it was sealed as
   * @param tail what {@link #seal} returned
   * @param aad what it was sealed with
   * @param sealed holds the sealed bytes; not changed
   * @param offset their first byte
   * @param length their number, tag included
   * @param out takes {@code length - OVERHEAD} bytes; must not overlap the sealed bytes
   * @param outOffset the first byte written
   * @return the number of bytes written, {@code length - OVERHEAD}
   * @throws AuthenticationException if the bytes, the number, the tail or the associated data are
   *     not those that were sealed, or there are fewer than {@link #OVERHEAD}; the range of
   *     {@code out} then holds zeros
   * @throws IndexOutOfBoundsException if a part is not within its array
   * @throws IllegalArgumentException if the parts overlap
   * @throws IllegalStateException after close
   */
  public int open(
      int number,
      long tail,
      byte[] aad,
      byte[] sealed,
      int offset,
      int length,
      byte[] out,
      int outOffset)
      throws AuthenticationException {
    int plainLength = Math.max(0, length - OVERHEAD);
    check(sealed, offset, length, out, outOffset, plainLength);
    if (length < OVERHEAD) {
      throw doesNotOpen(number);
    }
    boolean opened = false;
    try {
      cipher.init(Cipher.DECRYPT_MODE, material.key, parameters(number, tail));
      cipher.updateAAD(aad);
      cipher.doFinal(sealed, offset, length, out, outOffset);
      opened = true;
      return plainLength;
    } catch (AEADBadTagException e) {
      throw doesNotOpen(number);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to open " + length + " bytes.", e);
    } finally {
      if (!opened) {
        Arrays.fill(out, outOffset, outOffset + plainLength, (byte) 0);
      }
    }
  }

  /** Wipes the key. Closing again does nothing. */
  @Override
  public void close() {
    closed = true;
    material.close();
    cipher = null;
    tails = null;
  }

  /** A constant: nothing of the key. */
  @Override
  public String toString() {
    return "Sealer";
  }

  /** The nonce of a blob, for the tests that watch for one that comes back. */
  byte[] nonce(int number, long tail) {
    ByteBuffer mask = ByteBuffer.wrap(nonce).putInt(number).putLong(tail);
    for (int i = 0; i < mask.capacity(); i++) {
      nonce[i] ^= material.nonce[i];
    }
    return nonce;
  }

  private void initToSeal(int number, long tail)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    GCMParameterSpec parameters = parameters(number, tail);
    try {
      cipher.init(Cipher.ENCRYPT_MODE, material.key, parameters);
    } catch (InvalidAlgorithmParameterException sameNonceAsBefore) {
      // The JDK refuses to use one nonce twice running. Here it means the same blob once more,
      // whose
      // sealed bytes will be the same; a cipher without memory makes them.
      cipher = Jce.aesGcm();
      cipher.init(Cipher.ENCRYPT_MODE, material.key, parameters);
    }
  }

  private GCMParameterSpec parameters(int number, long tail) {
    return new GCMParameterSpec(8 * OVERHEAD, nonce(number, tail));
  }

  private long tail(byte[] aad, byte[] stored, int offset, int length) {
    if (tails == null) {
      tails = Jce.hmacSha256(material.tailKey);
    }
    tails.update(Objects.requireNonNull(aad, "aad"));
    tails.update(stored, offset, length);
    try {
      tails.doFinal(digest, 0);
    } catch (ShortBufferException e) {
      throw new AssertionError(e);
    }
    return ByteBuffer.wrap(digest).getLong();
  }

  private void check(byte[] in, int offset, int length, byte[] out, int outOffset, int outLength) {
    if (closed) {
      throw new IllegalStateException("The sealer has been closed and its key wiped.");
    }
    Objects.checkFromIndexSize(offset, length, in.length);
    Objects.checkFromIndexSize(outOffset, outLength, out.length);
    if (in == out && offset < outOffset + outLength && outOffset < offset + length) {
      throw new IllegalArgumentException("Sealed and plain bytes overlap.");
    }
  }

  private static AuthenticationException doesNotOpen(int number) {
    return new AuthenticationException("Sealed bytes number "
        + Integer.toUnsignedString(number)
        + " do not open: they were changed, or belong to another key or place.");
  }
}
