package com.personalaichatbot.dr.core.internal.format;

/** A whole object that asks for a newer reader. */
public final class UnknownVersionException extends Exception {
  private static final long serialVersionUID = 1L;

  UnknownVersionException(String field, long found, long supported) {
    super(field + " " + found + " is newer than the supported " + supported);
  }

  /** Names the value that this version does not know. */
  UnknownVersionException(String value) {
    super(value + " is unknown to this version");
  }
}
