package com.personalaichatbot.dr.core.operation;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * The options of an import. Immutable. An archive may come from anybody, and a small one can claim
 * to hold any amount of data; the limits bound the time, memory and space that it can take.
 *
 * @param maxEntries files, directories and links that it may hold; each takes about 500 bytes of
 *     memory until the import ends
 * @param maxBytes bytes that it may have when decompressed
 * @param zone of its times where they have none, as those of the original application
 */
public record ImportOptions(int maxEntries, long maxBytes, ZoneId zone) {
  /** A million entries, 64 GiB, and UTC. */
  public static final ImportOptions DEFAULT =
      new ImportOptions(1_000_000, 64L << 30, ZoneOffset.UTC);

  /** Refuses limits below one. */
  public ImportOptions {
    if (maxEntries < 1 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "an import is limited to one entry and byte at least: " + maxEntries + ", " + maxBytes);
    }
    Objects.requireNonNull(zone, "zone");
  }
}
