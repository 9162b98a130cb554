package com.personalaichatbot.dr.core.internal.journal;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.BytesWriter;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.crypto.AuthenticationException;
import com.personalaichatbot.dr.crypto.SealKey;
import com.personalaichatbot.dr.crypto.Sealer;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Header of a journal, and the cipher of its records. The records are sealed under the random key
 * of one restore. The header carries that key, wrapped under the client key of the repository. Not
 * thread-safe.
 */
final class JournalSeal implements Closeable {
  static final int MAX_WRAPPED = 1024;
  static final int TAIL = 8;

  private static final byte[] MAGIC = "DRJRNL01".getBytes(StandardCharsets.US_ASCII);
  private static final String LABEL = "journal";
  private static final int SALT = 32;
  private static final int FIXED =
      8 + 2 * Bytes16.BYTES + SALT + Sealer.COMMITMENT_BYTES + Short.BYTES;

  private final byte[] header;
  private final byte[] bound;
  private final Secret key;
  private final Sealer sealer;

  private JournalSeal(byte[] header, String component, Secret key, Sealer sealer) {
    this.header = header;
    this.bound = Sha256.of(new BytesWriter().block(header).text(component).toBytes());
    this.key = key;
    this.sealer = sealer;
  }

  /** The content of a header before anything of it is proven. */
  record Header(byte[] bytes, Bytes16 repository, Bytes16 restore, byte[] wrapped) {

    /** Reads the beginning of a journal. */
    static Header read(FileChannel channel) throws IOException, MalformedException {
      byte[] fixed = bytes(channel, 0, FIXED);
      if (!Arrays.equals(fixed, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
        throw new MalformedException("it is no journal of a restore");
      }
      int wrapped = ByteBuffer.wrap(fixed).getShort(FIXED - Short.BYTES) & 0xffff;
      if (wrapped > MAX_WRAPPED) {
        throw new MalformedException("its header cannot be that long");
      }
      byte[] all = bytes(channel, 0, FIXED + wrapped);
      return new Header(
          all,
          Bytes16.of(Arrays.copyOfRange(all, 8, 24)),
          Bytes16.of(Arrays.copyOfRange(all, 24, 40)),
          Arrays.copyOfRange(all, FIXED, all.length));
    }

    private static byte[] bytes(FileChannel channel, long from, int count)
        throws IOException, MalformedException {
      ByteBuffer buffer = ByteBuffer.allocate(count);
      try {
        while (buffer.hasRemaining()) {
          if (channel.read(buffer, from + buffer.position()) < 0) {
            throw new EOFException();
          }
        }
      } catch (EOFException e) {
        throw new MalformedException("it is cut short");
      }
      return buffer.array();
    }
  }

  /** Begins a journal. */
  static JournalSeal create(JournalHeader opening, RestoreKey key) {
    byte[] salt = key.newSalt();
    byte[] wrapped = key.wrapped();
    Secret secret = Secret.ofBytes(key.bytes());
    Sealer sealer = SealKey.of(secret).newSealer(salt, LABEL);
    BytesWriter out = new BytesWriter().raw(MAGIC);
    out.raw(opening.repository().toBytes()).raw(opening.restore().toBytes());
    out.raw(salt).raw(sealer.commitment());
    out.u8(wrapped.length >> 8).u8(wrapped.length & 0xff).raw(wrapped);
    return new JournalSeal(out.toBytes(), opening.component(), secret, sealer);
  }

  /**
   * Opens a journal.
   *
   * @throws MalformedException if it was sealed under another key
   */
  static JournalSeal open(Header header, String component, byte[] key) throws MalformedException {
    Secret secret = Secret.ofBytes(key);
    byte[] salt = Arrays.copyOfRange(header.bytes, 40, 40 + SALT);
    Sealer sealer = SealKey.of(secret).newSealer(salt, LABEL);
    JournalSeal seal = new JournalSeal(header.bytes, component, secret, sealer);
    if (!sealer.committedBy(header.bytes, 40 + SALT)) {
      seal.close();
      throw new MalformedException("it was sealed under another key");
    }
    return seal;
  }

  byte[] header() {
    return header;
  }

  byte[] key() {
    return key.copyBytes();
  }

  /** Appends a sealed record. */
  void seal(int number, byte[] plain, BytesWriter out) {
    byte[] sealed = new byte[plain.length + Sealer.OVERHEAD];
    long tail = sealer.seal(number, bound, plain, 0, plain.length, sealed, 0);
    out.u32(sealed.length).u64(tail).raw(sealed);
  }

  /** Opens a record; null if it does not authenticate. */
  byte[] open(int number, long tail, byte[] sealed, int offset, int length) {
    byte[] plain = new byte[Math.max(0, length - Sealer.OVERHEAD)];
    try {
      sealer.open(number, tail, bound, sealed, offset, length, plain, 0);
      return plain;
    } catch (AuthenticationException e) {
      return null;
    }
  }

  @Override
  public void close() {
    sealer.close();
    key.close();
  }
}
