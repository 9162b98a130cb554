package com.personalaichatbot.dr.core.internal.engine.backup;

import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.figures.ContentInspector;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.BlobType;
import com.personalaichatbot.dr.core.internal.format.Capture;
import com.personalaichatbot.dr.core.internal.format.Content;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.scan.Outcome;
import com.personalaichatbot.dr.core.internal.scan.ReadBatch;
import com.personalaichatbot.dr.core.internal.scan.Reading;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.internal.session.FileDigest;
import com.personalaichatbot.dr.core.internal.session.Pace;
import com.personalaichatbot.dr.core.internal.session.Workers;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.internal.write.BlobSink;
import com.personalaichatbot.dr.core.internal.write.Deadline;
import com.personalaichatbot.dr.core.internal.write.FileChunker;
import com.personalaichatbot.dr.core.internal.write.PackOutput;
import com.personalaichatbot.dr.core.internal.write.ParallelFileChunker;
import com.personalaichatbot.dr.core.internal.write.Youth;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Turns files into tree entries: reads them, cuts and stores their content, and reads them again if
 * they changed meanwhile. One a task; not thread-safe.
 */
final class FileCapture {
  /**
   * For one opening. What still moves then, TreeCapture reads again at the end of the component.
   */
  private static final int ATTEMPTS = 3;

  /** So many files are opened together again after one of many could not be opened. */
  private static final int FEW = 8;

  /** Nanoseconds in which the application has mostly read what it opened; then four times that. */
  private static final long LET_GO = 20_000_000;

  private final SourceScan scan;
  private final BackupCounts.OfComponent counts;
  private final Dictionary dictionary;
  private final Deadline deadline;
  private final PackOutput output;
  private Function<BlobSink, FileChunker> newPieces = FileChunker::new;
  private FileChunker pieces;
  private FileDigest digest;
  private ContentInspector look;
  private long size;
  private boolean endsLine;
  private boolean waitsForOthers;
  private int attempts = ATTEMPTS;
  private boolean lingers;

  FileCapture(
      SourceScan scan,
      BackupCounts.OfComponent counts,
      Dictionary dictionary,
      Deadline deadline,
      PackOutput output) {
    this.scan = scan;
    this.counts = counts;
    this.dictionary = dictionary;
    this.deadline = deadline;
    this.output = output;
  }

  /** Reads a file once, not several times if it changes. */
  FileCapture once() {
    attempts = 1;
    return this;
  }

  /**
   * Waits, with the file open, between reading and looking whether it changed: so a file that other
   * files replace again and again can be seen to be at rest.
   */
  FileCapture lingering() {
    lingers = true;
    return this;
  }

  /** The progress of a file's capture. */
  enum State {
    /** Done. */
    SETTLED,
    /** Read, and to be looked at again: it may be in the midst of being written. */
    YOUNG,
    /** Read, and to be read again and compared: its attributes do not tell if it changed. */
    UNPROVEN,
    /** It changed each time it was read. */
    MOVING,
    /** It is not there any more. */
    GONE,
    /** It could not be read, which has been listed. */
    FAILED,
    /** The deadline passed before it was read. */
    NOT_REACHED
  }

  /**
   * The result of a file's capture.
   *
   * @param entry its entry, or null if none exists
   * @param isDatabase whether it may have a journal that belongs to it
   * @param seen its attributes when it was opened, or null
   * @param isUnmeasured whether it holds something although its length is 0, as in {@code /proc}
   * @param endsLine whether the last byte that was read ends a line
   * @param look what was noticed as it was read, or null
   */
  record Result(
      TreeEntry entry,
      State state,
      boolean isDatabase,
      Attributes seen,
      boolean isUnmeasured,
      boolean endsLine,
      ContentInspector look) {
    private static final Result SKIPPED = of(null, State.SETTLED);
    private static final Result GONE = of(null, State.GONE);
    private static final Result FAILED = of(null, State.FAILED);
    private static final Result NOT_REACHED = of(null, State.NOT_REACHED);

    private static Result of(TreeEntry entry, State state) {
      return new Result(entry, state, false, null, false, false, null);
    }

    /** What is known of a part of a database that was read, and is to be read again. */
    static Result ofDatabase(TreeEntry entry) {
      return new Result(entry, State.UNPROVEN, true, entry.attributes(), false, false, null);
    }

    private Result with(Content content) {
      TreeEntry stored = TreeEntry.file(entry.name(), entry.attributes(), entry.capture(), content);
      return new Result(stored, state, isDatabase, seen, isUnmeasured, endsLine, look);
    }

    /** The same, of which only the attributes have still to be looked at. */
    Result asYoung() {
      return new Result(entry, State.YOUNG, isDatabase, seen, isUnmeasured, endsLine, look);
    }

    /** Whether a file was at rest for a while when it was opened, and ended with a whole line. */
    boolean mayBeOfLines() {
      return state == State.YOUNG && endsLine && !isDatabase;
    }

    /** The same as the second of two equal readings: nothing moved, so it is what the first was. */
    Result confirming(Result first) {
      TreeEntry same =
          TreeEntry.file(entry.name(), entry.attributes(), first.entry.capture(), entry.content());
      return new Result(same, state, isDatabase, seen, isUnmeasured, endsLine, look);
    }

    /**
     * Whether both readings found the same bytes, and nothing says that there were others in
     * between.
     */
    boolean holdsTheSameAs(Result other) {
      if (entry == null
          || other.entry == null
          || isUnmeasured != other.isUnmeasured
          || seen.device() != other.seen.device()
          || !seen.sameVersion(other.seen)) {
        return false;
      }
      Content mine = entry.content();
      Content theirs = other.entry.content();
      return isUnmeasured
          || mine.equals(theirs)
          || !mine.sha256().isEmpty() && mine.sha256().equals(theirs.sha256());
    }
  }

