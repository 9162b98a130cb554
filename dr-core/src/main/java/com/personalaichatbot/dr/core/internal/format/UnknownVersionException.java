package com.personalaichatbot.dr.core.internal.format;

/** A whole object that asks for a newer reader. */
public final class UnknownVersionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final long found;
  private final long supported;

  UnknownVersionException(String field, long found, long supported) {
    super(field + " " + found + " is newer than the supported " + supported);
    this.field = field;
    this.found = found;
    this.supported = supported;
  }

  /** What it is that is unknown. */
  public String field() {
    return field;
  }

  /** The value found. */
  public long found() {
    return found;
  }

  /** The greatest value known. */
  public long supported() {
    return supported;
  }
}
