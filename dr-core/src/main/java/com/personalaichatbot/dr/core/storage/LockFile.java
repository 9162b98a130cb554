package com.personalaichatbot.dr.core.storage;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The lock file of a repository, open in this process.
 *
 * <p>POSIX drops all locks of a process on a file as soon as the process closes any descriptor of
 * it. An operating system's lock does not tell two threads of one process apart. So a lock file is
 * opened by at most one channel, which all storages of the process share and which closes with the
 * last holder; who may hold it besides whom is counted here. That is why this registry is static,
 * the only static state there is. It finds a file by what the file system says it is, not by its
 * path, so that two paths of one directory meet. Nothing reads or writes through the channel, so no
 * interrupt closes it.
 */
final class LockFile {

  /** By identity of the file; guards itself and every field below. */
  private static final Map<Object, LockFile> OPEN = new HashMap<>();

  private final Object key;
  private final FileChannel channel;
  private int holders;
  private boolean exclusive;

  private LockFile(Object key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  static Optional<StorageLock> tryLock(
      Path file, boolean exclusive, boolean writable, FileAttribute<?>[] mode) throws IOException {
    synchronized (OPEN) {
      try {
        return tryLockRegistered(file, exclusive, mode);
      } catch (IOException e) {
        if (exclusive || writable) {
          throw LocalStorage.naming(file, e);
        }
        return Optional.of(() -> {}); // read-only media: nobody can get in the way
      }
    }
  }

  private static Optional<StorageLock> tryLockRegistered(
      Path file, boolean exclusive, FileAttribute<?>[] mode) throws IOException {
    Object key = keyOf(file, mode);
    LockFile open = OPEN.get(key);
    if (open == null) {
      open = new LockFile(key, open(file, exclusive));
      OPEN.put(key, open);
    }
    return open.tryHold(exclusive);
  }

  /** Creates the file if it is absent: the one descriptor of it that is closed, before any lock. */
  private static Object keyOf(Path file, FileAttribute<?>[] mode) throws IOException {
    if (Files.notExists(file, NOFOLLOW_LINKS)) {
      try {
        Files.createFile(file, mode);
      } catch (FileAlreadyExistsException e) {
        // Another process was faster.
      }
    }
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new NotRegularFileException(
          file.toString(), "not a regular file, where the lock belongs; move it away");
    }
    Object identity = attributes.fileKey();
    return List.of(file.getFileSystem(), identity == null ? file.toRealPath() : identity);
  }

  private static FileChannel open(Path file, boolean exclusive) throws IOException {
    try {
      return FileChannel.open(file, Set.of(READ, WRITE, NOFOLLOW_LINKS));
    } catch (IOException e) {
      if (exclusive) {
        throw e;
      }
      return FileChannel.open(file, READ, NOFOLLOW_LINKS);
    }
  }

  private Optional<StorageLock> tryHold(boolean wantsExclusive) throws IOException {
    if (holders > 0) {
      if (exclusive || wantsExclusive) {
        return Optional.empty();
      }
    } else if (!lock(wantsExclusive)) {
      return Optional.empty();
    }
    holders++;
    exclusive = wantsExclusive;
    return Optional.of(new Holder());
  }

  private boolean lock(boolean wantsExclusive) throws IOException {
    boolean keepOpen = false;
    try {
      keepOpen = channel.tryLock(0, Long.MAX_VALUE, !wantsExclusive) != null;
      return keepOpen;
    } catch (OverlappingFileLockException | NonWritableChannelException e) {
      // A copy of this class in another class loader holds it: closing our channel would drop its
      // lock, so the channel stays for the next try.
      keepOpen = true;
      return false;
    } finally {
      if (!keepOpen) {
        close();
      }
    }
  }

  private void release() throws IOException {
    holders--;
    if (holders == 0) {
      close();
    }
  }

  private void close() throws IOException {
    OPEN.remove(key);
    channel.close();
  }

  private final class Holder implements StorageLock {

    private boolean released;

    @Override
    public void close() throws IOException {
      synchronized (OPEN) {
        if (!released) {
          released = true;
          release();
        }
      }
    }
  }
}
