package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.commons.io.IOUtils;

/**
 * Files that are read together, so that the guard of {@link OpenFiles} costs two looks for all of
 * them. Every file that is opened stays open until the batch ends: a batch is at most some hundred
 * small files, or one large one.
 *
 * <p>Several threads may open files of one batch; one thread ends it, when the others are done.
 */
public final class ReadBatch implements Closeable {

  /** Nanoseconds after which the list of mappings is read again, see {@link MemoryMaps}. */
  private static final long FRESH = 1_000_000_000;

  private static final int EXECUTABLE = 0111;

  private record Opened(ScannedEntry file, OpenFiles.Descriptor descriptor) {}

  private final OpenFiles openFiles;
  private final ScanProblems problems;
  private final Function<Path, String> advice;
  private final Set<FileIdentity> foreign;
  private volatile Set<FileIdentity> mapped;
  private volatile long mappedAt;
  private final List<ScannedEntry> files;
  private final Set<ScannedEntry> readable;
  private final List<Opened> opened = new ArrayList<>();

  /** Ways of each thread, so that an opening that hangs holds up nobody else. */
  private final Map<Thread, TargetDirectories> ways = new ConcurrentHashMap<>();

  private boolean ended;

  ReadBatch(List<ScannedEntry> files, OpenFiles openFiles, ScanProblems problems)
      throws IOException {
    this(files, openFiles, problems, InUse::whileBackingUp);
  }

  ReadBatch(
      List<ScannedEntry> files,
      OpenFiles openFiles,
      ScanProblems problems,
      Function<Path, String> advice)
      throws IOException {
    this.openFiles = openFiles;
    this.problems = problems;
    this.advice = advice;
    this.foreign = openFiles.look();
    this.mappedAt = System.nanoTime();
    this.mapped = openFiles.mapped();
    this.files = refuseOpen(files);
    this.readable = new HashSet<>(this.files);
  }

  private List<ScannedEntry> refuseOpen(List<ScannedEntry> wanted) {
    List<ScannedEntry> allowed = new ArrayList<>(wanted.size());
    for (ScannedEntry file : wanted) {
      if (file.isLive()) {
        allowed.add(file);
      } else if (foreign.contains(file.identity())) {
        problems.failed(file.display(), "is open in this process" + advice.apply(file.path()));
      } else if (openFiles.seemsInUse(file.path())) {
        problems.failed(
            file.display(),
            "a journal or lock file is beside it, so it may be open in this process"
                + advice.apply(file.path()));
      } else {
        allowed.add(file);
      }
    }
    return List.copyOf(allowed);
  }

  /**
   * Returns the files that may be read, in the order given. Those left out have been listed as
   * failed.
   */
  public List<ScannedEntry> files() {
    return files;
  }

  /**
   * Whether this process had mapped a file into its memory, to write it, at most a second before it
   * was opened: what its attributes say does not prove then that it did not change.
   *
   * @param read attributes of the file that was read
   */
  public boolean isMapped(Attributes read) {
    return mapped.contains(new FileIdentity(read.device(), read.inode()));
  }

  /**
   * Opens a file of this batch, once or several times. Another file that has its name by now is
   * opened in its place, unless this process had it open when the batch began.
   *
   * @throws IOException if the file is there and cannot be opened
   * @throws IllegalArgumentException if the file is not one of {@link #files()}
   * @throws IllegalStateException if the batch has ended
   */
  public Reading open(ScannedEntry file) throws IOException {
    if (!HeldDirectory.isOffered(file.path())) {
      return open(file, null);
    }
    TargetDirectories way = ways.computeIfAbsent(
        Thread.currentThread(), thread -> new TargetDirectories(file.root().path()));
    return open(file, way);
  }

  /**
   * The same, where others may have put something else in the place of the file or of a directory
   * above it.
   *
   * @param way to its directory; null if it is its path
   * @throws IOException also if somebody did
   */
  public Reading open(ScannedEntry file, TargetDirectories way) throws IOException {
    if (!readable.contains(file)) {
      throw new IllegalArgumentException("not a file of this batch: " + file);
    }
    if (System.nanoTime() - mappedAt > FRESH) {
      readMappedAgain();
    }
    Path path;
    FileStat now;
    try {
      path = way == null ? file.path() : way.resolve(file.path());
      now = FileStat.read(path);
    } catch (NoSuchFileException e) {
      return new UnopenedReading(file, Outcome.VANISHED);
    }
    boolean sameFile = now.identity().equals(file.identity());
    boolean isReadable = file.isLive() ? sameFile : sameFile || isUnused(now, file);
    if (now.kind() != FileStat.Kind.FILE || !isReadable) {
      return new UnopenedReading(file, Outcome.CHANGED);
    }
    return file.isLive()
        ? new LiveReading(file, now.attributes())
        : openGuarded(file, path, now, way);
  }

