package com.personalaichatbot.dr.core.internal.scan;

import com.personalaichatbot.dr.core.internal.store.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A test for one place of a file system within another. */
public final class Nesting {

  /** As many links as Linux follows in one path. */
  private static final int MAX_LINKS = 40;

  private Nesting() {}

  /**
   * Whether {@code inner} is {@code outer} or lies below it, as the file system sees it: links are
   * followed, letters that a file system takes for the same are the same, and neither place need
   * exist yet.
   *
   * @throws IOException if the places cannot be looked at, or links lead round in a circle
   */
  public static boolean contains(Path outer, Path inner) throws IOException {
    if (!outer.getFileSystem().equals(inner.getFileSystem())) {
      return false;
    }
    Path realOuter = real(outer, MAX_LINKS);
    Path realInner = real(inner, MAX_LINKS);
    if (realInner.startsWith(realOuter)) {
      return true;
    }
    if (Directories.look(realOuter).isEmpty()) {
      return false;
    }
    // Names may differ and the directory be the same: ask the file system about each one above.
    for (Path above = realInner; above != null; above = above.getParent()) {
      if (Directories.look(above).isPresent() && Files.isSameFile(above, realOuter)) {
        return true;
      }
    }
    return false;
  }

  /** The real path of what exists, and below it the names of what does not exist yet. */
  private static Path real(Path path, int linksLeft) throws IOException {
    Path absolute = path.toAbsolutePath();
    if (Files.exists(absolute)) {
      return absolute.toRealPath();
    }
    if (Files.isSymbolicLink(absolute)) {
      if (linksLeft == 0) {
        throw new IOException("too many symbolic links: " + path);
      }
      Path target = Files.readSymbolicLink(absolute);
      return real(absolute.resolveSibling(target), linksLeft - 1);
    }
    Path parent = absolute.getParent();
    if (parent == null || Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      return absolute.normalize();
    }
    return real(parent, linksLeft).resolve(absolute.getFileName()).normalize();
  }
}
