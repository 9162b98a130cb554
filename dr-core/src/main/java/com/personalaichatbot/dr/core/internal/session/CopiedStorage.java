package com.personalaichatbot.dr.core.internal.session;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.storage.ForwardingStorage;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * A copy of a repository as everybody sees it but the run that brings it up to date: it can be read
 * and not written. Whatever a client added to it, be it the mark of a verify, would make another
 * history of it, and the next run would have to refuse it. The file {@value #MARK} says that a
 * place is a copy; without it, it is a repository of its own. Only a holder of the keys can write
 * that file. One that nobody with the keys wrote switches no memory off; it may be the damaged mark
 * of a copy, so nothing is written beside it but by a client that knows the place as the original.
 */
public final class CopiedStorage extends ForwardingStorage {
  /** The file that marks a copy. */
  public static final String MARK = "copy";

  private static final int MAX_BYTES = 4096;

  private final Optional<Bytes16> copyId;

  private CopiedStorage(Storage storage, Optional<Bytes16> copyId) {
    super(storage);
    this.copyId = copyId;
  }

  /**
   * The finding under the name of the mark.
   *
   * @param isThere whether anything does, be it a directory or something that cannot be read
   * @param copyId the id of the copy, if a holder of the keys wrote the mark; else empty
   */
  public record Mark(boolean isThere, Optional<Bytes16> copyId) {
    private static final Mark NONE = new Mark(false, Optional.empty());
    private static final Mark UNPROVEN = new Mark(true, Optional.empty());

    /**
     * Whether something is there that says nothing: of a stranger, or the damaged mark of a copy.
     */
    public boolean isUnproven() {
      return isThere && copyId.isEmpty();
    }
  }

  /**
   * Reads the mark of a place. That it is absent is believed only if it is so twice: else one wrong
   * answer of a storage would make a copy an original, which is written to.
   */
  public static Mark mark(Storage storage, Seals seals) throws InterruptedIOException {
    for (int look = 0; look < 2; look++) {
      try {
        return new Mark(
            true, Optional.of(seals.openCopyMark(RepositoryOpener.read(storage, MARK, MAX_BYTES))));
      } catch (NoSuchFileException e) {
        continue;
      } catch (InterruptedIOException e) {
        throw e;
      } catch (MalformedException | IOException e) {
        return Mark.UNPROVEN;
      }
    }
    return Mark.NONE;
  }

  /**
   * The storage as it is to be used: guarded if it holds a copy, or may hold one.
   *
   * @param isOriginal whether this client knows the place as that of the original: then a mark that
   *     proves nothing counts as nothing
   */
  static Storage guard(Storage storage, Mark mark, boolean isOriginal) {
    return mark.copyId().isPresent() || mark.isThere() && !isOriginal
        ? new CopiedStorage(storage, mark.copyId())
        : storage;
  }

  /** The id of the copy that a place holds; empty if nothing proves that it holds one. */
  public static Optional<Bytes16> copyId(Storage storage, Seals seals) throws IOException {
    return mark(storage, seals).copyId();
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
  public boolean singleWriter() {
    return false; // There is no writer.
  }
}
