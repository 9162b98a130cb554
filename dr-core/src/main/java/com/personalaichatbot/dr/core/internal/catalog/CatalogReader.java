package com.personalaichatbot.dr.core.internal.catalog;

import com.personalaichatbot.dr.core.internal.format.BytesReader;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.EntryKind;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.MarkRecord;
import com.personalaichatbot.dr.core.internal.format.PruneRecord;
import com.personalaichatbot.dr.core.internal.format.Sha256;
import com.personalaichatbot.dr.core.internal.format.SlotsRecord;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.SteppedOver;
import com.personalaichatbot.dr.core.internal.format.UnknownVersionException;
import com.personalaichatbot.dr.core.internal.index.BlobDamage;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.storage.NotRegularFileException;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reading of the catalog: tells the entries of the history from damage, and both from the bytes
 * of strangers.
 *
 * <p>Somebody without the keys may add any files, however many and however long. What such a file
 * costs is two small reads: only one of whose ends a MAC says that it was written for its position
 * is read whole. Nothing else about it counts. Not thread-safe.
 */
final class CatalogReader {
  private static final Logger log = LoggerFactory.getLogger(CatalogReader.class);

  /**
   * So many missing entries in a row are looked for one by one. What is farther away costs nothing.
   */
  private static final int LONGEST_LOOK = 1000;

  private static final int FIRST_READ = 8 << 10;

  private final Set<Long> unread = new HashSet<>();
  private final Storage storage;
  private final Seals seals;
  private final TreeMap<Long, StoredFile> files = new TreeMap<>();
  private final List<String> strays = new ArrayList<>();
  private final Map<Long, Look> looks = new HashMap<>();
  private final TreeMap<Long, CatalogEntry> entries = new TreeMap<>();
  private final TreeMap<Long, History.Problem> problems = new TreeMap<>();
  private final Set<Long> steppedOver = new HashSet<>();
  private final long reached;
  private boolean storageAnswers;

  /**
   * Reads this storage.
   *
   * @param reached a position that is known to have been taken, -1 if none is: then a file that is
   *     there is damaged, whatever it holds
   */
  CatalogReader(Storage storage, Seals seals, long reached) {
    this.storage = storage;
    this.seals = seals;
    this.reached = reached;
  }

  /**
   * The finding under the name of a position.
   *
   * @param entry the entry of that position, or null
   * @param problem what is wrong with it where it is one of ours or may be; or null
   * @param displaced the position that these bytes were written for, -1 if none
   */
  record Look(CatalogEntry entry, History.Problem problem, long displaced) {
    /** Whether nobody who holds the keys wrote it for this position. */
    boolean isForeign() {
      return entry == null && problem == null;
    }

    boolean isUnreadable() {
      return problem != null && problem.kind() == History.Problem.Kind.UNREADABLE;
    }

    private static Look damaged(History.Problem.Kind kind, String detail) {
      return new Look(null, new History.Problem(kind, detail), -1);
    }
  }

  History read() throws IOException {
    for (StoredFile file : storage.list(EntryFile.DIRECTORY)) {
      long position = EntryFile.positionOf(file.name());
      if (position < 0) {
        strays.add(file.name());
      } else {
        files.put(position, file);
      }
    }
    walk(newest());
    TreeMap<Long, Long> foreign = new TreeMap<>();
    looks.forEach((at, look) -> {
      if (look.isForeign()) {
        foreign.put(at, look.displaced);
      }
    });
    return new History(entries, problems, strays, foreign, Set.copyOf(unread));
  }

  /** The highest position of which anything proves that it was taken, -1 if none. */
  private long newest() throws IOException {
    long newest = -1;
    Set<Long> displaced = new HashSet<>();
    long prune = -1;
    for (long at : files.descendingKeySet()) {
      Look look = look(at);
      displaced.add(look.displaced);
      if (!look.isForeign() && !look.isUnreadable()) {
        newest = Math.max(newest, at);
      }
      if (look.entry != null && look.entry.prune() != null) {
        prune = at;
        break;
      }
    }
    for (long at : displaced) {
      newest = Math.max(newest, at > prune ? at : -1);
    }
    if (files.containsKey(reached)) {
      newest = Math.max(newest, reached);
    }
    long above = newest;
    for (long at = newest + 1; files.containsKey(at); at++) {
      if (look(at).isUnreadable()) {
        above = at;
      }
    }
    for (long at : files.tailMap(above, false).keySet()) {
      if (look(at).isUnreadable()) {
        unread.add(at);
        log.warn(
            "Cannot read {}; nothing below it proves that it is an entry, so it is ignored",
            EntryFile.name(at));
      }
    }
    return above;
  }

