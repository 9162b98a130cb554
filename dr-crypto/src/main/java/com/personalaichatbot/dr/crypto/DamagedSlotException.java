package com.personalaichatbot.dr.crypto;

/** The bytes are not a whole key slot: cut short, changed, or never one. Use its copy. */
public final class DamagedSlotException extends CryptoException {

  private static final long serialVersionUID = 1L;

  DamagedSlotException(String message) {
    super(message);
  }
}
