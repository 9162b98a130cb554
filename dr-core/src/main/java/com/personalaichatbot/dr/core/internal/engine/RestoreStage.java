package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobPlace;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.journal.Change;
import com.personalaichatbot.dr.core.internal.journal.Journal;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes new content to the stage of a restore, reads it back, and takes note of every change in
 * the journal. Nothing that lives is touched.
 */
final class RestoreStage implements RestoreDecisions {
  private static final int TASK_FILES = 16;
  private static final long TASK_BYTES = 8 << 20;

  private final Session session;
  private final BlobReaders readers;
  private final RestorePlace.Run run;
  private final Journal journal;
  private final FileMetadata metadata;
  private final RestoreFindings findings;
  private final ProgressMeter progress;
  private final Map<RestoreItem, Writing> firstNames = new HashMap<>();
  private int numbers;
  private boolean changes;

  RestoreStage(
      Session session,
      BlobReaders readers,
      RestorePlace.Run run,
      Journal journal,
      FileMetadata metadata,
      RestoreFindings findings,
      ProgressMeter progress) {
    this.session = session;
    this.readers = readers;
    this.run = run;
    this.journal = journal;
    this.metadata = metadata;
    this.findings = findings;
    this.progress = progress;
  }

  /** Whether anything has to be changed. */
  boolean hasChanges() {
    return changes;
  }

  private void add(Change change) throws IOException {
    changes = true;
    journal.add(change);
  }

  @Override
  public void makeDirectory(RestoreItem directory) throws IOException {
    add(Change.of(
        Change.Kind.MAKE_DIRECTORY,
        numbers++,
        directory.place(),
        directory.before(),
        directory.entry().attributes()));
  }

  /** A directory's is set whenever something in it changes, for that changes its time. */
  @Override
  public void setMetadata(RestoreItem item) throws IOException {
    Attributes wanted = metadata.wanted(item.entry(), findings);
    changes |= item.there() == null || metadata.differs(item.before(), wanted);
    journal.add(
        Change.of(Change.Kind.SET_METADATA, numbers++, item.place(), item.before(), wanted));
  }

  @Override
  public void remove(ScannedEntry extra) throws IOException {
    add(Change.of(Change.Kind.REMOVE, numbers++, extra.place(), extra.attributes(), null));
  }

  @Override
  public void removeDirectory(ScannedEntry extra) throws IOException {
    add(Change.of(
        Change.Kind.REMOVE_DIRECTORY, numbers++, extra.place(), extra.attributes(), null));
  }

  @Override
  public void putLink(RestoreItem item) throws IOException {
    int number = numbers++;
    byte[] target = item.entry().linkTarget();
    try {
      NativeNames.createSymlink(run.staged(number), target);
    } catch (InvalidPathException | UnsupportedOperationException e) {
      findings.failed(item.display(), "the target cannot hold such a link: " + e.getMessage());
      return;
    }
    Attributes wanted = metadata.wanted(item.entry(), new RestoreFindings());
    metadata.applyToLink(run.staged(number), wanted);
    add(Change.putLink(number, item.place(), item.beforePut(), wanted, target));
  }

  /** A file on its way to the stage. */
  private static final class Writing {
    private final RestoreItem item;
    private final int number;
    private final BlobPlace firstBlob;
    private final Attributes wanted;
    private byte[] sha256;

    Writing(RestoreItem item, int number, BlobPlace firstBlob, Attributes wanted) {
      this.item = item;
      this.number = number;
      this.firstBlob = firstBlob;
      this.wanted = wanted;
    }
  }

  @Override
  public void putFiles(List<RestoreItem> files, List<Linked> linked) throws IOException {
    write(files);
    List<RestoreItem> alone = new ArrayList<>();
    for (Linked one : linked) {
      if (!link(one)) {
        alone.add(one.item());
      }
    }
    // Their first name failed, or cannot be linked to: each gets its own content.
    write(alone);
  }

  private void write(List<RestoreItem> files) throws IOException {
    List<Writing> writings = new ArrayList<>(files.size());
    for (RestoreItem file : files) {
      writings.add(new Writing(
          file, numbers++, firstBlob(file.entry()), metadata.wanted(file.entry(), findings)));
    }
    List<Writing> inPackOrder = new ArrayList<>(writings);
    inPackOrder.sort(
        Comparator.comparing((Writing w) -> w.firstBlob == null ? "" : w.firstBlob.pack())
            .thenComparingInt(w -> w.firstBlob == null ? 0 : w.firstBlob.offset()));
    Workers.Batch tasks = session.workers().newBatch(session.workers().parallelism());
    try {
      List<Writing> task = new ArrayList<>();
      long bytes = 0;
      for (Writing writing : inPackOrder) {
        task.add(writing);
        bytes += writing.item.entry().attributes().size();
        if (task.size() >= TASK_FILES || bytes >= TASK_BYTES) {
          List<Writing> some = List.copyOf(task);
          tasks.submit(() -> writeAll(some));
          task.clear();
          bytes = 0;
        }
      }
      List<Writing> rest = List.copyOf(task);
      tasks.submit(() -> writeAll(rest));
      tasks.finish();
    } catch (IOException | RuntimeException | Error e) {
      tasks.abandon();
      throw e;
    }
    for (Writing writing : writings) {
      if (writing.sha256 != null) {
        add(Change.putFile(
            writing.number,
            writing.item.place(),
            writing.item.beforePut(),
            writing.wanted,
            writing.sha256));
        if (writing.item.entry().attributes().links() > 1) {
          firstNames.put(writing.item, writing);
        }
      }
    }
  }

