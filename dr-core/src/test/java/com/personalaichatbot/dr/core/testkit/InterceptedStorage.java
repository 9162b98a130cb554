package com.personalaichatbot.dr.core.testkit;

import com.personalaichatbot.dr.core.storage.ForwardingStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A storage that passes every call through one method before another storage does it. */
abstract class InterceptedStorage extends ForwardingStorage {

  InterceptedStorage(Storage storage) {
    super(storage);
  }

  /** Does a call, fails it, or changes it. */
  abstract <T> T call(StorageCall call, String name, Fault.Operation<T> operation)
      throws IOException;

  /** Sees how many bytes a writer is about to be given. */
  void beforeWrite(int length) throws IOException {}

  @Override
  public StorageWriter create() throws IOException {
    return call(StorageCall.CREATE, "", () -> new Writer(storage().create()));
  }

  @Override
  public int read(String name, long position, byte[] buffer, int offset, int length)
      throws IOException {
    return call(
        StorageCall.READ, name, () -> storage().read(name, position, buffer, offset, length));
  }

  @Override
  public long length(String name) throws IOException {
    return call(StorageCall.LENGTH, name, () -> storage().length(name));
  }

  @Override
  public List<StoredFile> list(String prefix) throws IOException {
    return call(StorageCall.LIST, prefix, () -> storage().list(prefix));
  }

  @Override
  public void sync(String prefix) throws IOException {
    call(StorageCall.SYNC, prefix, () -> {
      storage().sync(prefix);
      return null;
    });
  }

  @Override
  public void delete(String name) throws IOException {
    call(StorageCall.DELETE, name, () -> {
      storage().delete(name);
      return null;
    });
  }

  @Override
  public Optional<StorageLock> tryLock(boolean exclusive) throws IOException {
    return call(StorageCall.LOCK, "lock", () -> storage().tryLock(exclusive));
  }

  private final class Writer implements StorageWriter {

    private final StorageWriter writer;
    private boolean spent;

    Writer(StorageWriter writer) {
      this.writer = writer;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        beforeWrite(length);
        call(StorageCall.WRITE, "", () -> {
          writer.write(bytes, offset, length);
          return null;
        });
      } catch (IOException e) {
        close();
        throw e;
      }
    }

    @Override
    public long length() {
      return writer.length();
    }

    @Override
    public void commit(String name) throws IOException {
      try {
        call(StorageCall.COMMIT, name, () -> {
          writer.commit(name);
          return null;
        });
      } catch (IOException e) {
        close();
        throw e;
      }
      spent = true;
    }

    @Override
    public void close() {
      if (spent) {
        return;
      }
      spent = true;
      try {
        call(StorageCall.DISCARD, "", () -> {
          writer.close();
          return null;
        });
      } catch (IOException e) {
        // Closing a writer never fails; the temporary stays.
      }
    }
  }
}
