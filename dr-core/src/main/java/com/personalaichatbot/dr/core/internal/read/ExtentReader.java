package com.personalaichatbot.dr.core.internal.read;

import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the extents of files one after the other. A paged file takes pages out of the same few
 * blobs again and again; blobs of which only a part was wanted are kept for a while. So each is
 * opened once or a few times and not once for each of its pages. Not thread-safe.
 */
final class ExtentReader {
  private static final int ROOM = 16 << 20;

  private final BlobReader blobs;
  private final Map<KeyedId, byte[]> recent = new LinkedHashMap<>(16, 0.75f, true);
  private int held;

  ExtentReader(BlobReader blobs) {
    this.blobs = blobs;
  }

  /**
   * The bytes of an extent that is no hole.
   *
   * @throws CorruptRepositoryException if no place holds its blob whole, or it ends before the
   *     extent does
   */
  ByteBuffer read(Extent extent) throws IOException {
    byte[] blob = recent.get(extent.blob());
    if (blob == null) {
      blob = blobs.read(extent.blob(), BlobType.DATA);
    }
    if (extent.offset() + extent.length() > blob.length) {
      throw new CorruptRepositoryException(
          "blob " + extent.blob(),
          "it is shorter than the file that refers to it says",
          "run dr verify to see what is damaged, and use another snapshot");
    }
    if (extent.length() < blob.length) {
      keep(extent.blob(), blob);
    }
    return ByteBuffer.wrap(blob, extent.offset(), (int) extent.length());
  }

  private void keep(KeyedId id, byte[] blob) {
    if (recent.put(id, blob) == null) {
      held += blob.length;
    }
    Iterator<byte[]> eldest = recent.values().iterator();
    while (held > ROOM) {
      held -= eldest.next().length;
      eldest.remove();
    }
  }
}
