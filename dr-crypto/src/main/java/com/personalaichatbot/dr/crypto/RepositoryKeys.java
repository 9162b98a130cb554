package com.personalaichatbot.dr.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;

/**
 * The keys of one repository, one for each purpose.
 *
 * <p>Each is HKDF-SHA-512 of the root key with the repository id as salt and {@code "dr1/" purpose
 * 0x00 suite} as info. It is followed by the epoch where the key belongs to an epoch. The zero byte
 * ends the purpose, so that no info begins another and no two purposes share a key.
 *
 * <p>Thread-safe. What it hands out works for itself, except {@link SealKey}s, which end with it.
 */
public final class RepositoryKeys implements AutoCloseable {

  /** The purpose of a key; the text is part of the format. */
  enum Purpose {
    ID("id", false),
    CHUNK("chunk", false),
    TREE("tree", false),
    FORMAT("format", false),
    CLIENT("client", false),
    TAG("tag", false),
    ENTRY("entry", false),
    DATA("data", true),
    LOOKUP("lookup", true);

    private final String label;
    private final boolean ofEpoch;

    Purpose(String label, boolean ofEpoch) {
      this.label = label;
      this.ofEpoch = ofEpoch;
    }

    byte[] info(int suite, int epoch) {
      byte[] text = ("dr1/" + label).getBytes(StandardCharsets.US_ASCII);
      ByteBuffer info = ByteBuffer.allocate(text.length + 1 + 2 + (ofEpoch ? 4 : 0));
      info.put(text).put((byte) 0).putShort((short) suite);
      if (ofEpoch) {
        info.putInt(epoch);
      }
      return info.array();
    }
  }

  private static final int KEY_BYTES = 32;
  private static final int REPOSITORY_ID_BYTES = 16;
  private static final int GEARS = 256;
  private static final byte[] GEAR_INFO = "dr1/gear\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CUT_INFO = "dr1/cut\0".getBytes(StandardCharsets.US_ASCII);

  private final Map<Purpose, Secret> keys = new EnumMap<>(Purpose.class);
  private final SealKey data;
  private final SealKey lookup;
  private final SealKey client;

  RepositoryKeys(byte[] root, byte[] repositoryId, int suite, int epoch) {
    checkArguments(repositoryId, suite, epoch);
    byte[] concentrated = Hkdf.SHA_512.extract(repositoryId, root);
    try {
      for (Purpose purpose : Purpose.values()) {
        byte[] key = Hkdf.SHA_512.expand(concentrated, purpose.info(suite, epoch), KEY_BYTES);
        keys.put(purpose, Secret.ofBytes(key));
        Arrays.fill(key, (byte) 0);
      }
    } finally {
      Arrays.fill(concentrated, (byte) 0);
    }
    data = new SealKey(keys.get(Purpose.DATA));
    lookup = new SealKey(keys.get(Purpose.LOOKUP));
    client = new SealKey(keys.get(Purpose.CLIENT));
  }

