package com.personalaichatbot.dr.core.internal.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The content of directories. A listing that breaks off is an error that names the directory, and
 * never a shorter listing.
 */
public final class Directories {
  private Directories() {}

  /**
   * Lists a directory.
   *
   * @throws NoSuchFileException if none exists
   * @throws IOException if not all of it could be listed
   */
  public static List<Path> list(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = open(directory)) {
      return list(directory, entries);
    } catch (IOException e) {
      throw DurableFile.naming(directory, e);
    }
  }

  /** Lists what was opened. */
  public static List<Path> list(Path directory, DirectoryStream<Path> opened) throws IOException {
    List<Path> all = new ArrayList<>();
    try {
      opened.forEach(all::add);
    } catch (DirectoryIteratorException e) {
      throw DurableFile.naming(directory, e.getCause());
    }
    return all;
  }

  /**
   * Lists the regular files below a directory, those of one directory by name; no link is followed.
   *
   * @throws NoSuchFileException if there is no directory
   * @throws IOException if not all of it could be listed
   */
  public static List<Path> filesBelow(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    Deque<Path> directories = new ArrayDeque<>(List.of(directory));
    while (!directories.isEmpty()) {
      List<Path> entries = list(directories.pop());
      Collections.sort(entries);
      for (Path entry : entries) {
        Optional<BasicFileAttributes> found = look(entry, LinkOption.NOFOLLOW_LINKS);
        if (found.filter(BasicFileAttributes::isDirectory).isPresent()) {
          directories.push(entry);
        } else if (found.filter(BasicFileAttributes::isRegularFile).isPresent()) {
          files.add(entry);
        }
      }
    }
    return files;
  }

  /**
   * Opens a directory for who does not list it: a listing would end early without a word. The JDK
   * opens whatever has the name, and would wait at a pipe; so that is looked at first.
   */
  public static DirectoryStream<Path> open(Path directory) throws IOException {
    if (!Files.readAttributes(directory, BasicFileAttributes.class).isDirectory()) {
      throw new NotDirectoryException(directory.toString());
    }
    return Files.newDirectoryStream(directory);
  }

  /** Fails where a directory cannot be listed. */
  public static void requireListable(Path directory) throws IOException {
    open(directory).close();
  }

  /**
   * Whether there is nothing in a directory, or no directory of that name.
   *
   * @throws IOException if that cannot be told
   */
  public static boolean isEmpty(Path directory) throws IOException {
    try {
      return !isDirectory(directory) || list(directory).isEmpty();
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /**
   * Whether a directory is there.
   *
   * @throws IOException if that cannot be told
   */
  public static boolean isDirectory(Path path, LinkOption... options) throws IOException {
    return look(path, options).filter(BasicFileAttributes::isDirectory).isPresent();
  }

  /**
   * Whether a regular file is there.
   *
   * @throws IOException if that cannot be told
   */
  public static boolean isRegularFile(Path path, LinkOption... options) throws IOException {
    return look(path, options).filter(BasicFileAttributes::isRegularFile).isPresent();
  }

  /**
   * What is there; empty if nothing of that name is, also because a file is where a directory above
   * it belongs.
   *
   * @throws IOException if that cannot be told: what cannot be looked at may be there
   */
  public static Optional<BasicFileAttributes> look(Path path, LinkOption... options)
      throws IOException {
    try {
      return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, options));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (isBelowFile(path)) {
        return Optional.empty(); // The JDK has no exception of its own for that.
      }
      throw e;
    }
  }

  /** Whether a file is where a directory above a path belongs. */
  private static boolean isBelowFile(Path path) {
    for (Path above = path.toAbsolutePath().getParent(); above != null; above = above.getParent()) {
      if (Files.isDirectory(above)) {
        return false;
      }
      if (Files.isRegularFile(above)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether something of that name, which may be a link, is there.
   *
   * @throws IOException if that cannot be told
   */
  public static boolean holds(Path path) throws IOException {
    return look(path, LinkOption.NOFOLLOW_LINKS).isPresent();
  }
}
