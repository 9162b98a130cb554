package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.journal.Change;
import com.personalaichatbot.dr.core.internal.journal.Journal;
import com.personalaichatbot.dr.core.internal.journal.JournalHeader;
import com.personalaichatbot.dr.core.internal.journal.RestoreKey;
import com.personalaichatbot.dr.core.internal.journal.RunPlace;
import com.personalaichatbot.dr.core.internal.scan.FileStat;
import com.personalaichatbot.dr.core.internal.scan.HeldDirectory;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory in which restores of one component keep what they need beside the data:
 * {@code .dr-restore/NAME} in the component's directory, or in the directory that holds a single
 * file, or in the one that is restored to. Only its owner may look inside. While it is open no
 * other process restores there.
 *
 * <p>In it lies one directory for each restore, named by a number that grows: {@code journal},
 * {@code stage/} with new content, {@code undo/} with what was replaced.
 */
public final class RestoreArea implements Closeable {
  /**
   * The name of the directory that places lie in. A restore must not write there at the word of a
   * snapshot.
   */
  public static final byte[] RESERVED = SourceScan.STAGE.getBytes(StandardCharsets.US_ASCII);

  private static final Logger log = LoggerFactory.getLogger(RestoreArea.class);
  private static final String LOCK = "lock";
  private static final String GONE = "gone-";
  private static final int ATTEMPTS = 3;

  private final Path home;
  private final Path directory;
  private final Path access;

  /** Stays at this place, while the other one goes about. */
  private final TargetDirectories way;

  private final TargetDirectories target;
  private final FileChannel channel;
  private final FileLock lock;
  private boolean removesWhenClosed;

