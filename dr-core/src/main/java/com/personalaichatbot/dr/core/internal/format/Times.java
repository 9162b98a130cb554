package com.personalaichatbot.dr.core.internal.format;

import java.time.DateTimeException;
import java.time.Instant;

/** Points in time: seconds since 1970, signed, and nanoseconds. */
final class Times {
  private Times() {}

  static void write(BytesWriter out, Instant time) {
    out.signed(time.getEpochSecond()).varint(time.getNano());
  }

  static Instant read(BytesReader in) throws MalformedException {
    long seconds = in.signed();
    int nanos = in.varint(999_999_999);
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException e) {
      throw new MalformedException("a time is out of range");
    }
  }
}
