package com.personalaichatbot.dr.core.internal.engine.restore.stage;

import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.FileMetadata;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreFindings;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.NameFolding;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.index.BlobLocation;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.read.BlobReaders;
import com.personalaichatbot.dr.core.internal.scan.HeldDirectory;
import com.personalaichatbot.dr.core.internal.session.ProgressMeter;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Workers;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Has files written to the stage and read back, by tasks: each takes some small files whose blobs
 * lie together in a pack, or a segment of a large one. No more files are open than tasks run or
 * wait. Used by one thread.
 */
final class StagedFiles implements Closeable {
  private static final int WAITING_TASKS = 8;
  private static final int TASK_FILES = 64;
  private static final int PROBE = 1 << 16;
  private static final int TASK_BYTES = 4 << 20;
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
  private static final byte[] NO_HASH = {};

  private final BlobReaders readers;
  private final FileMetadata metadata;
  private final RestoreFindings findings;
  private final ProgressMeter progress;
  private final boolean keeps;
  private final Taker taker;
  private final Workers.Batch tasks;
  private final Set<SpreadFile> spread = ConcurrentHashMap.newKeySet();

  /** Takes files that are staged whole, from any thread. */
  @FunctionalInterface
  interface Taker {
    void take(StagedFile file) throws IOException;
  }

  /**
   * Begins with none.
   *
   * @param keeps whether what is written is kept for good: its hash is wanted, and it will be
   *     forced
   */
  StagedFiles(
      Session session,
      BlobReaders readers,
      FileMetadata metadata,
      RestoreFindings findings,
      ProgressMeter progress,
      boolean keeps,
      Taker taker) {
    this.readers = readers;
    this.metadata = metadata;
    this.findings = findings;
    this.progress = progress;
    this.keeps = keeps;
    this.taker = taker;
    this.tasks = session.workers().newBatch(WAITING_TASKS);
  }

  /** A file of one blob at most, and where that lies; null if it is empty, or nowhere. */
  private record Small(StagedFile file, BlobLocation place) {
    String pack() {
      return place == null ? "" : place.pack();
    }

    int offset() {
      return place == null ? 0 : place.offset();
    }
  }

  /** Has files written, soon. */
  void write(List<StagedFile> files) throws IOException {
    List<Small> small = new ArrayList<>(files.size());
    List<StagedFile> others = new ArrayList<>();
    for (StagedFile file : files) {
      List<Extent> extents = file.entry().content().extents();
      if (file.size() == 0) {
        small.add(new Small(file, null));
      } else if (extents.size() == 1 && !extents.get(0).isHole()) {
        List<BlobLocation> places = readers.index().places(extents.get(0).blob());
        small.add(new Small(file, places.isEmpty() ? null : places.get(0)));
      } else {
        others.add(file);
      }
    }
    small.sort(Comparator.comparing(Small::pack).thenComparingInt(Small::offset));
    writeSmall(small);
    for (StagedFile file : others) {
      spread(file);
    }
  }

