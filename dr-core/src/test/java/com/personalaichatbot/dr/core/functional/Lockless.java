package com.personalaichatbot.dr.core.functional;

import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A storage that gives its lock to everybody, as if it were lost: no safety may depend on it. */
final class Lockless implements Storage {
  private final Storage storage;

  Lockless(Storage storage) {
    this.storage = storage;
  }

  @Override
  public Optional<StorageLock> tryLock(boolean exclusive) {
    return Optional.of(() -> {});
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
