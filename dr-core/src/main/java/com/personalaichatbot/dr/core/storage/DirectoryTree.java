package com.personalaichatbot.dr.core.storage;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The directories of a {@link LocalStorage}: created, forced, and listed without gaps. The root may
 * be reached through a symbolic link; below it none is followed.
 */
final class DirectoryTree {

  private final Path root;
  private final FileAttribute<?>[] mode;
  private final boolean opensDirectories;

  DirectoryTree(Path root, FileAttribute<?>[] mode, boolean opensDirectories) {
    this.root = root;
    this.mode = mode;
    this.opensDirectories = opensDirectories;
  }

  /** Whether a directory is there. The root must be, and what is there must be a directory. */
  boolean contains(Path directory) throws IOException {
    if (!attributes(root).isDirectory()) {
      throw new NotDirectoryException(root.toString());
    }
    return directory.equals(root) || isPlain(directory);
  }

  /**
   * Refuses what is no directory on the way from the root to a file. A link there would lead out of
   * the repository: reading the file's own attributes without following it does not notice one.
   *
   * @throws NotDirectoryException naming what is no directory
   */
  void requireDirectories(Path file) throws IOException {
    Path directory = file.getParent();
    if (!directory.equals(root)) {
      isPlain(directory);
    }
  }

  /** Whether a directory below the root is there, reached through nothing but directories. */
  private boolean isPlain(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (!parent.equals(root) && !isPlain(parent)) {
      return false;
    }
    Optional<BasicFileAttributes> attributes = attributesIfThere(directory);
    if (attributes.isPresent() && !attributes.get().isDirectory()) {
      throw new NotDirectoryException(directory.toString());
    }
    return attributes.isPresent();
  }

  /** Adds all files below a directory, which has the given name, in no order. */
  void list(Path directory, String name, List<StoredFile> files) throws IOException {
    for (Path child : children(directory)) {
      Optional<BasicFileAttributes> attributes = attributesIfThere(child);
      if (attributes.isEmpty()) {
        continue; // deleted since
      }
      String text = child.getFileName().toString();
      String childName = name.isEmpty() ? text : name + "/" + text;
      if (attributes.get().isDirectory()) {
        list(child, childName, files);
      } else {
        files.add(new StoredFile(childName, attributes.get().size()));
      }
    }
  }

  /**
   * Lists one directory, twice if need be. The system ends the listing of a directory that was
   * removed meanwhile as if nothing more were in it, so the directory must be the same one after as
   * before; otherwise a listing cut short would pass for a complete one.
   */
  private List<Path> children(Path directory) throws IOException {
    Optional<List<Path>> children = childrenIfStable(directory);
    if (children.isEmpty()) {
      children = childrenIfStable(directory);
    }
    return children.orElseThrow(() -> new FileSystemException(
        directory.toString(), null, "removed or replaced while it was listed; try again"));
  }

  private Optional<List<Path>> childrenIfStable(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try {
      Object key = attributes(directory).fileKey();
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
        stream.forEach(children::add);
      }
      boolean stable = Objects.equals(key, attributes(directory).fileKey());
      return stable ? Optional.of(children) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (DirectoryIteratorException e) {
      throw LocalStorage.naming(directory, e.getCause());
    }
  }

  /** Forces a directory and all below it. Costs 60 µs for each where nothing is to be written. */
  void forceTree(Path directory) throws IOException {
    for (Path child : children(directory)) {
      if (attributesIfThere(child).filter(BasicFileAttributes::isDirectory).isPresent()) {
        forceTree(child);
      }
    }
    force(directory);
  }

  /** Forces one directory, where the system lets a directory be opened at all. */
  void force(Path directory) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(directory, READ);
    } catch (IOException | UnsupportedOperationException e) {
      if (opensDirectories) {
        throw e;
      }
      return;
    }
    try (channel) {
      channel.force(true);
    } catch (IOException e) {
      throw LocalStorage.naming(directory, e);
    }
  }

  /**
   * Creates a directory and what is missing above it. What lies below the root is made durable by
   * {@link LocalStorage#sync}; the root itself and what is above it no sync would reach, so the
   * directories they are in are forced here.
   */
  void make(Path directory) throws IOException {
    boolean outside = root.startsWith(directory);
    LinkOption[] links = outside ? new LinkOption[0] : new LinkOption[] {NOFOLLOW_LINKS};
    if (!outside) {
      requireDirectories(directory);
    }
    if (Files.isDirectory(directory, links)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      make(parent);
    }
    try {
      Files.createDirectory(directory, mode);
    } catch (FileAlreadyExistsException e) {
      // Another thread was faster; or it is a file, which must not pass for a name that is taken.
      if (!Files.isDirectory(directory, links)) {
        throw new NotDirectoryException(directory.toString());
      }
    }
    if (outside && parent != null) {
      force(parent);
    }
  }

  private Optional<BasicFileAttributes> attributesIfThere(Path path) throws IOException {
    try {
      return Optional.of(attributes(path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private BasicFileAttributes attributes(Path path) throws IOException {
    return path.equals(root)
        ? Files.readAttributes(path, BasicFileAttributes.class)
        : Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
  }
}
