package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A copy of a repository as everybody sees it but the run that brings it up to date: it can be read
 * and not written. Whatever a client added to it, be it the mark of a verify, would make another
 * history of it, and the next run would have to refuse it. The file {@value #MARK} says that a
 * place is a copy; without it, it is a repository of its own. Only a holder of the keys can write
 * that file.
 */
public final class CopiedStorage implements Storage {
  /** The file that marks a copy. */
  public static final String MARK = "copy";

  private static final int MOST = 4096;

  private final Storage storage;
  private final Bytes16 copyId;

  private CopiedStorage(Storage storage, Bytes16 copyId) {
    this.storage = storage;
    this.copyId = copyId;
  }

  /** The storage as it is to be used: guarded if it holds a copy. */
  static Storage guard(Storage storage, Seals seals) throws IOException {
    Optional<Bytes16> copy = copyId(storage, seals);
    return copy.isPresent() ? new CopiedStorage(storage, copy.get()) : storage;
  }

  /**
   * The id of the copy that a place holds; empty if it holds none. Only what a holder of the keys
   * wrote says that it is one: a file of that name by somebody else switches nothing off.
   */
  public static Optional<Bytes16> copyId(Storage storage, Seals seals) throws IOException {
    try {
      return Optional.of(seals.openCopyMark(Opening.read(storage, MARK, MOST)));
    } catch (NoSuchFileException | MalformedException e) {
      return Optional.empty();
    }
  }

  /** The id of the copy that this storage was found to hold; empty if it holds none. */
  public static Optional<Bytes16> copyId(Storage storage) {
    return storage instanceof CopiedStorage copied ? Optional.of(copied.copyId) : Optional.empty();
  }

  private FileSystemException refusal() {
    return new FileSystemException(location(), null, "a copy of a repository is only copied to");
  }

  @Override
  public StorageWriter create() throws IOException {
    throw refusal();
  }

  @Override
  public void delete(String name) throws IOException {
    throw refusal();
  }

  @Override
  public boolean isWritable() {
    return false;
  }

  @Override
  public int read(String name, long position, byte[] buffer, int offset, int length)
      throws IOException {
    return storage.read(name, position, buffer, offset, length);
  }

  @Override
  public long length(String name) throws IOException {
    return storage.length(name);
  }

  @Override
  public List<StoredFile> list(String prefix) throws IOException {
    return storage.list(prefix);
  }

  @Override
  public void sync(String prefix) throws IOException {
    storage.sync(prefix);
  }

  @Override
  public Optional<StorageLock> tryLock(boolean exclusive) throws IOException {
    return storage.tryLock(exclusive);
  }

  @Override
  public String location() {
    return storage.location();
  }

  @Override
  public Optional<Path> localPath() {
    return storage.localPath();
  }

  @Override
  public boolean singleWriter() {
    return false; // There is no writer.
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }
}
