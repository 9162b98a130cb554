package com.personalaichatbot.dr.core.internal.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in a directory. A listing that breaks off is an error that names the directory, and never
 * a shorter listing.
 */
public final class Directories {
  private Directories() {}

  /**
   * Lists a directory.
   *
   * @throws NoSuchFileException if there is none
   * @throws IOException if not all of it could be listed
   */
  public static List<Path> list(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
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

  /** Fails where a directory cannot be listed. */
  public static void requireListable(Path directory) throws IOException {
    Files.newDirectoryStream(directory).close();
  }

  /**
   * Whether there is nothing in a directory, or no directory of that name.
   *
   * @throws IOException if that cannot be told
   */
  public static boolean isEmpty(Path directory) throws IOException {
    try {
      return !Files.readAttributes(directory, BasicFileAttributes.class).isDirectory()
          || list(directory).isEmpty();
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /**
   * Whether something of that name, which may be a link, is there.
   *
   * @throws IOException if that cannot be told
   */
  public static boolean holds(Path path) throws IOException {
    try {
      Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
