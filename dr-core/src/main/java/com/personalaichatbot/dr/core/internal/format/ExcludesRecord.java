package com.personalaichatbot.dr.core.internal.format;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The patterns that a backup was told to leave out, as extension {@link Extension#EXCLUDES} of a
 * snapshot: a restore that removes what is extra leaves that alone.
 *
 * @param patterns globs by the name of a component; those that exclude nothing are not there
 */
public record ExcludesRecord(SortedMap<String, List<String>> patterns) {
  private static final int MAX_PATTERN = 1 << 16;

  /** The bytes of the part. */
  public byte[] encode() {
    BytesWriter out = new BytesWriter().varint(patterns.size());
    patterns.forEach((component, globs) -> {
      out.text(component).varint(globs.size());
      globs.forEach(out::text);
    });
    return out.toBytes();
  }

  /** Reads the bytes of the part. */
  public static ExcludesRecord decode(byte[] part) throws MalformedException {
    BytesReader in = new BytesReader(part);
    SortedMap<String, List<String>> patterns = new TreeMap<>();
    for (int left = in.varint(Limits.MAX_LIST); left > 0; left--) {
      String component = in.text(SnapshotRecord.MAX_TEXT);
      List<String> globs = new ArrayList<>();
      for (int more = in.varint(Limits.MAX_LIST); more > 0; more--) {
        globs.add(in.text(MAX_PATTERN));
      }
      patterns.put(component, List.copyOf(globs));
    }
    in.end();
    return new ExcludesRecord(patterns);
  }
}
