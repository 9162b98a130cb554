package com.personalaichatbot.dr.core.internal.journal;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import java.util.Arrays;

/** Fuzz targets: the records of the journal of a restore. */
public final class JournalTargets {
  private JournalTargets() {}

  /** A change; what is decoded is encoded, decoded and encoded again, to the same bytes. */
  public static void change(byte[] input) throws MalformedException {
    byte[] first;
    try {
      first = Change.decode(input).encode();
    } catch (MalformedException expected) {
      return;
    }
    if (!Arrays.equals(first, Change.decode(first).encode())) {
      throw new AssertionError("what was decoded is encoded differently");
    }
  }

  /** The header; the same. */
  public static void opening(byte[] input) throws MalformedException {
    byte[] first;
    try {
      first = decode(input).encode();
    } catch (MalformedException expected) {
      return;
    }
    if (!Arrays.equals(first, decode(first).encode())) {
      throw new AssertionError("what was decoded is encoded differently");
    }
  }

  private static JournalHeader decode(byte[] input) throws MalformedException {
    return JournalHeader.decode(new Bytes16(1, 2), new Bytes16(3, 4), new BytesReader(input));
  }
}
