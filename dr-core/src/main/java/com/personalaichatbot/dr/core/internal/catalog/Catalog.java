package com.personalaichatbot.dr.core.internal.catalog;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.EntryKind;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.SteppedOver;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.UnsupportedFormatException;
import com.personalaichatbot.dr.core.storage.NotRegularFileException;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The one history of a repository: reads it, and adds to it.
 *
 * <p><b>Commit.</b> Positions are taken by creating a file if it is absent, which the storage does
 * atomically; there is no lock and no clock in it (invariants 16, 17 and 20). A writer that finds
 * its position taken reads what was put there and tries the next. It gives up if that was a PRUNE,
 * since the prune may have condemned a pack that the writer relied on. An outcome that is not known
 * (the storage reported an error after the fact) is settled by reading the name back: every entry
 * holds sixteen random bytes, so equal bytes are this writer's own. A writer that was frozen for so
 * long that a prune made its position free again creates an entry that nobody follows; it sees that
 * by looking higher after every create, and its entry is then void.
 */
public final class Catalog {
  private static final int ATTEMPTS = 1000;

  private final Storage storage;
  private final Seals seals;
  private final Bytes16 writer;
  private final boolean openedBySlot;

  /** The catalog in this storage; {@code writer} names this process in what it adds. */
  public Catalog(Storage storage, Seals seals, Bytes16 writer) {
    this(storage, seals, writer, false);
  }

  /**
   * The catalog in this storage.
   *
   * @param openedBySlot whether the keys come from a key slot: then it must be known to be live
   *     before anything is added
   */
  public Catalog(Storage storage, Seals seals, Bytes16 writer, boolean openedBySlot) {
    this.openedBySlot = openedBySlot;
    this.storage = storage;
    this.seals = seals;
    this.writer = writer;
  }

  /**
   * Reads the history. What cannot be read is listed among the problems; an entry below it still
   * counts, because only a holder of the keys can have sealed it for its position.
   */
  public History read() throws IOException {
    return read(-1);
  }

  /**
   * Reads the history, of which somebody knows how far it reached.
   *
   * @param reached a position that was taken, -1 if none is known
   */
  public History read(long reached) throws IOException {
    return new CatalogReader(storage, seals, reached).read();
  }

  /** Refuses to add to a history, see {@link History#requireGoesOn}. */
  public void requireGoesOn(History history)
      throws CorruptRepositoryException, UnsupportedFormatException {
    history.requireGoesOn();
    if (openedBySlot) {
      history.requireSlotsKnown();
    }
  }

