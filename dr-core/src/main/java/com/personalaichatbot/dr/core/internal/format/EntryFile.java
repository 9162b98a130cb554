package com.personalaichatbot.dr.core.internal.format;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * A file of the catalog: a header that names its position and its predecessor's hash and a MAC of
 * it, the two sealed sections; an empty signature block, and an end block with a MAC of its own.
 * Then comes the SHA-256 of all that, which is the entry's hash.
 *
 * <p>Each of the two MACs alone proves that a holder of the keys wrote the file for the position
 * that it covers. So a damaged entry can be told from the bytes of a stranger, unless both of its
 * ends are damaged.
 *
 * @param position place in the one history, from 0
 * @param previous hash of the entry before, zeros for the first
 * @param writer 16 random bytes of the writing process
 * @param nonce 16 random bytes of this entry; those of a snapshot's entry are the snapshot's id
 * @param sectionA sealed under the lookup key
 * @param sectionB sealed under the data key, or empty
 */
public record EntryFile(
    long position,
    Hash previous,
    Bytes16 writer,
    Bytes16 nonce,
    byte[] header,
    byte[] sectionA,
    byte[] sectionB,
    Hash hash) {

  /** The directory of the catalog. */
  public static final String DIRECTORY = "catalog";

  /** The last position; an entry each millisecond would reach it in thirty thousand years. */
  public static final long MAX_POSITION = 1_000_000_000_000_000L;

  /** Length of the header. */
  public static final int HEADER = SealedHeader.BYTES + 8 + 32 + 16 + 16 + 4 * PackHeader.SALT;

  /** Bytes at the beginning that {@link #frontPosition} needs. */
  public static final int FRONT = HEADER + 32;

  /** Bytes at the end that {@link #endPosition} needs. */
  public static final int END = 8 + 16 + 8 + 32 + Sha256.BYTES;

  private static final String MAGIC = "DRENTRY1";
  private static final String END_MAGIC = "DRENTEND";
  private static final int MAC = 32;
  private static final int SALTS = HEADER - 4 * PackHeader.SALT;
  private static final int ID = 12;
  private static final int NONCE = SALTS - Bytes16.BYTES;
  private static final int DIGITS = 20;

  /** The name of the file at a position. */
  public static String name(long position) {
    return String.format(Locale.ROOT, "%s/%020d", DIRECTORY, position);
  }

  /** The position that a file name stands for, or -1 if it is no name of an entry. */
  public static long positionOf(String file) {
    int start = DIRECTORY.length() + 1;
    if (file.length() != start + DIGITS || !file.startsWith(DIRECTORY + "/")) {
      return -1;
    }
    for (int i = start; i < file.length(); i++) {
      if (file.charAt(i) < '0' || file.charAt(i) > '9') {
        return -1;
      }
    }
    try {
      long position = Long.parseLong(file.substring(start));
      return position > MAX_POSITION ? -1 : position;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** The header of a new entry. */
  public static byte[] header(
      Bytes16 repositoryId,
      long position,
      Hash previous,
      Bytes16 writer,
      Bytes16 nonce,
      byte[] saltA,
      byte[] commitmentA,
      byte[] saltB,
      byte[] commitmentB) {
    return SealedHeader.begin(MAGIC, repositoryId)
        .u64(position)
        .raw(previous.toBytes())
        .raw(writer.toBytes())
        .raw(nonce.toBytes())
        .raw(saltA)
        .raw(commitmentA)
        .raw(saltB)
        .raw(commitmentB)
        .toBytes();
  }

  /** Computes the MAC of some bytes under the entry key. */
  @FunctionalInterface
  public interface Macs {
    /** Returns 32 bytes. */
    byte[] of(byte[] bytes);
  }

  /** The whole file. */
  public static byte[] encode(byte[] header, byte[] sectionA, byte[] sectionB, Macs macs) {
    BytesWriter out = new BytesWriter(header.length + sectionA.length + sectionB.length + 256);
    out.raw(header)
        .raw(macs.of(header))
        .u32(sectionA.length)
        .raw(sectionA)
        .u32(sectionB.length)
        .raw(sectionB)
        .u16(0);
    byte[] position = Arrays.copyOfRange(header, SealedHeader.BYTES, SealedHeader.BYTES + 8);
    byte[] nonce = Arrays.copyOfRange(header, NONCE, SALTS);
    byte[] end = new BytesWriter()
        .raw(position)
        .raw(nonce)
        .u64(out.length() + (long) END)
        .toBytes();
    Bytes16 repositoryId = Bytes16.of(Arrays.copyOfRange(header, ID, ID + Bytes16.BYTES));
    out.raw(end).raw(macs.of(endText(repositoryId, end)));
    return out.raw(Sha256.of(out.array(), 0, out.length())).toBytes();
  }

  private static byte[] endText(Bytes16 repositoryId, byte[] end) {
    return new BytesWriter()
        .raw(END_MAGIC.getBytes(StandardCharsets.US_ASCII))
        .raw(repositoryId.toBytes())
        .raw(end)
        .toBytes();
  }

  /**
   * The position for which a holder of the keys wrote the file that begins like this, -1 if its
   * beginning does not tell.
   *
   * @param start at least the first {@link #FRONT} bytes, if the file has so many
   */
  public static long frontPosition(byte[] start, Bytes16 repositoryId, Macs macs) {
    if (start.length < FRONT
        || !repositoryIdOf(start).equals(Optional.of(repositoryId))
        || !MessageDigest.isEqual(
            macs.of(Arrays.copyOf(start, HEADER)), Arrays.copyOfRange(start, HEADER, FRONT))) {
      return -1;
    }
    return ByteBuffer.wrap(start).getLong(SealedHeader.BYTES);
  }

  /**
   * The position for which a holder of the keys wrote the file that ends like this, -1 if its end
   * does not tell.
   *
   * @param tail the last {@link #END} bytes
   */
  public static long endPosition(byte[] tail, Bytes16 repositoryId, Macs macs) {
    int at = END - Sha256.BYTES - MAC;
    if (tail.length != END
        || !MessageDigest.isEqual(
            macs.of(endText(repositoryId, Arrays.copyOf(tail, at))),
            Arrays.copyOfRange(tail, at, at + MAC))) {
      return -1;
    }
    return ByteBuffer.wrap(tail).getLong(0);
  }

  /** The repository that the beginning of a file claims to be of; empty if it is no entry. */
  public static Optional<Bytes16> repositoryIdOf(byte[] file) {
    BytesReader in = new BytesReader(file);
    try {
      in.expect(MAGIC.getBytes(StandardCharsets.US_ASCII), "the magic");
      in.u32();
      return Optional.of(Bytes16.of(in.raw(Bytes16.BYTES)));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /** Reads a file and checks all of it but what is sealed. */
  public static EntryFile parse(byte[] file, Bytes16 repositoryId, Macs macs)
      throws MalformedException {
    if (file.length < FRONT + 4 + 4 + 2 + END) {
      throw new MalformedException("its length of " + file.length + " bytes cannot be");
    }
    int body = file.length - Sha256.BYTES;
    byte[] hash = Arrays.copyOfRange(file, body, file.length);
    if (!Arrays.equals(Sha256.of(file, 0, body), hash)) {
      throw new MalformedException("its checksum does not fit");
    }
    BytesReader in = new BytesReader(file, 0, body);
    SealedHeader.check(in, MAGIC, repositoryId);
    long position = in.u64();
    Hash previous = Hash.of(in.raw(Sha256.BYTES));
    Bytes16 writer = Bytes16.of(in.raw(Bytes16.BYTES));
    Bytes16 nonce = Bytes16.of(in.raw(Bytes16.BYTES));
    in.raw(4 * PackHeader.SALT);
    in.raw(MAC);
    byte[] sectionA = section(in);
    byte[] sectionB = section(in);
    if (in.u16() != 0) {
      throw new MalformedException("it carries a signature, which this version does not know");
    }
    boolean sameEnd = in.u64() == position
        && Bytes16.of(in.raw(Bytes16.BYTES)).equals(nonce)
        && in.u64() == file.length;
    in.raw(MAC);
    in.end();
    byte[] tail = Arrays.copyOfRange(file, file.length - END, file.length);
    if (!sameEnd
        || frontPosition(file, repositoryId, macs) != position
        || endPosition(tail, repositoryId, macs) != position) {
      throw new MalformedException("it was not written with this repository's keys");
    }
    byte[] header = Arrays.copyOf(file, HEADER);
    return new EntryFile(
        position, previous, writer, nonce, header, sectionA, sectionB, Hash.of(hash));
  }

  /**
   * Reads header and section A of a file whose rest is damaged. Nothing of it is checked before
   * section A is opened, whose seal covers the header.
   */
  public static EntryFile parseDamaged(byte[] file, Bytes16 repositoryId)
      throws MalformedException {
    BytesReader in = new BytesReader(file);
    SealedHeader.check(in, MAGIC, repositoryId);
    long position = in.u64();
    Hash previous = Hash.of(in.raw(Sha256.BYTES));
    Bytes16 writer = Bytes16.of(in.raw(Bytes16.BYTES));
    Bytes16 nonce = Bytes16.of(in.raw(Bytes16.BYTES));
    in.raw(4 * PackHeader.SALT);
    in.raw(MAC);
    byte[] header = Arrays.copyOf(file, HEADER);
    return new EntryFile(
        position, previous, writer, nonce, header, section(in), new byte[0], Hash.NONE);
  }

  private static byte[] section(BytesReader in) throws MalformedException {
    int length = in.u32();
    if (length < 0 || length > Limits.MAX_ENTRY) {
      throw new MalformedException("a section is longer than an entry may be");
    }
    return in.raw(length);
  }

  /** Salt of section A (0) or B (1). */
  public byte[] salt(int section) {
    int at = SALTS + 2 * section * PackHeader.SALT;
    return Arrays.copyOfRange(header, at, at + PackHeader.SALT);
  }

  /** Where the key commitment of section A (0) or B (1) is in the header. */
  public static int commitmentOffset(int section) {
    return SALTS + (2 * section + 1) * PackHeader.SALT;
  }

  /** A SHA-256 held as a value. */
  public record Hash(long w0, long w1, long w2, long w3) {
    /** What the first entry names as its predecessor. */
    public static final Hash NONE = new Hash(0, 0, 0, 0);

    /** Takes 32 bytes. */
    public static Hash of(byte[] bytes) {
      var buffer = ByteBuffer.wrap(bytes);
      return new Hash(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    /** A fresh array. */
    public byte[] toBytes() {
      return ByteBuffer.allocate(Sha256.BYTES)
          .putLong(w0)
          .putLong(w1)
          .putLong(w2)
          .putLong(w3)
          .array();
    }

    /** 64 hexadecimal digits. */
    @Override
    public String toString() {
      return HexFormat.of().formatHex(toBytes());
    }
  }
}
