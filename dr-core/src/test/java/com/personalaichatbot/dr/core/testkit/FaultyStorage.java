package com.personalaichatbot.dr.core.testkit;

import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A storage that fails where a test wants it to, and otherwise does what the storage below it does.
 *
 * <pre>{@code
 * FaultyStorage storage = FaultyStorage.over(new MemoryStorage());
 * Fault lost = storage.fail(StorageCall.COMMIT).of("catalog").once().afterEffect();
 * ...
 * assertThat(lost.fired()).isTrue();
 * }</pre>
 *
 * <p>Of several faults that would strike a call the one planted first does. Safe for use by several
 * threads. Closing it closes the storage below.
 */
public final class FaultyStorage extends InterceptedStorage {

  private final Faults faults = new Faults();
  private final List<Flip> flips = new CopyOnWriteArrayList<>();
  private final List<Fault> flippedReads = new CopyOnWriteArrayList<>();
  private final List<Cap> caps = new CopyOnWriteArrayList<>();
  private final Storage storage;
  private volatile Fault full;
  private volatile Capacity capacity;
  private volatile Fault lockless;
  private volatile boolean readOnly;
  private long room;

  private record Flip(String name, long position, Fault fault) {}

  private record Cap(int files, Fault fault) {}

  private record Capacity(long bytes, Fault fault) {}

  private FaultyStorage(Storage storage) {
    super(storage);
    this.storage = storage;
  }

  /**
   * Wraps a storage. No fault is planted yet.
   *
   * @param storage the storage that does the work
   * @return the storage that can fail
   */
  public static FaultyStorage over(Storage storage) {
    return new FaultyStorage(storage);
  }

  /**
   * Plants a fault that strikes every call of a kind.
   *
   * @param call the kind of call
   * @return the fault, to be narrowed down
   */
  public Fault fail(StorageCall call) {
    return faults.plant(call);
  }

  /**
   * Plants a disk that is full after some more bytes: the write that does not fit, and every one
   * after it, fails.
   *
   * @param bytes how many bytes still fit
   * @return the fault; only its {@link Fault#fired} and {@link Fault#count} are of use
   */
  public synchronized Fault fullAfter(long bytes) {
    room = bytes;
    full = faults.plantApart(StorageCall.WRITE);
    return full;
  }

  /**
   * Plants a disk that is full: a write fails that would bring all files together above some bytes.
   * What is deleted gives room again.
   *
   * @param bytes what all files, temporary ones included, may take
   * @return the fault; only its {@link Fault#fired} and {@link Fault#count} are of use
   */
  public Fault fullAt(long bytes) {
    Fault fault = faults.plantApart(StorageCall.WRITE);
    capacity = new Capacity(bytes, fault);
    return fault;
  }

  /**
   * Plants a listing that breaks off: it fails if it has more than some files.
   *
   * @param files how many files a listing may have
   * @return the fault; only its {@link Fault#fired} and {@link Fault#count} are of use
   */
  public Fault failListAfter(int files) {
    Fault tooLong = faults.plantApart(StorageCall.LIST);
    caps.add(new Cap(files, tooLong));
    return tooLong;
  }

  /**
   * Plants a bit that reads wrong. The file below stays as it is.
   *
   * @param name the file
   * @param position the position of the byte whose lowest bit is flipped
   * @return the fault; only its {@link Fault#fired} and {@link Fault#count} are of use
   */
  public Fault flip(String name, long position) {
    Fault flipped = faults.plantApart(StorageCall.READ);
    flips.add(new Flip(name, position, flipped));
    return flipped;
  }

  /**
   * Plants reads that give one wrong byte, in the middle of what was asked for. The file below
   * stays as it is.
   *
   * @return the fault, to be narrowed down
   */
  public Fault flipReads() {
    Fault flipped = faults.plantApart(StorageCall.READ);
    flippedReads.add(flipped);
    return flipped;
  }

  /**
   * Makes the place read-only: from now on creating, committing, deleting and locking alone fail.
   */
  public void makeReadOnly() {
    readOnly = true;
  }

  /**
   * Plants a lock that keeps nobody out: everybody is given it, as on a network disk that does not
   * know locks.
   *
   * @return the fault; only its {@link Fault#fired} and {@link Fault#count} are of use
   */
  public Fault loseLock() {
    lockless = faults.plantApart(StorageCall.LOCK);
    return lockless;
  }

  /** Removes all faults; the place is writable, has room again and locks. */
  public void heal() {
    faults.clear();
    flips.clear();
    flippedReads.clear();
    caps.clear();
    full = null;
    capacity = null;
    lockless = null;
    readOnly = false;
  }

  /**
   * Returns how many calls of a kind there were, with those that a fault struck.
   *
   * @param call the kind of call
   * @return their number since this storage was made
   */
  public int calls(StorageCall call) {
    return faults.calls(call);
  }

  /** Every fault that a test ever planted here. */
  List<Fault> planted() {
    return faults.everPlanted();
  }

  @Override
  public boolean isWritable() {
    return !readOnly && super.isWritable();
  }

  @Override
  public int read(String name, long position, byte[] buffer, int offset, int length)
      throws IOException {
    int count = super.read(name, position, buffer, offset, length);
    for (Flip flip : flips) {
      long at = flip.position - position;
      if (flip.name.equals(name) && at >= 0 && at < count) {
        flip.fault.strikes(StorageCall.READ, name);
        buffer[offset + (int) at] ^= 1;
      }
    }
    for (Fault flipped : flippedReads) {
      if (count > 0 && flipped.strikes(StorageCall.READ, name)) {
        buffer[offset + count / 2] ^= 1;
      }
    }
    return count;
  }

  @Override
  public List<StoredFile> list(String prefix) throws IOException {
    List<StoredFile> files = super.list(prefix);
    for (Cap cap : caps) {
      if (files.size() > cap.files && cap.fault.strikes(StorageCall.LIST, prefix)) {
        throw new FileSystemException(prefix, null, "injected fault: the listing broke off");
      }
    }
    return files;
  }

  @Override
  public Optional<StorageLock> tryLock(boolean exclusive) throws IOException {
    if (readOnly && exclusive) {
      throw readOnly("lock");
    }
    Fault lost = lockless;
    if (lost != null && lost.strikes(StorageCall.LOCK, "lock")) {
      return faults.call(StorageCall.LOCK, "lock", () -> Optional.of(() -> {}));
    }
    return super.tryLock(exclusive);
  }

  @Override
  <T> T call(StorageCall call, String name, Fault.Operation<T> operation) throws IOException {
    if (readOnly && isWriting(call)) {
      throw readOnly(name);
    }
    return faults.call(call, name, operation);
  }

  private static IOException readOnly(String name) {
    return new FileSystemException(name, null, "Read-only file system");
  }

  private static boolean isWriting(StorageCall call) {
    return switch (call) {
      case CREATE, WRITE, COMMIT, DISCARD, DELETE -> true;
      case READ, LENGTH, LIST, SYNC, LOCK -> false;
    };
  }

  @Override
  synchronized void beforeWrite(int length) throws IOException {
    Capacity limit = capacity;
    if (limit != null) {
      long taken = length;
      for (StoredFile file : storage.list("")) {
        taken += file.length();
      }
      if (taken > limit.bytes && limit.fault.strikes(StorageCall.WRITE, "")) {
        throw new FileSystemException(location(), null, "No space left on device");
      }
    }
    if (full != null) {
      room -= length;
      if (room < 0 && full.strikes(StorageCall.WRITE, "")) {
        throw new FileSystemException(location(), null, "No space left on device");
      }
    }
  }
}
