package com.personalaichatbot.dr.core.internal.format;

/**
 * A pack as an index knows it: everything that is needed to open its blobs.
 *
 * @param name SHA-256 of the pack's bytes, 64 hexadecimal digits
 * @param length bytes of the pack file
 */
public record IndexedPack(String name, long length, PackHeader header, PackContents contents) {
  /** The directory that holds all packs. */
  public static final String DIRECTORY = "packs";

  /** The name of the file that holds the pack. */
  public String file() {
    return file(name);
  }

  /** The name of the file that holds the pack of this name. */
  public static String file(String name) {
    return DIRECTORY + "/" + name.substring(0, 2) + "/" + name;
  }
}