  /**
   * A file to be captured.
   *
   * @param before what stood in its place in the snapshot before, or null
   * @param last what this run has read of it already, or null
   */
  record Changed(ScannedEntry file, TreeEntry before, Result last) {
    Changed(ScannedEntry file, TreeEntry before) {
      this(file, before, null);
    }
  }

  /**
   * Reads the files of a batch and stores what is new. Those that changed while they were read, or
   * that the application has open, are looked at again and read again, in a batch of their own. So
   * are those that could not be opened, a few at a time: the others of the batch may have taken the
   * last descriptors.
   */
  Result[] capture(List<Changed> files) throws IOException {
    BlobSink sink = output.borrow();
    try {
      return capture(files, sink);
    } finally {
      output.giveBack(sink);
    }
  }

  private Result[] capture(List<Changed> files, BlobSink sink) throws IOException {
    Result[] results = new Result[files.size()];
    List<Wanted> wanted = new ArrayList<>();
    for (int i = 0; i < results.length; i++) {
      results[i] = Result.FAILED;
      Changed file = files.get(i);
      wanted.add(new Wanted(i, file.file, file.before, file.last));
    }
    for (int attempt = 1; !wanted.isEmpty(); attempt++) {
      List<Wanted> restless = new ArrayList<>();
      int together = attempt == 1 ? wanted.size() : FEW;
      for (int from = 0; from < wanted.size(); from += together) {
        int to = Math.min(wanted.size(), from + together);
        restless.addAll(attempt(wanted.subList(from, to), attempt, sink, results));
      }
      if (waitsForOthers) {
        LockSupport.parkNanos(LET_GO << 2 * (attempt - 1));
        waitsForOthers = false;
      }
      wanted = new ArrayList<>();
      for (Wanted file : restless) {
        again(file, results).ifPresent(wanted::add);
      }
    }
    counts.added(sink.takeAdded());
    return results;
  }

  /** Takes what became of a file when that is known. */
  @FunctionalInterface
  interface Settlement {
    void settle(Result result) throws IOException;
  }

  /**
   * Reads and cuts one large file, whose pieces tasks store. Its result is known when the last of
   * them is stored, by this thread or a task's.
   *
   * @param tasks of which the calling thread is not one
   */
  void capture(Changed file, Workers.Batch tasks, Settlement settlement) throws IOException {
    newPieces = sink -> new ParallelFileChunker(sink, counts::added, output, tasks);
    Result result = capture(List.of(file))[0];
    TreeEntry entry = result.entry;
    if (entry != null
        && entry.type() == EntryType.FILE
        && pieces instanceof ParallelFileChunker spread
        && !spread.isEmpty()) {
      spread.whenStored(content -> settlement.settle(result.with(content)));
    } else {
      settlement.settle(result);
    }
  }

  private record Wanted(int number, ScannedEntry file, TreeEntry before, Result last) {}