  /** Adds what was mapped since; what was mapped before still counts. */
  private synchronized void readMappedAgain() throws IOException {
    long now = System.nanoTime();
    Set<FileIdentity> both = new HashSet<>(openFiles.mapped());
    both.addAll(mapped);
    mapped = both;
    mappedAt = now;
  }

  /** What is open to write cannot be run, so that a program is opened only to read. */
  private static boolean isProgram(FileStat file) {
    return (file.attributes().mode() & EXECUTABLE) != 0;
  }

  /** Whether the check at the beginning of this batch has told that a file may be opened. */
  private boolean isUnused(FileStat file, ScannedEntry scanned) {
    return !foreign.contains(file.identity()) && !openFiles.seemsInUse(scanned.path());
  }

  private Reading openGuarded(ScannedEntry file, Path path, FileStat now, TargetDirectories by)
      throws IOException {
    try {
      OpenFiles.Descriptor descriptor = descriptor(path, now, by);
      add(new Opened(file, descriptor));
      return new FileReading(file.path(), now.attributes(), openFiles, descriptor);
    } catch (NoSuchFileException e) {
      return new UnopenedReading(file, Outcome.VANISHED);
    } catch (IOException e) {
      // A link has taken its place, or it may not be read: only the first is a change.
      if (isFile(file)) {
        throw e;
      }
      return new UnopenedReading(file, Outcome.CHANGED);
    }
  }

  private OpenFiles.Descriptor descriptor(Path path, FileStat now, TargetDirectories by)
      throws IOException {
    if (by == null || !by.mayBePipe(now)) {
      return openFiles.open(path, now.identity(), OpenFiles.Way.TO_READ);
    }
    if (!TargetDirectories.mayWriteAll() || ways.containsValue(by) && isProgram(now)) {
      return openFiles.open(path, now.identity(), OpenFiles.Way.TIMED);
    }
    try {
      return openFiles.open(path, now.identity(), OpenFiles.Way.TO_READ_AND_WRITE);
    } catch (FileSystemException e) {
      // Nobody may write to a file that is immutable, or runs.
      if (!ways.containsValue(by) || !FileStat.read(path).equals(now)) {
        throw e;
      }
      return openFiles.open(path, now.identity(), OpenFiles.Way.TIMED);
    }
  }

  private synchronized void add(Opened one) throws IOException {
    if (ended) {
      openFiles.close(List.of(one.descriptor()));
      throw new IllegalStateException("the batch has ended");
    }
    opened.add(one);
  }

  private static boolean isFile(ScannedEntry file) throws IOException {
    try {
      FileStat stat = FileStat.read(file.path());
      return stat.kind() == FileStat.Kind.FILE && stat.identity().equals(file.identity());
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Closes what was opened, and names the files that the application opened meanwhile. Their
   * content must not be recorded: each has been listed as failed, and its descriptor stays open
   * until the application's is gone.
   *
   * @throws IOException if it cannot be found out what the application has open; nothing is closed
   *     then, but later
   */
  public synchronized Set<ScannedEntry> end() throws IOException {
    ended = true;
    List<Opened> mine = List.copyOf(opened);
    opened.clear();
    if (mine.isEmpty()) {
      return Set.of();
    }
    Set<OpenFiles.Descriptor> kept =
        new HashSet<>(openFiles.close(mine.stream().map(Opened::descriptor).toList()));
    Set<ScannedEntry> disturbed = new HashSet<>();
    for (Opened one : mine) {
      if (kept.contains(one.descriptor()) && disturbed.add(one.file())) {
        problems.failed(
            one.file().display(),
            "was opened by this process while it was read"
                + advice.apply(one.file().path()));
      }
    }
    return disturbed;
  }

  /** Gives the batch up: {@link #end()}, when it has not been called. */
  @Override
  public void close() throws IOException {
    try {
      end();
    } finally {
      IOUtils.close(ways.values().toArray(Closeable[]::new));
    }
  }
}
