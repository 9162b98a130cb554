package com.personalaichatbot.dr.core.testkit;

import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;

/**
 * Does to the files of a storage what bad disks and bad hands do. Each change is synced, so that it
 * survives a power cut. All methods throw {@link NoSuchFileException} where a file is not there.
 * Files are held whole in memory.
 */
public final class Tampering {

  private final Storage storage;

  private Tampering(Storage storage) {
    this.storage = storage;
  }

  /**
   * Takes the storage to be tampered with.
   *
   * @param storage the storage; nobody else should write to it meanwhile
   * @return what changes its files
   */
  public static Tampering on(Storage storage) {
    return new Tampering(storage);
  }

  /**
   * Returns the bytes of a file.
   *
   * @param name the file
   * @return its bytes, for the caller to keep
   * @throws IOException if it cannot be read
   */
  public byte[] read(String name) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(storage.length(name))];
    storage.read(name, 0, bytes, 0, bytes.length);
    return bytes;
  }

  /**
   * Puts a file under a name, in the place of another if there is one.
   *
   * @param name the file
   * @param bytes its new content
   * @throws IOException if it cannot be written
   */
  public void replace(String name, byte[] bytes) throws IOException {
    try {
      storage.delete(name);
    } catch (NoSuchFileException e) {
      // It is a new file.
    }
    try (StorageWriter writer = storage.create()) {
      writer.write(bytes, 0, bytes.length);
      writer.commit(name);
    }
    storage.sync("");
  }

  /**
   * Flips the lowest bit of a byte.
   *
   * @param name the file
   * @param position the position of the byte
   * @throws IOException if the file cannot be read or written
   * @throws IndexOutOfBoundsException if the file has no such byte
   */
  public void flip(String name, int position) throws IOException {
    byte[] bytes = read(name);
    bytes[position] ^= 1;
    replace(name, bytes);
  }

  /**
   * Cuts a file, or lengthens it with zeros.
   *
   * @param name the file
   * @param length its new length in bytes
   * @throws IOException if the file cannot be read or written
   */
  public void resize(String name, int length) throws IOException {
    replace(name, Arrays.copyOf(read(name), length));
  }

  /**
   * Puts each of two files under the other's name.
   *
   * @param one a file
   * @param other another file
   * @throws IOException if they cannot be read or written
   */
  public void swap(String one, String other) throws IOException {
    byte[] bytes = read(one);
    replace(one, read(other));
    replace(other, bytes);
  }

  /**
   * Puts a copy of a file under another name, in the place of another if there is one.
   *
   * @param name the file
   * @param copy the name of the copy
   * @throws IOException if it cannot be read or written
   */
  public void copy(String name, String copy) throws IOException {
    replace(copy, read(name));
  }

  /**
   * Gives a file another name.
   *
   * @param name the file
   * @param newName its new name
   * @throws IOException if it cannot be read or written
   */
  public void rename(String name, String newName) throws IOException {
    copy(name, newName);
    delete(name);
  }

  /**
   * Deletes a file.
   *
   * @param name the file
   * @throws IOException if it cannot be deleted
   */
  public void delete(String name) throws IOException {
    storage.delete(name);
    storage.sync("");
  }
}
