package com.personalaichatbot.dr.core.internal.format;

/** The caps of format 1. A reader checks them before it spends memory or time (invariant 7). */
public final class Limits {
  /** Format version that this code writes and the newest that it reads. */
  public static final int FORMAT_VERSION = 1;

  /** Cipher suite: AES-256-GCM, HKDF-SHA-512, HMAC-SHA-256 ids. */
  public static final int SUITE = 1;

  /** Key epoch. */
  public static final int EPOCH = 1;

  /** Longest plaintext of a blob. */
  public static final int MAX_BLOB = 16 << 20;

  /** Longest pack file. */
  public static final int MAX_PACK = 64 << 20;

  /** Most blobs in a pack. */
  public static final int MAX_PACK_BLOBS = 1 << 16;

  /** Most dictionaries that the blobs of one pack use. */
  public static final int MAX_PACK_DICTIONARIES = 255;

  /** Longest index file. */
  public static final int MAX_INDEX = 64 << 20;

  /** Most blobs that a writer lists in one index file. */
  public static final int INDEX_BLOBS = 50_000;

  /** Longest catalog entry. */
  public static final int MAX_ENTRY = 64 << 20;

  /** Longest FORMAT file. */
  public static final int MAX_FORMAT = 4096;

  /** Longest name of a directory entry, in bytes. */
  public static final int MAX_NAME = 4096;

  /** Longest target of a symbolic link, or path of a component, in bytes. */
  public static final int MAX_PATH = 1 << 16;

  /** Extents that a tree entry holds itself; more go to content map blobs. */
  public static final int INLINE_EXTENTS = 16;

  /** Extents in one content map blob. */
  public static final int MAP_EXTENTS = 16_384;

  /** Most content map blobs of one file. */
  public static final int MAX_MAPS = 1 << 16;

  /** Largest file. */
  public static final long MAX_FILE = Long.MAX_VALUE >> 2;

  /** Most entries of one kind in a catalog record: components, tags, slots. */
  public static final int MAX_LIST = 1 << 20;

  private Limits() {}
}
