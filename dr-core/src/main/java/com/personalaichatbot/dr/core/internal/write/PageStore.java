package com.personalaichatbot.dr.core.internal.write;

import com.personalaichatbot.dr.core.internal.chunk.PageCutter;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.read.BlobReaders;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Stores the regions of a paged file. Thread-safe.
 *
 * <p>A region that is stored already is that blob. Of any other the pages are compared with those
 * of the snapshot before: pages that are the same stay where they are, and the changed ones of the
 * whole file share blobs. So a file's extents lead to its bytes in one step, however many snapshots
 * there were, and what a snapshot costs goes by the pages that changed. Where less than three
 * quarters of a region would still come from its base it is folded: stored again as a blob.
 *
 * <p>What is compared is bytes, or 128 bits of keyed ids, of data that was just read back and
 * verified. So neither a header that lies nor a parent that has nothing to do with the file can
 * lead to a wrong byte, only to more of them being stored.
 */
final class PageStore {
  private final PageCutter cutter;
  private final PagesBefore before;
  private final BlobReaders readers;
  private Bundle bundle;

  PageStore(PageCutter cutter, PagesBefore before, BlobReaders readers) {
    this.cutter = cutter;
    this.before = before;
    this.readers = readers;
    this.bundle = new Bundle(bundleLength(cutter));
  }

  /** How many bytes of changed pages share a blob: as many as a region may have. */
  static int bundleLength(PageCutter cutter) {
    return cutter.region() / 4;
  }

  /** Changed pages that will be one blob, and the extents that will refer to it. */
  private static final class Bundle {
    private final byte[] bytes;
    private final List<Waiting> waiting = new ArrayList<>();
    private int length;

    Bundle(int room) {
      this.bytes = new byte[room];
    }
  }

  private record Waiting(Extent[] extents, int number, int offset, int length) {}

  /**
   * Stores a region.
   *
   * @param position where it begins in the file
   * @return its extents; some may be null until {@link #finish}
   */
  Extent[] store(long position, byte[] buffer, int offset, int length, BlobSink sink)
      throws IOException {
    PagesBefore.Part whole = before.covering(position, length);
    if (whole != null && whole.blob() != null && whole.from() == 0) {
      KeyedId id = sink.id(BlobType.DATA, buffer, offset, length);
      if (sink.isStored(id)) {
        return new Extent[] {Extent.whole(id, length)};
      }
    }
    Extent[] same = compare(position, buffer, offset, length, sink);
    if (same == null) {
      return new Extent[] {
        Extent.whole(sink.store(BlobType.DATA, buffer, offset, length, null), length)
      };
    }
    return put(same, buffer, offset, length, sink);
  }

  /** Stores the pages that still wait for others to share a blob with. */
  void finish(BlobSink sink) throws IOException {
    Bundle last;
    synchronized (this) {
      last = bundle;
      bundle = new Bundle(0);
    }
    store(last, sink);
  }

  /** Where each page of a region is stored already, null if it is not; null if few are. */
  private Extent[] compare(long position, byte[] buffer, int offset, int length, BlobSink sink)
      throws IOException {
    int page = cutter.page();
    Extent[] same = new Extent[(length + page - 1) / page];
    Base base = new Base();
    for (int i = 0; i < same.length; i++) {
      int from = i * page;
      int count = Math.min(page, length - from);
      PagesBefore.Part part = before.covering(position + from, count);
      if (part != null && holds(part, position + from, buffer, offset + from, count, base, sink)) {
        same[i] = part.extent(position + from, count);
        base.count(part, count);
      }
    }
    return base.same * 4 >= length * 3L ? same : null;
  }

  /** The blob that most of a region comes from, and how much of it does. */
  private final class Base {
    private KeyedId id;
    private byte[] bytes;
    private long same;

    byte[] read(KeyedId blob) throws IOException {
      if (!blob.equals(id)) {
        id = blob;
        BlobReader reader = readers.take();
        try {
          bytes = reader.read(blob, BlobType.DATA);
        } catch (CorruptRepositoryException e) {
          // Then all of it is changed, and stored again.
          bytes = new byte[0];
        } finally {
          readers.giveBack(reader);
        }
      }
      return bytes;
    }

    void count(PagesBefore.Part part, int count) {
      if (part.ids() == null) {
        same += count;
      }
    }
  }

  private boolean holds(
      PagesBefore.Part part,
      long position,
      byte[] buffer,
      int offset,
      int count,
      Base base,
      BlobSink sink)
      throws IOException {
    if (part.blob() == null) {
      return isZero(buffer, offset, count);
    }
    if (part.ids() == null) {
      byte[] old = base.read(part.blob());
      int from = (int) (part.from() + position - part.start());
      return from + count <= old.length
          && Arrays.equals(old, from, from + count, buffer, offset, offset + count);
    }
    long first = (part.start() + cutter.page() - 1) / cutter.page();
    int at = (int) (2 * (position / cutter.page() - first));
    if (count < cutter.page() || at >= part.ids().length) {
      return false;
    }
    KeyedId id = sink.id(BlobType.DATA, buffer, offset, count);
    return part.ids()[at] == id.w0() && part.ids()[at + 1] == id.w1();
  }

  private static boolean isZero(byte[] buffer, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      if (buffer[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Stores the pages of a region that are not stored yet and joins the others to extents. */
  private Extent[] put(Extent[] same, byte[] buffer, int offset, int length, BlobSink sink)
      throws IOException {
    int page = cutter.page();
    List<Extent> extents = new ArrayList<>();
    List<int[]> changed = new ArrayList<>();
    for (int i = 0; i < same.length; ) {
      int first = i;
      if (same[i] == null) {
        while (i < same.length && same[i] == null) {
          i++;
        }
        changed.add(new int[] {extents.size(), first * page, Math.min(i * page, length)});
        extents.add(null);
      } else {
        Extent joined = same[i++];
        while (i < same.length && joined.isFollowedBy(same[i])) {
          joined = joined.and(same[i++]);
        }
        extents.add(joined);
      }
    }
    Extent[] result = extents.toArray(new Extent[0]);
    for (int[] run : changed) {
      add(result, run[0], buffer, offset + run[1], run[2] - run[1], sink);
    }
    return result;
  }

  private void add(
      Extent[] extents, int number, byte[] buffer, int offset, int length, BlobSink sink)
      throws IOException {
    Bundle full = null;
    synchronized (this) {
      if (bundle.length + length > bundle.bytes.length) {
        full = bundle;
        bundle = new Bundle(full.bytes.length);
      }
      System.arraycopy(buffer, offset, bundle.bytes, bundle.length, length);
      bundle.waiting.add(new Waiting(extents, number, bundle.length, length));
      bundle.length += length;
    }
    if (full != null) {
      store(full, sink);
    }
  }

  private static void store(Bundle full, BlobSink sink) throws IOException {
    if (full.length == 0) {
      return;
    }
    KeyedId blob = sink.store(BlobType.DATA, full.bytes, 0, full.length, null);
    for (Waiting one : full.waiting) {
      one.extents[one.number] = new Extent(one.length, blob, one.offset);
    }
  }
}
