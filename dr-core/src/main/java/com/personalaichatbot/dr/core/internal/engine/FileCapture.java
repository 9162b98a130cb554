package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Capture;
import com.personalaichatbot.dr.core.internal.format.Content;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.scan.Outcome;
import com.personalaichatbot.dr.core.internal.scan.ReadBatch;
import com.personalaichatbot.dr.core.internal.scan.Reading;
import com.personalaichatbot.dr.core.internal.scan.ScanProblems;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns files into tree entries: reads them, cuts and stores their content, and reads them again if
 * they changed meanwhile. One a task; not thread-safe.
 */
final class FileCapture {
  private static final int ATTEMPTS = 3;

  private final SourceScan scan;
  private final BackupCounts.OfComponent counts;
  private final Dictionary dictionary;
  private final Deadline deadline;
  private long size;

  FileCapture(
      SourceScan scan, BackupCounts.OfComponent counts, Dictionary dictionary, Deadline deadline) {
    this.deadline = deadline;
    this.scan = scan;
    this.counts = counts;
    this.dictionary = dictionary;
  }

  /**
   * What became of a file.
   *
   * @param entry its entry, or null if there is none
   * @param reached false if the deadline passed before it was read
   */
  record Result(TreeEntry entry, boolean reached) {
    private static final Result NONE = new Result(null, true);
    private static final Result NOT_REACHED = new Result(null, false);
  }

  /**
   * Reads the files of a batch and stores what is new. Those that changed while they were read are
   * looked at again and read again, in a batch of their own.
   */
  Result[] capture(List<ScannedEntry> files, BlobSink sink) throws IOException {
    Result[] results = new Result[files.size()];
    List<Wanted> wanted = new ArrayList<>();
    for (int i = 0; i < results.length; i++) {
      results[i] = Result.NONE;
      wanted.add(new Wanted(i, files.get(i)));
    }
    for (int attempt = 1; !wanted.isEmpty(); attempt++) {
      List<Wanted> restless = attempt(wanted, attempt, sink, results);
      wanted = new ArrayList<>();
      for (Wanted file : restless) {
        again(file, results).ifPresent(wanted::add);
      }
    }
    counts.added(sink.takeAdded());
    return results;
  }

  private record Wanted(int number, ScannedEntry file) {}

  /** Reads each file once and gives those that changed meanwhile. */
  private List<Wanted> attempt(List<Wanted> wanted, int attempt, BlobSink sink, Result[] results)
      throws IOException {
    List<Wanted> restless = new ArrayList<>();
    Set<ScannedEntry> disturbed;
    try (ReadBatch batch = scan.begin(wanted.stream().map(Wanted::file).toList())) {
      Set<ScannedEntry> readable = Set.copyOf(batch.files());
      for (Wanted file : wanted) {
        if (readable.contains(file.file)) {
          Optional<Result> result = read(file.file, batch, attempt, sink);
          result.ifPresentOrElse(r -> results[file.number] = r, () -> restless.add(file));
        }
      }
      disturbed = batch.end();
    }
    for (Wanted file : wanted) {
      if (disturbed.contains(file.file)) {
        results[file.number] = Result.NONE;
      }
    }
    restless.removeIf(file -> disturbed.contains(file.file));
    return restless;
  }

  /** Reads a file; empty if it changed and is to be read again. */
  private Optional<Result> read(ScannedEntry file, ReadBatch batch, int attempt, BlobSink sink)
      throws IOException {
    Reading reading;
    Content content;
    Outcome outcome;
    try {
      reading = batch.open(file);
      content = store(reading, sink);
      outcome = reading.finish();
    } catch (DeadlinePassed e) {
      return Optional.of(Result.NOT_REACHED);
    } catch (StorageFailure e) {
      throw e.failure();
    } catch (IOException e) {
      counts.failed(file.display(), ScanProblems.reason(e));
      return Optional.of(Result.NONE);
    }
    if (outcome == Outcome.VANISHED) {
      counts.skipped(file.display(), "vanished before it was read");
      return Optional.of(Result.NONE);
    }
    if (outcome == Outcome.CHANGED && attempt < ATTEMPTS) {
      return Optional.empty();
    }
    Capture capture =
        file.isLive() ? Capture.SOURCE : attempt == 1 ? Capture.CLEAN : Capture.RETRIED;
    if (outcome == Outcome.CHANGED) {
      counts.failed(file.display(), "changed each of the " + ATTEMPTS + " times it was read");
      if (size == 0 && file.attributes().size() > 0) {
        return Optional.of(Result.NONE);
      }
      capture = Capture.INCONSISTENT;
    }
    return Optional.of(new Result(
        TreeEntry.file(file.name(), reading.attributes().withSize(size), capture, content), true));
  }

