package com.personalaichatbot.dr.core.internal.catalog;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.EntryKind;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.MarkRecord;
import com.personalaichatbot.dr.core.internal.format.PruneRecord;
import com.personalaichatbot.dr.core.internal.format.SlotsRecord;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.UnknownVersionException;
import com.personalaichatbot.dr.core.internal.index.Flaw;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageWriter;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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

  /**
   * So many missing entries in a row are looked for one by one, so that a stray name far up does
   * not cost a look at every number below it.
   */
  private static final int LONGEST_LOOK = 1000;

  private static final int FIRST_READ = 8 << 10;

  private final Storage storage;
  private final Seals seals;
  private final Bytes16 writer;

  /** The catalog in this storage; {@code writer} names this process in what it adds. */
  public Catalog(Storage storage, Seals seals, Bytes16 writer) {
    this.storage = storage;
    this.seals = seals;
    this.writer = writer;
  }

  /**
   * Reads the history. What cannot be read is listed among the problems; an entry below it still
   * counts, because only a holder of the keys can have sealed it for its position.
   */
  public History read() throws IOException {
    TreeMap<Long, StoredFile> files = new TreeMap<>();
    List<String> strays = new ArrayList<>();
    for (StoredFile file : storage.list(EntryFile.DIRECTORY)) {
      long position = EntryFile.positionOf(file.name());
      if (position < 0) {
        strays.add(file.name());
      } else {
        files.put(position, file);
      }
    }
    TreeMap<Long, CatalogEntry> entries = new TreeMap<>();
    TreeMap<Long, History.Problem> problems = new TreeMap<>();
    EntryFile.Hash wanted = null;
    int absent = 0;
    for (long at = files.isEmpty() ? -1 : files.lastKey(); at >= 0; at--) {
      absent = files.containsKey(at) ? 0 : absent + 1;
      if (absent > LONGEST_LOOK) {
        at = skipGap(at, files, problems);
        continue;
      }
      CatalogEntry entry = member(at, wanted, problems);
      wanted = entry == null ? null : entry.previous();
      if (entry != null) {
        entries.put(at, entry);
        if (entry.prune() != null) {
          readLive(entry, files, entries, problems, strays);
          break;
        }
      }
    }
    return new History(entries, problems, strays);
  }

  /**
   * Notes that nothing stands at a position and directly below it, and gives the lowest of these.
   */
  private static long skipGap(
      long at, TreeMap<Long, StoredFile> files, TreeMap<Long, History.Problem> problems) {
    Long below = files.lowerKey(at);
    long lowest = below == null ? 0 : below + 1;
    problems.put(
        at,
        new History.Problem(
            History.Problem.Kind.MISSING, "there are no entries " + lowest + " to " + at));
    return lowest;
  }

  /** Below a PRUNE exactly those entries are members that it lists, whatever else lies there. */
  private void readLive(
      CatalogEntry prune,
      TreeMap<Long, StoredFile> files,
      TreeMap<Long, CatalogEntry> entries,
      TreeMap<Long, History.Problem> problems,
      List<String> strays)
      throws IOException {
    Set<Long> live = new HashSet<>();
    for (PruneRecord.Live listed : prune.prune().live()) {
      live.add(listed.position());
      CatalogEntry entry = member(listed.position(), listed.hash(), problems);
      if (entry != null) {
        entries.put(listed.position(), entry);
      }
    }
    files.headMap(prune.position()).forEach((at, file) -> {
      if (!live.contains(at)) {
        strays.add(file.name());
      }
    });
  }

  /**
   * The entry at a position, or null, with the reason among the problems.
   *
   * @param wanted its hash, as a later entry names it; null if no later entry can be read
   */
  private CatalogEntry member(
      long at, EntryFile.Hash wanted, TreeMap<Long, History.Problem> problems) throws IOException {
    try {
      CatalogEntry entry = readEntry(at);
      if (wanted == null || entry.hash().equals(wanted)) {
        return entry;
      }
      problems.put(
          at,
          new History.Problem(
              History.Problem.Kind.MISPLACED, "the entry after it follows another one"));
    } catch (NoSuchFileException e) {
      problems.put(
          at, new History.Problem(History.Problem.Kind.MISSING, "there is no entry " + at));
    } catch (MisplacedException e) {
      problems.put(at, new History.Problem(History.Problem.Kind.MISPLACED, e.getMessage()));
    } catch (MalformedException e) {
      problems.put(at, new History.Problem(History.Problem.Kind.CORRUPT, e.getMessage()));
    } catch (IOException e) {
      problems.put(
          at,
          new History.Problem(
              History.Problem.Kind.UNREADABLE,
              Flaw.unreadable(storage, EntryFile.name(at), e).detail()));
    }
    return null;
  }

  private static final class MisplacedException extends Exception {
    private static final long serialVersionUID = 1L;

    MisplacedException(String message) {
      super(message);
    }
  }

  private CatalogEntry readEntry(long position)
      throws IOException, MalformedException, MisplacedException {
    EntryFile file = seals.parseEntry(readFile(EntryFile.name(position)));
    if (file.position() != position) {
      throw new MisplacedException("it is the entry of position " + file.position());
    }
    BytesReader a = new BytesReader(seals.openSection(file, 0));
    EntryKind kind = EntryKind.of(a.u8());
    SlotsRecord slots = null;
    SnapshotRecord snapshot = null;
    MarkRecord mark = null;
    PruneRecord prune = null;
    try {
      switch (kind) {
        case GENESIS, KEYS -> slots = SlotsRecord.decode(kind, a);
        case SNAPSHOT ->
          snapshot = SnapshotRecord.decode(a, new BytesReader(seals.openSection(file, 1)));
        case MARK -> mark = MarkRecord.decode(a);
        case PRUNE -> prune = PruneRecord.decode(a);
        default -> {}
      }
    } catch (UnknownVersionException e) {
      kind = EntryKind.NEWER;
    }
    if ((position == 0) != (kind == EntryKind.GENESIS)) {
      throw new MalformedException("a " + kind + " entry cannot stand at position " + position);
    }
    return new CatalogEntry(
        position, file.hash(), file.previous(), file.nonce(), kind, slots, snapshot, mark, prune);
  }

  /**
   * Most entries are small: one call of the storage gives them, where a length would be another.
   */
  private byte[] readFile(String name) throws IOException, MalformedException {
    byte[] bytes = new byte[FIRST_READ];
    int count = storage.read(name, 0, bytes, 0, bytes.length);
    if (count < bytes.length) {
      return Arrays.copyOf(bytes, count);
    }
    long length = storage.length(name);
    if (length > Limits.MAX_ENTRY) {
      throw new MalformedException("its length of " + length + " bytes cannot be");
    }
    bytes = new byte[(int) length];
    count = storage.read(name, 0, bytes, 0, bytes.length);
    return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
  }

  /**
   * Adds an entry behind the newest one.
   *
   * @param history what this writer last read
   * @param base the head when the writer made its first dedup decision; {@link Long#MAX_VALUE} for
   *     an entry that relies on no pack
   * @param id sixteen fresh random bytes
   * @param sectionB may be empty
   * @return where it stands; it is durable
   * @throws RepositoryLockedException if a prune came in between; nothing was committed
   * @throws CorruptRepositoryException if the newest entry cannot be read just now; nothing was
   *     committed
   */
  public Committed commit(History history, long base, Bytes16 id, byte[] sectionA, byte[] sectionB)
      throws IOException {
    long position = history.headPosition();
    EntryFile.Hash hash = history.headHash();
    if (history.endsUnreadable()) {
      Map.Entry<Long, History.Problem> last = history.problems().lastEntry();
      throw new CorruptRepositoryException(
          EntryFile.name(last.getKey()),
          "the newest entry of the history: " + last.getValue().detail(),
          "look at the disk that it lies on, and run the operation again");
    }
    if (history.problems().lastEntry() != null && history.problems().lastKey() > position) {
      position = history.problems().lastKey();
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long next = position + 1;
      requirePossible(next);
      String name = EntryFile.name(next);
      byte[] file = seals.sealEntry(next, hash, writer, id, sectionA, sectionB);
      if (create(name, file)) {
        storage.sync(EntryFile.DIRECTORY);
        EntryFile.Hash own = hashOf(file);
        requireFollowed(next, own);
        return new Committed(next, own, file.length);
      }
      try {
        CatalogEntry taken = readEntry(next);
        if (taken.kind() == EntryKind.PRUNE && next > base) {
          throw prunedMeanwhile();
        }
        position = next;
        hash = taken.hash();
      } catch (MalformedException | MisplacedException e) {
        throw new CorruptRepositoryException(
            name,
            "it was created meanwhile and cannot be read: " + e.getMessage(),
            "run verify, and then the operation again");
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
    long next = history.headPosition() + 1;
    byte[] file = seals.sealEntry(next, history.headHash(), writer, id, sectionA, sectionB);
    if (!create(EntryFile.name(next), file)) {
      throw new RepositoryLockedException(
          storage.location(),
          "another operation added to it in the meantime",
          "run the operation again");
    }
    storage.sync(EntryFile.DIRECTORY);
    EntryFile.Hash own = hashOf(file);
    requireFollowed(next, own);
    return new Committed(next, own, file.length);
  }

  private static void requirePossible(long position) throws CorruptRepositoryException {
    if (position > EntryFile.MAX_POSITION) {
      throw new CorruptRepositoryException(
          EntryFile.name(position - 1),
          "no history is so long",
          "run verify, and remove what no operation of this library has put there");
    }
  }

  /** Where an entry was committed. */
  public record Committed(long position, EntryFile.Hash hash, long bytes) {}

  private static EntryFile.Hash hashOf(byte[] file) {
    return EntryFile.Hash.of(Arrays.copyOfRange(file, file.length - 32, file.length));
  }

  /** Creates the file and says whether it is this writer's that stands there now. */
  private boolean create(String name, byte[] file) throws IOException {
    IOException unknown = null;
    for (int attempt = 0; attempt < 3; attempt++) {
      try (StorageWriter out = storage.create()) {
        out.write(file, 0, file.length);
        out.commit(name);
        return true;
      } catch (FileAlreadyExistsException e) {
        return isOwn(name, file);
      } catch (IOException e) {
        unknown = e;
        try {
          return isOwn(name, file);
        } catch (NoSuchFileException absent) {
          unknown.addSuppressed(absent);
        }
      }
    }
    throw unknown;
  }

  private boolean isOwn(String name, byte[] file) throws IOException {
    try {
      return Arrays.equals(readFile(name), file);
    } catch (MalformedException e) {
      return false;
    }
  }

  /** After a create: the entry counts if it is the head, or if the next one follows it. */
  private void requireFollowed(long position, EntryFile.Hash own) throws IOException {
    long head = -1;
    for (StoredFile file : storage.list(EntryFile.DIRECTORY)) {
      head = Math.max(head, EntryFile.positionOf(file.name()));
    }
    if (head == position) {
      return;
    }
    try {
      if (readEntry(position + 1).previous().equals(own)) {
        return;
      }
    } catch (NoSuchFileException | MalformedException | MisplacedException e) {
      throw prunedMeanwhile();
    }
    throw prunedMeanwhile();
  }

  private RepositoryLockedException prunedMeanwhile() {
    return new RepositoryLockedException(
        storage.location(),
        "it was pruned while this operation ran",
        "run the operation again; nothing of it was committed");
  }
}
