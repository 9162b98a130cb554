package com.personalaichatbot.dr.core.internal.engine.restore.stage;

import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.index.BlobLocation;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.session.Workers;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Writes content to files in the stage, and reads it back. Every blob was checked against its id
 * before its bytes come here. Not thread-safe; one a worker.
 */
final class StageWriter {
  /** Bounds the buffer outside the heap that the JDK keeps for each thread that does I/O. */
  private static final int PIECE = 128 << 10;

  private final BlobIndex index;
  private final BlobReader reader;
  private final Workers.Batch tasks;
  private final byte[] back = new byte[PIECE];
  private KeyedId viewed;
  private ByteBuffer view;

  /** Reads blobs by a reader, for as long as the tasks that this is part of go on. */
  StageWriter(BlobIndex index, BlobReader reader, Workers.Batch tasks) {
    this.index = index;
    this.reader = reader;
    this.tasks = tasks;
  }

  /** Says which blobs are written next, in this order. */
  void expect(List<BlobLocation> places) {
    reader.expect(places);
  }

  /** A stretch of a file that is stored, and where in the file it begins. */
  record Stretch(long position, Extent extent) {}

  /** Writes stretches of a file, each stretch of a pack being read once. */
  void write(FileChannel out, List<Stretch> stretches) throws IOException {
    List<Stretch> inPacks = stretches;
    if (stretches.size() > 1) {
      record Placed(Stretch stretch, BlobLocation place) {}
      List<Placed> placed = new ArrayList<>(stretches.size());
      for (Stretch stretch : stretches) {
        List<BlobLocation> places = index.places(stretch.extent.blob());
        if (!places.isEmpty()) {
          placed.add(new Placed(stretch, places.get(0)));
        }
      }
      if (placed.size() == stretches.size()) {
        placed.sort(Comparator.comparing(Placed::place, BlobLocation.IN_PACKS));
        reader.expect(placed.stream().map(Placed::place).toList());
        inPacks = placed.stream().map(Placed::stretch).toList();
      }
    }
    for (Stretch stretch : inPacks) {
      tasks.check();
      write(out, stretch.position, content(stretch.extent));
    }
  }

  /**
   * The bytes of an extent, until the next call. A paged file takes many pages out of one blob,
   * which is then read once.
   */
  ByteBuffer content(Extent extent) throws IOException {
    if (!extent.blob().equals(viewed)) {
      viewed = null;
      view = reader.view(extent.blob(), BlobType.DATA);
      viewed = extent.blob();
    }
    if (extent.offset() + extent.length() > view.limit()) {
      throw new CorruptRepositoryException(
          "blob " + extent.blob(),
          "it is shorter than the file that refers to it says",
          "run dr verify to see what is damaged; heal the repository with dr heal COPY, or restore another snapshot");
    }
    return view.slice(extent.offset(), (int) extent.length());
  }

  /** The target did not take what was written, or give it back; what was read is right. */
  static final class UnwritableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnwritableException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Writes bytes; the buffer is as before.
   *
   * @throws UnwritableException if the target does not take them
   */
  void write(FileChannel out, long position, ByteBuffer bytes) throws IOException {
    ByteBuffer left = bytes.duplicate();
    int begin = left.position();
    int end = left.limit();
    while (left.position() < end) {
      left.limit(Math.min(end, left.position() + PIECE));
      write(out, left, position + left.position() - begin);
    }
  }

  /** Writes what the buffer holds. */
  static void write(FileChannel out, ByteBuffer bytes, long position) throws IOException {
    io(() -> out.write(bytes, position));
  }

  /** Makes what a file holds durable. */
  static void force(FileChannel out) throws IOException {
    io(() -> {
      out.force(true);
      return 0;
    });
  }

  @FunctionalInterface
  private interface FileOperation {
    int run() throws IOException;
  }

  private static int io(FileOperation operation) throws IOException {
    try {
      return operation.run();
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw new UnwritableException(e);
    }
  }

  /**
   * Whether a file has these bytes at a position.
   *
   * @throws UnwritableException if it cannot be read
   */
  boolean has(FileChannel in, long position, ByteBuffer bytes) throws IOException {
    int from = bytes.arrayOffset() + bytes.position();
    int end = bytes.arrayOffset() + bytes.limit();
    for (int at = from; at < end; ) {
      ByteBuffer piece = ByteBuffer.wrap(back, 0, Math.min(PIECE, end - at));
      long place = position + at - from;
      int count = io(() -> in.read(piece, place));
      if (count <= 0 || !Arrays.equals(bytes.array(), at, at + count, back, 0, count)) {
        return false;
      }
      at += count;
    }
    return true;
  }

  /** Adds what a stretch of a file holds to a hash; what the file does not hold is not added. */
  void digest(FileChannel in, long from, long to, MessageDigest digest) throws IOException {
    for (long at = from; at < to; ) {
      tasks.check();
      int count = in.read(ByteBuffer.wrap(back, 0, (int) Math.min(PIECE, to - at)), at);
      if (count <= 0) {
        return;
      }
      digest.update(back, 0, count);
      at += count;
    }
  }
}
