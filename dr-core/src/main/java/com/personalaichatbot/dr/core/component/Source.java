package com.personalaichatbot.dr.core.component;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The place that a component's data is read from: a directory with all that is below it, or a
 * single file, on any file system. Immutable.
 *
 * <p>Nothing is opened or looked at before a backup runs. A path that is a symbolic link then is
 * resolved, once; links found below it are stored as links and never followed.
 */
public final class Source {

  /** The kind of file that must be found at the path. */
  public enum Shape {
    /** A directory. */
    DIRECTORY,
    /** A regular file. */
    FILE,
    /** A directory or a regular file, whichever is found. */
    EITHER
  }

  private final Path path;
  private final Shape shape;
  private final Map<Path, LiveFile> liveFiles;

  private Source(Path path, Shape shape, Map<Path, LiveFile> liveFiles) {
    this.path = path.toAbsolutePath(); // Now: a working directory may be another one later.
    this.shape = shape;
    this.liveFiles = liveFiles;
  }

  /**
   * A directory with all that is below it. Found to be a file, it is a listed failure.
   *
   * @param path the directory, which need not exist yet
   * @return a source without live files
   */
  public static Source directory(Path path) {
    return new Source(path, Shape.DIRECTORY, Map.of());
  }

  /**
   * A single file. Found to be a directory, it is a listed failure.
   *
   * @param path the file, which need not exist yet
   * @return a source without live files
   */
  public static Source file(Path path) {
    return new Source(path, Shape.FILE, Map.of());
  }

  /**
   * A directory or a single file, whichever is found when a backup runs.
   *
   * @param path the place, where nothing need exist yet
   * @return a source without live files
   */
  public static Source at(Path path) {
    return new Source(path, Shape.EITHER, Map.of());
  }

  /**
   * Returns a source that reads one of its files through the application's own handle. Needed for
   * every file that the application holds open while a backup runs: such a file is never opened by
   * its path, and without a live file it is a listed failure.
   *
   * @param file the file, in or below this source's path; other names of it (hard links) are read
   *     through the same handle. A file that does not exist when a backup runs is left out; one
   *     outside the source is a listed failure
   * @param reader a handle of that very file, lent for the time of each backup, never closed. Give
   *     a new one when another file takes the path, for instance when a log was rolled
   * @return a copy of this source with one more live file; a second one for the same path replaces
   *     the first
   */
  public Source withLiveFile(Path file, LiveFile reader) {
    Map<Path, LiveFile> more = new HashMap<>(liveFiles);
    more.put(file.toAbsolutePath(), Objects.requireNonNull(reader, "reader"));
    return new Source(path, shape, Map.copyOf(more));
  }

  /** {@return the absolute path; a relative one was resolved when this source was made} */
  public Path path() {
    return path;
  }

  /** {@return what must be found at the path} */
  public Shape shape() {
    return shape;
  }

  /**
   * {@return the files that are read through the application's own handles; unmodifiable, empty if
   * none exist}
   */
  public Map<Path, LiveFile> liveFiles() {
    return liveFiles;
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
