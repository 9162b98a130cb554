package com.personalaichatbot.dr.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * One key slot: a passphrase's way to the root key. Any number of slots wrap the same root key, so
 * a passphrase changes by writing a new slot and never by touching data.
 *
 * <p>Immutable and thread-safe; it holds nothing secret in clear.
 */
public final class KeySlot {

  /*
   *   0  8  magic "DRKEYSLT"              66 32  salt
   *   8  2  version = 1                   98  4  length n of FORMAT, at most 4096
   *  10  2  suite = 1                    102  n  FORMAT
   *  12 16  repository id                    48  wrapped root key
   *  28 16  slot id                          32  commitment
   *  44  1  kind: 1 = passphrase             32  SHA-256 of all that precedes
   *  45  8  created, milliseconds
   *  53  1  kdf: 1 = Argon2id version 1.3
   *  54  4  memory in KiB
   *  58  4  iterations
   *  62  4  parallelism
   *
   * Everything before the wrapped key is the header:
   *
   *   secret (32)  = Argon2id(passphrase, salt, memory, iterations, parallelism)
   *   key (32) ‖ nonce (12) ‖ commitment (32) = HKDF-SHA-512(secret, salt, "dr1/slot" 0x00 ‖
   *                                                          SHA-256(header))
   *   wrapped root key = AES-256-GCM(key, nonce, associated data = header, root key)
   *
   * The order of the checks carries the errors. The checksum needs no key: wrong means damaged.
   * Then the fields: unknown or outside the caps means unsupported, before a cost is believed.
   * Only then the passphrase: the commitment is wrong if the passphrase is. The commitment also
   * keeps a forged slot from opening under two passphrases.
   */

  /** The most bytes of a slot of any version: a longer file need not be read. */
  public static final int MAX_BYTES = 64 * 1024;

  /** The most bytes of FORMAT that a slot carries. */
  public static final int MAX_FORMAT_BYTES = 4096;

