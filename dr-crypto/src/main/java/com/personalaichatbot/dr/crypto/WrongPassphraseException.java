package com.personalaichatbot.dr.crypto;

/**
 * A key slot is whole, and the passphrase is not the one that it was made with.
 *
 * <p>The checksum of a slot holds no key, so somebody who edits a slot on purpose and repairs its
 * checksum is seen as this, too.
 */
public final class WrongPassphraseException extends CryptoException {

  private static final long serialVersionUID = 1L;

  WrongPassphraseException(String message) {
    super(message);
  }
}
