package com.personalaichatbot.dr.core.internal.read;

import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobLocation;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.crypto.IdHasher;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A comparison of bytes on a disk with those of an entry. Nothing stored is read for it, except for
 * the rare file that is a part of a blob. Not thread-safe.
 */
public final class ContentCheck {
  private static final int BUFFER = 1 << 16;

  /** Gives the bytes of a file from its beginning: fills the part of the buffer unless it ends. */
  @FunctionalInterface
  public interface Bytes {
    int read(byte[] buffer, int offset, int length) throws IOException;
  }

  private final IdHasher ids;
  private final BlobIndex index;
  private final BlobReader blobs;
  private final byte[] buffer = new byte[BUFFER];

  public ContentCheck(IdHasher ids, BlobIndex index, BlobReader blobs) {
    this.ids = ids;
    this.index = index;
    this.blobs = blobs;
  }

  /** Whether all the bytes are exactly those of the file. */
  public boolean holds(Bytes bytes, TreeEntry file) throws IOException {
    long size = file.attributes().size();
    if (size == 0) {
      return bytes.read(buffer, 0, 1) == 0;
    }
    if (!file.content().sha256().isEmpty()) {
      return holdsDigest(bytes, size, file.content().sha256());
    }
    List<Extent> extents = new TreeReader(blobs).extents(file);
    Extent only = extents.get(0);
    return only.isHole() ? holdsZeros(bytes, size) : holdsBlob(bytes, only);
  }

  private boolean holdsDigest(Bytes bytes, long size, String wanted) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    long total = 0;
    for (int count; (count = bytes.read(buffer, 0, BUFFER)) > 0; total += count) {
      if (total + count > size) {
        return false;
      }
      digest.update(buffer, 0, count);
    }
    return total == size && HexFormat.of().formatHex(digest.digest()).equals(wanted);
  }

  private boolean holdsZeros(Bytes bytes, long size) throws IOException {
    long total = 0;
    for (int count; (count = bytes.read(buffer, 0, BUFFER)) > 0; total += count) {
      for (int i = 0; i < count; i++) {
        if (buffer[i] != 0) {
          return false;
        }
      }
    }
    return total == size;
  }

  private boolean holdsBlob(Bytes bytes, Extent extent) throws IOException {
    int length = (int) extent.length();
    byte[] content = new byte[length];
    if (bytes.read(content, 0, length) != length || bytes.read(buffer, 0, 1) != 0) {
      return false;
    }
    List<BlobLocation> places = index.places(extent.blob());
    boolean whole =
        extent.offset() == 0 && (places.isEmpty() || places.get(0).plainLength() == length);
    if (whole) {
      return ids.id(BlobType.DATA.code(), content).equals(extent.blob());
    }
    byte[] blob = blobs.read(extent.blob(), BlobType.DATA);
    return extent.offset() + length <= blob.length
        && Arrays.equals(blob, extent.offset(), extent.offset() + length, content, 0, length);
  }
}
