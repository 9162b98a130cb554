package com.personalaichatbot.dr.core.internal.write;

import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.chunk.PageCutter;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobLocation;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.read.BlobReaders;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.crypto.IdHasher;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The content of a paged file in the snapshot before, laid out so that any page of it can be
 * compared with what the file holds now. Immutable.
 *
 * <p>Of each region most comes from one blob, its base: whoever compares the region reads it. The
 * rest, pages that were changed since, lies scattered over blobs of such pages. Each of these is
 * read here, once, and what is kept of a page is 128 bits of its keyed id.
 *
 * <p>What should not be referred to again is left out, and so counts as changed and is stored
 * again: blobs of which the file uses less than half, so that no more than as much again is kept
 * for its sake as it uses; small blobs of changed pages when there are very many of them, so that
 * reading the file back does not take ever more reads; and blobs that cannot be read.
 */
final class PagesBefore {
  static final PagesBefore NOTHING = new PagesBefore(List.of());

  private static final int MANY_SMALL = 64;

  private final List<Part> parts;

  private PagesBefore(List<Part> parts) {
    this.parts = parts;
  }

  /**
   * A stretch of the file, within one region unless it is a hole.
   *
   * @param blob null for a hole
   * @param from where it begins in the blob
   * @param ids two words for each whole page in it; null in the region's base and in a hole
   */
  record Part(long start, long length, KeyedId blob, int from, long[] ids) {
    boolean covers(long position, int count) {
      return start <= position && position + count <= start + length;
    }

    Extent extent(long position, int count) {
      return blob == null
          ? Extent.hole(count)
          : new Extent(count, blob, (int) (from + position - start));
    }
  }

  /** The part that holds all of a stretch; null if none does. */
  Part covering(long position, int count) {
    int low = 0;
    int high = parts.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Part part = parts.get(middle);
      if (part.start > position) {
        high = middle - 1;
      } else if (part.start + part.length <= position) {
        low = middle + 1;
      } else {
        return part.covers(position, count) ? part : null;
      }
    }
    return null;
  }

  /**
   * Reads what there is of a file.
   *
   * @param before the file in the snapshot before, or null
   */
  static PagesBefore of(TreeEntry before, PageCutter cutter, BlobReaders readers)
      throws IOException {
    if (before == null || before.type() != EntryType.FILE || before.attributes().size() == 0) {
      return NOTHING;
    }
    BlobReader reader = readers.take();
    try {
      List<Extent> extents = new TreeReader(reader).extents(before);
      return new Reading(cutter, readers, reader).read(extents);
    } catch (CorruptRepositoryException e) {
      return NOTHING;
    } finally {
      readers.giveBack(reader);
    }
  }

  private static final class Reading {
    private final PageCutter cutter;
    private final BlobReaders readers;
    private final BlobReader reader;
    private final List<Part> parts = new ArrayList<>();
    private final Map<KeyedId, List<Integer>> scattered = new HashMap<>();

    Reading(PageCutter cutter, BlobReaders readers, BlobReader reader) {
      this.cutter = cutter;
      this.readers = readers;
      this.reader = reader;
    }

    PagesBefore read(List<Extent> extents) throws IOException {
      Set<KeyedId> left = leftOut(extents);
      long position = 0;
      long region = -1;
      int first = 0;
      for (Extent extent : extents) {
        long end = position + extent.length();
        for (long at = position; at < end; ) {
          if (at / cutter.region() != region) {
            findBase(first);
            region = at / cutter.region();
            first = parts.size();
          }
          long next = extent.isHole() ? end : Math.min(end, (region + 1) * cutter.region());
          if (extent.isHole() || !left.contains(extent.blob())) {
            int from = extent.isHole() ? 0 : (int) (extent.offset() + at - position);
            parts.add(new Part(at, next - at, extent.blob(), from, null));
          }
          at = next;
        }
        position = end;
      }
      findBase(first);
      identify();
      parts.removeIf(part -> part == null);
      return new PagesBefore(List.copyOf(parts));
    }

    /** Blobs that the file should not refer to any longer. */
    private Set<KeyedId> leftOut(List<Extent> extents) {
      Map<KeyedId, Long> used = new HashMap<>();
      for (Extent extent : extents) {
        if (!extent.isHole() && (extent.offset() > 0 || extent.length() < cutter.region())) {
          used.merge(extent.blob(), extent.length(), Long::sum);
        }
      }
      Set<KeyedId> left = new HashSet<>();
      Set<KeyedId> small = new HashSet<>();
      used.forEach((blob, bytes) -> {
        List<BlobLocation> places = readers.index().places(blob);
        if (places.isEmpty() || bytes * 2 < places.get(0).plainLength()) {
          left.add(blob);
        } else if (places.get(0).plainLength() * 2 < PageStore.bundleLength(cutter)) {
          small.add(blob);
        }
      });
      if (small.size() > MANY_SMALL) {
        left.addAll(small);
      }
      return left;
    }

    /** Finds the blob that most of the region that begins with this part lies in. */
    private void findBase(int first) {
      Map<KeyedId, Long> shares = new HashMap<>();
      KeyedId base = null;
      long largest = 0;
      for (Part part : parts.subList(first, parts.size())) {
        long share = part.blob == null ? 0 : shares.merge(part.blob, part.length, Long::sum);
        if (share > largest) {
          base = part.blob;
          largest = share;
        }
      }
      for (int i = first; i < parts.size(); i++) {
        KeyedId blob = parts.get(i).blob;
        if (blob != null && !blob.equals(base)) {
          scattered.computeIfAbsent(blob, b -> new ArrayList<>()).add(i);
        }
      }
    }

    /**
     * Reads each blob of scattered pages and takes their ids; parts that cannot be read become
     * null.
     */
    private void identify() throws IOException {
      IdHasher hasher = readers.newIdHasher();
      for (Map.Entry<KeyedId, List<Integer>> one : scattered.entrySet()) {
        byte[] blob;
        try {
          blob = reader.read(one.getKey(), BlobType.DATA);
        } catch (CorruptRepositoryException e) {
          blob = new byte[0];
        }
        for (int number : one.getValue()) {
          Part part = parts.get(number);
          boolean whole = part.from + part.length <= blob.length;
          parts.set(number, whole ? identified(part, blob, hasher) : null);
        }
      }
    }

    private Part identified(Part part, byte[] blob, IdHasher hasher) {
      int page = cutter.page();
      long begin = (part.start + page - 1) / page * page;
      int pages = (int) Math.max(0, (part.start + part.length - begin) / page);
      long[] ids = new long[2 * pages];
      for (int i = 0; i < pages; i++) {
        int from = (int) (part.from + begin - part.start) + i * page;
        KeyedId id = hasher.id(BlobType.DATA.code(), blob, from, page);
        ids[2 * i] = id.w0();
        ids[2 * i + 1] = id.w1();
      }
      return new Part(part.start, part.length, part.blob, part.from, ids);
    }
  }
}
