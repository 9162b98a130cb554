package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Content;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The pieces of one file on their way into the repository, in order. Here each is stored as it is
 * cut, by the thread that cuts it. Not thread-safe.
 */
class Pieces {
  final List<Extent> extents = new ArrayList<>();
  private final BlobSink sink;

  Pieces(BlobSink sink) {
    this.sink = sink;
  }

  /**
   * Cuts a file and takes its pieces. Never holds more of it than a buffer.
   *
   * @param bytes the file from its beginning
   * @param dictionary for a small file, or null
   */
  Content store(ContentCheck.Bytes bytes, Dictionary dictionary) throws IOException {
    byte[] buffer = firstBuffer();
    int length = bytes.read(buffer, 0, buffer.length);
    if (length == 0) {
      return Content.EMPTY;
    }
    boolean last = length < buffer.length;
    if (last && length < sink.smallFile()) {
      return Content.single(sink.store(BlobType.DATA, buffer, 0, length, dictionary), length);
    }
    MessageDigest digest = sink.fileDigest();
    digest.reset();
    int at = 0;
    while (at < length) {
      if (!last && length - at < sink.chunker().window()) {
        buffer = nextBuffer(buffer, at, length - at);
        length -= at;
        at = 0;
        length += bytes.read(buffer, length, buffer.length - length);
        last = length < buffer.length;
      }
      int piece = sink.chunker().next(buffer, at, length - at, last);
      int count = Math.abs(piece);
      digest.update(buffer, at, count);
      if (piece < 0) {
        addHole(count);
      } else {
        add(buffer, at, count);
      }
      at += count;
    }
    return content(HexFormat.of().formatHex(digest.digest()));
  }

  /** Where to read the beginning of the file to. */
  byte[] firstBuffer() {
    return sink.buffer();
  }

  /**
   * Where to read on: behind the {@code rest} bytes at {@code offset} of the buffer so far, which
   * stand at the beginning of this one.
   */
  byte[] nextBuffer(byte[] buffer, int offset, int rest) throws IOException {
    System.arraycopy(buffer, offset, buffer, 0, rest);
    return buffer;
  }

  /** Takes the next piece of the file. */
  void add(byte[] buffer, int offset, int length) throws IOException {
    extents.add(Extent.whole(sink.store(BlobType.DATA, buffer, offset, length, null), length));
  }

  /** Takes a hole, which goes on with the one before if there is one. */
  void addHole(int length) {
    int end = extents.size() - 1;
    Extent before = end < 0 ? null : extents.get(end);
    if (before != null && before.isHole()) {
      extents.set(end, Extent.hole(before.length() + length));
    } else {
      extents.add(Extent.hole(length));
    }
  }

  /** The content of the file, all of which has been added. */
  Content content(String sha256) throws IOException {
    return content(extents, sha256, sink);
  }

  static Content content(List<Extent> extents, String sha256, BlobSink sink) throws IOException {
    if (extents.size() == 1) {
      return new Content(extents, List.of(), "");
    }
    if (extents.size() <= Limits.INLINE_EXTENTS) {
      return new Content(extents, List.of(), sha256);
    }
    List<KeyedId> maps = new ArrayList<>();
    for (int from = 0; from < extents.size(); from += Limits.MAP_EXTENTS) {
      int to = Math.min(from + Limits.MAP_EXTENTS, extents.size());
      byte[] map = Content.encodeMap(extents.subList(from, to));
      maps.add(sink.store(BlobType.MAP, map, 0, map.length, null));
    }
    return new Content(List.of(), maps, sha256);
  }
}
