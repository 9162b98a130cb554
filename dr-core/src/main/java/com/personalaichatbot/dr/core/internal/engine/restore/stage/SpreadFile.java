package com.personalaichatbot.dr.core.internal.engine.restore.stage;

import com.personalaichatbot.dr.core.internal.engine.restore.exchange.FileMetadata;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;

/**
 * A file of several blobs, or with holes, on its way to the stage. Tasks write its segments, in any
 * order; whoever finds that the next segment is written reads it back and adds it to the hash of
 * the whole file, while others go on writing. Thread-safe.
 */
final class SpreadFile implements Closeable {
  private static final long SEGMENT = 8 << 20;

  private final StagedFile file;
  private final List<Segment> segments;
  private final boolean endsInHole;
  private final MessageDigest digest;
  private final BitSet written = new BitSet();
  private FileChannel channel;
  private IOException problem;
  private int hashed;
  private boolean hashing;

  /** Stretches that are written together, and the part of the file that they lie in. */
  private record Segment(long from, long to, List<StageWriter.Stretch> stretches) {}

  /**
   * A file of these extents.
   *
   * @param hashes whether its hash is wanted though none is recorded
   * @throws CorruptRepositoryException if the extents are not as long as the file
   */
  SpreadFile(StagedFile file, List<Extent> extents, boolean hashes)
      throws CorruptRepositoryException {
    this.file = file;
    this.segments = segments(extents);
    this.endsInHole = !extents.isEmpty() && extents.get(extents.size() - 1).isHole();
    this.digest = hashes || !recorded().isEmpty() ? Sha256.newDigest() : null;
  }

  private List<Segment> segments(List<Extent> extents) throws CorruptRepositoryException {
    List<Segment> cut = new ArrayList<>();
    List<StageWriter.Stretch> stretches = new ArrayList<>();
    long from = 0;
    long bytes = 0;
    long position = 0;
    for (Extent extent : extents) {
      if (!extent.isHole()) {
        if (bytes >= SEGMENT) {
          cut.add(new Segment(from, position, List.copyOf(stretches)));
          stretches.clear();
          from = position;
          bytes = 0;
        }
        stretches.add(new StageWriter.Stretch(position, extent));
        bytes += extent.length();
      }
      position += extent.length();
    }
    if (position != file.size()) {
      throw wrongParts();
    }
    cut.add(new Segment(from, position, List.copyOf(stretches)));
    return cut;
  }

  private CorruptRepositoryException wrongParts() {
    return new CorruptRepositoryException(
        RawName.display(file.item().place()),
        "its parts do not make up the file that was recorded",
        "run dr verify to see what is damaged; heal the repository with dr heal COPY, or restore another snapshot");
  }

  private String recorded() {
    return file.entry().content().sha256();
  }

  /** How many segments there are to write, at least one. */
  int segments() {
    return segments.size();
  }

  StagedFile file() {
    return file;
  }

  /** Bytes of a segment, holes included. */
  long length(int segment) {
    return segments.get(segment).to - segments.get(segment).from;
  }

  /**
   * Writes one segment.
   *
   * @return whether with this all of the file was written and read back
   */
  boolean write(int segment, StageWriter writer, FileMetadata metadata) throws IOException {
    FileChannel out = null;
    try {
      out = channel(metadata);
      if (!hasProblem()) {
        writer.write(out, segments.get(segment).stretches);
      }
    } catch (CorruptRepositoryException | StageWriter.UnwritableException e) {
      setProblem(e);
    }
    int next;
    synchronized (this) {
      written.set(segment);
      if (hashing) {
        return false;
      }
      hashing = true;
      next = hashed;
    }
    while (true) {
      synchronized (this) {
        if (!written.get(next)) {
          hashed = next;
          hashing = false;
          return next == segments.size();
        }
      }
      if (digest != null && !hasProblem()) {
        writer.digest(out, segments.get(next).from, segments.get(next).to, digest);
      }
      next++;
    }
  }

  /** The open file. */
  synchronized FileChannel channel(FileMetadata metadata) throws IOException {
    if (channel == null) {
      channel = file.create(metadata);
      if (endsInHole) {
        StageWriter.write(channel, ByteBuffer.wrap(new byte[1]), file.size() - 1);
      }
    }
    return channel;
  }

  private synchronized void setProblem(IOException found) {
    problem = problem == null ? found : problem;
  }

  private synchronized boolean hasProblem() {
    return problem != null;
  }

  /** Whether a target may refuse it though it takes others: for its length, or for its holes. */
  boolean isUnusual() {
    return file.size() > Integer.MAX_VALUE || storedBytes() < file.size();
  }

  /**
   * Ends a file that was written and read back.
   *
   * @return its hash, empty if none was wanted; null if it does not read back as it was written
   * @throws CorruptRepositoryException if what is stored is damaged or does not make up the file
   * @throws StageWriter.UnwritableException if the target did not take it
   */
  byte[] finish(StageWriter writer, FileMetadata metadata) throws IOException {
    synchronized (this) {
      if (problem != null) {
        throw problem;
      }
    }
    byte[] hash = digest == null ? new byte[0] : digest.digest();
    if (!recorded().isEmpty() && !recorded().equals(HexFormat.of().formatHex(hash))) {
      for (Segment segment : segments) {
        for (StageWriter.Stretch stretch : segment.stretches) {
          if (!writer.has(channel, stretch.position(), writer.content(stretch.extent()))) {
            return null;
          }
        }
      }
      throw wrongParts();
    }
    metadata.applyToNew(file.path(), file.item().place(), file.wanted());
    return hash;
  }

  /** Bytes of the file without its holes. */
  long storedBytes() {
    return segments.stream()
        .flatMap(segment -> segment.stretches.stream())
        .mapToLong(stretch -> stretch.extent().length())
        .sum();
  }

  @Override
  public synchronized void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