  private static final byte[] MAGIC = "DRKEYSLT".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] INFO = "dr1/slot\0".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int SUITE = 1;
  private static final int KIND_PASSPHRASE = 1;
  private static final int KDF_ARGON2ID = 1;

  private static final int ID_BYTES = 16;
  private static final int SALT_BYTES = 32;
  private static final int WRAPPED_BYTES = RootKey.BYTES + Sealer.OVERHEAD;
  private static final int CHECKSUM_BYTES = 32;
  private static final int FIXED_HEADER = 102;

  /** Magic, version, suite and checksum, which slots of all versions have. */
  private static final int MIN_BYTES = 12 + CHECKSUM_BYTES;

  private static final int TRAILER = WRAPPED_BYTES + SealMaterial.COMMITMENT_BYTES + CHECKSUM_BYTES;

  private final byte[] bytes;
  private final KdfParameters kdf;

  private KeySlot(byte[] bytes, KdfParameters kdf) {
    this.bytes = bytes;
    this.kdf = kdf;
  }

  /**
   * Makes a slot. It takes as long as the cost says, and its memory.
   *
   * @param root the key to wrap
   * @param passphrase what will open it
   * @param repositoryId 16 bytes
   * @param slotId 16 bytes
   * @param createdMillis when, in milliseconds since 1970; for people to read
   * @param cost of deriving a key from the passphrase
   * @param formatBytes the repository's FORMAT file, at most {@link #MAX_FORMAT_BYTES}
   * @param random where the salt comes from
   * @return the slot; all arrays were copied
   * @throws IllegalArgumentException if an array has another length, or the cost does not fit the
   *     heap
   * @throws IllegalStateException if the root key or the passphrase is closed
   */
  public static KeySlot create(
      RootKey root,
      Secret passphrase,
      byte[] repositoryId,
      byte[] slotId,
      long createdMillis,
      KdfParameters cost,
      byte[] formatBytes,
      SecureRandom random) {
    checkLength("repository id", repositoryId, ID_BYTES);
    checkLength("slot id", slotId, ID_BYTES);
    if (formatBytes.length > MAX_FORMAT_BYTES) {
      throw new IllegalArgumentException("FORMAT has at most " + MAX_FORMAT_BYTES + " bytes.");
    }
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    ByteBuffer slot = ByteBuffer.allocate(FIXED_HEADER + formatBytes.length + TRAILER);
    slot.put(MAGIC).putShort((short) VERSION).putShort((short) SUITE);
    slot.put(repositoryId).put(slotId).put((byte) KIND_PASSPHRASE).putLong(createdMillis);
    slot.put((byte) KDF_ARGON2ID).putInt(cost.memoryKiB());
    slot.putInt(cost.iterations()).putInt(cost.parallelism()).put(salt);
    slot.putInt(formatBytes.length).put(formatBytes);
    byte[] header = Arrays.copyOf(slot.array(), slot.position());
    byte[] rootBytes = root.copyBytes();
    try (SealMaterial material = derive(passphrase, header, salt, cost)) {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, material, header);
      slot.put(cipher.doFinal(rootBytes)).put(material.commitment);
    } catch (UnsupportedSlotException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to wrap the root key.", e);
    } finally {
      Arrays.fill(rootBytes, (byte) 0);
    }
    slot.put(checksum(slot.array()));
    return new KeySlot(slot.array(), cost);
  }

  /**
   * Reads a slot. The checksum comes first, then every field is checked against what this version
   * knows; nothing is derived.
   *
   * @param bytes the whole file; copied
   * @return the slot
   * @throws DamagedSlotException if it is cut short, changed, or not a slot
   * @throws UnsupportedSlotException if it is whole, and a field has an unknown value or a cost is
   *     outside the caps
   */
  public static KeySlot parse(byte[] bytes) throws DamagedSlotException, UnsupportedSlotException {
    checkWhole(bytes);
    ByteBuffer slot = ByteBuffer.wrap(bytes);
    slot.position(MAGIC.length);
    require("version", slot.getShort() & 0xFFFF, VERSION);
    require("suite", slot.getShort() & 0xFFFF, SUITE);
    if (bytes.length < FIXED_HEADER + TRAILER) {
      throw wrongLength(bytes.length);
    }
    slot.position(slot.position() + 2 * ID_BYTES);
    require("kind", slot.get() & 0xFF, KIND_PASSPHRASE);
    slot.getLong();
    require("kdf", slot.get() & 0xFF, KDF_ARGON2ID);
    KdfParameters cost =
        KdfParameters.read(unsignedInt(slot), unsignedInt(slot), unsignedInt(slot));
    slot.position(slot.position() + SALT_BYTES);
    long formatLength = unsignedInt(slot);
    if (formatLength > MAX_FORMAT_BYTES) {
      throw new UnsupportedSlotException("formatLength", formatLength, "0 to " + MAX_FORMAT_BYTES);
    }
    if (bytes.length != FIXED_HEADER + formatLength + TRAILER) {
      throw wrongLength(bytes.length);
    }
    return new KeySlot(bytes.clone(), cost);
  }

  /**
   * Opens the slot. It takes as long as the slot's cost says, and its memory.
   *
   * @param passphrase what may open it
   * @return the root key, which the caller closes
   * @throws WrongPassphraseException if the passphrase is another one
   * @throws DamagedSlotException if the passphrase is right and the wrapped key does not open:
   *     somebody changed it and repaired the checksum
   * @throws UnsupportedSlotException if the heap is too small for the slot's memory cost
   * @throws IllegalStateException if the passphrase is closed
   */
  public RootKey unwrap(Secret passphrase)
      throws WrongPassphraseException, DamagedSlotException, UnsupportedSlotException {
    int headerLength = bytes.length - TRAILER;
    byte[] header = Arrays.copyOf(bytes, headerLength);
    byte[] salt = Arrays.copyOfRange(bytes, FIXED_HEADER - 4 - SALT_BYTES, FIXED_HEADER - 4);
    int commitmentAt = headerLength + WRAPPED_BYTES;
    byte[] commitment =
        Arrays.copyOfRange(bytes, commitmentAt, commitmentAt + SealMaterial.COMMITMENT_BYTES);
    try (SealMaterial material = derive(passphrase, header, salt, kdf)) {
      if (!MessageDigest.isEqual(material.commitment, commitment)) {
        throw new WrongPassphraseException("The passphrase does not open this key slot.");
      }
      return open(material, header);
    }
  }

  /**
   * The slot as it is stored.
   *
   * @return a fresh array
   */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * The id of the repository that the slot belongs to.
   *
   * @return a fresh array of 16 bytes
   */
  public byte[] repositoryId() {
    return Arrays.copyOfRange(bytes, 12, 12 + ID_BYTES);
  }

  /**
   * The id of the slot.
   *
   * @return a fresh array of 16 bytes
   */
  public byte[] slotId() {
    return Arrays.copyOfRange(bytes, 28, 28 + ID_BYTES);
  }

  /**
   * When the slot was made, by the clock of its maker.
   *
   * @return milliseconds since 1970
   */
  public long createdMillis() {
    return ByteBuffer.wrap(bytes).getLong(45);
  }

  /**
   * The cost of opening the slot.
   *
   * @return values within the caps
   */
  public KdfParameters kdf() {
    return kdf;
  }

  /**
   * The FORMAT file as it was when the slot was made. It is proven only once {@link #unwrap} has
   * succeeded.
   *
   * @return a fresh array
   */
  public byte[] formatBytes() {
    return Arrays.copyOfRange(bytes, FIXED_HEADER, bytes.length - TRAILER);
  }

  private static SealMaterial derive(
      Secret passphrase, byte[] header, byte[] salt, KdfParameters cost)
      throws UnsupportedSlotException {
    byte[] info = Arrays.copyOf(INFO, INFO.length + 32);
    System.arraycopy(Jce.sha256().digest(header), 0, info, INFO.length, 32);
    byte[] typed = passphrase.copyBytes();
    byte[] secret = null;
    try {
      secret = Argon2id.derive(typed, salt, cost, Runtime.getRuntime().maxMemory());
      return SealMaterial.derive(secret, salt, info);
    } finally {
      Arrays.fill(typed, (byte) 0);
      if (secret != null) {
        Arrays.fill(secret, (byte) 0);
      }
    }
  }

  private RootKey open(SealMaterial material, byte[] header) throws DamagedSlotException {
    byte[] root = new byte[0];
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, material, header);
      root = cipher.doFinal(bytes, header.length, WRAPPED_BYTES);
      return RootKey.of(root);
    } catch (AEADBadTagException e) {
      throw new DamagedSlotException("The key slot's wrapped key was changed.");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to unwrap the root key.", e);
    } finally {
      Arrays.fill(root, (byte) 0);
    }
  }

  private static Cipher cipher(int mode, SealMaterial material, byte[] header)
      throws GeneralSecurityException {
    Cipher cipher = Jce.aesGcm();
    cipher.init(mode, material.key, new GCMParameterSpec(8 * Sealer.OVERHEAD, material.nonce));
    cipher.updateAAD(header);
    return cipher;
  }

  private static void checkWhole(byte[] bytes) throws DamagedSlotException {
    if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
      throw wrongLength(bytes.length);
    }
    byte[] stored = Arrays.copyOfRange(bytes, bytes.length - CHECKSUM_BYTES, bytes.length);
    if (!MessageDigest.isEqual(stored, checksum(bytes))) {
      throw new DamagedSlotException("The key slot's checksum is wrong.");
    }
    if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new DamagedSlotException("The file is not a key slot.");
    }
  }

  private static DamagedSlotException wrongLength(int length) {
    return new DamagedSlotException(
        "A key slot with this content does not have " + length + " bytes.");
  }

  private static byte[] checksum(byte[] slot) {
    MessageDigest sha256 = Jce.sha256();
    sha256.update(slot, 0, slot.length - CHECKSUM_BYTES);
    return sha256.digest();
  }

  private static long unsignedInt(ByteBuffer slot) {
    return slot.getInt() & 0xFFFF_FFFFL;
  }

  private static void require(String field, int found, int allowed)
      throws UnsupportedSlotException {
    if (found != allowed) {
      throw new UnsupportedSlotException(field, found, allowed);
    }
  }

  private static void checkLength(String what, byte[] bytes, int length) {
    if (bytes.length != length) {
      throw new IllegalArgumentException(
          "A " + what + " has " + length + " bytes, not " + bytes.length + ".");
    }
  }
}
