package com.personalaichatbot.dr.core.internal.archive;

import com.personalaichatbot.dr.core.internal.format.Attributes;

/**
 * One entry of an archive, as it is now there.
 *
 * @param path its whole name, raw bytes, in whatever form the archive has it
 * @param attributes mode, owner, modification time and, of a file, its length
 * @param target where a symbolic link points, or the path of the entry that a hard link is another
 *     name of; raw bytes, null for the others
 */
public record ArchiveEntry(byte[] path, Type type, Attributes attributes, byte[] target) {
  /** The type of an entry. */
  public enum Type {
    /** A regular file, whose content follows. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link. */
    SYMLINK,
    /** One more name of a file in the archive. */
    HARD_LINK
  }

  /** Attributes of an entry in a place that knows nothing but these. */
  public static Attributes attributes(int mode, int uid, int gid, long size, long time, int nanos) {
    return new Attributes(mode, uid, gid, size, time, nanos, 0, 0, 0, 0, 1);
  }
}