  private RestoreArea(
      Path directory, Path access, TargetDirectories target, FileChannel channel, FileLock lock) {
    this.home = homeOf(directory);
    this.directory = directory;
    this.access = access;
    this.target = new TargetDirectories(home);
    this.way = target;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * The files of one restore.
   *
   * @param directory their directory
   * @param access how it is reached
   * @param target the ways to the directories of the target
   */
  public record Run(Path directory, int number, Path access, TargetDirectories target) {
    Path journal() {
      return access.resolve("journal");
    }

    /** Begins the journal; it has its name when its first records are forced. */
    public Journal newJournal(JournalHeader opening, RestoreKey key) throws IOException {
      Journal journal = Journal.create(
          journal(), opening, location(), key, TargetFiles.permissions(directory, "rw-------"));
      try {
        Files.move(Journal.unfinished(journal()), journal(), StandardCopyOption.ATOMIC_MOVE);
        TargetFiles.force(access);
        return journal;
      } catch (IOException | RuntimeException | Error e) {
        journal.close();
        throw e;
      }
    }

    /** Returns where its journal belongs. */
    public RunPlace location() throws IOException {
      Attributes stat = FileStat.read(access).attributes();
      return new RunPlace(Snapshots.rawPath(directory), stat.device(), stat.inode());
    }

    /** A file to try out links and renames with. */
    public Path probe() {
      return access.resolve("probe");
    }

    public Path stageDirectory() {
      return access.resolve("stage");
    }

    Path undoDirectory() {
      return access.resolve("undo");
    }

    /** Where live files have a second name for a moment. */
    Path stillDirectory() {
      return access.resolve("still");
    }

    /** Whether nothing that was replaced is kept. */
    boolean keepsNothing() throws IOException {
      try {
        return Directories.list(undoDirectory()).isEmpty();
      } catch (NoSuchFileException e) {
        return true;
      }
    }

    public Path staged(int change) {
      return stageDirectory().resolve(Integer.toString(change));
    }

    /** Where the file, link or directory of a change is staged. */
    public Path staged(Change change) {
      Path path = staged(change.tree());
      return change.tree() == change.number()
          ? path
          : TargetFiles.resolve(path, change.place(), change.depth());
    }

    Path kept(int change) {
      return undoDirectory().resolve(Integer.toString(change));
    }

    /** Says that a live file is being rewritten in place, so that what it holds is nobody's. */
    Path rewriting(int change) {
      return undoDirectory().resolve(change + ".rewriting");
    }
  }

  /** Where the place of a component is, in this directory; nothing is made. */
  public static Path in(Path home, String component) {
    return NativeNames.resolve(
        home.resolve(SourceScan.STAGE), component.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the places in a directory; what lies beside them and is not one is left alone. */
  static List<Path> all(Path home) throws IOException {
    List<Path> places = new ArrayList<>();
    try {
      for (Path entry : Directories.list(home.resolve(SourceScan.STAGE))) {
        if (Directories.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          places.add(entry);
        } else {
          log.warn("{} does not belong to a restore and is left in place; move it away", entry);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return places;
  }

  /** The directory that a place lies in. */
  static Path homeOf(Path place) {
    return place.getParent().getParent();
  }

  /**
   * Opens a place, making it first.
   *
   * @param inPlace whether the target is live data, in which nobody's word for owners is taken
   * @throws RepositoryLockedException if another restore works there
   */
  public static RestoreArea open(Path home, String component, boolean inPlace) throws IOException {
    Path directory = in(home, component);
    try (TargetDirectories target = new TargetDirectories(home)) {
      Path reached = target.access(home);
      boolean[] made = {false, false};
      TargetFiles.inDirectory(reached, () -> {
        Path parent = reached.resolve(directory.getParent().getFileName());
        made[0] = PrivateFiles.makeDirectory(parent);
      });
      made[1] = PrivateFiles.makeDirectory(
          target.access(directory.getParent()).resolve(directory.getFileName()));
      return open(directory, made[0] && made[1] && !inPlace);
    }
  }

  /**
   * Opens a place that is there.
   *
   * @throws NoSuchFileException if it is not
   * @throws RepositoryLockedException if another restore works there
   */
  static RestoreArea open(Path directory) throws IOException {
    return open(directory, false);
  }

  private static RestoreArea open(Path directory, boolean made) throws IOException {
    TargetDirectories target = new TargetDirectories(homeOf(directory));
    try {
      return open(directory, target, made);
    } catch (IOException | RuntimeException | Error e) {
      target.close();
      throw e;
    }
  }

  private static RestoreArea open(Path directory, TargetDirectories target, boolean made)
      throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      PrivateFiles.requireDirectory(target.resolve(directory.getParent()), made);
      PrivateFiles.requireDirectory(target.resolve(directory), made);
      Path access = target.access(directory);
      PrivateFiles.requireDirectory(access, made); // What is held, whatever its name was before.
      Path file = access.resolve(LOCK);
      FileChannel channel;
      try {
        channel = PrivateFiles.open(file, true, made);
      } catch (NoSuchFileException e) {
        continue;
      }
      try {
        FileStat before = FileStat.read(file);
        FileLock lock = lock(channel, file);
        if (lock == null) {
          throw locked(directory);
        }
        // The one who held it may have removed the place in between, and the file with it.
        FileStat after = FileStat.read(file);
        if (before.attributes().inode() == after.attributes().inode()) {
          RestoreArea place = new RestoreArea(directory, access, target, channel, lock);
          place.sweep();
          return place;
        }
        channel.close();
      } catch (OverlappingFileLockException e) {
        channel.close();
        throw locked(directory);
      } catch (NoSuchFileException e) {
        channel.close();
      } catch (IOException | RuntimeException | Error e) {
        channel.close();
        throw e;
      }
    }
    throw locked(directory);
  }

  /** Without it two restores could exchange the same files, so that it is no courtesy. */
  private static FileLock lock(FileChannel channel, Path file) throws RestoreRefusedException {
    try {
      return channel.tryLock();
    } catch (IOException e) {
      throw new RestoreRefusedException(
          HeldDirectory.name(file),
          "it cannot be locked (" + e.getMessage() + "), and two restores might work there",
          "turn file locks on for that file system (NFS: start rpc.statd, or mount it with"
              + " local_lock=all); or restore to a directory elsewhere: dr restore --to DIRECTORY",
          e);
    }
  }

  private static RepositoryLockedException locked(Path directory) {
    return new RepositoryLockedException(
        homeOf(directory).toString(),
        "another restore is under way there",
        "run it again when that is done");
  }

  /** The directory that holds the data, or will. */
  public Path home() {
    return home;
  }

  /** The place itself. */
  public Path directory() {
    return directory;
  }

  /** Removes what was on its way out when a process died. */
  private void sweep() throws IOException {
    for (Path leftover : Directories.list(access)) {
      if (leftover.getFileName().toString().startsWith(GONE)) {
        removeGone(leftover);
      }
    }
  }

  /** The restores whose files are there, oldest first. */
  List<Run> runs() throws IOException {
    List<Run> runs = new ArrayList<>();
    for (Path entry : Directories.list(access)) {
      String name = entry.getFileName().toString();
      if (name.matches("[0-9]{1,9}")) {
        runs.add(run(Integer.parseInt(name)));
      }
    }
    runs.sort((a, b) -> Integer.compare(a.number, b.number));
    return runs;
  }

  private Run run(int number) {
    String name = Integer.toString(number);
    return new Run(directory.resolve(name), number, access.resolve(name), target);
  }

  /** Makes the directories of a new restore. */
  public Run begin() throws IOException {
    List<Run> runs = runs();
    int number = runs.isEmpty() ? 1 : runs.get(runs.size() - 1).number + 1;
    Run run = run(number);
    Files.createDirectory(run.access, TargetFiles.permissions(directory, "rwx------"));
    Files.createDirectory(run.stageDirectory(), TargetFiles.permissions(directory, "rwx------"));
    return run;
  }

  /**
   * Removes the files of a restore. They go out of use all at the same time, so that a crash leaves
   * no half of an undo that somebody could take for a whole one.
   */
  public static void remove(Run run) throws IOException {
    Path gone = run.access.resolveSibling(GONE + run.number);
    Files.move(run.access, gone, StandardCopyOption.ATOMIC_MOVE);
    removeGone(gone);
  }

  private static void removeGone(Path gone) throws IOException {
    Run run = new Run(gone, 0, gone, null);
    TargetFiles.removeTree(run.stageDirectory());
    TargetFiles.removeTree(run.undoDirectory());
    TargetFiles.removeTree(run.stillDirectory());
    Files.deleteIfExists(run.probe());
    Files.deleteIfExists(Journal.unfinished(run.journal()));
    Files.deleteIfExists(run.journal());
    try {
      Files.deleteIfExists(gone);
    } catch (DirectoryNotEmptyException e) {
      // NFS and file systems of user space keep the journal under another name while it is open;
      // the next to close or open the place sweeps it away.
    }
  }

  /** Removes the place itself if no restore has files there, and says whether it is gone. */
  public boolean removeIfEmpty() throws IOException {
    if (!runs().isEmpty()) {
      return false;
    }
    Files.deleteIfExists(access.resolve(LOCK));
    try {
      Files.deleteIfExists(target.resolve(directory));
    } catch (FileSystemException e) {
      // As above: the lock is open.
      removesWhenClosed = true;
      return true;
    }
    removeParent(directory);
    return true;
  }

  /** Removes the directory that places lie in, if none does any more. */
  static void removeParent(Path place) throws IOException {
    try {
      Path home = homeOf(place);
      try (TargetDirectories target = new TargetDirectories(home)) {
        Path access = target.access(home);
        TargetFiles.inDirectory(
            access, () -> Files.deleteIfExists(access.resolve(place.getParent().getFileName())));
      }
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      // Another component's place lies beside, or all of it is gone.
    }
  }

  /** Removes the directory that a restore had made, and says whether nothing is left of it. */
  public static boolean removeHome(Path home) throws IOException {
    try (TargetDirectories target = new TargetDirectories(home)) {
      Path access = target.resolve(home);
      if (FileStat.read(access).kind() == FileStat.Kind.DIRECTORY) {
        Files.delete(access);
      }
      return true;
    } catch (NoSuchFileException e) {
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
  }

  /** Makes durable that what was removed of a place is gone: the deepest directory that is left. */
  static void forceRemoval(Path place) throws IOException {
    Path home = homeOf(place);
    try (TargetDirectories target = new TargetDirectories(home)) {
      for (Path directory = place; directory != null; directory = directory.getParent()) {
        try {
          TargetFiles.force(target.access(directory));
          return;
        } catch (NoSuchFileException e) {
          // What held it is left then, or gone as well.
        } catch (AccessDeniedException e) {
          return; // Somebody else's: this restore removed nothing there.
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (way;
        target) {
      closeLock();
    }
  }

  private void closeLock() throws IOException {
    try (channel) {
      if (channel.isOpen()) {
        lock.release();
      }
    }
    if (removesWhenClosed) {
      removesWhenClosed = false;
      try {
        sweep();
        Files.deleteIfExists(target.resolve(directory));
        removeParent(directory);
      } catch (FileSystemException e) {
        // Somebody else restores there by now, or an empty directory stays.
      }
    }
  }
}
