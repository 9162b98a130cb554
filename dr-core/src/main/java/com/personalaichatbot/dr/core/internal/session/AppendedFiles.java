package com.personalaichatbot.dr.core.internal.session;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The memory of the files that this process read and that are only appended to, so that of such a
 * file only the new tail is read again. It is kept in memory alone: a file that this process has
 * not read from its beginning is read from its beginning. Thread-safe.
 *
 * <p>Nothing that can be asked of a file tells whether bytes before its old end were changed when
 * it was appended to as well. So the application must have declared the file, and every 16th time
 * it is read from its beginning all the same.
 */
public final class AppendedFiles {
  /** Shorter files are read from their beginning. */
  static final int SHORTEST = 1 << 20;

  private static final int MAX_TAILS = 15;
  private static final int MAX_FILES = 1024;

  private final Map<ByteBuffer, Known> files = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Known> eldest) {
      return size() > MAX_FILES;
    }
  };

  /**
   * A file as it was last read.
   *
   * @param point where its last piece or pieces begin
   * @param tails how often it was not read from its beginning since it last was
   */
  private record Known(
      long device, long inode, FileDigest.Point point, FileDigest.End end, int tails) {}

  /**
   * Finds out whether to read only the tail of a file.
   *
   * @param place its NAME/rest
   * @param now its attributes when it was opened
   * @param before what it is in the snapshot before, or null
   * @return a digest that goes on near the old end; empty if all of the file is to be read
   */
  public synchronized Optional<FileDigest> tail(byte[] place, Attributes now, TreeEntry before) {
    Known known = files.get(ByteBuffer.wrap(place));
    boolean grown = known != null
        && known.tails < MAX_TAILS
        && known.point.position() > 0
        && now.inode() != 0
        && known.inode == now.inode()
        && known.device == now.device()
        && known.end.size() < now.size()
        && before != null
        && before.capture().isProof()
        && before.attributes().size() == known.end.size()
        && before.content().sha256().equals(known.end.sha256());
    return grown ? Optional.of(new FileDigest(known.point, known.end)) : Optional.empty();
  }

  /**
   * Takes note of a file that was read.
   *
   * @param tail whether only its tail was
   */
  public synchronized void read(
      byte[] place, Attributes attributes, FileDigest digest, boolean tail) {
    ByteBuffer key = ByteBuffer.wrap(place);
    Known before = files.remove(key);
    if (digest.position() >= SHORTEST) {
      int tails = tail && before != null ? before.tails + 1 : 0;
      files.put(
          key,
          new Known(
              attributes.device(), attributes.inode(), digest.lastPoint(), digest.end(), tails));
    }
  }
}
