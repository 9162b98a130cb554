package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.internal.format.Attributes;

/** A file that was no longer there, or no longer the same, when it was to be opened. */
record UnopenedReading(ScannedEntry file, Outcome outcome) implements Reading {

  @Override
  public int read(byte[] buffer, int offset, int length) {
    return 0;
  }

  @Override
  public void skip(long count) {}

  @Override
  public Outcome finish() {
    return outcome;
  }

  @Override
  public Attributes attributes() {
    return file.attributes();
  }
}
