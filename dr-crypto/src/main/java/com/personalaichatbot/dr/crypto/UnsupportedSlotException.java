package com.personalaichatbot.dr.crypto;

/**
 * A key slot is whole, and asks for something that this version does not offer: a newer version, an
 * unknown suite, kind or derivation, or a cost outside the caps. The message names the field, what
 * was found and what is allowed. Nothing was derived.
 */
public final class UnsupportedSlotException extends CryptoException {

  private static final long serialVersionUID = 1L;

  UnsupportedSlotException(String field, Object found, Object allowed) {
    super("The key slot has " + field + " " + found + "; allowed here: " + allowed + ".");
  }
}
