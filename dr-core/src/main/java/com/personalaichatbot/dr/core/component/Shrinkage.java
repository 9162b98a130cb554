package com.personalaichatbot.dr.core.component;

import java.util.Objects;

/**
 * The loss from which on a component counts as SHRUNK: its data is probably not deleted but out of
 * reach, because a volume is not mounted. Immutable.
 *
 * <p>A component is SHRUNK if one of these holds, compared with its last COMPLETE or accepted
 * snapshot:
 *
 * <ul>
 *   <li>It is emptied: it had files and has none, or had content and all its files have length 0.
 *       There is no floor: a volume may hold a single file.
 *   <li>It lost more than a share of its files, and at least a number of them.
 *   <li>It lost more than a share of its bytes, and at least a number of them.
 * </ul>
 *
 * <p>Files that are replaced by as many others are no loss, and neither are files that a backup was
 * told to exclude.
 */
public final class Shrinkage {
  /**
   * The limits of a component that names none and is not of kind {@link Kind#LOGS}: more than half
   * of the files and at least 5 of them, or more than nine tenths of the bytes and at least a
   * million of them.
   */
  public static final Shrinkage DEFAULT = new Shrinkage(0.5, 5, 0.9, 1_000_000, true);

  /** No loss counts: the default of {@link Kind#LOGS}, whose files are deleted as a rule. */
  public static final Shrinkage IGNORED =
      new Shrinkage(1, Long.MAX_VALUE, 1, Long.MAX_VALUE, false);

  private final double fileShare;
  private final long minFiles;
  private final double byteShare;
  private final long minBytes;
  private final boolean whenEmptied;

  private Shrinkage(
      double fileShare, long minFiles, double byteShare, long minBytes, boolean whenEmptied) {
    this.fileShare = fileShare;
    this.minFiles = minFiles;
    this.byteShare = byteShare;
    this.minBytes = minBytes;
    this.whenEmptied = whenEmptied;
  }

  /** Returns the limits of a component of a kind that names none. */
  static Shrinkage of(Kind kind) {
    return kind == Kind.LOGS ? IGNORED : DEFAULT;
  }

  /**
   * Returns a copy with another limit for the loss of files.
   *
   * @param share the loss must exceed this share of all files, 0 to 1; 1 ignores the number of
   *     files
   * @param floor the smallest number of lost files that counts, at least 1
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Shrinkage withFiles(double share, long floor) {
    return new Shrinkage(share(share), floor(floor), byteShare, minBytes, true);
  }

  /**
   * Returns a copy with another limit for the loss of bytes.
   *
   * @param share the loss must exceed this share of all bytes, 0 to 1; 1 ignores the number of
   *     bytes
   * @param floor the smallest number of lost bytes that counts, at least 1
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Shrinkage withBytes(double share, long floor) {
    return new Shrinkage(fileShare, minFiles, share(share), floor(floor), true);
  }

  private static double share(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a share is 0 to 1: " + share);
    }
    return share;
  }

  private static long floor(long floor) {
    if (floor < 1) {
      throw new IllegalArgumentException("a floor is at least 1: " + floor);
    }
    return floor;
  }

  /**
   * Returns whether the loss between two sizes of a component exceeds these limits.
   *
   * @param before its size in the snapshot that it is compared with
   * @param after its size now, with all that was not looked at counted as present
   */
  public boolean isExceededBy(DataSize before, DataSize after) {
    if (whenEmptied
        && (before.files() > 0 && after.files() == 0 || before.bytes() > 0 && after.bytes() == 0)) {
      return true;
    }
    return exceeds(before.files(), after.files(), fileShare, minFiles)
        || exceeds(before.bytes(), after.bytes(), byteShare, minBytes);
  }

  private static boolean exceeds(long before, long after, double share, long floor) {
    long lost = before - after;
    return lost >= floor && lost > share * before;
  }

  /** Returns whether the other object has the same limits. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Shrinkage that
        && fileShare == that.fileShare
        && minFiles == that.minFiles
        && byteShare == that.byteShare
        && minBytes == that.minBytes
        && whenEmptied == that.whenEmptied;
  }

  @Override
  public int hashCode() {
    return Objects.hash(fileShare, minFiles, byteShare, minBytes, whenEmptied);
  }

  /** Returns the limits for people. */
  @Override
  public String toString() {
    return whenEmptied
        ? "emptied, or lost more than " + percent(fileShare) + " of its files (at least " + minFiles
            + ") or more than " + percent(byteShare) + " of its bytes (at least " + minBytes + ")"
        : "ignored";
  }

  private static String percent(double share) {
    return Math.round(share * 100) + " %";
  }
}
