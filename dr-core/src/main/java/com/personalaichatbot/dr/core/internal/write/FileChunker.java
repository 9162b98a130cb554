package com.personalaichatbot.dr.core.internal.write;

import com.personalaichatbot.dr.core.internal.chunk.Cutter;
import com.personalaichatbot.dr.core.internal.chunk.PageCutter;
import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Content;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.read.ContentCheck;
import com.personalaichatbot.dr.core.internal.session.FileDigest;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pieces of one file on their way into the repository, in order. Here each is stored as it is
 * cut, by the thread that cuts it. Not thread-safe.
 */
public class FileChunker {
  final List<Extent[]> pieces = new ArrayList<>();
  private final BlobSink sink;
  private PageStore pages;
  private boolean isPaged;

  public FileChunker(BlobSink sink) {
    this.sink = sink;
  }

  /**
   * Cuts a file and takes its pieces. Never holds more of it than a buffer.
   *
   * @param bytes the file from its beginning
   * @param dictionary for a small file, or null
   * @param before the file in the snapshot before, or null
   * @param digest takes what is cut
   */
  public Content store(
      ContentCheck.Bytes bytes, Dictionary dictionary, TreeEntry before, FileDigest digest)
      throws IOException {
    byte[] buffer = firstBuffer();
    int length = bytes.read(buffer, 0, buffer.length);
    if (length == 0) {
      return Content.EMPTY;
    }
    Optional<PageCutter> paged = sink.pageCutter(buffer, length);
    isPaged = paged.isPresent();
    boolean last = length < buffer.length;
    if (last && length < sink.smallFile()) {
      return Content.single(sink.store(BlobType.DATA, buffer, 0, length, dictionary), length);
    }
    Cutter cutter = sink.chunker();
    if (isPaged) {
      cutter = paged.get();
      pages = sink.pageStore(paged.get(), before);
    }
    return cut(bytes, buffer, length, cutter, digest);
  }

  /**
   * Cuts the tail of a file and takes its pieces.
   *
   * @param kept the extents before it, as far as the digest has come
   * @param bytes the file from there on
   */
  public Content append(List<Extent> kept, ContentCheck.Bytes bytes, FileDigest digest)
      throws IOException {
    kept.forEach(extent -> pieces.add(new Extent[] {extent}));
    byte[] buffer = firstBuffer();
    int length = bytes.read(buffer, 0, buffer.length);
    return cut(bytes, buffer, length, sink.chunker(), digest);
  }

  private Content cut(
      ContentCheck.Bytes bytes, byte[] first, int available, Cutter cutter, FileDigest digest)
      throws IOException {
    byte[] buffer = first;
    int length = available;
    boolean last = length < buffer.length;
    int at = 0;
    while (at < length) {
      if (!last && length - at < cutter.window()) {
        buffer = nextBuffer(buffer, at, length - at);
        length -= at;
        at = 0;
        length += bytes.read(buffer, length, buffer.length - length);
        last = length < buffer.length;
      }
      int piece = cutter.next(buffer, at, length - at, last);
      int count = Math.abs(piece);
      if (piece < 0) {
        addHole(count);
      } else {
        add(digest.position(), buffer, at, count);
      }
      digest.update(buffer, at, count);
      at += count;
    }
    return content(digest.finish());
  }

  /** Whether the file that was stored is a paged one. */
  public final boolean isPaged() {
    return isPaged;
  }

  /** Where to read the beginning of the file to. */
  byte[] firstBuffer() {
    return sink.buffer();
  }

  /**
   * Where to read on: behind the {@code rest} bytes at {@code offset} of the buffer so far, which
   * are at the beginning of this one.
   */
  byte[] nextBuffer(byte[] buffer, int offset, int rest) throws IOException {
    System.arraycopy(buffer, offset, buffer, 0, rest);
    return buffer;
  }

  /** Takes the next piece of the file. */
  void add(long at, byte[] buffer, int offset, int length) throws IOException {
    pieces.add(store(at, buffer, offset, length, sink));
  }

  /** Stores a piece and says where its bytes will be found. */
  final Extent[] store(long at, byte[] buffer, int offset, int length, BlobSink own)
      throws IOException {
    return pages != null
        ? pages.store(at, buffer, offset, length, own)
        : new Extent[] {Extent.whole(own.store(BlobType.DATA, buffer, offset, length, null), length)
        };
  }

  /** Takes a hole. */
  void addHole(int length) {
    Extent[] before = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
    Extent hole = Extent.hole(length);
    if (before != null && before.length == 1 && hole.isFollowedBy(before[0])) {
      before[0] = before[0].and(hole);
    } else {
      pieces.add(new Extent[] {hole});
    }
  }

  /** The content of the file, all of which has been added. */
  Content content(String sha256) throws IOException {
    return content(sha256, sink);
  }

  /** The content of the file, all pieces of which have been stored. */
  final Content content(String sha256, BlobSink own) throws IOException {
    if (pages != null) {
      pages.finish(own);
    }
    List<Extent> extents = new ArrayList<>();
    for (Extent[] piece : pieces) {
      for (Extent extent : piece) {
        int end = extents.size() - 1;
        if (end >= 0 && extents.get(end).isFollowedBy(extent)) {
          extents.set(end, extents.get(end).and(extent));
        } else {
          extents.add(extent);
        }
      }
    }
    return content(extents, sha256, own);
  }

  private static Content content(List<Extent> extents, String sha256, BlobSink sink)
      throws IOException {
    if (extents.size() == 1) {
      return new Content(extents, List.of(), "");
    }
    if (extents.size() <= Limits.INLINE_EXTENTS) {
      return new Content(extents, List.of(), sha256);
    }
    List<KeyedId> maps = new ArrayList<>();
    for (byte[] map : Content.encodeMaps(extents)) {
      maps.add(sink.store(BlobType.MAP, map, 0, map.length, null));
    }
    return new Content(List.of(), maps, sha256);
  }
}
