package com.personalaichatbot.dr.core.internal.format;

import java.util.Arrays;

/**
 * The kind of content in a sealed object. The code goes into the object's id and into its
 * authenticated data, so that nothing can be where something else belongs (invariant 4).
 */
public enum BlobType {
  /** Bytes of a file. */
  DATA(1),
  /** A node of a directory. */
  TREE(2),
  /** A compression dictionary. */
  DICTIONARY(3),
  /** A part of a content map. */
  MAP(4),
  /** What the entry of a snapshot records, once more beside the trees. */
  RECORD(5),
  /** The contents table of a pack; not a blob. */
  CONTENTS(16),
  /** The trailer of a pack; not a blob. */
  TRAILER(17),
  /** An index; not a blob. */
  INDEX(18),
  /** Section A of a catalog entry; not a blob. */
  SECTION_A(19),
  /** Section B of a catalog entry; not a blob. */
  SECTION_B(20),
  /** A file that the client keeps outside the repository; not a blob. */
  CLIENT(21),
  /** The statement that a place holds a copy; not a blob. */
  COPY(22);

  private static final BlobType[] BLOBS =
      Arrays.stream(values()).filter(BlobType::isBlob).toArray(BlobType[]::new);

  private final int code;

  BlobType(int code) {
    this.code = code;
  }

  /** The byte that stands for it. */
  public int code() {
    return code;
  }

  /** Whether packs hold it as a blob. */
  private boolean isBlob() {
    return code < CONTENTS.code;
  }

  /** The type of a blob by its code. */
  public static BlobType ofBlob(int code) throws MalformedException {
    for (BlobType type : BLOBS) {
      if (type.code == code) {
        return type;
      }
    }
    throw new MalformedException("blob type " + code + " is unknown");
  }
}
