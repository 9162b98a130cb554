package com.personalaichatbot.dr.core.internal.format;

import java.util.Arrays;

/**
 * The first {@value #BYTES} bytes of a pack: the shared beginning, and salt and key commitment of
 * the blobs and of the contents table. The whole of it is authenticated with every object in the
 * pack. What the pack holds is said inside its contents table.
 */
public final class PackHeader {
  /** Length of a header. */
  public static final int BYTES = SealedHeader.BYTES + 4 * 32;

  /** Bytes of a salt or commitment. */
  public static final int SALT = 32;

  private static final String MAGIC = "DRPACK01";
  private static final int SALTS = SealedHeader.BYTES;

  private final byte[] bytes;

  private PackHeader(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Puts a header together. */
  public static PackHeader of(
      Bytes16 repositoryId,
      byte[] salt,
      byte[] commitment,
      byte[] contentsSalt,
      byte[] contentsCommitment) {
    return new PackHeader(SealedHeader.begin(MAGIC, repositoryId)
        .raw(salt)
        .raw(commitment)
        .raw(contentsSalt)
        .raw(contentsCommitment)
        .toBytes());
  }

  /** Reads a header of this repository. */
  public static PackHeader parse(byte[] bytes, Bytes16 repositoryId) throws MalformedException {
    BytesReader in = new BytesReader(bytes);
    SealedHeader.check(in, MAGIC, repositoryId);
    in.raw(4 * SALT);
    in.end();
    return new PackHeader(bytes.clone());
  }

  /** Salt of the key that seals the blobs. */
  public byte[] salt() {
    return part(0);
  }

  /** Commitment to the key that seals the blobs. */
  public byte[] commitment() {
    return part(1);
  }

  /** Salt of the key that seals contents table and trailer. */
  public byte[] contentsSalt() {
    return part(2);
  }

  /** Commitment to the key that seals contents table and trailer. */
  public byte[] contentsCommitment() {
    return part(3);
  }

  private byte[] part(int number) {
    int at = SALTS + number * SALT;
    return Arrays.copyOfRange(bytes, at, at + SALT);
  }

  /** The bytes as they are now in the pack. The caller does not change them. */
  public byte[] bytes() {
    return bytes;
  }
}
