package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.internal.store.Directories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/*
 * Why a backup inside an application must look before it opens, and before it closes.
 *
 * POSIX record locks (fcntl, and so FileChannel.lock and SQLite) belong to the process and the file, not to a descriptor:
 * when a process closes any descriptor of a file, all locks that it has on that file are gone, silently, also if the
 * descriptor was another one and came by another hard link. A scan that opens and closes the application's live database
 * would let another process write into it. The harm is done by close, so:
 *
 *   1. Before a batch of files is opened, the table of this process's descriptors is read. A file that has one which is not
 *      ours is not opened.
 *   2. Descriptors stay open until the batch ends. Then the table is read again. A file that by now has a descriptor which
 *      is not ours was opened by the application in between: our descriptor is kept, until a later look finds the
 *      application's gone.
 *
 * "Not ours" is a matter of counting, for the table does not say who opened what: a file has a foreign descriptor if it has
 * more descriptors than we have opened. So what we count must not change while the table is read: opening and closing are
 * shut out for that time. And all scans of a process must count together, for the table is the process's: hence the one
 * instance. (Two class loaders that both load this class take each other for the application. That fails files; it never
 * closes a wrong one.)
 *
 * To ask the system which file a descriptor has costs more than to open a small file, and most descriptors are ours. So a
 * descriptor that a check found to be ours is not asked for again: as long as we have not closed it, its number can stand for
 * nothing else. When we close a file, the numbers of that file are forgotten; of a descriptor that counts for two files (see
 * below) none is remembered.
 *
 * What a path names may change between the check and the opening. Java cannot ask a channel which file it has, so a
 * descriptor counts as one of what the path named just before and of what it named just after, mostly one and the same file.
 *
 * Reading the table takes descriptors itself. If our own batches had taken the last ones, none of them could ever be closed
 * again, and the application could open nothing any more. So some are held in reserve for that look.
 *
 * What remains: an application that opens a file and takes its lock between the second look and the close.
 *
 * Where the table cannot be read (no /proc), what is beside a file must do: a database's journal, or a lock file. On a
 * file system other than the default one there are no descriptors and no danger.
 */

/**
 * Opens files of which the application has no descriptor, and closes them when that takes no lock
 * from it. Thread-safe.
 */
final class OpenFiles {

  /** The files that this process has open. */
  @FunctionalInterface
  interface DescriptorTable {
    /**
     * The file of each descriptor.
     *
     * @param known descriptors of which the file need not be asked for
     */
    Map<Path, FileIdentity> read(Map<Path, FileIdentity> known) throws IOException;
  }

  /** One open file. */
  record Descriptor(InputStream bytes, Set<FileIdentity> files) {}

  private static final Path TABLE = FileSystems.getDefault().getPath("/proc/self/fd");
  private static final boolean HAS_TABLE = Files.isDirectory(TABLE);
  private static final OpenFiles PROCESS =
      new OpenFiles(HAS_TABLE ? OpenFiles::readTable : known -> Map.of(), !HAS_TABLE, HAS_TABLE);
  private static final Path NOTHING = FileSystems.getDefault().getPath("/dev/null");
  private static final List<String> SIGNS_OF_USE =
      List.of("-wal", "-journal", "-shm", ".lock", ".lck");

  /** The JDK opens a directory twice in order to list it. */
  private static final int LISTING = 2;

  /** The descriptors in reserve; under the lock of the one instance. */
  private static final Deque<InputStream> RESERVE = new ArrayDeque<>();

  private final DescriptorTable table;
  private final boolean guesses;
  private final boolean readsTable;
  private final ReadWriteLock exclusion = new ReentrantReadWriteLock();
  private final Map<FileIdentity, Integer> ours = new HashMap<>();
  private final List<Descriptor> kept = new ArrayList<>();
  private final Map<FileIdentity, Integer> unsure = new HashMap<>();
  private final Map<Path, FileIdentity> knownOurs = new HashMap<>();

  OpenFiles(DescriptorTable table, boolean guesses) {
    this(table, guesses, false);
  }

