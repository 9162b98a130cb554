package com.personalaichatbot.dr.core.internal.format;

/** The content of a pack; one kind a pack, so that trees can be read in bulk. */
public enum PackKind {
  /** Blobs of file content. */
  DATA(1),
  /** Directory nodes and content maps. */
  TREE(2),
  /** A compression dictionary. */
  DICTIONARY(3);

  private final int code;

  PackKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static PackKind of(int code) throws MalformedException {
    for (PackKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new MalformedException("pack kind " + code + " is unknown");
  }
}
