package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Files that are read together, so that the guard of {@link OpenFiles} costs two looks for all of
 * them. Every file that is opened stays open until the batch ends: a batch is at most some hundred
 * small files, or one large one.
 *
 * <p>Several threads may open files of one batch; one thread ends it, when the others are done.
 */
public final class ReadBatch implements Closeable {

  private static final String ADVICE =
      "; reading it by its path would take the application's locks on it: give it to the component as a live file"
          + " (Source.withLiveFile), or close it during backups";

  private record Opened(ScannedEntry file, OpenFiles.Descriptor descriptor) {}

  private final OpenFiles openFiles;
  private final ScanProblems problems;
  private final List<ScannedEntry> files;
  private final Set<ScannedEntry> readable;
  private final List<Opened> opened = new ArrayList<>();
  private boolean ended;

  ReadBatch(List<ScannedEntry> files, OpenFiles openFiles, ScanProblems problems)
      throws IOException {
    this.openFiles = openFiles;
    this.problems = problems;
    this.files = refuseOpen(files);
    this.readable = new HashSet<>(this.files);
  }

  private List<ScannedEntry> refuseOpen(List<ScannedEntry> wanted) throws IOException {
    Set<FileIdentity> foreign = openFiles.look();
    List<ScannedEntry> allowed = new ArrayList<>(wanted.size());
    for (ScannedEntry file : wanted) {
      if (file.isLive()) {
        allowed.add(file);
      } else if (foreign.contains(file.identity())) {
        problems.failed(file.display(), "is open in this process" + ADVICE);
      } else if (openFiles.seemsInUse(file.path())) {
        problems.failed(file.display(), "a journal or lock file stands beside it" + ADVICE);
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
   * Opens a file of this batch, once or several times.
   *
   * @throws IOException if the file is there and cannot be opened
   * @throws IllegalArgumentException if the file is not one of {@link #files()}
   * @throws IllegalStateException if the batch has ended
   */
  public Reading open(ScannedEntry file) throws IOException {
    if (!readable.contains(file)) {
      throw new IllegalArgumentException("not a file of this batch: " + file);
    }
    if (file.isLive()) {
      return new LiveReading(file.liveFile(), file.attributes());
    }
    Attributes now;
    try {
      FileStat stat = FileStat.read(file.path());
      if (stat.kind() != FileStat.Kind.FILE || !stat.identity().equals(file.identity())) {
        // Not opened: the guard has looked for another file than this.
        return new UnopenedReading(file, Outcome.CHANGED);
      }
      now = stat.attributes();
    } catch (NoSuchFileException e) {
      return new UnopenedReading(file, Outcome.VANISHED);
    }
    return openGuarded(file, now);
  }

  private Reading openGuarded(ScannedEntry file, Attributes now) throws IOException {
    try {
      OpenFiles.Descriptor descriptor = openFiles.open(file.path(), file.identity());
      add(new Opened(file, descriptor));
      return new FileReading(file.path(), now, descriptor.bytes());
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
            one.file().display(), "was opened by this process while it was read" + ADVICE);
      }
    }
    return disturbed;
  }

  /** Gives the batch up: {@link #end()}, when it has not been called. */
  @Override
  public void close() throws IOException {
    end();
  }
}
