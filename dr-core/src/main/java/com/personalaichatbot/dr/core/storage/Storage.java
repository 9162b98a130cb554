package com.personalaichatbot.dr.core.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A store of immutable, named files: the right end of a backup, and what another kind of store
 * implements to hold a repository.
 *
 * <p><b>Names</b> are elements of {@code 0-9 a-z . -} with {@code /} between them, at most 255
 * characters, no element being {@code .} or {@code ..}; besides these only {@code FORMAT} and
 * {@code FORMAT.copy} are accepted. The name {@code lock} is the storage's own: it may be listed,
 * and is never read, written or deleted. A name that is not accepted is an
 * {@link IllegalArgumentException}, before any effect.
 *
 * <p><b>Files</b> appear whole under their name or not at all, and never change. There is no way to
 * overwrite, rename or append. A file's bytes are durable before it gets its name; that it has the
 * name, or that it was deleted, is durable only after {@link #sync}.
 *
 * <p><b>Errors</b> are the JDK's: {@link java.nio.file.NoSuchFileException} and
 * {@link java.nio.file.FileAlreadyExistsException} where said, and other {@link IOException}s that
 * name the file. A store that does not answer is an error; it is never an absent file or an empty
 * list.
 *
 * <p>Safe for use by several threads, and by several storages and processes on one place at the
 * same time. An interrupt of a thread breaks no other thread's call. After {@link #close} every
 * method that can fail throws {@link IllegalStateException}.
 *
 * <p><b>Will not do:</b> know what the files mean, retry, cache, encrypt, or follow a symbolic link
 * within the repository. {@code StorageContract} in the test kit checks an implementation.
 */
public interface Storage extends Closeable {

  /**
   * Begins a new file. It has no name until it is committed; meanwhile it is a temporary file,
   * which {@link #list} shows below {@code tmp} where the storage keeps temporary files at all. A
   * directory that the repository lies in is created by the first call.
   *
   * @return the writer of the file; the caller closes it
   * @throws IOException if no file can be created
   */
  StorageWriter create() throws IOException;

  /**
   * Reads a part of a file. All that is asked for is read unless the file ends before.
   *
   * @param name the file
   * @param position where to begin in the file, in bytes
   * @param buffer where the bytes go
   * @param offset where they begin in the buffer
   * @param length how many bytes are wanted; may be 0
   * @return how many bytes were read; less than {@code length} only if the file ends there, and 0
   *     at or after its end
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws IOException if it cannot be read; what the buffer holds then is not defined
   * @throws IllegalArgumentException if the position is negative or the name not accepted
   * @throws IndexOutOfBoundsException if the range is not within the buffer
   */
  int read(String name, long position, byte[] buffer, int offset, int length) throws IOException;

  /**
   * Returns the length of a file.
   *
   * @param name the file
   * @return its length in bytes
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws IOException if it cannot be found out
   */
  long length(String name) throws IOException;

  /**
   * Lists every file below a directory, at any depth: temporary and foreign ones too, and anything
   * else that is not a directory. Symbolic links are listed and not followed. The list is complete
   * or an exception is thrown; a file that is created or deleted meanwhile may be in it or not.
   *
   * @param prefix the name of the directory, such as {@code packs}, or the empty text for the whole
   *     repository
   * @return the files, sorted by name, with names relative to the root; empty if there is no such
   *     directory in a repository's place that exists. The caller may change the list
   * @throws java.nio.file.NoSuchFileException if the place of the repository does not exist
   * @throws IOException if any part could not be listed, or the name is that of a file; the message
   *     names it
   */
  List<StoredFile> list(String prefix) throws IOException;

  /**
   * Makes durable that names below a directory were created or deleted, by whomever, before this
   * call. Returning normally means that a power cut does not undo it.
   *
   * @param prefix the name of the directory, or the empty text for the whole repository; a
   *     directory that does not exist is no error
   * @throws java.nio.file.NoSuchFileException if the place of the repository does not exist
   * @throws IOException if it failed; none of the names may be relied on then
   */
  void sync(String prefix) throws IOException;

  /**
   * Deletes a file. That it is gone is durable after {@link #sync}.
   *
   * @param name the file
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws IOException if it could not be deleted
   */
  void delete(String name) throws IOException;

  /**
   * Tries to get the courtesy lock, without waiting. Any number may share it; who has it
   * exclusively has it alone, among the threads of this process as among processes.
   *
   * @param exclusive whether to have it alone
   * @return the lock, which the caller closes; empty if another holds it
   * @throws java.nio.file.NoSuchFileException if the place of the repository does not exist
   * @throws IOException if the storage cannot say. On read-only media a shared lock is granted and
   *     an exclusive one fails in this way
   */
  Optional<StorageLock> tryLock(boolean exclusive) throws IOException;

  /**
   * Returns the place of the repository as a person would name it, for messages.
   *
   * @return the place, without any secret
   */
  String location();

  /**
   * Returns whether this place seems to accept writing. Reading works where it does not.
   *
   * @return false if writing is sure to fail
   */
  boolean isWritable();

  /**
   * Returns the directory on this machine that the repository lies in. It serves to refuse a
   * repository inside what it protects, and to ask for free space; nobody reads the files through
   * it.
   *
   * @return the absolute path, or empty if the repository does not lie in a directory
   */
  Optional<Path> localPath();

  /**
   * Returns whether this place lacks create-if-absent. Then {@link StorageWriter#commit} still
   * refuses a name that exists, but two processes that commit one name at the same moment may both
   * succeed: the caller must see to it that there is only one writer.
   *
   * @return true if there must be only one writer; false where it cannot be found out because
   *     nothing can be written
   * @throws IOException if it could not be found out
   */
  boolean singleWriter() throws IOException;

  /**
   * Ends the use of this storage. Locks and writers that are open are their holders' to close. A
   * second call does nothing.
   *
   * @throws IOException if the storage could not be left in order; it is closed in any case
   */
  @Override
  void close() throws IOException;
}
