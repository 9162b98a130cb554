package com.personalaichatbot.dr.crypto;

/**
 * The output of a {@link Derivation} for a passphrase: opens key slots, any number of them.
 * Thread-safe.
 */
public final class PassphraseKey implements AutoCloseable {

  private final Derivation derivation;
  private final Secret secret;

  PassphraseKey(Derivation derivation, Secret secret) {
    this.derivation = derivation;
    this.secret = secret;
  }

  /**
   * How it was made.
   *
   * @return the derivation
   */
  public Derivation derivation() {
    return derivation;
  }

  byte[] copyBytes() {
    return secret.copyBytes();
  }

  /** Wipes it. Closing again does nothing. */
  @Override
  public void close() {
    secret.close();
  }

  /** A constant: nothing of the key. */
  @Override
  public String toString() {
    return "PassphraseKey";
  }
}
