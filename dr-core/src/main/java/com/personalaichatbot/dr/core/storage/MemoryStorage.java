package com.personalaichatbot.dr.core.storage;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * A repository in memory, for tests, as strict as the worst disk: {@link #crash} gives a storage
 * that knows only what was synced.
 *
 * <p>It needs no file, thread or clock. One instance is one disk: several users of it share files
 * and the courtesy lock. Safe for use by several threads. A file may have up to 2 GiB.
 */
public final class MemoryStorage implements Storage {

  /** What a reader sees. Guarded, as all below, by this object. */
  private final NavigableMap<String, Content> files = new TreeMap<>();

  /** What a power cut leaves. */
  private final NavigableMap<String, Content> durable = new TreeMap<>();

  private long temporaries;
  private int lockHolders;
  private boolean lockedExclusively;
  private boolean closed;

  /** Creates an empty storage. */
  public MemoryStorage() {}

  /**
   * Returns what is left if the power fails now: every file that was synced, none that was created
   * and not synced, and again each one whose deletion was not synced. This storage stays as it is;
   * it may be closed.
   *
   * @return a new storage, open, with no lock held
   */
  public MemoryStorage crash() {
    return crash(name -> false);
  }

  /**
   * Returns what may be left if the power fails now. A name that was created or deleted and not
   * synced may have reached the disk or not; temporary files whose bytes were not made durable lose
   * their second half. This storage stays as it is; it may be closed.
   *
   * @param reached says of a name, asked in ascending order of names and once for each, whether
   *     what happened to it since the last sync reached the disk
   * @return a new storage, open, with no lock held
   */
  public synchronized MemoryStorage crash(Predicate<String> reached) {
    MemoryStorage survivor = new MemoryStorage();
    TreeSet<String> names = new TreeSet<>(files.keySet());
    names.addAll(durable.keySet());
    for (String name : names) {
      Content now = files.get(name);
      Content synced = durable.get(name);
      Content left = now == synced || reached.test(name) ? now : synced;
      if (left != null) {
        survivor.files.put(name, left.afterPowerCut());
      }
    }
    survivor.durable.putAll(survivor.files);
    survivor.temporaries = temporaries;
    return survivor;
  }

  @Override
  public synchronized StorageWriter create() {
    requireOpen();
    String name = String.format(Locale.ROOT, "%s/%032x", Names.TEMPORARIES, temporaries++);
    Content content = new Content();
    files.put(name, content);
    return new Writer(name, content);
  }

  @Override
  public synchronized int read(String name, long position, byte[] buffer, int offset, int length)
      throws IOException {
    Content content = find(name);
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (position < 0) {
      throw new IllegalArgumentException("negative position in " + name + ": " + position);
    }
    int count = (int) Math.max(0, Math.min(length, content.length - position));
    if (count > 0) {
      System.arraycopy(content.bytes, (int) position, buffer, offset, count);
    }
    return count;
  }

  @Override
  public synchronized long length(String name) throws IOException {
    return find(name).length;
  }

  @Override
  public synchronized List<StoredFile> list(String prefix) throws IOException {
    requireDirectory(prefix);
    List<StoredFile> found = new ArrayList<>();
    files.forEach((name, content) -> {
      if (Names.isBelow(prefix, name)) {
        found.add(new StoredFile(name, content.length));
      }
    });
    return found;
  }

  @Override
  public synchronized void sync(String prefix) throws IOException {
    requireDirectory(prefix);
    durable.keySet().removeIf(name -> Names.isBelow(prefix, name));
    files.forEach((name, content) -> {
      if (Names.isBelow(prefix, name)) {
        durable.put(name, content);
      }
    });
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    find(name);
    files.remove(name);
  }

  @Override
  public synchronized Optional<StorageLock> tryLock(boolean exclusive) {
    requireOpen();
    if (lockHolders > 0 && (exclusive || lockedExclusively)) {
      return Optional.empty();
    }
    lockHolders++;
    lockedExclusively = exclusive;
    return Optional.of(new Lock());
  }

  @Override
  public String location() {
    return "memory";
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public Optional<Path> localPath() {
    return Optional.empty();
  }

  @Override
  public boolean singleWriter() {
    return false;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private synchronized void append(Content content, byte[] bytes, int offset, int length) {
    content.append(bytes, offset, length);
  }

  private synchronized void commit(String temporary, Content content, String name)
      throws IOException {
    if (files.get(temporary) != content) {
      throw new NoSuchFileException(temporary);
    }
    for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
      if (files.containsKey(name.substring(0, slash))) {
        throw new NotDirectoryException(name.substring(0, slash));
      }
    }
    String below = files.higherKey(name + "/");
    if (files.containsKey(name) || below != null && Names.isBelow(name, below)) {
      throw new FileAlreadyExistsException(name);
    }
    content.forced = true;
    files.put(name, content);
  }

  private synchronized void discard(String temporary, Content content) {
    files.remove(temporary, content);
  }

  private Content find(String name) throws NoSuchFileException {
    Content content = files.get(Names.file(name));
    requireOpen();
    if (content == null) {
      throw new NoSuchFileException(name);
    }
    return content;
  }

  private void requireDirectory(String name) throws NotDirectoryException {
    Names.directory(name);
    requireOpen();
    if (files.containsKey(name)) {
      throw new NotDirectoryException(name);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the storage is closed: " + location());
    }
  }

  /** Bytes that only grow, until they are forced; then nothing changes them. */
  private static final class Content {

    private byte[] bytes = new byte[0];
    private int length;
    private boolean forced;

    void append(byte[] more, int offset, int count) {
      if (count > bytes.length - length) {
        int wanted = Math.addExact(length, count);
        bytes = Arrays.copyOf(bytes, Math.max(wanted, (int) Math.min(2L * length, 1 << 30)));
      }
      System.arraycopy(more, offset, bytes, length, count);
      length += count;
    }

    Content afterPowerCut() {
      if (forced) {
        return this;
      }
      Content torn = new Content();
      torn.append(bytes, 0, length / 2);
      torn.forced = true;
      return torn;
    }
  }

  private final class Writer implements StorageWriter {

    private final String temporary;
    private final Content content;
    private boolean spent;

    Writer(String temporary, Content content) {
      this.temporary = temporary;
      this.content = content;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      requireUnspent();
      Objects.checkFromIndexSize(offset, length, bytes.length);
      append(content, bytes, offset, length);
    }

    @Override
    public long length() {
      return content.length;
    }

    @Override
    public void commit(String name) throws IOException {
      requireUnspent();
      Names.file(name);
      requireOpen();
      try {
        MemoryStorage.this.commit(temporary, content, name);
      } finally {
        close();
      }
    }

    @Override
    public void close() {
      if (!spent) {
        spent = true;
        discard(temporary, content);
      }
    }

    private void requireUnspent() {
      if (spent) {
        throw new IllegalStateException("committed, failed or closed before: " + temporary);
      }
    }
  }

  private final class Lock implements StorageLock {

    private boolean released;

    @Override
    public void close() {
      synchronized (MemoryStorage.this) {
        if (!released) {
          released = true;
          lockHolders--;
        }
      }
    }
  }
}
