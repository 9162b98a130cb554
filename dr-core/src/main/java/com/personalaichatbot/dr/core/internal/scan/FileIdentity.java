package com.personalaichatbot.dr.core.internal.scan;

/**
 * The identity of a file, whatever its names: two hard links have one identity. Zeros where a file
 * system has none.
 */
record FileIdentity(long device, long inode) {

  /** Keeps the bits that {@code Attributes} keep. */
  FileIdentity {
    device &= Long.MAX_VALUE;
    inode &= Long.MAX_VALUE;
  }

  boolean isKnown() {
    return inode != 0;
  }
}