  private void writeSmall(List<Small> files) throws IOException {
    int from = 0;
    long bytes = 0;
    for (int i = 0; i < files.size(); i++) {
      if (i > from
          && (i - from == TASK_FILES
              || bytes >= TASK_BYTES
              || !files.get(i).pack().equals(files.get(from).pack()))) {
        submitSmall(files.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += files.get(i).file.size();
    }
    if (from < files.size()) {
      submitSmall(files.subList(from, files.size()));
    }
  }

  private void submitSmall(List<Small> files) throws IOException {
    submit(writer -> {
      writer.expect(files.stream().map(Small::place).filter(Objects::nonNull).toList());
      for (Small small : files) {
        tasks.check();
        write(small.file, writer);
      }
    });
  }

  @FunctionalInterface
  private interface WriterTask {
    void run(StageWriter writer) throws IOException;
  }

  private void submit(WriterTask task) throws IOException {
    tasks.submit(() -> {
      BlobReader reader = readers.take();
      try {
        task.run(new StageWriter(readers.index(), reader, tasks));
      } finally {
        readers.giveBack(reader);
      }
    });
  }

  /** Writes a file of one blob at most, which is known to be right before anything is made. */
  private void write(StagedFile file, StageWriter writer) throws IOException {
    try {
      ByteBuffer content = file.size() == 0
          ? EMPTY
          : writer.content(file.entry().content().extents().get(0));
      try (FileChannel out = file.create(metadata)) {
        writer.write(out, 0, content);
        if (out.size() == content.limit() && writer.has(out, 0, content)) {
          metadata.applyToNew(file.path(), file.item().place(), file.wanted());
          forceUnreadable(file, out);
          file.isStaged(keeps ? digest(content) : NO_HASH);
        }
      }
      findings.bytesWritten.addAndGet(content.limit());
      end(file);
    } catch (CorruptRepositoryException e) {
      file.item().damaged(findings, e.getMessage());
    } catch (FileAlreadyExistsException e) {
      file.item().failed(findings, NameFolding.CLASH);
    } catch (StageWriter.UnwritableException e) {
      throw named(file, e);
    }
    progress.add(1, file.size());
  }

  private static FileSystemException named(
      StagedFile file, StageWriter.UnwritableException failure) {
    FileSystemException named =
        new FileSystemException(HeldDirectory.name(file.path()), null, failure.getMessage());
    named.initCause(failure);
    return named;
  }

  /**
   * A file that is too long for the target, or would fit only with the holes that the target does
   * not have, is listed, and the others come; a disk that takes nothing any more ends the restore.
   */
  private void giveUp(SpreadFile large, StageWriter.UnwritableException failure)
      throws IOException {
    StagedFile file = large.file();
    large.close();
    Files.delete(file.path());
    if (!large.isUnusual()) {
      throw named(file, failure);
    }
    try {
      Files.write(file.path(), new byte[PROBE], StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw named(file, failure);
    } finally {
      Files.deleteIfExists(file.path());
    }
    file.item()
        .failed(
            findings,
            "the target does not take a file of " + file.size() + " bytes: "
                + failure.getMessage());
  }

  /** What nobody can open again to force it is forced immediately. */
  private void forceUnreadable(StagedFile file, FileChannel out) throws IOException {
    if (keeps && !FileMetadata.isReadable(file.wanted())) {
      StageWriter.force(out);
    }
  }

  private static byte[] digest(ByteBuffer content) {
    MessageDigest digest = Sha256.newDigest();
    digest.update(content.duplicate());
    return digest.digest();
  }

  /** Hands on what reads back as it was written. */
  private void end(StagedFile file) throws IOException {
    if (file.isStaged()) {
      taker.take(file);
    } else {
      file.item()
          .unverified(
              findings, "what was written reads back otherwise; check the disk of the target");
      Files.delete(file.path());
    }
  }

  /** Has a file of several blobs or with holes written, soon. */
  private void spread(StagedFile file) throws IOException {
    SpreadFile large;
    BlobReader reader = readers.take();
    try {
      large = new SpreadFile(file, new TreeReader(reader).extents(file.entry()), keeps);
    } catch (CorruptRepositoryException e) {
      file.item().damaged(findings, e.getMessage());
      return;
    } finally {
      readers.giveBack(reader);
    }
    spread.add(large);
    for (int i = 0; i < large.segments(); i++) {
      int segment = i;
      submit(writer -> write(large, segment, writer));
    }
  }

  private void write(SpreadFile large, int segment, StageWriter writer) throws IOException {
    boolean all;
    try {
      all = large.write(segment, writer, metadata);
    } catch (FileAlreadyExistsException e) {
      if (spread.remove(large)) {
        large.file().item().failed(findings, NameFolding.CLASH);
      }
      return;
    }
    progress.add(all ? 1 : 0, large.length(segment));
    if (!all) {
      return;
    }
    try (large) {
      byte[] sha256 = large.finish(writer, metadata);
      forceUnreadable(large.file(), large.channel(metadata));
      large.file().isStaged(sha256);
      findings.bytesWritten.addAndGet(large.storedBytes());
    } catch (CorruptRepositoryException e) {
      large.file().item().damaged(findings, e.getMessage());
      Files.delete(large.file().path());
      return;
    } catch (StageWriter.UnwritableException e) {
      giveUp(large, e);
      return;
    } finally {
      spread.remove(large);
    }
    end(large.file());
  }

  /** Waits until all of them are written. */
  void finish() throws IOException {
    tasks.finish();
  }

  /** Gives up those that are not written yet. */
  @Override
  public void close() throws IOException {
    tasks.abandon();
    for (SpreadFile large : spread) {
      large.close();
    }
  }
}
