package com.personalaichatbot.dr.core.internal.format;

/** Bytes that do not follow the format. The caller knows the object and adds its name. */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what does not hold. */
  public MalformedException(String message) {
    super(message);
  }
}