  /** Looks again at a file that changed; what is no file any more is settled here. */
  private Optional<Wanted> again(Wanted wanted, Result[] results) throws IOException {
    ScannedEntry file = wanted.file;
    try {
      Optional<ScannedEntry> now = scan.refresh(file);
      if (now.isEmpty()) {
        counts.skipped(file.display(), "vanished before it was read");
      } else if (now.get().type() == EntryType.FILE) {
        return Optional.of(new Wanted(wanted.number, now.get()));
      } else if (now.get().type() == EntryType.SYMLINK) {
        ScannedEntry link = now.get();
        results[wanted.number] =
            new Result(TreeEntry.symlink(link.name(), link.attributes(), link.linkTarget()), true);
        return Optional.empty();
      } else {
        counts.failed(file.display(), "became a directory while it was read");
      }
    } catch (IOException e) {
      counts.failed(file.display(), ScanProblems.reason(e));
    }
    results[wanted.number] = Result.NONE;
    return Optional.empty();
  }

  /** There is no time left to read on. */
  private static final class DeadlinePassed extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * A failure of the storage, which ends the run, inside code whose other failures are a file's.
   */
  private static final class StorageFailure extends IOException {
    private static final long serialVersionUID = 1L;

    StorageFailure(IOException cause) {
      super(cause);
    }

    IOException failure() {
      return (IOException) getCause();
    }
  }

  private Content store(Reading reading, BlobSink sink) throws IOException {
    byte[] buffer = sink.buffer();
    size = 0;
    int length = fill(reading, buffer, 0);
    if (length == 0) {
      return Content.EMPTY;
    }
    boolean last = length < buffer.length;
    if (last && length < sink.smallFile()) {
      return Content.single(storeData(sink, buffer, 0, length, dictionary), length);
    }
    List<Extent> extents = new ArrayList<>();
    MessageDigest digest = sink.fileDigest();
    digest.reset();
    int at = 0;
    while (at < length) {
      if (!last && length - at < sink.chunker().window()) {
        System.arraycopy(buffer, at, buffer, 0, length - at);
        length -= at;
        at = 0;
        length += fill(reading, buffer, length);
        last = length < buffer.length;
      }
      int piece = sink.chunker().next(buffer, at, length - at, last);
      int size = Math.abs(piece);
      digest.update(buffer, at, size);
      if (piece < 0) {
        addHole(extents, size);
      } else {
        extents.add(Extent.whole(storeData(sink, buffer, at, size, null), size));
      }
      at += size;
    }
    return content(extents, digest, sink);
  }

  private static void addHole(List<Extent> extents, int size) {
    int end = extents.size() - 1;
    if (end >= 0 && extents.get(end).isHole()) {
      extents.set(end, Extent.hole(extents.get(end).length() + size));
    } else {
      extents.add(Extent.hole(size));
    }
  }

  private int fill(Reading reading, byte[] buffer, int from) throws IOException {
    if (deadline.hasPassed()) {
      throw new DeadlinePassed();
    }
    int length = reading.read(buffer, from, buffer.length - from);
    counts.read(length);
    size += length;
    return length;
  }

  private static KeyedId storeData(
      BlobSink sink, byte[] bytes, int offset, int length, Dictionary dictionary)
      throws StorageFailure {
    try {
      return sink.store(BlobType.DATA, bytes, offset, length, dictionary);
    } catch (IOException e) {
      throw new StorageFailure(e);
    }
  }

  private static Content content(List<Extent> extents, MessageDigest digest, BlobSink sink)
      throws StorageFailure {
    if (extents.size() == 1) {
      return new Content(extents, List.of(), "");
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    if (extents.size() <= Limits.INLINE_EXTENTS) {
      return new Content(extents, List.of(), sha256);
    }
    List<KeyedId> maps = new ArrayList<>();
    try {
      for (int from = 0; from < extents.size(); from += Limits.MAP_EXTENTS) {
        int to = Math.min(from + Limits.MAP_EXTENTS, extents.size());
        byte[] map = Content.encodeMap(extents.subList(from, to));
        maps.add(sink.store(BlobType.MAP, map, 0, map.length, null));
      }
    } catch (IOException e) {
      throw new StorageFailure(e);
    }
    return new Content(List.of(), maps, sha256);
  }
}
