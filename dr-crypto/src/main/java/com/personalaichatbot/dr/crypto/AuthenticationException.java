package com.personalaichatbot.dr.crypto;

/**
 * Sealed bytes do not open: they were changed, or they belong to another key, place or number.
 * Which of these it is cannot be told, and nothing of the plaintext has been given out.
 */
public final class AuthenticationException extends CryptoException {

  private static final long serialVersionUID = 1L;

  AuthenticationException(String message) {
    super(message);
  }
}