  private OpenFiles(DescriptorTable table, boolean guesses, boolean readsTable) {
    this.table = table;
    this.guesses = guesses;
    this.readsTable = readsTable;
  }

  /**
   * Returns the files that this process can change through its memory, see {@link MemoryMaps}.
   *
   * @throws IOException if that cannot be found out
   */
  Set<FileIdentity> mapped() throws IOException {
    if (!readsTable) {
      return Set.of();
    }
    try {
      return MemoryMaps.writableFiles();
    } catch (IOException e) {
      exclusion.writeLock().lock();
      try {
        releaseReserve();
        return MemoryMaps.writableFiles();
      } finally {
        holdReserve();
        exclusion.writeLock().unlock();
      }
    }
  }

  /**
   * Asks for the attributes of an open file, whatever its path names by now.
   *
   * @return empty if the system does not tell, or it is not sure which file was opened
   */
  Optional<FileStat> stat(Descriptor descriptor) {
    if (!readsTable || descriptor.files().size() != 1) {
      return Optional.empty();
    }
    FileIdentity wanted = descriptor.files().iterator().next();
    try {
      for (Path each : Directories.list(TABLE)) {
        Optional<FileStat> found = statOpen(each).filter(f -> f.identity().equals(wanted));
        if (found.isPresent()) {
          return found;
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static Optional<FileStat> statOpen(Path descriptor) {
    try {
      return Optional.of(FileStat.ofOpen(descriptor));
    } catch (IOException e) {
      // Closed meanwhile.
      return Optional.empty();
    }
  }

  /** Returns the guard for files of this path's file system. */
  static OpenFiles guarding(Path path) {
    return path.getFileSystem().equals(FileSystems.getDefault())
        ? PROCESS
        : new OpenFiles(known -> Map.of(), false);
  }

  /** Returns the files of this process that have a descriptor which is not ours. */
  Set<FileIdentity> look() throws IOException {
    exclusion.writeLock().lock();
    try {
      Set<FileIdentity> foreign = foreign();
      closeKept(foreign);
      return foreign;
    } finally {
      exclusion.writeLock().unlock();
    }
  }

  /**
   * Whether a file must be taken for one that is in use, where the table of descriptors does not
   * tell.
   */
  boolean seemsInUse(Path file) {
    return guesses && SIGNS_OF_USE.stream().anyMatch(sign -> hasSign(file, sign));
  }

  private static boolean hasSign(Path file, String sign) {
    String name = file.getFileName().toString();
    boolean isSign = name.endsWith(sign)
        && !Files.notExists(file.resolveSibling(name.substring(0, name.length() - sign.length())));
    return isSign || !Files.notExists(file.resolveSibling(name + sign), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * The ways to open a file. Of the descriptor of the first and the last an interrupt closes none.
   */
  enum Way {
    /** Nobody else can put a pipe in its place. */
    TO_READ,
    /** A pipe makes nobody wait; needs the right to write. */
    TO_READ_AND_WRITE,
    /** A pipe makes the opening fail after some seconds. */
    TIMED
  }

  /**
   * Opens a file that {@link #look()} did not name, not following a link.
   *
   * @param before what the path named just now
   * @param way how sure it is that no pipe has taken its place
   */
  Descriptor open(Path path, FileIdentity before, Way way) throws IOException {
    exclusion.readLock().lock();
    try {
      InputStream bytes = switch (way) {
        case TO_READ -> Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS);
        case TO_READ_AND_WRITE -> openNoPipe(path);
        case TIMED -> TimedOpen.open(path);
      };
      Descriptor descriptor =
          new Descriptor(bytes, Set.copyOf(List.of(before, identity(path, before))));
      count(descriptor, 1);
      return descriptor;
    } finally {
      exclusion.readLock().unlock();
    }
  }

  private static InputStream openNoPipe(Path path) throws IOException {
    try {
      return Channels.newInputStream(HeldFile.channel(path));
    } catch (IOException e) {
      if (Files.isWritable(path.getParent())) {
        throw e;
      }
      return TimedOpen.open(path);
    }
  }

  private static FileIdentity identity(Path path, FileIdentity before) {
    try {
      return FileStat.read(path).identity();
    } catch (IOException e) {
      return before;
    }
  }

  /**
   * Closes descriptors, but keeps those whose file the application has opened in the meantime.
   *
   * @return the kept ones; they are closed by a later call, when the application has released it
   * @throws IOException if the table cannot be read; all of them are then kept
   */
  List<Descriptor> close(Collection<Descriptor> descriptors) throws IOException {
    exclusion.writeLock().lock();
    try {
      kept.addAll(descriptors);
      closeKept(foreign());
      List<Descriptor> open = new ArrayList<>(descriptors);
      open.retainAll(kept);
      return open;
    } finally {
      exclusion.writeLock().unlock();
    }
  }

  /** Closes what earlier calls had to keep, as far as the application has released them. */
  void closeKept() throws IOException {
    exclusion.writeLock().lock();
    try {
      if (!kept.isEmpty()) {
        closeKept(foreign());
      }
    } finally {
      exclusion.writeLock().unlock();
    }
  }

  private void closeKept(Set<FileIdentity> foreign) {
    Set<FileIdentity> closed = new HashSet<>();
    kept.removeIf(descriptor -> {
      if (descriptor.files().stream().anyMatch(foreign::contains)) {
        return false;
      }
      try {
        descriptor.bytes().close();
      } catch (IOException e) {
        // Nothing was written through it, and the system has released it all the same.
      }
      count(descriptor, -1);
      closed.addAll(descriptor.files());
      return true;
    });
    knownOurs.values().removeAll(closed);
  }

  private Set<FileIdentity> foreign() throws IOException {
    Map<Path, FileIdentity> descriptors = table.read(knownOurs);
    Map<FileIdentity, Integer> counts = new HashMap<>();
    descriptors.values().forEach(file -> counts.merge(file, 1, Integer::sum));
    counts.keySet().removeIf(file -> counts.get(file) <= ours.getOrDefault(file, 0));
    Set<FileIdentity> foreign = counts.keySet();
    descriptors.forEach((descriptor, file) -> {
      if (!foreign.contains(file) && !unsure.containsKey(file)) {
        knownOurs.put(descriptor, file);
      }
    });
    return foreign;
  }

  private void count(Descriptor descriptor, int change) {
    synchronized (ours) {
      for (FileIdentity file : descriptor.files()) {
        count(ours, file, change);
        if (descriptor.files().size() > 1) {
          count(unsure, file, change);
        }
      }
    }
  }

  private static void count(Map<FileIdentity, Integer> counts, FileIdentity file, int change) {
    counts.merge(file, change, (a, b) -> a + b == 0 ? null : a + b);
  }

  private static Map<Path, FileIdentity> readTable(Map<Path, FileIdentity> known)
      throws IOException {
    Map<Path, FileIdentity> table = new HashMap<>();
    try (DirectoryStream<Path> descriptors = openTable()) {
      for (Path descriptor : Directories.list(TABLE, descriptors)) {
        FileIdentity file = known.get(descriptor);
        try {
          table.put(descriptor, file != null ? file : identity(descriptor));
        } catch (IOException e) {
          // Closed meanwhile, or on a file system that is gone: no file that we could open.
        }
      }
      return table;
    } finally {
      holdReserve();
    }
  }

  private static DirectoryStream<Path> openTable() throws IOException {
    try {
      return Directories.open(TABLE);
    } catch (IOException e) {
      if (RESERVE.isEmpty()) {
        throw e;
      }
      releaseReserve();
      return Directories.open(TABLE);
    }
  }

  private static void releaseReserve() throws IOException {
    while (!RESERVE.isEmpty()) {
      RESERVE.pop().close();
    }
  }

  private static void holdReserve() {
    try {
      while (RESERVE.size() < LISTING) {
        RESERVE.push(Files.newInputStream(NOTHING));
      }
    } catch (IOException e) {
      // None can be had; the next check tries again.
    }
  }

  private static FileIdentity identity(Path descriptor) throws IOException {
    return FileStat.identity(Files.readAttributes(descriptor, "unix:dev,ino"));
  }
}
