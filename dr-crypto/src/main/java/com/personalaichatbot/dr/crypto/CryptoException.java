package com.personalaichatbot.dr.crypto;

import java.security.GeneralSecurityException;

/**
 * Stored or typed data that cannot be used with the key at hand. The message says what and why, and
 * never holds a secret.
 */
public abstract class CryptoException extends GeneralSecurityException {

  private static final long serialVersionUID = 1L;

  CryptoException(String message) {
    super(message);
  }
}
