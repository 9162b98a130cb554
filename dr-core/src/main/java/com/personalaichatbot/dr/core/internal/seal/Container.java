package com.personalaichatbot.dr.core.internal.seal;

import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.PackedBlob;
import com.personalaichatbot.dr.crypto.AuthenticationException;
import com.personalaichatbot.dr.crypto.IdHasher;
import com.personalaichatbot.dr.crypto.KeyedId;
import com.personalaichatbot.dr.crypto.Sealer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One sealed container: a pack's blobs, a pack's contents, an index, a section of a catalog entry.
 *
 * <p>Every object is bound to its place. The authenticated data is the container's label, a zero
 * byte, its whole header, and figures of the object. These are number (4), type (1), id (32), plain
 * length (4), stored length (4), codec (1) and dictionary id (32, zeros if none). An object that no
 * contents table describes is sealed together with its id, and has zeros there in the authenticated
 * data: what is in clear beside it, the tail of its nonce, tells nothing of it. The nonce depends
 * on number, authenticated data and text, so that a cloned or resumed process cannot seal two texts
 * under one key and nonce (invariant 6). Not thread-safe.
 */
public final class Container implements AutoCloseable {
  /** Bytes by which an object outside a contents table grows: its nonce tail, its id, its tag. */
  public static final int OBJECT_OVERHEAD = Long.BYTES + KeyedId.BYTES + Sealer.OVERHEAD;

  private static final int DESCRIPTION = 4 + 1 + KeyedId.BYTES + 4 + 4 + 1 + KeyedId.BYTES;

  private final Sealer sealer;
  private final byte[] aad;
  private final int description;

  Container(Sealer sealer, String label, byte[] header) {
    this.sealer = sealer;
    BytesWriter prefix = new BytesWriter(header.length + DESCRIPTION + 32);
    prefix.raw(label.getBytes(StandardCharsets.US_ASCII)).u8(0).raw(header);
    this.description = prefix.length();
    this.aad = Arrays.copyOf(prefix.array(), description + DESCRIPTION);
  }

  private void describe(int number, PackedBlob blob, KeyedId dictionary) {
    int at = putInt(description, number);
    aad[at++] = (byte) blob.type().code();
    blob.id().write(aad, at);
    at = putInt(at + KeyedId.BYTES, blob.plainLength());
    at = putInt(at, blob.storedLength());
    aad[at++] = (byte) blob.codec();
    (dictionary == null ? KeyedId.ZERO : dictionary).write(aad, at);
  }

  private int putInt(int at, int value) {
    aad[at] = (byte) (value >>> 24);
    aad[at + 1] = (byte) (value >>> 16);
    aad[at + 2] = (byte) (value >>> 8);
    aad[at + 3] = (byte) value;
    return at + 4;
  }

  /**
   * Seals the stored form of a blob into {@code out}, where it takes
   * {@link PackedBlob#sealedLength()} bytes.
   *
   * @param number its place in the container
   * @param dictionary id of the dictionary that it was compressed with, or null
   * @return the tail of the nonce, to be kept with the blob
   */
  public long seal(
      int number, PackedBlob blob, KeyedId dictionary, byte[] stored, int offset, byte[] out) {
    describe(number, blob, dictionary);
    return sealer.seal(number, aad, stored, offset, blob.storedLength(), out, 0);
  }

  /**
   * Opens a blob into {@code out}, which gets {@code storedLength} bytes at its start.
   *
   * @throws MalformedException if it is not what was sealed at this place; {@code out} holds none
   *     of it
   */
  public void open(
      int number, PackedBlob blob, KeyedId dictionary, byte[] sealed, int offset, byte[] out)
      throws MalformedException {
    describe(number, blob, dictionary);
    try {
      sealer.open(number, blob.tail(), aad, sealed, offset, blob.sealedLength(), out, 0);
    } catch (AuthenticationException e) {
      throw new MalformedException("its seal does not fit");
    }
  }

  /** Seals an object that no contents table describes: nonce tail, sealed id and text. */
  byte[] sealObject(int number, BlobType type, byte[] text, IdHasher ids) {
    byte[] plain = new BytesWriter(KeyedId.BYTES + text.length)
        .id(ids.id(type.code(), text))
        .raw(text)
        .toBytes();
    PackedBlob blob = object(type, plain.length, 0);
    byte[] sealed = new byte[blob.sealedLength()];
    long tail = seal(number, blob, null, plain, 0, sealed);
    return new BytesWriter(Long.BYTES + sealed.length).u64(tail).raw(sealed).toBytes();
  }

  /** Opens what {@link #sealObject} made and checks its id. */
  byte[] openObject(int number, BlobType type, byte[] object, IdHasher ids)
      throws MalformedException {
    int length = object.length - OBJECT_OVERHEAD;
    if (length < 0 || length > Limits.MAX_ENTRY) {
      throw new MalformedException("a sealed object cannot be " + object.length + " bytes long");
    }
    long tail = ByteBuffer.wrap(object).getLong();
    byte[] plain = new byte[KeyedId.BYTES + length];
    open(number, object(type, plain.length, tail), null, object, Long.BYTES, plain);
    if (!ids.id(type.code(), plain, KeyedId.BYTES, length).equals(KeyedId.read(plain, 0))) {
      throw new MalformedException("its id is not that of what it holds");
    }
    return Arrays.copyOfRange(plain, KeyedId.BYTES, plain.length);
  }

  private static PackedBlob object(BlobType type, int length, long tail) {
    return new PackedBlob(type, KeyedId.ZERO, length, length, 0, 0, tail);
  }

  @Override
  public void close() {
    sealer.close();
  }
}
