package com.personalaichatbot.dr.core.internal.seal;

import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.PackHeader;
import com.personalaichatbot.dr.crypto.IdHasher;
import com.personalaichatbot.dr.crypto.SealKey;
import com.personalaichatbot.dr.crypto.Sealer;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Seals what a client keeps outside of the repository, piece by piece: salt, commitment, sealed
 * object. Its pieces share a salt, which is what makes a journal of thousands of them quick to
 * read; that no two share a nonce is what a {@link Container} sees to. Thread-safe.
 */
public final class ClientSeal implements AutoCloseable {
  private static final int HEADER = 2 * PackHeader.SALT;

  private final SealKey key;
  private final String label;
  private final BlobType type;
  private final SecureRandom random;
  private final IdHasher ids;
  private byte[] header;
  private Container own;
  private byte[] openedHeader;
  private Container opened;

  ClientSeal(SealKey key, String label, BlobType type, SecureRandom random, IdHasher ids) {
    this.key = key;
    this.label = label;
    this.type = type;
    this.random = random;
    this.ids = ids;
  }

  /** Seals a piece. */
  public synchronized byte[] seal(byte[] text) {
    if (own == null) {
      byte[] salt = new byte[PackHeader.SALT];
      random.nextBytes(salt);
      Sealer sealer = key.newSealer(salt, label);
      header = Arrays.copyOf(salt, HEADER);
      System.arraycopy(sealer.commitment(), 0, header, PackHeader.SALT, PackHeader.SALT);
      own = new Container(sealer, label, header);
    }
    byte[] object = own.sealObject(0, type, text, ids);
    byte[] piece = Arrays.copyOf(header, HEADER + object.length);
    System.arraycopy(object, 0, piece, HEADER, object.length);
    return piece;
  }

  /** Opens a piece, of whatever salt. */
  public synchronized byte[] open(byte[] piece) throws MalformedException {
    if (piece.length < HEADER) {
      throw new MalformedException("it is cut short");
    }
    if (openedHeader == null || !Arrays.equals(openedHeader, 0, HEADER, piece, 0, HEADER)) {
      byte[] its = Arrays.copyOf(piece, HEADER);
      Sealer sealer =
          Seals.committed(key, Arrays.copyOf(its, PackHeader.SALT), label, its, PackHeader.SALT);
      closeOpened();
      opened = new Container(sealer, label, its);
      openedHeader = its;
    }
    byte[] object = Arrays.copyOfRange(piece, HEADER, piece.length);
    return opened.openObject(0, type, object, ids);
  }

  private void closeOpened() {
    if (opened != null) {
      opened.close();
      opened = null;
      openedHeader = null;
    }
  }

  /** Wipes the keys; the next piece draws them again. */
  @Override
  public synchronized void close() {
    closeOpened();
    if (own != null) {
      own.close();
      own = null;
    }
  }
}
