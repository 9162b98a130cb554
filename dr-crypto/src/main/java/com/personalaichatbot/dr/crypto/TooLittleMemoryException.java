package com.personalaichatbot.dr.crypto;

/**
 * A derivation needs more memory than the heap may have. Nothing is wrong with passphrase or slot:
 * the same works in a larger heap.
 */
public final class TooLittleMemoryException extends CryptoException {
  private static final long serialVersionUID = 1L;

  TooLittleMemoryException(KdfParameters cost, long heapBytes) {
    super("Deriving a key from the passphrase takes "
        + cost.memoryKiB() / 1024
        + " MiB of memory, and this Java process may use "
        + (heapBytes >> 20)
        + " MiB in all: allow it more with -Xmx");
  }
}
