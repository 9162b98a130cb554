package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A storage whose bytes one operation reads and writes no faster than its pace. */
record PacedStorage(Storage storage, Pace pace) implements Storage {

  @Override
  public StorageWriter create() throws IOException {
    StorageWriter writer = storage.create();
    return new StorageWriter() {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        pace.await(length);
        writer.write(bytes, offset, length);
      }

      @Override
      public long length() {
        return writer.length();
      }

      @Override
      public void commit(String name) throws IOException {
        writer.commit(name);
      }

      @Override
      public void close() {
        writer.close();
      }
    };
  }

  @Override
  public int read(String name, long position, byte[] buffer, int offset, int length)
      throws IOException {
    int count = storage.read(name, position, buffer, offset, length);
    pace.await(count); // what was asked for may be far more than the file has left
    return count;
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
