package com.personalaichatbot.dr.core.internal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Small files that are replaced as a whole, in a directory that only the user can read, or in
 * memory where there is no directory. Thread-safe.
 */
public final class StateDirectory {
  private static final long MAX_FILE = 16 << 20;
  private static final String TEMPORARY = ".tmp";

  private final Path directory;
  private final Map<String, byte[]> memory = new HashMap<>();
  private boolean written;

  private StateDirectory(Path directory) {
    this.directory = directory;
  }

  /** Keeps files in a directory, which is made when the first is written. */
  public static StateDirectory at(Path directory) {
    return new StateDirectory(directory.toAbsolutePath().normalize());
  }

  /**
   * Returns the state directory of a repository, which a person may name once more.
   *
   * @throws IllegalArgumentException if it is another one: what is recorded in one is not seen in
   *     the other
   */
  public static Path requireSame(Optional<Path> own, Path named) {
    Path given = named.toAbsolutePath().normalize();
    if (own.isPresent() && !own.get().equals(given)) {
      throw new IllegalArgumentException("the repository has the state directory " + own.get()
          + ", and what is recorded in " + given + " would not be seen there: leave out .state("
          + given + "), or open the repository with it");
    }
    return given;
  }

  /** Forgets everything with the process. */
  public static StateDirectory inMemory() {
    return new StateDirectory(null);
  }

  /** Where it lies, unless it is kept in memory. */
  public Optional<Path> path() {
    return Optional.ofNullable(directory);
  }

  /** The bytes of a file, if there is one. */
  public synchronized Optional<byte[]> read(String name) throws IOException {
    if (directory == null) {
      return Optional.ofNullable(memory.get(name)).map(byte[]::clone);
    }
    try {
      return Optional.of(DurableFile.read(directory.resolve(name), MAX_FILE));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Returns the names of the files; empty if there is no directory yet. */
  public synchronized Set<String> names() throws IOException {
    if (directory == null) {
      return Set.copyOf(memory.keySet());
    }
    Set<String> names = new TreeSet<>();
    try {
      Directories.list(directory).forEach(file -> names.add(file.getFileName().toString()));
    } catch (NoSuchFileException e) {
      return Set.of();
    }
    names.removeIf(name -> name.endsWith(TEMPORARY));
    return names;
  }

  /** Whether anything was ever written here. */
  public synchronized boolean exists() {
    return directory == null ? written : Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
  }

  /** Removes a file if it is there; durable on return. */
  public synchronized void delete(String name) throws IOException {
    if (directory == null) {
      memory.remove(name);
    } else if (Files.deleteIfExists(directory.resolve(name))) {
      DurableFile.forceNames(directory);
    }
  }

  /** Replaces a file; its bytes are durable on return. */
  public synchronized void write(String name, byte[] bytes) throws IOException {
    if (directory == null) {
      memory.put(name, bytes.clone());
      written = true;
      return;
    }
    DurableFile.makeDirectories(directory, DurableFile.permissions(directory, "rwx------"));
    DurableFile.replace(directory.resolve(name), bytes, DurableFile.OWNER);
  }
}
