package com.personalaichatbot.dr.core.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A storage that passes every call on to another storage. A subclass overrides the calls that it
 * changes, such as {@link #read} to limit a bandwidth or {@link #delete} to refuse deletion.
 *
 * <p>Closing it closes the other storage.
 */
public abstract class ForwardingStorage implements Storage {

  private final Storage storage;

  /**
   * Creates a storage in front of another one.
   *
   * @param storage the storage that receives the calls
   */
  protected ForwardingStorage(Storage storage) {
    this.storage = Objects.requireNonNull(storage, "storage");
  }

  /**
   * Returns the storage that receives the calls.
   *
   * @return the other storage
   */
  protected final Storage storage() {
    return storage;
  }

  @Override
  public StorageWriter create() throws IOException {
    return storage.create();
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
  public void delete(String name) throws IOException {
    storage.delete(name);
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
  public boolean isWritable() {
    return storage.isWritable();
  }

  @Override
  public Optional<Path> localPath() {
    return storage.localPath();
  }

  @Override
  public boolean singleWriter() throws IOException {
    return storage.singleWriter();
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }
}
