package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.scan.FileStat;
import com.personalaichatbot.dr.core.internal.scan.HeldDirectory;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/*
 * A restore as root into somebody else's directory trusts what it finds in .dr-restore there: that directory decides which
 * files get which owner. So everything in it must be plain, of this user, and closed to all others. The owner of the
 * directory above can still rename .dr-restore as a whole, and put it back later; what is in it he cannot change.
 *
 * Some file systems know no owners or no modes: every file shows those that it was mounted with. There the same look says
 * nothing. Root refuses, unless this restore into a directory made it all itself; an ordinary user goes on: his own restore
 * is no more exposed than his files.
 */

/** Directories and files that only this user may look into or change. */
final class PrivateFiles {
  private static final int OTHERS = 077;

  private PrivateFiles() {}

  /**
   * Makes a directory that only this user may enter, or checks the one that is there.
   *
   * @return whether it was made
   */
  static boolean makeDirectory(Path directory) throws IOException {
    try {
      Files.createDirectory(directory, TargetFiles.permissions(directory, "rwx------"));
      return true;
    } catch (FileAlreadyExistsException e) {
      requireDirectory(directory, false);
      return false;
    }
  }

  /**
   * Checks that a directory is one, and private.
   *
   * @param made whether this restore made it just now, so that it may belong to whom the file
   *     system says that all belongs which this user makes
   * @throws NoSuchFileException if nothing is there
   * @throws RestoreRefusedException if it is something else
   */
  static void requireDirectory(Path directory, boolean made) throws IOException {
    FileStat stat = FileStat.read(directory);
    if (stat.kind() != FileStat.Kind.DIRECTORY) {
      throw new RestoreRefusedException(
          HeldDirectory.name(directory),
          "a restore keeps its files there, and it is " + stat.kind() + ", not a directory",
          "move it away");
    }
    requirePrivate(directory, stat, directory.getParent(), made);
  }

  /**
   * Opens a file to read and write, or makes it.
   *
   * @param made as for its directory
   * @throws NoSuchFileException if it is not there and not to be made
   * @throws RestoreRefusedException if it is not a private regular file with one name
   */
  static FileChannel open(Path file, boolean create, boolean made) throws IOException {
    FileStat before = null;
    try {
      before = FileStat.read(file);
      requireFile(file, before, made);
    } catch (NoSuchFileException e) {
      if (!create) {
        throw e;
      }
    }
    // To read and write: that way even a pipe that came there since is opened without waiting.
    Set<OpenOption> options = new HashSet<>(
        List.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    if (create) {
      options.add(StandardOpenOption.CREATE);
    }
    FileChannel channel =
        FileChannel.open(file, options, TargetFiles.permissions(file, "rw-------"));
    try {
      FileStat after = FileStat.read(file);
      requireFile(file, after, made);
      if (before != null && before.attributes().inode() != after.attributes().inode()) {
        throw new RestoreRefusedException(
            HeldDirectory.name(file),
            "another process replaced it while this restore opened it",
            "find out which process or user writes there, stop it, and run the restore again");
      }
      return channel;
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static void requireFile(Path file, FileStat stat, boolean made) throws IOException {
    if (stat.kind() != FileStat.Kind.FILE) {
      throw new RestoreRefusedException(
          HeldDirectory.name(file),
          "a restore keeps a file of its own there, and it is " + stat.kind(),
          "move it away");
    }
    if (stat.attributes().links() > 1) {
      throw new RestoreRefusedException(
          HeldDirectory.name(file),
          "it has " + stat.attributes().links() + " names, and somebody may change it by another",
          "find the others (find -samefile) and remove them, or move it away");
    }
    requirePrivate(file, stat, file.getParent(), made);
  }

  private static void requirePrivate(Path path, FileStat stat, Path directory, boolean made)
      throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return;
    }
    OptionalInt user = user();
    int owner = stat.attributes().uid();
    int mode = stat.attributes().mode();
    boolean mine = user.isEmpty() || owner == user.getAsInt();
    if (mine && (mode & OTHERS) == 0) {
      return;
    }
    FileStat fresh = freshFile(directory);
    boolean root = user.isPresent() && user.getAsInt() == 0;
    boolean ownersExist = user.isEmpty() || fresh.attributes().uid() == user.getAsInt();
    boolean modesExist = (fresh.attributes().mode() & OTHERS) == 0;
    boolean asMade = made && !ownersExist && owner == fresh.attributes().uid();
    if (!mine && !asMade && (ownersExist || root)) {
      throw new RestoreRefusedException(
          HeldDirectory.name(path),
          "it belongs to user " + Integer.toUnsignedString(owner) + ", not to this one",
          ownersExist
              ? "find out who made it; then move it away"
              : "this file system has no owners: run the command as the user for whom it is mounted");
    }
    if ((mode & OTHERS) != 0 && modesExist) {
      throw new RestoreRefusedException(
          HeldDirectory.name(path),
          "others may look into it or change it: its mode is " + Integer.toOctalString(mode),
          "find out who changed that; then: chmod go-rwx " + HeldDirectory.name(path));
    }
  }

  /** Says what a new file of this user looks like there. */
  private static FileStat freshFile(Path directory) throws IOException {
    Path fresh = directory.resolve(".dr-restore-probe-" + UUID.randomUUID());
    Files.createFile(fresh, TargetFiles.permissions(fresh, "rw-------"));
    try {
      return FileStat.read(fresh);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** The user whose rights count for files, where the system says that. */
  private static OptionalInt user() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("Uid:")) {
          String[] ids = line.substring(4).trim().split("\\s+");
          return OptionalInt.of(Integer.parseUnsignedInt(ids[ids.length - 1]));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Not a Linux; there a user is taken for the owner of what he can open privately.
    }
    return "root".equals(System.getProperty("user.name")) ? OptionalInt.of(0) : OptionalInt.empty();
  }
}