  private BlobPlace firstBlob(TreeEntry file) {
    for (Extent extent : file.content().extents()) {
      if (!extent.isHole()) {
        List<BlobPlace> places = readers.index().places(extent.blob());
        return places.isEmpty() ? null : places.get(0);
      }
    }
    return null;
  }

  private void writeAll(List<Writing> files) throws IOException {
    BlobReader reader = readers.take();
    try {
      ContentCheck check = new ContentCheck(session.seals().newIdHasher(), readers.index(), reader);
      ExtentReader extents = new ExtentReader(reader);
      for (Writing file : files) {
        Path staged = run.staged(file.number);
        try {
          byte[] sha256 = write(staged, file, new TreeReader(reader), extents, check);
          if (sha256 == null) {
            findings.unverified(
                file.item.display(),
                "what was written reads back otherwise; check the disk of the target");
            Files.delete(staged);
          }
          file.sha256 = sha256;
        } catch (CorruptRepositoryException e) {
          findings.damaged(file.item.display(), e.getMessage());
          Files.deleteIfExists(staged);
        }
        progress.add(1, file.item.entry().attributes().size());
      }
    } finally {
      readers.giveBack(reader);
    }
  }

  /** Writes a file and gives its hash, or null if it does not read back as it was written. */
  private byte[] write(
      Path staged, Writing file, TreeReader trees, ExtentReader extents, ContentCheck check)
      throws IOException {
    TreeEntry entry = file.item.entry();
    long size = entry.attributes().size();
    MessageDigest digest = Sha256.newDigest();
    try (FileChannel out = FileChannel.open(
        staged,
        Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE),
        RestorePlace.permissions(staged, "rw-------"))) {
      long position = 0;
      for (Extent extent : trees.extents(entry)) {
        if (extent.isHole()) {
          digestZeros(digest, extent.length());
        } else {
          ByteBuffer bytes = extents.read(extent);
          findings.bytesWritten.addAndGet(extent.length());
          digest.update(bytes.duplicate());
          for (long at = position; bytes.hasRemaining(); ) {
            at += out.write(bytes, at);
          }
        }
        position += extent.length();
      }
      if (out.size() < size) {
        out.write(ByteBuffer.allocate(1), size - 1);
      }
      byte[] sha256 = digest.digest();
      String recorded = entry.content().sha256();
      if (position != size
          || (!recorded.isEmpty() && !recorded.equals(HexFormat.of().formatHex(sha256)))) {
        throw new CorruptRepositoryException(
            RawName.display(file.item.place()),
            "its parts do not make up the file that was recorded",
            "run verify to see what is hit, and restore another snapshot");
      }
      out.position(0);
      if (!check.holds((b, from, count) -> fill(out, b, from, count), entry)) {
        return null;
      }
      metadata.apply(staged, file.wanted);
      if (journal.opening().keepsUndo()) {
        out.force(true);
      }
      return sha256;
    }
  }

  private static void digestZeros(MessageDigest digest, long count) {
    byte[] zeros = new byte[1 << 16];
    for (long left = count; left > 0; left -= zeros.length) {
      digest.update(zeros, 0, (int) Math.min(left, zeros.length));
    }
  }

  private static int fill(FileChannel in, byte[] buffer, int offset, int length)
      throws IOException {
    ByteBuffer part = ByteBuffer.wrap(buffer, offset, length);
    while (part.hasRemaining() && in.read(part) >= 0) {
      continue;
    }
    return part.position() - offset;
  }

  /** Gives a staged or live file another name, if the file system has such names. */
  private boolean link(Linked one) throws IOException {
    Writing first = firstNames.get(one.first());
    if (first == null && !one.firstIsThere()) {
      return false;
    }
    Path source = one.firstIsThere() ? one.first().there().path() : run.staged(first.number);
    int number = numbers++;
    try {
      Files.createLink(run.staged(number), source);
    } catch (UnsupportedOperationException | IOException e) {
      findings.note(one.item().display() + " could not be linked to "
          + one.first().display() + " and is a file of its own");
      return false;
    }
    byte[] sha256 = first != null ? first.sha256 : digest(run.staged(number));
    add(Change.putFile(
        number,
        one.item().place(),
        one.item().beforePut(),
        metadata.wanted(one.item().entry(), new RestoreFindings()),
        sha256));
    return true;
  }

  /** The SHA-256 of a file. */
  static byte[] digest(Path file) throws IOException {
    MessageDigest digest = Sha256.newDigest();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      for (int count; (count = in.read(buffer)) > 0; ) {
        digest.update(buffer, 0, count);
      }
    }
    return digest.digest();
  }
}
