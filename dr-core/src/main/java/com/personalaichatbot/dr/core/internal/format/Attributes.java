package com.personalaichatbot.dr.core.internal.format;

import java.time.Instant;

/**
 * The attributes of an entry in a file system, apart from its content. Times are seconds and
 * nanoseconds since 1970 (the nanoseconds always 0..999,999,999). Where a file system does not know
 * a value it is zero ({@code links}: one).
 *
 * @param mode permission bits, {@code 07777} at most
 * @param size length in bytes, zero for what is no regular file
 */
public record Attributes(
    int mode,
    int uid,
    int gid,
    long size,
    long mtimeSeconds,
    int mtimeNanos,
    long ctimeSeconds,
    int ctimeNanos,
    long device,
    long inode,
    int links) {

  /** Keeps the numbers of device and file within 63 bits. */
  public Attributes {
    device &= Long.MAX_VALUE;
    inode &= Long.MAX_VALUE;
  }

  /** Whether a file with these attributes may be taken for unchanged since {@code before}. */
  public boolean sameVersion(Attributes before) {
    return size == before.size
        && mtimeSeconds == before.mtimeSeconds
        && mtimeNanos == before.mtimeNanos
        && ctimeSeconds == before.ctimeSeconds
        && ctimeNanos == before.ctimeNanos
        && inode == before.inode;
  }

  /**
   * Returns the time of the last change of content. A file system keeps seconds beyond the calendar
   * of the JDK, which ends in a billion years: then it is the calendar's first or last moment.
   */
  public Instant modified() {
    return instant(mtimeSeconds, mtimeNanos);
  }

  /** Returns the change time, where a file system has none the modification time. */
  public Instant lastChange() {
    return ctimeSeconds == 0 ? modified() : instant(ctimeSeconds, ctimeNanos);
  }

  private static Instant instant(long seconds, int nanos) {
    if (seconds > Instant.MAX.getEpochSecond()) {
      return Instant.MAX;
    }
    return seconds < Instant.MIN.getEpochSecond()
        ? Instant.MIN
        : Instant.ofEpochSecond(seconds, nanos);
  }

  /** Whether a restore would give both the same attributes. */
  public boolean sameMetadata(Attributes other) {
    return mode == other.mode
        && uid == other.uid
        && gid == other.gid
        && mtimeSeconds == other.mtimeSeconds
        && mtimeNanos == other.mtimeNanos;
  }

  /** The same with another length. */
  public Attributes withSize(long newSize) {
    return new Attributes(
        mode,
        uid,
        gid,
        newSize,
        mtimeSeconds,
        mtimeNanos,
        ctimeSeconds,
        ctimeNanos,
        device,
        inode,
        links);
  }
}
