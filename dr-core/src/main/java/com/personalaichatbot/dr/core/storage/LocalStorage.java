package com.personalaichatbot.dr.core.storage;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A repository in a directory.
 *
 * <p>A file is written as {@code tmp/<random>}, forced to the disk, and then gets its name by a
 * hard link, which no file system lets replace another file. Where a file system has no hard links
 * (found by a probe) the file is moved instead, whole, after a check that the name is free: then
 * {@link #singleWriter} is true. {@link #sync} forces directories; on Windows, where that is
 * impossible, it relies on the file system's journal. Directories are 0700 and files 0600 where the
 * file system knows modes.
 *
 * <p>The courtesy lock is the operating system's lock on the file {@code lock}, by one channel for
 * the whole process, whatever the number of storages on one directory.
 *
 * <p>Safe for use by several threads. A thread that is interrupted keeps its interrupt and gets its
 * call done; only an interrupt at the very moment of writing or forcing ends that one call with
 * {@link ClosedByInterruptException}, and what it wrote is discarded. Nothing is held open between
 * calls but writers and locks.
 */
public final class LocalStorage implements Storage {

  /** Bounds the buffer outside the heap that the JDK keeps for each thread that does I/O. */
  static final int PIECE = 128 * 1024;

  private static final int PROBES = 100;

  private final Path root;
  private final DirectoryTree tree;
  private final FileAttribute<?>[] fileMode;
  private volatile Optional<Boolean> hardLinks = Optional.empty();
  private volatile boolean closed;

  private LocalStorage(Path root) {
    this.root = root;
    Set<String> views = root.getFileSystem().supportedFileAttributeViews();
    boolean posix = views.contains("posix");
    this.fileMode = posix ? mode("rw-------") : new FileAttribute<?>[0];
    FileAttribute<?>[] directoryMode = posix ? mode("rwx------") : new FileAttribute<?>[0];
    this.tree = new DirectoryTree(root, directoryMode, views.contains("unix"));
  }

  /**
   * Returns a storage in a directory. Nothing is read or written; the directory, and what is
   * missing above it, is created by the first {@link #create}.
   *
   * @param directory the directory, on any file system; a relative path is resolved now
   * @return the storage
   */
  public static LocalStorage at(Path directory) {
    return new LocalStorage(directory.toAbsolutePath());
  }

  @Override
  public StorageWriter create() throws IOException {
    requireOpen();
    hasHardLinks();
    return newTemporary();
  }

  @Override
  public int read(String name, long position, byte[] buffer, int offset, int length)
      throws IOException {
    Path file = file(name);
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (position < 0) {
      throw new IllegalArgumentException("negative position in " + name + ": " + position);
    }
    tree.requireDirectories(file);
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return read(file, position, ByteBuffer.wrap(buffer, offset, length));
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        } catch (IOException e) {
          throw naming(file, e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A channel of its own costs 8 µs and is not closed by another thread's interrupt. */
  private static int read(Path file, long position, ByteBuffer into) throws IOException {
    int begin = into.position();
    int end = into.limit();
    if (!attributes(file).isRegularFile()) {
      // Opening a FIFO would wait for ever.
      throw new NotRegularFileException(file.toString());
    }
    try (FileChannel channel = FileChannel.open(file, READ, NOFOLLOW_LINKS)) {
      while (into.position() < end) {
        into.limit(Math.min(end, into.position() + PIECE));
        if (channel.read(into, position + into.position() - begin) < 0) {
          break;
        }
      }
    }
    return into.position() - begin;
  }

  @Override
  public long length(String name) throws IOException {
    Path file = file(name);
    tree.requireDirectories(file);
    BasicFileAttributes attributes = attributes(file);
    if (!attributes.isRegularFile()) {
      throw new NotRegularFileException(file.toString());
    }
    return attributes.size();
  }

  @Override
  public List<StoredFile> list(String prefix) throws IOException {
    Path directory = directory(prefix);
    List<StoredFile> files = new ArrayList<>();
    if (tree.contains(directory)) {
      tree.list(directory, prefix, files);
    }
    files.sort(Comparator.comparing(StoredFile::name));
    return files;
  }

  @Override
  public void sync(String prefix) throws IOException {
    Path directory = directory(prefix);
    boolean interrupted = Thread.interrupted();
    try {
      if (tree.contains(directory)) {
        tree.forceTree(directory);
      }
      while (!directory.equals(root)) {
        directory = directory.getParent();
        if (tree.contains(directory)) {
          tree.force(directory);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Path file = file(name);
    tree.requireDirectories(file);
    if (attributes(file).isDirectory()) {
      throw new FileSystemException(file.toString(), null, "a directory, not a file");
    }
    Files.delete(file);
  }

  @Override
  public Optional<StorageLock> tryLock(boolean exclusive) throws IOException {
    tree.contains(directory(""));
    return LockFile.tryLock(root.resolve(Names.LOCK), exclusive, isWritable(), fileMode);
  }

  @Override
  public String location() {
    return root.toString();
  }

  @Override
  public boolean isWritable() {
    Path existing = root;
    while (existing.getParent() != null && Files.notExists(existing)) {
      existing = existing.getParent();
    }
    return Files.isWritable(existing);
  }

  @Override
  public Optional<Path> localPath() {
    return Optional.of(root);
  }

  @Override
  public boolean singleWriter() throws IOException {
    requireOpen();
    return Files.isDirectory(root) && Files.isWritable(root) && !hasHardLinks();
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Gives a forced temporary its name, if no file has it. The temporary may be gone after it. */
  void publish(Path temporary, Path file) throws IOException {
    tree.make(file.getParent());
    if (hasHardLinks()) {
      Files.createLink(file, temporary);
    } else {
      // A move without options looks first and never replaces; an ATOMIC_MOVE would silently do so.
      synchronized (this) {
        Files.move(temporary, file);
      }
    }
  }

  /**
   * Whether a name can be created only if it is absent. A file system says that it cannot link in
   * many ways and languages, so the probe does not read the message: where a link fails and an
   * ordinary file can be created in its stead, there are no links.
   */
  private boolean hasHardLinks() throws IOException {
    if (hardLinks.isEmpty()) {
      synchronized (this) {
        if (hardLinks.isEmpty()) {
          hardLinks = Optional.of(probeHardLinks());
        }
      }
    }
    return hardLinks.get();
  }

  private boolean probeHardLinks() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return canLink();
      } catch (NoSuchFileException e) {
        // Whoever sweeps temporaries just now takes those of the probe as well: it is tried again.
        if (attempt == PROBES) {
          throw e;
        }
      }
    }
  }

  private boolean canLink() throws IOException {
    try (LocalWriter target = newTemporary()) {
      Path link = target.temporary().resolveSibling(randomName());
      try {
        Files.createLink(link, target.temporary());
        Files.delete(link);
        return true;
      } catch (NoSuchFileException e) {
        throw e;
      } catch (UnsupportedOperationException | FileSystemException e) {
        newTemporary().close();
        return false;
      }
    }
  }

  private LocalWriter newTemporary() throws IOException {
    Path directory = root.resolve(Names.TEMPORARIES);
    tree.make(directory);
    while (true) {
      Path temporary = directory.resolve(randomName());
      try {
        Set<OpenOption> options = Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS);
        return new LocalWriter(this, temporary, FileChannel.open(temporary, options, fileMode));
      } catch (FileAlreadyExistsException e) {
        // A cloned machine may draw the same name: draw again.
      }
    }
  }

  private static String randomName() {
    HexFormat hex = HexFormat.of();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  /** The path of a file whose name is accepted. */
  Path file(String name) {
    String accepted = Names.file(name);
    requireOpen();
    return root.resolve(accepted);
  }

  private Path directory(String name) {
    String accepted = Names.directory(name);
    requireOpen();
    return accepted.isEmpty() ? root : root.resolve(accepted);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the storage is closed: " + root);
    }
  }

  /** The JDK leaves the file out of what a channel's read, write or force throws. */
  static IOException naming(Path file, IOException e) {
    if (e instanceof FileSystemException || e instanceof ClosedByInterruptException) {
      return e;
    }
    FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
    named.initCause(e);
    return named;
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
  }

  private static FileAttribute<?>[] mode(String permissions) {
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
  }
}