  private void walk(long newest) throws IOException {
    if (newest < 0) {
      problems.put(
          0L, new History.Problem(History.Problem.Kind.MISSING, "the catalog holds no entry"));
    }
    EntryFile.Hash wanted = null;
    int absent = 0;
    for (long at = newest; at >= 0; at--) {
      if (steppedOver.contains(at)) {
        if (chains(at, wanted)) {
          entries.put(at, look(at).entry);
        } else {
          passBy(at);
        }
        continue;
      }
      absent = files.containsKey(at) ? 0 : absent + 1;
      if (absent > LONGEST_LOOK) {
        at = skipGap(at);
        continue;
      }
      CatalogEntry entry = member(at, wanted);
      wanted = entry == null ? null : entry.previous();
      if (entry != null) {
        entries.put(at, entry);
        entry.steppedOver().forEach(file -> steppedOver.add(file.position()));
        if (entry.prune() != null) {
          readLive(entry);
          break;
        }
      }
    }
  }

  /**
   * Whether an entry that a later writer could not read, and passed by, is there again: it follows
   * what that writer's entry follows, immediately or behind others of the kind.
   */
  private boolean chains(long at, EntryFile.Hash wanted) throws IOException {
    CatalogEntry entry = files.containsKey(at) ? look(at).entry : null;
    if (entry == null || entry.previous().equals(wanted)) {
      return entry != null;
    }
    return steppedOver.contains(at - 1)
        && chains(at - 1, wanted)
        && entry.previous().equals(look(at - 1).entry.hash());
  }

  /** A position that a later writer passed by: of a stranger, or still damaged. */
  private void passBy(long at) throws IOException {
    if (files.containsKey(at) && !look(at).isForeign()) {
      problems.put(at, problem(look(at)));
    }
  }

  /** Notes that nothing is at a position and directly below it, and gives the lowest of these. */
  private long skipGap(long at) {
    Long below = files.lowerKey(at);
    long lowest = below == null ? 0 : below + 1;
    problems.put(
        at,
        new History.Problem(
            History.Problem.Kind.MISSING, "there are no entries " + lowest + " to " + at));
    return lowest;
  }

  /** Below a PRUNE exactly those entries are members that it lists, whatever else lies there. */
  private void readLive(CatalogEntry prune) throws IOException {
    Set<Long> live = new HashSet<>();
    for (PruneRecord.Live listed : prune.prune().live()) {
      live.add(listed.position());
      CatalogEntry entry = member(listed.position(), listed.hash());
      if (entry != null) {
        entries.put(listed.position(), entry);
      }
    }
    files.headMap(prune.position()).forEach((at, file) -> {
      if (!live.contains(at)) {
        strays.add(file.name());
        looks.remove(at);
      }
    });
  }

  /**
   * The entry at a position, or null, with the reason among the problems.
   *
   * @param wanted its hash, as a later entry names it; null if no later entry can be read
   */
  private CatalogEntry member(long at, EntryFile.Hash wanted) throws IOException {
    Look look = look(at);
    if (look.entry != null && (wanted == null || look.entry.hash().equals(wanted))) {
      return look.entry;
    }
    problems.put(at, problem(look));
    return null;
  }

  private static History.Problem problem(Look look) {
    if (look.problem != null) {
      return look.problem;
    }
    if (look.entry != null) {
      return new History.Problem(
          History.Problem.Kind.MISPLACED, "the entry after it follows another one");
    }
    return look.displaced < 0
        ? new History.Problem(
            History.Problem.Kind.CORRUPT, "it does not hold what was written there")
        : new History.Problem(
            History.Problem.Kind.MISPLACED, "it is the entry of position " + look.displaced);
  }

