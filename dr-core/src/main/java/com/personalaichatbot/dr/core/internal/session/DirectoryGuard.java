package com.personalaichatbot.dr.core.internal.session;

import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.storage.ForwardingStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A storage that reports a file or a link in the place of one of the repository's directories as
 * damage of the repository, whatever the call that came across it. The storage itself says no more
 * than that it is no directory.
 */
public final class DirectoryGuard extends ForwardingStorage {
  /** The directories of a repository. */
  public static final Set<String> DIRECTORIES = Set.of("catalog", "index", "keys", "packs", "tmp");

  /** What is wrong where one of them is not one. */
  public static final String PROBLEM =
      "a file or a link is in the place of this directory, and is neither read nor followed";

  /** Directories that are made again when they are missing, without loss. */
  private static final Set<String> MADE_AGAIN = Set.of("index", "tmp");

  private DirectoryGuard(Storage storage) {
    super(storage);
  }

  /** Guards a storage, unless it is guarded. */
  public static Storage of(Storage storage) {
    return storage instanceof DirectoryGuard ? storage : new DirectoryGuard(storage);
  }

  private IOException damage(NotDirectoryException e) {
    String place = location();
    String file = e.getFile();
    if (file == null || place.startsWith(file)) {
      return e; // The place of the repository itself, or above it: there may be no repository.
    }
    boolean isPath = file.startsWith(place) && file.length() > place.length() + 1;
    String name = isPath ? file.substring(place.length() + 1).replace('\\', '/') : file;
    CorruptRepositoryException damage = new CorruptRepositoryException(
        name,
        PROBLEM,
        MADE_AGAIN.contains(name)
            ? "take it away: the directory is made again, and nothing in it is needed to restore"
            : "put the directory itself in its place; where it is lost, take the file or link away"
                + " and heal the repository from a copy: dr heal COPY");
    damage.addSuppressed(e);
    return damage;
  }

  @Override
  public StorageWriter create() throws IOException {
    StorageWriter writer;
    try {
      writer = storage().create();
    } catch (NotDirectoryException e) {
      throw damage(e);
    }
    return new StorageWriter() {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        writer.write(bytes, offset, length);
      }

      @Override
      public long length() {
        return writer.length();
      }

      @Override
      public void commit(String name) throws IOException {
        try {
          writer.commit(name);
        } catch (NotDirectoryException e) {
          throw damage(e);
        }
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
    try {
      return storage().read(name, position, buffer, offset, length);
    } catch (NotDirectoryException e) {
      throw damage(e);
    }
  }

  @Override
  public long length(String name) throws IOException {
    try {
      return storage().length(name);
    } catch (NotDirectoryException e) {
      throw damage(e);
    }
  }

  @Override
  public List<StoredFile> list(String prefix) throws IOException {
    try {
      return storage().list(prefix);
    } catch (NotDirectoryException e) {
      throw damage(e);
    }
  }

  @Override
  public void sync(String prefix) throws IOException {
    try {
      storage().sync(prefix);
    } catch (NotDirectoryException e) {
      throw damage(e);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    try {
      storage().delete(name);
    } catch (NotDirectoryException e) {
      throw damage(e);
    }
  }

  @Override
  public Optional<StorageLock> tryLock(boolean exclusive) throws IOException {
    try {
      return storage().tryLock(exclusive);
    } catch (NotDirectoryException e) {
      throw damage(e);
    }
  }

  @Override
  public boolean singleWriter() throws IOException {
    try {
      return storage().singleWriter();
    } catch (NotDirectoryException e) {
      throw damage(e);
    }
  }
}
