package com.personalaichatbot.dr.core.internal.session;

import com.personalaichatbot.dr.core.internal.format.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The SHA-256 of a file while it is cut. That of a file which is only appended to can be taken up
 * again, when the file has grown, at the beginning of a piece near the old end; it then tells
 * whether the old end is still there. Not thread-safe.
 */
public final class FileDigest {
  /** How much of what was there before is read again, at least. */
  private static final int OVERLAP = 64 << 10;

  private final MessageDigest digest;
  private final List<Point> points = new ArrayList<>();
  private final End before;
  private final boolean keepsPoints;
  private long position;
  private boolean goesOn;
  private String sha256 = "";

  /**
   * The digest of a file from its beginning.
   *
   * @param isAppendOnly whether to be able to take it up again
   */
  public FileDigest(boolean isAppendOnly) {
    this.digest = Sha256.newDigest();
    this.before = null;
    this.keepsPoints = isAppendOnly;
    this.goesOn = true;
  }

  /** Goes on from a point before the end that the file had. */
  public FileDigest(Point point, End before) {
    this.digest = copy(point.state);
    this.position = point.position;
    this.before = before;
    this.keepsPoints = true;
  }

  /** The state at the beginning of a piece. */
  record Point(long position, MessageDigest state) {}

  /** The length of a file, and the SHA-256 of all of it. */
  record End(long size, String sha256) {}

  /** Where the next piece begins. */
  public long position() {
    return position;
  }

  /** Takes the next piece. */
  public void update(byte[] buffer, int offset, int length) {
    long end = position + length;
    if (keepsPoints) {
      points.add(new Point(position, copy(digest)));
      while (points.size() > 1 && points.get(1).position + OVERLAP <= end) {
        points.remove(0);
      }
    }
    int first = 0;
    if (before != null && position < before.size && before.size <= end) {
      first = (int) (before.size - position);
      digest.update(buffer, offset, first);
      goesOn = hex(copy(digest)).equals(before.sha256);
    }
    digest.update(buffer, offset + first, length - first);
    position = end;
  }

  /** The hash of the whole file, 64 hexadecimal digits; nothing can be added any more. */
  public String finish() {
    sha256 = hex(digest);
    return sha256;
  }

  /** The hash of the whole file; empty while that is not finished. */
  public String sha256() {
    return sha256;
  }

  /** Whether the file goes on with what it was before. */
  public boolean goesOn() {
    return goesOn;
  }

  /** Where to go on when the file has grown; null if it is empty. */
  Point lastPoint() {
    return points.isEmpty() ? null : points.get(0);
  }

  /** Where the file ends now, once it is finished. */
  End end() {
    return new End(position, sha256);
  }

  private static MessageDigest copy(MessageDigest state) {
    try {
      return (MessageDigest) state.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("the JDK's SHA-256 can be cloned", e);
    }
  }

  private static String hex(MessageDigest state) {
    return HexFormat.of().formatHex(state.digest());
  }
}