  /** Looks at what is under the name of a position; once. */
  Look look(long at) throws IOException {
    Look look = looks.get(at);
    if (look == null) {
      look = lookNow(at);
      looks.put(at, look);
    }
    return look;
  }

  private Look lookNow(long at) throws IOException {
    String name = EntryFile.name(at);
    try {
      byte[] start = read(name, 0, FIRST_READ);
      long length = start.length < FIRST_READ ? start.length : storage.length(name);
      byte[] tail = tail(name, start, length);
      long front = seals.entryFront(start);
      long end = seals.entryEnd(tail);
      if (front != at && end != at) {
        return new Look(null, null, Math.max(front, end));
      }
      if (length > Limits.MAX_ENTRY) {
        return corrupt(at, start, "invalid length: " + length + " bytes");
      }
      return whole(at, length < FIRST_READ ? start : read(name, 0, (int) length));
    } catch (NotRegularFileException e) {
      return new Look(null, null, -1);
    } catch (NoSuchFileException e) {
      return Look.damaged(History.Problem.Kind.MISSING, "there is no entry " + at);
    } catch (IOException e) {
      return Look.damaged(History.Problem.Kind.UNREADABLE, unreadable(name, e));
    }
  }

  private Look whole(long at, byte[] file) {
    try {
      return new Look(entry(at, file), null, -1);
    } catch (MalformedException e) {
      return corrupt(at, file, e.getMessage());
    }
  }

  private Look corrupt(long at, byte[] file, String detail) {
    return new Look(
        null,
        new History.Problem(History.Problem.Kind.CORRUPT, detail, mayListSlots(at, file)),
        -1);
  }

  /** Whether the rest of a damaged entry leaves open that it lists the live key slots. */
  private boolean mayListSlots(long at, byte[] file) {
    try {
      EntryFile rest = seals.parseDamagedEntry(file);
      EntryKind kind = EntryKind.of(seals.openSection(rest, 0)[0]);
      return rest.position() != at || kind != EntryKind.SNAPSHOT && kind != EntryKind.MARK;
    } catch (MalformedException e) {
      return true;
    }
  }

  /** Why a file cannot be read. Whether the storage is there at all is asked once. */
  private String unreadable(String name, IOException failure) throws IOException {
    if (!storageAnswers || Thread.currentThread().isInterrupted()) {
      String detail = BlobDamage.unreadable(storage, name, failure).detail();
      storageAnswers = true;
      return detail;
    }
    return "it cannot be read: " + failure.getMessage();
  }

  private byte[] tail(String name, byte[] start, long length) throws IOException {
    if (length > start.length) {
      return read(name, length - EntryFile.END, EntryFile.END);
    }
    return Arrays.copyOfRange(start, Math.max(0, start.length - EntryFile.END), start.length);
  }

  private byte[] read(String name, long from, int length) throws IOException {
    byte[] bytes = new byte[length];
    int count = storage.read(name, from, bytes, 0, length);
    return count == length ? bytes : Arrays.copyOf(bytes, count);
  }

  private CatalogEntry entry(long at, byte[] whole) throws MalformedException {
    EntryFile file = seals.parseEntry(whole);
    byte[] sectionA = seals.openSection(file, 0);
    BytesReader a = new BytesReader(sectionA);
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
    if (file.position() != at || (at == 0) != (kind == EntryKind.GENESIS)) {
      throw new MalformedException("a " + kind + " entry cannot be at position " + at);
    }
    return new CatalogEntry(
        at,
        file.hash(),
        file.previous(),
        file.nonce(),
        kind,
        slots,
        snapshot,
        mark,
        prune,
        SteppedOver.of(sectionA));
  }

  /** Describes a file, or that none exists, for the entry that passes it by. */
  SteppedOver describe(long at) throws IOException {
    String name = EntryFile.name(at);
    try {
      byte[] start = read(name, 0, SteppedOver.HASHED);
      return new SteppedOver(
          at, storage.length(name), EntryFile.Hash.of(Sha256.of(start, 0, start.length)));
    } catch (NoSuchFileException | NotRegularFileException e) {
      return new SteppedOver(at, 0, EntryFile.Hash.of(Sha256.of(new byte[0], 0, 0)));
    }
  }
}
