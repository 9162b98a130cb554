package com.personalaichatbot.dr.core.internal.format;

import java.nio.charset.StandardCharsets;

/**
 * The beginning that packs, indexes and catalog entries share: magic (8), version (2), suite (2),
 * repository id (16), epoch (4), key mode (1), length of a sealed key (2). Version 1 knows one
 * value of each of the last five; what is there else is reserved and refused.
 */
final class SealedHeader {
  static final int BYTES = 35;

  private SealedHeader() {}

  static BytesWriter begin(String magic, Bytes16 repositoryId) {
    return new BytesWriter(256)
        .raw(magic.getBytes(StandardCharsets.US_ASCII))
        .u16(Limits.FORMAT_VERSION)
        .u16(Limits.SUITE)
        .raw(repositoryId.toBytes())
        .u32(Limits.EPOCH)
        .u8(0)
        .u16(0);
  }

  static void check(BytesReader in, String magic, Bytes16 repositoryId) throws MalformedException {
    in.expect(magic.getBytes(StandardCharsets.US_ASCII), "the magic");
    only(in.u16(), Limits.FORMAT_VERSION, "version");
    only(in.u16(), Limits.SUITE, "suite");
    in.expect(repositoryId.toBytes(), "the repository id");
    only(in.u32(), Limits.EPOCH, "epoch");
    only(in.u8(), 0, "key mode");
    only(in.u16(), 0, "sealed key length");
  }

  private static void only(int found, int known, String field) throws MalformedException {
    if (found != known) {
      throw new MalformedException(field + " " + found + " is unknown; it must be " + known);
    }
  }
}
