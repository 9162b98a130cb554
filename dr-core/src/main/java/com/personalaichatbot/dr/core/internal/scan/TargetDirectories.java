package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.store.Directories;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The ways to the directories that a restore writes in. Each directory on the way is looked at, and
 * none is a link. Where somebody else may rename one, by owning the directory that it is in or by
 * writing there, it is held open. What is in it is reached through that; where nobody may, its path
 * is good enough. Where nothing can be held open the check is immediately before each use. Not
 * thread-safe.
 */
public final class TargetDirectories implements Closeable {
  private static final int OTHERS_WRITE = 022;
  private static final int STICKY = 01000;
  private static final int MOST_HELD = 64;
  private static final int USER = user();

  private final Path home;
  private final Deque<Level> levels = new ArrayDeque<>();
  private int held;

  /**
   * A directory on the way.
   *
   * @param access how it is reached
   * @param stable whether nobody else can make that lead to something else
   */
  private record Level(
      Path path, Path access, boolean stable, FileStat stat, HeldDirectory directory) {}

  /** For what lies in this directory, whose path has no links that others may have made. */
  public TargetDirectories(Path home) {
    this.home = home.toAbsolutePath();
  }

  private static int user() {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return 0;
    }
  }

  /** Whether nobody but this user and root can put something else in the place of an entry. */
  public static boolean isSafe(FileStat directory, FileStat entry) {
    Attributes above = directory.attributes();
    if (above.inode() == 0) {
      return true; // A file system that does not say who owns what.
    }
    if (!isOurs(above)) {
      return false;
    }
    return (above.mode() & OTHERS_WRITE) == 0
        || ((above.mode() & STICKY) != 0 && isOurs(entry.attributes()));
  }

  private static boolean isOurs(Attributes attributes) {
    return attributes.uid() == 0 || attributes.uid() == USER;
  }

  /**
   * Whether an entry of the directory that was asked for last must be opened so that a pipe in its
   * place makes nobody wait.
   */
  boolean mayBePipe(FileStat entry) {
    return isExposed(entry);
  }

  /** Whether this user may open every file to write, so that a pipe makes it not wait. */
  static boolean mayWriteAll() {
    return USER == 0;
  }

  /** Whether something belongs to this user or root, as far as the file system says. */
  public static boolean isOurs(FileStat stat) {
    return isOurs(stat.attributes());
  }

  /** How a path below a directory that was looked at is reached: through its parent. */
  public Path resolve(Path path) throws IOException {
    return access(path.getParent()).resolve(path.getFileName());
  }

  /**
   * How a directory is reached, until the next call.
   *
   * @throws NoSuchFileException if it is not there
   * @throws FileSystemException if it, or one above it, is no directory
   */
  public Path access(Path directory) throws IOException {
    return walk(directory, false);
  }

  /** The same, making those that are not there. */
  public Path make(Path directory) throws IOException {
    return walk(directory, true);
  }

  /**
   * Removes a file, or a directory with all below it; links are removed, not followed.
   *
   * @throws NoSuchFileException if it is not there
   */
  public void removeTree(Path root) throws IOException {
    if (FileStat.read(resolve(root)).kind() == FileStat.Kind.DIRECTORY) {
      for (Path entry : Directories.list(access(root))) {
        removeTree(root.resolve(entry.getFileName()));
      }
    }
    Path path = resolve(root);
    try {
      Files.delete(path);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw naming(root, e);
    }
  }

  /** Returns a failure that names a path, whatever way it was reached. */
  public static FileSystemException naming(Path path, IOException e) {
    FileSystemException named =
        new FileSystemException(path.toString(), null, Failures.describe(e));
    named.initCause(e);
    return named;
  }

  /**
   * A link on the way to a path that another user made where he may; that is no word of this user's
   * about what it leads to.
   */
  public static Optional<Path> foreignLink(Path path) throws IOException {
    Path directory = path.getRoot();
    for (int i = 0; directory != null && i < path.getNameCount(); i++) {
      Path entry = directory.resolve(path.getName(i));
      if (!Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      FileStat stat = FileStat.read(entry);
      if (stat.kind() == FileStat.Kind.SYMLINK
          && !isOurs(stat)
          && !isSafe(FileStat.read(directory.toRealPath()), stat)) {
        return Optional.of(entry);
      }
      directory = entry;
    }
    return Optional.empty();
  }

  private Path walk(Path given, boolean make) throws IOException {
    Path directory = given.toAbsolutePath();
    while (!levels.isEmpty()
        && (!directory.startsWith(levels.peek().path)
            || !levels.peek().stable
            || levels.peek().access == null)) {
      pop();
    }
    if (levels.isEmpty()) {
      Path root = directory.getRoot();
      levels.push(new Level(root, root, true, FileStat.read(root), null));
    }
    for (int i = levels.peek().path.getNameCount(); i < directory.getNameCount(); i++) {
      push(directory.getName(i), make);
    }
    return levels.peek().access;
  }

  /** Whether somebody else can exchange an entry of the directory that was asked for last. */
  public boolean isExposed(FileStat entry) {
    return !isSafe(levels.peek().stat, entry);
  }

  private void push(Path name, boolean make) throws IOException {
    Level above = levels.peek();
    Path path = above.path.resolve(name);
    Path access = above.access.resolve(name);
    FileStat stat = stat(access, make);
    boolean safe = above.stable && isSafe(above.stat, stat);
    if (stat.kind() == FileStat.Kind.SYMLINK && safe && home.startsWith(path)) {
      stat = FileStat.read(access.toRealPath());
    }
    if (stat.kind() != FileStat.Kind.DIRECTORY) {
      throw new FileSystemException(
          path.toString(), null, "the directory above it is " + stat.kind());
    }
    HeldDirectory directory =
        safe || !HeldDirectory.isOffered(access) ? null : HeldDirectory.open(access, stat);
    levels.push(new Level(
        path,
        directory == null ? access : directory.path(),
        safe || directory != null,
        stat,
        directory));
    if (directory != null && ++held > MOST_HELD) {
      release();
    }
  }

  private static FileStat stat(Path access, boolean make) throws IOException {
    try {
      return FileStat.read(access);
    } catch (NoSuchFileException e) {
      if (!make) {
        throw e;
      }
    }
    try {
      Files.createDirectory(access);
    } catch (FileAlreadyExistsException e) {
      // By somebody else, just now.
    } catch (NoSuchFileException e) {
      throw new FileSystemException(
          e.getFile(), null, "the directory cannot be created; name another place: --to DIRECTORY");
    }
    return FileStat.read(access);
  }

  /** Releases those between home and the last one, which are found again when they are needed. */
  private void release() throws IOException {
    List<Level> all = new ArrayList<>(levels);
    Collections.reverse(all);
    levels.clear();
    held = 0;
    Iterator<Level> down = all.iterator();
    while (down.hasNext()) {
      Level level = down.next();
      boolean above = level.path.startsWith(home) && !level.path.equals(home) && down.hasNext();
      if (above && level.directory != null) {
        level.directory.close();
      }
      // What is reached through one that was released is lost with it.
      levels.push(above ? new Level(level.path, null, level.stable, level.stat, null) : level);
      held += !above && level.directory != null ? 1 : 0;
    }
  }

  private void pop() throws IOException {
    Level level = levels.pop();
    if (level.directory != null) {
      held--;
      level.directory.close();
    }
  }

  @Override
  public void close() throws IOException {
    while (!levels.isEmpty()) {
      pop();
    }
  }

  /** Removes a file, or a directory with all below it; links are removed, not followed. */
  public static void deleteTree(Path root) throws IOException {
    Path real = root.toAbsolutePath().getParent().toRealPath().resolve(root.getFileName());
    try (TargetDirectories way = new TargetDirectories(real)) {
      way.removeTree(real);
    }
  }
}
