package com.personalaichatbot.dr.core.internal.compress;

/**
 * Stored bytes that do not decompress to what they are said to hold; who knows the blob's name says
 * so.
 */
public final class CorruptDataException extends Exception {

  private static final long serialVersionUID = 1L;

  CorruptDataException(String message) {
    super(message);
  }

  CorruptDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
