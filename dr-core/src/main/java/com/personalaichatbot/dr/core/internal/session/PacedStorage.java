package com.personalaichatbot.dr.core.internal.session;

import com.personalaichatbot.dr.core.storage.ForwardingStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import java.io.IOException;

/** A storage whose bytes one operation reads and writes no faster than its pace. */
final class PacedStorage extends ForwardingStorage {
  private final Pace pace;

  PacedStorage(Storage storage, Pace pace) {
    super(storage);
    this.pace = pace;
  }

  @Override
  public StorageWriter create() throws IOException {
    StorageWriter writer = storage().create();
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
    int count = storage().read(name, position, buffer, offset, length);
    pace.await(count); // what was asked for may be far more than the file has left
    return count;
  }
}
