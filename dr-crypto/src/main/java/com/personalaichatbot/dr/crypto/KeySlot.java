package com.personalaichatbot.dr.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
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
   *   0  8  magic "DRKEYSLT"              66 32  salt of the slot
   *   8  2  version = 1                   98  4  length n of FORMAT, at most 4096
   *  10  2  suite = 1                    102  n  FORMAT
   *  12 16  repository id                    48  wrapped root key
   *  28 16  slot id                          32  commitment
   *  44  1  kind: 1 = passphrase             32  SHA-256 of all that precedes
   *  45  8  created, milliseconds
   *  53  1  kdf: 1 = own, 2 = that of FORMAT
   *  54  4  memory in KiB, 0 if kdf is 2
   *  58  4  iterations, 0 if kdf is 2
   *  62  4  parallelism, 0 if kdf is 2
   *
   * Everything before the wrapped key is the header:
   *
   *   secret (32)  = Argon2id(passphrase, salt, memory, iterations, parallelism), where salt and
   *                  costs are those of the slot (kdf 1) or of FORMAT (kdf 2)
   *   key (32) ‖ nonce (12) ‖ commitment (32) = HKDF-SHA-512(secret, salt, "dr1/slot" 0x00 ‖
   *                                                          SHA-256(header))
   *   wrapped root key = AES-256-GCM(key, nonce, associated data = header, root key)
   *
   * The order of the checks carries the errors. The checksum needs no key: wrong means damaged.
   * Then the fields: unknown or outside the caps means unsupported, before a cost is believed.
   * Only then the passphrase: the commitment is wrong if the passphrase is. The commitment also
   * keeps a forged slot from opening under two passphrases.
   *
   * Slots of other kinds have the first 53 bytes and the checksum alike. This version opens none of
   * them, and leaves them alone.
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
  private static final int KDF_OWN = 1;
  private static final int KDF_OF_FORMAT = 2;

  private static final int ID_BYTES = 16;
  private static final int SALT_BYTES = 32;
  private static final int WRAPPED_BYTES = RootKey.BYTES + Sealer.OVERHEAD;
  private static final int CHECKSUM_BYTES = 32;
  private static final int FIXED_HEADER = 102;
  private static final int KIND_AT = 44;

  /** What slots of all kinds have. */
  private static final int COMMON = 53 + CHECKSUM_BYTES;

  /** Magic, version, suite and checksum, which slots of all versions have. */
  private static final int MIN_BYTES = 12 + CHECKSUM_BYTES;

  private static final int TRAILER = WRAPPED_BYTES + SealMaterial.COMMITMENT_BYTES + CHECKSUM_BYTES;

  private final byte[] bytes;

  /** Null if it is of another kind, or uses the derivation of FORMAT. */
  private final Derivation own;

  private KeySlot(byte[] bytes, Derivation own) {
    this.bytes = bytes;
    this.own = own;
  }

  /**
   * The owner of a key slot, and the time when it was made.
   *
   * @param repositoryId 16 bytes
   * @param slotId 16 bytes
   * @param createdMillis in milliseconds since 1970; for people to read
   * @param formatBytes the repository's FORMAT file, at most {@link #MAX_FORMAT_BYTES}
   */
  public record Label(byte[] repositoryId, byte[] slotId, long createdMillis, byte[] formatBytes) {
    /**
     * Checks the lengths.
     *
     * @param repositoryId 16 bytes
     * @param slotId 16 bytes
     * @param createdMillis any
     * @param formatBytes at most {@link KeySlot#MAX_FORMAT_BYTES}
     * @throws IllegalArgumentException if an array has another length
     */
    public Label {
      checkLength("repository id", repositoryId, ID_BYTES);
      checkLength("slot id", slotId, ID_BYTES);
      if (formatBytes.length > MAX_FORMAT_BYTES) {
        throw new IllegalArgumentException("FORMAT has at most " + MAX_FORMAT_BYTES + " bytes.");
      }
    }
  }

  /**
   * Makes an ordinary slot, which uses the derivation of FORMAT.
   *
   * @param root the key to wrap
   * @param key what will open it, by that derivation
   * @param label whose it is
   * @param random where the slot's salt comes from
   * @return the slot; all arrays were copied
   * @throws IllegalStateException if the root key or the key is closed
   */
  public static KeySlot create(RootKey root, PassphraseKey key, Label label, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return create(root, key, label, salt, null);
  }

  /**
   * Makes a slot with a derivation of its own, that of the key. It is opened only by who names it.
   *
   * @param root the key to wrap
   * @param key what will open it
   * @param label whose it is
   * @return the slot; all arrays were copied
   * @throws IllegalStateException if the root key or the key is closed
   */
  public static KeySlot createWithOwnCost(RootKey root, PassphraseKey key, Label label) {
    return create(root, key, label, key.derivation().salt(), key.derivation());
  }

  private static KeySlot create(
      RootKey root, PassphraseKey key, Label label, byte[] salt, Derivation own) {
    ByteBuffer slot = ByteBuffer.allocate(FIXED_HEADER + label.formatBytes.length + TRAILER);
    slot.put(MAGIC).putShort((short) VERSION).putShort((short) SUITE);
    slot.put(label.repositoryId).put(label.slotId).put((byte) KIND_PASSPHRASE);
    slot.putLong(label.createdMillis).put((byte) (own == null ? KDF_OF_FORMAT : KDF_OWN));
    slot.putInt(own == null ? 0 : own.cost().memoryKiB());
    slot.putInt(own == null ? 0 : own.cost().iterations());
    slot.putInt(own == null ? 0 : own.cost().parallelism()).put(salt);
    slot.putInt(label.formatBytes.length).put(label.formatBytes);
    byte[] header = Arrays.copyOf(slot.array(), slot.position());
    byte[] rootBytes = root.copyBytes();
    try (SealMaterial material = material(key, header, salt)) {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, material, header);
      slot.put(cipher.doFinal(rootBytes)).put(material.commitment);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to wrap the root key.", e);
    } finally {
      Arrays.fill(rootBytes, (byte) 0);
    }
    slot.put(checksum(slot.array()));
    return new KeySlot(slot.array(), own);
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
    if (bytes.length < COMMON) {
      throw wrongLength(bytes.length);
    }
    if (bytes[KIND_AT] != KIND_PASSPHRASE) {
      return new KeySlot(bytes.clone(), null);
    }
    if (bytes.length < FIXED_HEADER + TRAILER) {
      throw wrongLength(bytes.length);
    }
    slot.position(COMMON - CHECKSUM_BYTES);
    int kdf = slot.get() & 0xFF;
    long memory = unsignedInt(slot);
    long iterations = unsignedInt(slot);
    long parallelism = unsignedInt(slot);
    byte[] salt = new byte[SALT_BYTES];
    slot.get(salt);
    Derivation own = null;
    if (kdf == KDF_OWN) {
      own = Derivation.of(KdfParameters.read(memory, iterations, parallelism), salt);
    } else if (kdf != KDF_OF_FORMAT) {
      throw new UnsupportedSlotException("kdf", kdf, KDF_OWN + " and " + KDF_OF_FORMAT);
    } else if ((memory | iterations | parallelism) != 0) {
      throw new UnsupportedSlotException("memoryKiB", memory, "0, since its kdf is that of FORMAT");
    }
    long formatLength = unsignedInt(slot);
    if (formatLength > MAX_FORMAT_BYTES) {
      throw new UnsupportedSlotException("formatLength", formatLength, "0 to " + MAX_FORMAT_BYTES);
    }
    if (bytes.length != FIXED_HEADER + formatLength + TRAILER) {
      throw wrongLength(bytes.length);
    }
    return new KeySlot(bytes.clone(), own);
  }

  /**
   * Opens the slot. It costs nothing but a few hashes.
   *
   * @param key what may open it, by {@link #derivation} or by that of FORMAT
   * @return the root key, which the caller closes
   * @throws WrongPassphraseException if the key is another one
   * @throws DamagedSlotException if the key is right and the wrapped key does not open: somebody
   *     changed it and repaired the checksum
   * @throws UnsupportedSlotException if no passphrase opens a slot of this kind
   * @throws IllegalStateException if the key is closed
   */
  public RootKey unwrap(PassphraseKey key)
      throws WrongPassphraseException, DamagedSlotException, UnsupportedSlotException {
    require("kind", kind(), KIND_PASSPHRASE);
    int headerLength = bytes.length - TRAILER;
    byte[] header = Arrays.copyOf(bytes, headerLength);
    byte[] salt = Arrays.copyOfRange(bytes, FIXED_HEADER - 4 - SALT_BYTES, FIXED_HEADER - 4);
    int commitmentAt = headerLength + WRAPPED_BYTES;
    byte[] commitment =
        Arrays.copyOfRange(bytes, commitmentAt, commitmentAt + SealMaterial.COMMITMENT_BYTES);
    try (SealMaterial material = material(key, header, salt)) {
      if (!MessageDigest.isEqual(material.commitment, commitment)) {
        throw new WrongPassphraseException("The passphrase does not open this key slot.");
      }
      return open(material, header);
    }
  }

  /**
   * What opens it.
   *
   * @return 1 a passphrase; others are of newer versions and are left alone
   */
  public int kind() {
    return bytes[KIND_AT] & 0xFF;
  }

  /**
   * Whether a passphrase opens it.
   *
   * @return false if it is of another kind
   */
  public boolean isOfPassphrase() {
    return kind() == KIND_PASSPHRASE;
  }

  /**
   * The derivation of its own that a slot may have. It is believed only of a slot that a person
   * named: whoever can add files could make others pay for it.
   *
   * @return empty if it uses the derivation of FORMAT, or no passphrase opens it
   */
  public Optional<Derivation> derivation() {
    return Optional.ofNullable(own);
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
   * The FORMAT file as it was when the slot was made. It is proven only once {@link #unwrap} has
   * succeeded.
   *
   * @return a fresh array; empty if it is of another kind
   */
  public byte[] formatBytes() {
    return !isOfPassphrase()
        ? new byte[0]
        : Arrays.copyOfRange(bytes, FIXED_HEADER, bytes.length - TRAILER);
  }

  private static SealMaterial material(PassphraseKey key, byte[] header, byte[] salt) {
    byte[] info = Arrays.copyOf(INFO, INFO.length + 32);
    System.arraycopy(Jce.sha256().digest(header), 0, info, INFO.length, 32);
    byte[] secret = key.copyBytes();
    try {
      return SealMaterial.derive(secret, salt, info);
    } finally {
      Arrays.fill(secret, (byte) 0);
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
