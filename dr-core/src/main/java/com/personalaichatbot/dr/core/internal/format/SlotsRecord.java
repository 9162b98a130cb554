package com.personalaichatbot.dr.core.internal.format;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Section A of a GENESIS or KEYS entry: which key slots are live from here on: at least one
 * (invariant 23), but for a repository whose root key the application keeps itself.
 */
public record SlotsRecord(EntryKind kind, Instant time, List<Bytes16> slots, Extension extension) {
  /** Keeps a copy. */
  public SlotsRecord {
    slots = List.copyOf(slots);
  }

  /** The text to seal. */
  public byte[] encode() {
    BytesWriter out = extension.begin(kind);
    Times.write(out, time);
    out.varint(slots.size());
    slots.forEach(slot -> out.raw(slot.toBytes()));
    return Extension.pad(out);
  }

  /** Reads section A behind its kind. */
  public static SlotsRecord decode(EntryKind kind, BytesReader in)
      throws MalformedException, UnknownVersionException {
    Extension extension = Extension.read(in);
    Instant time = Times.read(in);
    int count = in.varint(Limits.MAX_LIST);
    List<Bytes16> slots = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      slots.add(Bytes16.of(in.raw(Bytes16.BYTES)));
    }
    in.zerosToEnd();
    return new SlotsRecord(kind, time, slots, extension);
  }
}
