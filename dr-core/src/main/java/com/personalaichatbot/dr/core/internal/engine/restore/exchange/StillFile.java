package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.scan.FileStat;
import com.personalaichatbot.dr.core.internal.scan.HeldDirectory;
import com.personalaichatbot.dr.core.internal.scan.HeldFile;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file in a directory where somebody else may exchange it, used under a second name in a
 * directory of ours, or through a descriptor where it can have none: what it is, is looked at
 * there, and it stays that. So no link is followed, no pipe makes anybody wait, and no other file
 * gets the metadata.
 *
 * @param path what to use
 * @param stat what that is
 * @param exposed whether somebody else may have put it there since it was looked at
 */
public record StillFile(Path path, FileStat stat, boolean exposed) {

  /** Works on a file. */
  @FunctionalInterface
  public interface Use<T> {
    T of(StillFile file) throws IOException;
  }

  /**
   * Uses a file under a name that stays.
   *
   * @param target what led to its directory, last
   * @param number of the change; no other thread uses a file for it
   */
  public static <T> T use(
      RestoreArea.Run run, TargetDirectories target, int number, Path file, Use<T> use)
      throws IOException {
    FileStat now = FileStat.read(file);
    if (!target.isExposed(now)) {
      return use.of(new StillFile(file, now, false));
    }
    Path still = makeDirectory(run).resolve(Integer.toString(number));
    Files.deleteIfExists(still);
    try {
      Files.createLink(still, file);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      return useHeld(file, now, use); // On another volume, or one without hard links.
    }
    try {
      FileStat stat = FileStat.read(still);
      if (stat.kind() != FileStat.Kind.FILE) {
        throw exchanged(file, "it is " + stat.kind() + " now");
      }
      return use.of(new StillFile(still, stat, true));
    } finally {
      Files.deleteIfExists(still);
    }
  }

  private static <T> T useHeld(Path file, FileStat now, Use<T> use) throws IOException {
    if (!HeldDirectory.isOffered(file)) {
      return use.of(new StillFile(file, now, false));
    }
    try (HeldFile held = HeldFile.open(file, now)) {
      return use.of(new StillFile(held.path(), now, true));
    }
  }

  private static FileSystemException exchanged(Path file, String how) {
    return new FileSystemException(HeldDirectory.name(file), null, "somebody exchanged it, " + how);
  }

  /** Fails if the file has a name elsewhere, through which it would be changed too. */
  void requireOneName(Path file) throws FileSystemException {
    int ours = HeldFile.isHeld(path) ? 0 : 1;
    if (exposed && stat.attributes().links() > 1 + ours) {
      throw exchanged(file, "it has other names now");
    }
  }

  private static Path makeDirectory(RestoreArea.Run run) throws IOException {
    Path directory = run.stillDirectory();
    try {
      Files.createDirectory(directory, TargetFiles.permissions(directory, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      // Made for an earlier one.
    }
    return directory;
  }
}
