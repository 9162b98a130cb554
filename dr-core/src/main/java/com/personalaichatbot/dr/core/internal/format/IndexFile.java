package com.personalaichatbot.dr.core.internal.format;

import java.util.HexFormat;
import java.util.List;

/**
 * The layout of an index file: a header, and one sealed object that lists packs with their
 * contents.
 */
public final class IndexFile {
  /** Length of the header. */
  public static final int HEADER = SealedHeader.BYTES + 2 * PackHeader.SALT;

  private static final String MAGIC = "DRINDEX1";

  private IndexFile() {}

  /** The header. */
  public static byte[] header(Bytes16 repositoryId, byte[] salt, byte[] commitment) {
    return SealedHeader.begin(MAGIC, repositoryId).raw(salt).raw(commitment).toBytes();
  }

  /** Refuses a header that is not of this repository and version. */
  public static void check(byte[] header, Bytes16 repositoryId) throws MalformedException {
    BytesReader in = new BytesReader(header);
    SealedHeader.check(in, MAGIC, repositoryId);
    in.raw(2 * PackHeader.SALT);
    in.end();
  }

  /** Salt in a header. */
  public static byte[] salt(byte[] header) {
    return java.util.Arrays.copyOfRange(
        header, SealedHeader.BYTES, SealedHeader.BYTES + PackHeader.SALT);
  }

  /** Where the commitment is in a header. */
  public static int commitmentOffset() {
    return SealedHeader.BYTES + PackHeader.SALT;
  }

  /** The text to seal, padded so that its length says little of what it lists. */
  public static byte[] encode(List<IndexedPack> packs) {
    BytesWriter out = new BytesWriter(1 << 16).varint(packs.size());
    for (IndexedPack pack : packs) {
      out.raw(HexFormat.of().parseHex(pack.name())).varint(pack.length());
      out.raw(pack.header().bytes());
      pack.contents().encode(out);
    }
    return out.zeros(Padding.padded(out.length()) - out.length()).toBytes();
  }

  /** The packs that an opened index lists, decoded one at a time. */
  public static final class Packs {
    private final BytesReader in;
    private final Bytes16 repositoryId;
    private int left;

    /** Begins at the first. */
    public Packs(byte[] text, Bytes16 repositoryId) throws MalformedException {
      this.in = new BytesReader(text);
      this.repositoryId = repositoryId;
      this.left = in.varint(Limits.MAX_LIST);
    }

    /** The next pack, or null at the end. */
    public IndexedPack next() throws MalformedException {
      if (left == 0) {
        in.zerosToEnd();
        return null;
      }
      left--;
      String name = HexFormat.of().formatHex(in.raw(Sha256.BYTES));
      long length = in.varint(Limits.MAX_PACK);
      PackHeader header = PackHeader.parse(in.raw(PackHeader.BYTES), repositoryId);
      return new IndexedPack(name, length, header, PackContents.decode(in));
    }
  }
}
