package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A copy of a repository as everybody sees it but the run that brings it up to date: it can be read
 * and not written. Whatever a client added to it, be it the mark of a verify, would make another
 * history of it, and the next run would have to refuse it. The file {@value #MARK} says that a
 * place is a copy; without it, it is a repository of its own.
 */
public final class CopiedStorage implements Storage {
  /** The file that marks a copy. */
  public static final String MARK = "copy";

  private static final int MOST = 4096;

  private final Storage storage;

  private CopiedStorage(Storage storage) {
    this.storage = storage;
  }

  /** The storage as it is to be used: guarded if it holds a copy. */
  static Storage guard(Storage storage) throws IOException {
    return isCopy(storage) ? new CopiedStorage(storage) : storage;
  }

  /** Whether the place is marked as a copy, of whatever repository. */
  public static boolean isCopy(Storage storage) throws IOException {
    try {
      storage.length(MARK);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** What the mark of a copy of this repository says; the second line is for people. */
  public static byte[] mark(Bytes16 repository) {
    String text = "copy of " + repository
        + "\nOnly copies are written here. Without this file, this is a repository of its own.\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether the place is marked as a copy of this repository. */
  public static boolean isCopyOf(Storage storage, Bytes16 repository) throws IOException {
    String text = new String(Opening.read(storage, MARK, MOST), StandardCharsets.ISO_8859_1);
    return text.lines().findFirst().equals(Optional.of("copy of " + repository));
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
