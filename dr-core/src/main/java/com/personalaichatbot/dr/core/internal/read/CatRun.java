package com.personalaichatbot.dr.core.internal.read;

import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Gives the content of one file of a snapshot; no byte leaves before its blob was checked. */
public final class CatRun {
  private static final byte[] ZEROS = new byte[1 << 16];

  private final Session session;

  /** Reads files of this repository. */
  public CatRun(Session session) {
    this.session = session;
  }

  /**
   * Writes a file's content to a stream.
   *
   * @param path NAME/rest as listings show it
   * @param out stays the caller's
   * @return how many bytes were written
   * @throws SnapshotNotFoundException if there is no such snapshot, or no file at the path
   * @throws CorruptRepositoryException if stored data is missing or wrong; what was written before
   *     is right
   */
  public long read(SnapshotId snapshot, String path, OutputStream out) throws IOException {
    try (SnapshotSource source = SnapshotSource.open(session)) {
      BlobReader blobs = source.readers().take();
      try {
        SnapshotTree tree =
            new SnapshotTree(source.choice().entry(snapshot), new TreeReader(blobs));
        TreeEntry file = tree.find(SnapshotTree.place(path));
        if (file.type() != EntryType.FILE) {
          throw new SnapshotNotFoundException(
              "path " + path, "it is no file", "list the snapshot to see what it holds");
        }
        return write(tree.reader(), blobs, file, out);
      } finally {
        source.readers().giveBack(blobs);
      }
    }
  }

  /** Writes the content of a file; what is written is right, whatever happens behind it. */
  public static long write(TreeReader tree, BlobReader blobs, TreeEntry file, OutputStream out)
      throws IOException {
    long written = 0;
    ExtentReader extents = new ExtentReader(blobs);
    for (Extent extent : tree.extents(file)) {
      if (extent.isHole()) {
        for (long left = extent.length(); left > 0; left -= ZEROS.length) {
          out.write(ZEROS, 0, (int) Math.min(left, ZEROS.length));
        }
      } else {
        ByteBuffer bytes = extents.read(extent);
        out.write(bytes.array(), bytes.position(), bytes.remaining());
      }
      written += extent.length();
    }
    return written;
  }
}