  /**
   * Adds an entry behind the newest one.
   *
   * @param history what this writer last read
   * @param base the head when the writer made its first dedup decision; {@link Long#MAX_VALUE} for
   *     an entry that relies on no pack
   * @param id sixteen fresh random bytes
   * @param sectionB may be empty
   * @return where it is; it is durable
   * @throws RepositoryLockedException if a prune came in between; nothing was committed
   * @throws CorruptRepositoryException if the newest entry cannot be read just now; nothing was
   *     committed
   */
  public Committed commit(History history, long base, Bytes16 id, byte[] sectionA, byte[] sectionB)
      throws IOException {
    Next next = new Next(history);
    next.stepOverDamage();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Committed committed = tryCommit(next, id, sectionA, sectionB);
      if (committed != null) {
        return committed;
      }
      if (next.follow().kind() == EntryKind.PRUNE && next.position - 1 > base) {
        throw prunedMeanwhile();
      }
    }
    throw new RepositoryLockedException(
        storage.location(),
        "other writers took " + ATTEMPTS + " positions in a row",
        "run the operation again");
  }

  /**
   * Adds an entry right behind the newest one that {@code history} knows.
   *
   * @throws RepositoryLockedException if somebody else added one first; nothing was committed
   */
  public Committed commitNext(History history, Bytes16 id, byte[] sectionA, byte[] sectionB)
      throws IOException {
    Committed committed = tryCommit(new Next(history), id, sectionA, sectionB);
    if (committed == null) {
      throw new RepositoryLockedException(
          storage.location(),
          "another operation added to it in the meantime",
          "run the operation again");
    }
    return committed;
  }

  /**
   * Creates the entry at the next position that holds no bytes of a stranger.
   *
   * @return null if another entry is there
   */
  private Committed tryCommit(Next next, Bytes16 id, byte[] sectionA, byte[] sectionB)
      throws IOException {
    while (true) {
      next.stepOver();
      requirePossible(next.position);
      byte[] file = seal(next, id, sectionA, sectionB);
      WrittenEntry written = WrittenEntry.of(next.position, EntryKind.of(sectionA[0]), id);
      if (create(EntryFile.name(next.position), file, written)) {
        EntryFile.Hash own = hashOf(file);
        written.force(() -> storage.sync(EntryFile.DIRECTORY));
        written.confirm(
            () -> requireFollowed(next.position, own, written.name(), next.history.unread()));
        return new Committed(next.position, own, file.length, List.copyOf(next.passed), written);
      }
      if (!next.isForeign()) {
        return null;
      }
    }
  }

  private byte[] seal(Next next, Bytes16 id, byte[] sectionA, byte[] sectionB) {
    try {
      List<SteppedOver> unread = new ArrayList<>(next.damaged);
      unread.addAll(next.passed);
      byte[] withPassed = SteppedOver.addTo(sectionA, unread);
      return seals.sealEntry(next.position, next.previous, writer, id, withPassed, sectionB);
    } catch (MalformedException e) {
      throw new IllegalArgumentException("section A is not one", e);
    }
  }

  /** The place of the next entry. */
  private final class Next {
    private final List<SteppedOver> passed = new ArrayList<>();
    private final List<SteppedOver> damaged = new ArrayList<>();
    private final History history;
    private final NavigableSet<Long> foreign;
    private CatalogReader reader = new CatalogReader(storage, seals, -1);
    private EntryFile.Hash previous;
    private long position;

    /** Directly behind what is known of a history. */
    Next(History history) throws CorruptRepositoryException, UnsupportedFormatException {
      requireGoesOn(history);
      this.history = history;
      previous = history.headHash();
      position = history.lastPosition() + 1;
      foreign = new TreeSet<>(history.foreign().tailMap(position, true).keySet());
    }

    /** What is at the position now. */
    private CatalogReader.Look look() throws IOException {
      return reader.look(position);
    }

    /** Looks at what has the position, which could not be taken. */
    boolean isForeign() throws IOException {
      reader = new CatalogReader(storage, seals, -1);
      if (look().isForeign()) {
        foreign.add(position);
      }
      return look().isForeign();
    }

    /**
     * Passes by the newest entries if they are damaged, and says so in the new one: put back from a
     * copy, they belong to the history again.
     */
    void stepOverDamage() throws IOException {
      for (long at : history.problems().tailMap(history.headPosition(), false).keySet()) {
        damaged.add(describe(at));
      }
    }

    /** Passes by the files of strangers. */
    void stepOver() throws IOException {
      while (foreign.contains(position)) {
        passed.add(describe(position));
        position++;
      }
    }

    private SteppedOver describe(long at) throws IOException {
      try {
        return reader.describe(at);
      } catch (InterruptedIOException | ClosedByInterruptException e) {
        throw e;
      } catch (IOException e) {
        throw new UnreadableEntry(EntryFile.name(at), e.getMessage())
            .corrupt("a new entry would have to describe it");
      }
    }

    /** Goes behind the entry that took the position. */
    CatalogEntry follow() throws CorruptRepositoryException, IOException {
      CatalogEntry taken = look().entry();
      if (look().isUnreadable()) {
        throw new UnreadableEntry(EntryFile.name(position), look().problem().detail())
            .corrupt("it was created meanwhile, and it is not known whether it is an entry");
      }
      if (taken == null) {
        throw new CorruptRepositoryException(
            EntryFile.name(position),
            "it was created meanwhile and is damaged: " + look().problem().detail(),
            "run dr verify, and then the operation again");
      }
      passed.clear();
      damaged.clear();
      previous = taken.hash();
      position++;
      return taken;
    }
  }

  private static void requirePossible(long position) throws CorruptRepositoryException {
    if (position > EntryFile.MAX_POSITION) {
      throw new CorruptRepositoryException(
          EntryFile.name(position - 1),
          "no history is so long",
          "run dr verify, and remove what no operation of this library has put there");
    }
  }

  /**
   * The place where an entry was committed.
   *
   * @param passed files of strangers directly below it
   * @param entry tells what was written to whoever fails later
   */
  public record Committed(
      long position,
      EntryFile.Hash hash,
      long bytes,
      List<SteppedOver> passed,
      WrittenEntry entry) {}

  private static EntryFile.Hash hashOf(byte[] file) {
    return EntryFile.Hash.of(Arrays.copyOfRange(file, file.length - 32, file.length));
  }

  /** Creates the file and says whether it is this writer's that is there now. */
  private boolean create(String name, byte[] file, WrittenEntry written) throws IOException {
    IOException unknown = null;
    for (int attempt = 0; attempt < 3; attempt++) {
      try (StorageWriter out = storage.create()) {
        out.write(file, 0, file.length);
        out.commit(name);
        return true;
      } catch (FileAlreadyExistsException e) {
        return isOwnOrUnreadable(name, file);
      } catch (IOException e) {
        unknown = e;
        try {
          return isOwn(name, file);
        } catch (NoSuchFileException absent) {
          unknown.addSuppressed(absent);
        } catch (IOException unread) {
          e.addSuppressed(unread);
          throw written.unknown(e);
        }
      }
    }
    throw unknown;
  }

  /** As below. What cannot be read may be another writer's entry, on which this one depends. */
  private boolean isOwnOrUnreadable(String name, byte[] file) throws IOException {
    try {
      return isOwn(name, file);
    } catch (NoSuchFileException | InterruptedIOException | ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw new UnreadableEntry(name, e.getMessage())
          .corrupt("it was created meanwhile, and it is not known whether it is an entry");
    }
  }

  private boolean isOwn(String name, byte[] file) throws IOException {
    byte[] bytes = new byte[file.length];
    try {
      return storage.read(name, 0, bytes, 0, bytes.length) == bytes.length
          && storage.length(name) == file.length
          && Arrays.equals(bytes, file);
    } catch (NotRegularFileException e) {
      return false;
    }
  }

  /**
   * After a create: the entry counts if it is the head, if the next one follows it, or if a PRUNE
   * knows it, which may have released those in between. A file that cannot be read decides nothing
   * if it was there when the history was read; one that came since may be the entry of a prune.
   */
  private void requireFollowed(
      long position, EntryFile.Hash own, String name, Set<Long> unreadBefore) throws IOException {
    UnreadableEntry unread = null;
    TreeSet<Long> above = new TreeSet<>();
    for (StoredFile file : storage.list(EntryFile.DIRECTORY)) {
      if (EntryFile.positionOf(file.name()) > position) {
        above.add(EntryFile.positionOf(file.name()));
      }
    }
    CatalogReader reader = new CatalogReader(storage, seals, -1);
    for (long at : above) {
      CatalogReader.Look look = reader.look(at);
      if (look.entry() != null && look.entry().follows(position, own)) {
        return;
      }
      if (!look.isUnreadable()) {
        if (look.isForeign()) {
          continue;
        }
        if (unread == null) {
          throw prunedMeanwhile();
        }
        break;
      }
      if (unread == null && !unreadBefore.contains(at)) {
        unread = new UnreadableEntry(EntryFile.name(at), look.problem().detail());
      }
    }
    if (unread != null) {
      throw unread.corrupt(name + " was written to " + EntryFile.name(position)
          + " below it, and it is not known whether that counts");
    }
  }

  private RepositoryLockedException prunedMeanwhile() {
    return new RepositoryLockedException(
        storage.location(),
        "it was pruned while this operation ran",
        "run the operation again; nothing of it was committed");
  }
}