  /**
   * A hasher that names content.
   *
   * @return a fresh one
   * @throws IllegalStateException after close
   */
  public IdHasher newIdHasher() {
    byte[] key = copy(Purpose.ID);
    try {
      return new IdHasher(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * A hasher that decides the shape of directories.
   *
   * @return a fresh one
   * @throws IllegalStateException after close
   */
  public NameHasher newNameHasher() {
    byte[] key = copy(Purpose.TREE);
    try {
      return new NameHasher(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * The secret table of the rolling hash that proposes where content is cut into chunks:
   * HKDF-Expand of the chunk key, 2048 bytes, read as big-endian words.
   *
   * @return a fresh array of 256 words
   * @throws IllegalStateException after close
   */
  public long[] gearTable() {
    byte[] key = copy(Purpose.CHUNK);
    byte[] bytes = Hkdf.SHA_512.expand(key, GEAR_INFO, GEARS * Long.BYTES);
    Arrays.fill(key, (byte) 0);
    long[] table = new long[GEARS];
    ByteBuffer.wrap(bytes).asLongBuffer().get(table);
    Arrays.fill(bytes, (byte) 0);
    return table;
  }

  /**
   * What decides where content is cut, among the places that the rolling hash proposes: SipHash-2-4
   * under HKDF-Expand of the chunk key, 16 bytes.
   *
   * @return works for itself
   * @throws IllegalStateException after close
   */
  public WindowHash cutHash() {
    byte[] key = copy(Purpose.CHUNK);
    byte[] bytes = Hkdf.SHA_512.expand(key, CUT_INFO, WindowHash.KEY_BYTES);
    Arrays.fill(key, (byte) 0);
    try {
      return new WindowHash(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * The MAC of the repository's FORMAT file: HMAC-SHA-256 under the format key.
   *
   * @param bytes holds what it covers
   * @param offset the first byte
   * @param length the number of bytes
   * @return 32 bytes; compare them with {@link java.security.MessageDigest#isEqual}
   * @throws IndexOutOfBoundsException if the part is not within the array
   * @throws IllegalStateException after close
   */
  public byte[] formatMac(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    Mac mac = mac(Purpose.FORMAT);
    mac.update(bytes, offset, length);
    return mac.doFinal();
  }

  /**
   * A MAC in a catalog entry: HMAC-SHA-256 under the entry key. It tells an entry of this
   * repository, even a damaged one, from the bytes of somebody without the key.
   *
   * @param bytes what it covers
   * @return 32 bytes; compare them with {@link java.security.MessageDigest#isEqual}
   * @throws IllegalStateException after close
   */
  public byte[] entryMac(byte[] bytes) {
    return mac(Purpose.ENTRY).doFinal(bytes);
  }

  /**
   * The key of content: data, trees and the private section of catalog entries.
   *
   * @return the data key of the epoch, which ends with these keys
   */
  public SealKey data() {
    return data;
  }

  /**
   * The key of what finds content: contents tables, indexes and the public section of catalog
   * entries.
   *
   * @return the lookup key of the epoch, which ends with these keys
   */
  public SealKey lookup() {
    return lookup;
  }

  /**
   * The key of the client's own files outside the repository. It belongs to no epoch.
   *
   * @return the client key, which ends with these keys
   */
  public SealKey client() {
    return client;
  }

  /**
   * A name for something in the client's own files that does not show what it names.
   *
   * @param bytes what is named
   * @return 32 bytes: HMAC-SHA-256 under the tag key
   * @throws IllegalStateException after close
   */
  public byte[] clientTag(byte[] bytes) {
    return mac(Purpose.TAG).doFinal(bytes);
  }

  /** Wipes the keys. Closing again does nothing. */
  @Override
  public void close() {
    keys.values().forEach(Secret::close);
  }

  /** A constant: nothing of the keys. */
  @Override
  public String toString() {
    return "RepositoryKeys";
  }

  /** The secret itself, for the tests. */
  Secret key(Purpose purpose) {
    return keys.get(purpose);
  }

  private Mac mac(Purpose purpose) {
    byte[] key = copy(purpose);
    try {
      return Jce.hmacSha256(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private byte[] copy(Purpose purpose) {
    return keys.get(purpose).copyBytes();
  }

  private static void checkArguments(byte[] repositoryId, int suite, int epoch) {
    if (repositoryId.length != REPOSITORY_ID_BYTES) {
      throw new IllegalArgumentException(
          "A repository id has 16 bytes, not " + repositoryId.length + ".");
    }
    if (suite < 0 || suite > 0xFFFF) {
      throw new IllegalArgumentException("A suite is 0 to 65535, not " + suite + ".");
    }
    if (epoch < 0) {
      throw new IllegalArgumentException("An epoch is not negative: " + epoch + ".");
    }
  }
}