  /** Reads each file once and gives those that changed meanwhile or are open elsewhere. */
  private List<Wanted> attempt(List<Wanted> wanted, int attempt, BlobSink sink, Result[] results)
      throws IOException {
    boolean isLast = attempt == attempts || deadline.hasPassed();
    List<ScannedEntry> files = wanted.stream().map(Wanted::file).toList();
    List<Wanted> restless = new ArrayList<>();
    Set<ScannedEntry> open = new HashSet<>(files);
    try (ReadBatch batch = isLast ? scan.begin(files) : scan.tryToBegin(files)) {
      batch.files().forEach(open::remove);
      for (Wanted file : wanted) {
        if (!open.contains(file.file)) {
          Optional<Result> result = read(file, batch, attempt, sink);
          result.ifPresentOrElse(r -> results[file.number] = r, () -> restless.add(file));
        }
      }
      open.addAll(batch.end());
    }
    restless.removeIf(file -> open.contains(file.file));
    for (Wanted file : wanted) {
      if (open.contains(file.file)) {
        results[file.number] = Result.FAILED;
        if (!isLast) {
          restless.add(file);
        }
      }
    }
    waitsForOthers |= !isLast && !open.isEmpty();
    return restless;
  }

  /** Reads a file; empty if it changed and is to be read again. */
  private Optional<Result> read(Wanted wanted, ReadBatch batch, int attempt, BlobSink sink)
      throws IOException {
    ScannedEntry file = wanted.file;
    Reading reading;
    Content content;
    Outcome outcome;
    boolean isTail;
    boolean hasOnlyGrown;
    Instant began = output.youth().now();
    try {
      reading = open(file, batch, attempt);
      if (reading == null) {
        return Optional.empty();
      }
      if (isToBeCompared(wanted, reading)) {
        Optional<Result> same = compare(wanted, reading, batch, began, sink);
        if (same.isPresent()) {
          return same;
        }
        reading = ofFile(() -> batch.open(file));
      }
      content = storeTail(wanted, reading, batch, sink);
      isTail = content != null;
      if (!isTail) {
        look = counts.look(file);
        reading = size == 0 ? reading : ofFile(() -> batch.open(file));
        content = store(reading, wanted, sink);
      }
      if (lingers) {
        sink.pace().pause(Math.max(0, Math.min(Youth.LOOK_AFTER, deadline.remaining())));
      }
      outcome = ofFile(reading::finish);
      hasOnlyGrown = outcome == Outcome.GROWN
          && hasOnlyGrown(wanted, reading.attributes(), content, began, batch, sink);
    } catch (DeadlinePassed e) {
      return Optional.of(Result.NOT_REACHED);
    } catch (FileFailure e) {
      counts.failed(file.display(), Failures.describe(e.failure()));
      return Optional.of(Result.FAILED);
    }
    if (outcome == Outcome.VANISHED) {
      return Optional.of(Result.GONE);
    }
    Attributes seen = reading.attributes();
    boolean isMapped = batch.isMapped(seen);
    State state = hasOnlyGrown ? State.SETTLED : state(wanted, outcome, seen, isMapped, began);
    // Another file was renamed over it: that one is read, if it lets itself be read.
    boolean isReplaced = outcome == Outcome.RENAMED && seen.links() == 0;
    if ((state == State.MOVING || isReplaced) && attempt < attempts) {
      return Optional.empty();
    }
    boolean isFirst = attempt == 1 && attempts > 1;
    Capture capture = isTail ? Capture.TAIL : capture(file, isMapped, isFirst);
    if (state == State.MOVING) {
      if (size == 0 && file.attributes().size() > 0) {
        return Optional.of(Result.of(null, State.MOVING));
      }
      capture = Capture.INCONSISTENT;
    } else if (scan.isAppendOnly(file) && !pieces.isPaged()) {
      sink.appendedFiles().read(file.place(), seen, digest, isTail);
    }
    return Optional.of(new Result(
        TreeEntry.file(file.name(), seen.withSize(size), capture, content),
        state,
        pieces.isPaged(),
        seen,
        outcome == Outcome.UNMEASURED,
        endsLine,
        look));
  }

  private static Capture capture(ScannedEntry file, boolean isMapped, boolean isFirst) {
    if (file.isLive()) {
      return Capture.SOURCE;
    }
    return isMapped ? Capture.UNPROVEN : isFirst ? Capture.CLEAN : Capture.RETRIED;
  }

  /**
   * Whether to compare a file with what this run has read of it, which stores nothing: it seems to
   * be as it was, or to be a file of lines that has only grown.
   */
  private boolean isToBeCompared(Wanted wanted, Reading reading) {
    Result last = wanted.last;
    if (last == null || last.entry == null || last.isUnmeasured || last.seen == null) {
      return false;
    }
    Attributes now = reading.attributes();
    return isSameFile(now, last.seen)
        && (now.sameVersion(last.seen)
            || last.mayBeOfLines()
                && now.size() > last.entry.attributes().size()
                && !isShorter(last.entry.attributes().size(), wanted.before));
  }

