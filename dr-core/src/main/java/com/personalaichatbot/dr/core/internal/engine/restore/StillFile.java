package com.personalaichatbot.dr.core.internal.engine.restore;

import com.personalaichatbot.dr.core.internal.scan.FileStat;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in a directory where somebody else may exchange it, used under a second name in a
 * directory of ours: what it is, is looked at there, and it stays that. So no link is followed, no
 * pipe makes anybody wait, and no other file gets the metadata.
 */
final class StillFile {
  private static final int NAMES = 2;

  private StillFile() {}

  /** Works on a file. */
  @FunctionalInterface
  interface Use<T> {
    T of(Path file) throws IOException;
  }

  /**
   * Uses a file under a name that stays.
   *
   * @param target what led to its directory, last
   * @param number of the change; no other thread uses a file for it
   */
  static <T> T use(
      RestorePlace.Run run, TargetDirectories target, int number, Path file, Use<T> use)
      throws IOException {
    FileStat now = FileStat.read(file);
    if (!target.isExposed(now) || !isLinkable(run, now)) {
      return use.of(file);
    }
    Path still = makeDirectory(run).resolve(Integer.toString(number));
    Files.deleteIfExists(still);
    Files.createLink(still, file);
    try {
      FileStat stat = FileStat.read(still);
      if (stat.kind() != FileStat.Kind.FILE || stat.attributes().links() > NAMES) {
        throw new FileSystemException(
            file.toString(), null, "somebody exchanged it, it is " + stat.kind() + " now");
      }
      return use.of(still);
    } finally {
      Files.deleteIfExists(still);
    }
  }

  private static Path makeDirectory(RestorePlace.Run run) throws IOException {
    Path directory = run.stillDirectory();
    try {
      Files.createDirectory(directory, RestorePlace.permissions(directory, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      // Made for an earlier one.
    }
    return directory;
  }

  /** Whether a file of that volume can have a name in our directory. */
  static boolean isLinkable(RestorePlace.Run run, FileStat file) throws IOException {
    if (FileStat.read(run.access()).attributes().device() != file.attributes().device()) {
      return false;
    }
    Path one = Files.createTempFile(makeDirectory(run), "one", null);
    Path other = one.resolveSibling(one.getFileName() + "-other");
    try {
      Files.createLink(other, one);
      return true;
    } catch (UnsupportedOperationException | FileSystemException e) {
      return false;
    } finally {
      Files.deleteIfExists(other);
      Files.deleteIfExists(one);
    }
  }
}