  static boolean isSameFile(Attributes a, Attributes b) {
    return a.inode() == b.inode() && a.device() == b.device();
  }

  private static boolean isShorter(long size, TreeEntry before) {
    return before != null
        && before.type() == EntryType.FILE
        && size < before.attributes().size();
  }

  /**
   * Compares a file with what was read of it before. If it holds the same, or the same and more,
   * what is stored already is what it held.
   */
  private Optional<Result> compare(
      Wanted wanted, Reading reading, ReadBatch batch, Instant began, BlobSink sink)
      throws IOException {
    Result last = wanted.last;
    TreeEntry entry = last.entry;
    Attributes seen = reading.attributes();
    if (!holds(
        reading, entry.content(), entry.content().sha256(), entry.attributes().size(), sink)) {
      return Optional.empty();
    }
    if (!seen.sameVersion(last.seen)) {
      return Optional.of(
          new Result(entry, State.SETTLED, false, last.seen, false, last.endsLine, last.look));
    }
    Outcome outcome = ofFile(reading::finish);
    if (outcome != Outcome.CLEAN) {
      return Optional.empty();
    }
    boolean isMapped = batch.isMapped(seen);
    Capture capture = capture(wanted.file, isMapped, false);
    TreeEntry same = TreeEntry.file(entry.name(), seen.withSize(size), capture, entry.content());
    State state = state(wanted, outcome, seen, isMapped, began);
    return Optional.of(
        new Result(same, state, last.isDatabase, seen, false, last.endsLine, last.look));
  }

  /**
   * Whether a file that grew while it was read is one of lines that has only grown: it was at rest
   * for a while when it was opened, it ended with a whole line, and it was no shorter than in the
   * snapshot before; and what was read of it is still there.
   */
  private boolean hasOnlyGrown(
      Wanted wanted,
      Attributes seen,
      Content content,
      Instant began,
      ReadBatch batch,
      BlobSink sink)
      throws IOException {
    if (scan.isAppendOnly(wanted.file)
        || !endsLine
        || pieces.isPaged()
        || batch.isMapped(seen)
        || isShorter(size, wanted.before)
        || output.youth().doubt(seen, began) == Youth.Doubt.MAY_HAVE_CHANGED_UNSEEN) {
      return false;
    }
    long length = size;
    Reading again = ofFile(() -> batch.open(wanted.file));
    boolean isSame = isSameFile(again.attributes(), seen)
        && again.attributes().size() >= length
        && holds(again, content, digest.sha256(), length, sink);
    size = length;
    return isSame;
  }

  /** Whether a file begins with what was read of it before. */
  private boolean holds(Reading reading, Content content, String sha256, long length, BlobSink sink)
      throws IOException {
    byte[] buffer = sink.buffer();
    boolean isOneBlob = sha256.isEmpty();
    if (isOneBlob
        && (content.extents().size() != 1
            || content.extents().get(0).isHole()
            || length > buffer.length)) {
      return false;
    }
    size = 0;
    look = null;
    MessageDigest hash = Sha256.newDigest();
    while (size < length) {
      int count =
          fill(reading, sink.pace(), buffer, 0, (int) Math.min(buffer.length, length - size));
      if (count == 0) {
        return false;
      }
      if (isOneBlob) {
        Extent whole = content.extents().get(0);
        return count == length
            && Extent.whole(sink.id(BlobType.DATA, buffer, 0, count), count).equals(whole);
      }
      hash.update(buffer, 0, count);
    }
    return HexFormat.of().formatHex(hash.digest()).equals(sha256);
  }

  /** Decides whether what was read can be relied on. */
  private State state(
      Wanted wanted, Outcome outcome, Attributes seen, boolean isMapped, Instant began) {
    boolean isAppendOnly = scan.isAppendOnly(wanted.file);
    if (outcome == Outcome.CHANGED
        || outcome == Outcome.GROWN && !isAppendOnly
        || outcome == Outcome.RENAMED && isMapped) {
      return State.MOVING;
    }
    if (outcome == Outcome.RENAMED) {
      return State.SETTLED;
    }
    if (isMapped) {
      return State.UNPROVEN;
    }
    Youth.Doubt doubt = output.youth().doubt(seen, began);
    if (doubt == Youth.Doubt.MAY_HAVE_CHANGED_UNSEEN && !isAppendOnly) {
      return State.UNPROVEN;
    }
    boolean isEmptied =
        size == 0 && wanted.before != null && wanted.before.attributes().size() > 0;
    return doubt != Youth.Doubt.NONE || isEmptied || wanted.file.isLive()
        ? State.YOUNG
        : State.SETTLED;
  }

  /** Opens a file; null if that failed and may not the next time. */
  private Reading open(ScannedEntry file, ReadBatch batch, int attempt) throws FileFailure {
    try {
      return batch.open(file);
    } catch (AccessDeniedException e) {
      throw new FileFailure(e);
    } catch (IOException e) {
      if (attempt < attempts) {
        return null;
      }
      throw new FileFailure(e);
    }
  }

  /** Looks again at a file that changed; what is no file any more is settled here. */
  private Optional<Wanted> again(Wanted wanted, Result[] results) throws IOException {
    ScannedEntry file = wanted.file;
    try {
      Optional<ScannedEntry> now = scan.refresh(file);
      if (now.isEmpty()) {
        // A special file has been listed as skipped.
        results[wanted.number] = Directories.holds(file.path()) ? Result.SKIPPED : Result.GONE;
        return Optional.empty();
      } else if (now.get().type() == EntryType.FILE) {
        return Optional.of(new Wanted(wanted.number, now.get(), wanted.before, wanted.last));
      } else if (now.get().type() == EntryType.SYMLINK) {
        ScannedEntry link = now.get();
        results[wanted.number] = Result.of(
            TreeEntry.symlink(link.name(), link.attributes(), link.linkTarget()), State.SETTLED);
        return Optional.empty();
      } else {
        counts.failed(file.display(), "became a directory while it was read");
      }
    } catch (IOException e) {
      counts.failed(file.display(), Failures.describe(e));
    }
    results[wanted.number] = Result.FAILED;
    return Optional.empty();
  }

  /** There is no time left to read on. */
  private static final class DeadlinePassed extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** A failure to read a file, which is listed, among code whose other failures end the run. */
  private static final class FileFailure extends IOException {
    private static final long serialVersionUID = 1L;

    FileFailure(IOException cause) {
      super(cause);
    }

    IOException failure() {
      return (IOException) getCause();
    }
  }

  @FunctionalInterface
  private interface OfFile<T> {
    T get() throws IOException;
  }

  private static <T> T ofFile(OfFile<T> step) throws FileFailure {
    try {
      return step.get();
    } catch (IOException e) {
      throw new FileFailure(e);
    }
  }

  private Content store(Reading reading, Wanted wanted, BlobSink sink) throws IOException {
    pieces = newPieces.apply(sink);
    size = 0;
    endsLine = false;
    digest = new FileDigest(scan.isAppendOnly(wanted.file));
    return pieces.store(
        (buffer, offset, length) -> fill(reading, sink.pace(), buffer, offset, length),
        dictionary,
        wanted.before,
        digest);
  }

  /** Stores what was appended to a file; null if all of it is to be read, from its beginning. */
  private Content storeTail(Wanted wanted, Reading reading, ReadBatch batch, BlobSink sink)
      throws IOException {
    size = 0;
    look = null;
    if (!scan.isAppendOnly(wanted.file) || batch.isMapped(reading.attributes())) {
      return null;
    }
    Optional<FileDigest> tail =
        sink.appendedFiles().tail(wanted.file.place(), reading.attributes(), wanted.before);
    List<Extent> kept =
        tail.isEmpty() ? null : sink.extentsBefore(tail.get().position(), wanted.before);
    if (kept == null) {
      return null;
    }
    digest = tail.get();
    size = digest.position();
    pieces = newPieces.apply(sink);
    ofFile(() -> {
      reading.skip(digest.position());
      return null;
    });
    Content content = pieces.append(
        kept,
        (buffer, offset, length) -> fill(reading, sink.pace(), buffer, offset, length),
        digest);
    return digest.goesOn() ? content : null;
  }

  private int fill(Reading reading, Pace pace, byte[] buffer, int offset, int length)
      throws IOException {
    if (deadline.hasPassed()) {
      throw new DeadlinePassed();
    }
    int count = ofFile(() -> reading.read(buffer, offset, length));
    pace.take(count);
    counts.read(count);
    if (look != null) {
      look.add(buffer, offset, count);
    }
    endsLine = count > 0 ? buffer[offset + count - 1] == '\n' : endsLine;
    size += count;
    return count;
  }
}
