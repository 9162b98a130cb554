package com.personalaichatbot.dr.core.internal.catalog;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.EntryKind;
import com.personalaichatbot.dr.core.internal.format.MarkRecord;
import com.personalaichatbot.dr.core.internal.format.PruneRecord;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.UnsupportedFormatException;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The history of a repository as one reading found it, with what the entries add up to. Immutable.
 *
 * @param entries committed entries by position, ascending
 * @param problems entries that are missing, damaged or out of place, by position
 * @param strays files of the catalog's directory that are no entries of the history any more
 * @param foreign bytes that nobody who holds the keys wrote for the position whose name they bear;
 *     the value is the position that they were written for, -1 if none
 * @param unread positions of files far above the newest entry that cannot be read and count as none
 */
public record History(
    TreeMap<Long, CatalogEntry> entries,
    TreeMap<Long, Problem> problems,
    List<String> strays,
    TreeMap<Long, Long> foreign,
    Set<Long> unread) {

  /**
   * A fault of the entry at a position.
   *
   * @param mayListSlots whether the entry may list the live key slots; false if what is left of it
   *     proves that it does not
   */
  public record Problem(Kind kind, String detail, boolean mayListSlots) {
    /** A problem with an entry of which nothing is known. */
    Problem(Kind kind, String detail) {
      this(kind, detail, true);
    }

    /** The kinds of it. */
    public enum Kind {
      /** There is no file. */
      MISSING,
      /** Its bytes are not those that were written. */
      CORRUPT,
      /** The storage lists it and fails to read it, as on a bad sector; it may come back. */
      UNREADABLE,
      /** It is an entry, but not the one that belongs here. */
      MISPLACED
    }
  }

  /**
   * The sum of the marks on a snapshot.
   *
   * @param heldUntil for a held one, seconds since 1970 when that ends, 0 for never
   * @param accepted whether what a SHRUNK snapshot lacks is meant to be gone
   * @param removal its removal from the list, which can still be taken back; or null
   */
  public record SnapshotMarks(
      int trust, boolean held, long heldUntil, boolean accepted, PruneRecord.Removal removal) {
    /** What holds for a snapshot without marks. */
    public static final SnapshotMarks NEW =
        new SnapshotMarks(MarkRecord.UNVERIFIED, false, 0, false, null);

    /** Whether it was removed from the list. */
    public boolean isRemoved() {
      return removal != null;
    }

    private SnapshotMarks withTrust(int next) {
      return new SnapshotMarks(next, held, heldUntil, accepted, removal);
    }

    private SnapshotMarks withHold(boolean next, long until) {
      return new SnapshotMarks(trust, next, until, accepted, removal);
    }

    private SnapshotMarks withRemoval(PruneRecord.Removal next) {
      return new SnapshotMarks(trust, held, heldUntil, accepted, next);
    }
  }

  /** The newest entry that can be read. */
  private Optional<CatalogEntry> head() {
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(entries.lastEntry().getValue());
  }

  /** Position of the newest entry that can be read, -1 if none exists. */
  public long headPosition() {
    return entries.isEmpty() ? -1 : entries.lastKey();
  }

  /** Position of the newest entry, readable or not, -1 if none exists. */
  public long lastPosition() {
    return Math.max(headPosition(), problems.isEmpty() ? -1 : problems.lastKey());
  }

  /**
   * Refuses to add to a history of which nothing is left, whose newest entry is there and cannot be
   * read just now, or that holds what a newer version wrote. An entry that is added names the hash
   * of the newest; it would disown one that comes back, and nothing but GENESIS begins a history.
   */
  public void requireGoesOn() throws CorruptRepositoryException, UnsupportedFormatException {
    requireAny();
    requireKnown();
    for (Map.Entry<Long, Problem> above :
        problems.tailMap(headPosition(), false).entrySet()) {
      if (above.getValue().kind() == Problem.Kind.UNREADABLE) {
        throw new UnreadableEntry(
                EntryFile.name(above.getKey()), above.getValue().detail())
            .corrupt("it may be the newest entry of the history, and nothing is added without it");
      }
    }
  }

  /**
   * Refuses to add to a history that leaves open which key slots are live. Whoever has the root key
   * itself need not ask.
   */
  void requireSlotsKnown() throws CorruptRepositoryException {
    Optional<Long> doubt = slotsInDoubt();
    if (doubt.isPresent()) {
      throw new CorruptRepositoryException(
          EntryFile.name(doubt.get()),
          "the repository is open for reading only, because this entry of the history is damaged"
              + " and may say which passphrases open it: "
              + problems.get(doubt.get()).detail(),
          "heal the repository from a copy: dr heal COPY. Without a copy, back up to a new repository and keep"
              + " this one: restore, ls, cat and verify work as it is");
    }
  }

  private void requireKnown() throws UnsupportedFormatException {
    if (newer().isPresent()) {
      throw new UnsupportedFormatException(
          EntryFile.name(newer().get().position()),
          "this entry of the history was written by a newer version",
          "use the version that wrote it; reading and restoring is still possible");
    }
  }

  /** The oldest entry that a newer version wrote and this one does not understand. */
  public Optional<CatalogEntry> newer() {
    return entries.values().stream().filter(e -> e.kind() == EntryKind.NEWER).findFirst();
  }

  /**
   * The positions since the last PRUNE at which a stranger's bytes are or were. Nobody can tell
   * whether an entry was there that neither of its ends proves any more.
   */
  public List<Long> passedPositions() {
    List<Long> positions = new ArrayList<>();
    long since = lastPrune().map(CatalogEntry::position).orElse(-1L);
    for (CatalogEntry entry : entries.tailMap(since, false).values()) {
      entry.steppedOver().forEach(file -> positions.add(file.position()));
    }
    positions.removeAll(entries.keySet());
    for (long at = lastPosition() + 1; foreign.containsKey(at); at++) {
      positions.add(at);
    }
    return positions;
  }

  /**
   * Refuses a history of which no entry is left, not even a damaged one: a repository has at least
   * its first.
   */
  public void requireAny() throws CorruptRepositoryException {
    boolean none =
        problems.values().stream().allMatch(problem -> problem.kind() == Problem.Kind.MISSING);
    if (entries.isEmpty() && none) {
      throw new CorruptRepositoryException(
          EntryFile.name(problems.firstKey()),
          "no entry of the history is left: " + problems.firstEntry().getValue().detail(),
          "put the files of " + EntryFile.DIRECTORY + " back, or heal the repository from a copy;"
              + " do not make a new one in its place");
    }
  }

  /** The entries that are not as they were written, each by its name and with what is wrong. */
  public List<String> damagedEntries() {
    List<String> damaged = new ArrayList<>();
    problems.forEach(
        (at, problem) -> damaged.add(EntryFile.name(at) + " (" + problem.detail() + ")"));
    return damaged;
  }

  /**
   * Whether nothing is right above the newest entry, neither damage nor a stranger's file: then
   * whoever reads this knows that the next position is free.
   */
  public boolean endsFree() {
    return headPosition() >= 0
        && headPosition() == lastPosition()
        && !foreign.containsKey(headPosition() + 1);
  }

  /** Hash of the newest entry that can be read. */
  public EntryFile.Hash headHash() {
    return head().map(CatalogEntry::hash).orElse(EntryFile.Hash.NONE);
  }

  /** The entries of all snapshots whose data is there, oldest first, removed ones included. */
  public List<CatalogEntry> allSnapshots() {
    return entries.values().stream().filter(e -> e.kind() == EntryKind.SNAPSHOT).toList();
  }

  /** The entries of the snapshots in the list, oldest first: those that were not removed. */
  public List<CatalogEntry> snapshots() {
    Map<Bytes16, SnapshotMarks> standings = standings();
    return allSnapshots().stream()
        .filter(e -> !standings.getOrDefault(e.id(), SnapshotMarks.NEW).isRemoved())
        .toList();
  }

  /** The newest PRUNE entry, if there is one. */
  public Optional<CatalogEntry> lastPrune() {
    return entries.descendingMap().values().stream()
        .filter(e -> e.prune() != null)
        .findFirst();
  }

  /** The hash of the entry at a position, as far as the history still knows it. */
  public Optional<EntryFile.Hash> hashAt(long position) {
    CatalogEntry entry = entries.get(position);
    if (entry != null) {
      return Optional.of(entry.hash());
    }
    for (CatalogEntry above : entries.tailMap(position, false).values()) {
      PruneRecord prune = above.prune();
      if (prune != null
          && position >= prune.since()
          && position - prune.since() < prune.hashes().size()) {
        return Optional.of(prune.hashes().get((int) (position - prune.since())));
      }
    }
    return Optional.empty();
  }

  /** Whether the history still knows an entry with this fingerprint. */
  public boolean holds(String fingerprint) {
    String wanted = fingerprint.toLowerCase(Locale.ROOT);
    for (CatalogEntry entry : entries.values()) {
      boolean listed = entry.prune() != null
          && entry.prune().hashes().stream().anyMatch(hash -> hash.toString().equals(wanted));
      if (listed || entry.hash().toString().equals(wanted)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether another history of the repository ends at an entry of this one, as far as damage leaves
   * that to be seen.
   */
  public boolean continues(History earlier) {
    long head = earlier.headPosition();
    return head < 0 || hashAt(head).map(earlier.headHash()::equals).orElse(head <= lastPosition());
  }

  /** The newest entry that lists the live key slots; empty where none can be read. */
  private Optional<CatalogEntry> slotList() {
    return entries.descendingMap().values().stream()
        .filter(entry -> entry.slots() != null || entry.prune() != null)
        .findFirst();
  }

  private static List<Bytes16> slotsOf(CatalogEntry entry) {
    if (entry.slots() != null) {
      return entry.slots().slots();
    }
    return entry.prune() == null ? List.of() : entry.prune().slots();
  }

  /** The key slots that are live; empty where no entry says so any more. */
  public Set<Bytes16> liveSlots() {
    return slotList().map(entry -> Set.copyOf(slotsOf(entry))).orElse(Set.of());
  }

  /**
   * The position of an entry that cannot be read and may have listed other slots than
   * {@link #liveSlots} knows. As long as there is one, who opened it by a slot reads and does not
   * write: a damaged entry must not lock out its owner, and must not let in who was removed. Bytes
   * that nobody with the keys wrote are no such entry.
   */
  public Optional<Long> slotsInDoubt() {
    Optional<CatalogEntry> list = slotList();
    if (list.isPresent() && slotsOf(list.get()).isEmpty()) {
      return Optional.empty(); // No passphrase ever opens it; the application keeps its root key.
    }
    // A damaged GENESIS alone hides no removal.
    long told = list.map(CatalogEntry::position).orElse(0L);
    return problems.tailMap(told, false).entrySet().stream()
        .filter(problem -> problem.getValue().mayListSlots())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /**
   * Whether a slot that opens the repository may be used: if the newest list holds it, and if an
   * entry that is damaged or of a newer version may have added it. A slot that was listed once, and
   * that the newest list omits, was removed.
   */
  public boolean mayBeLive(Bytes16 slot) {
    if (slotList().isEmpty() || liveSlots().contains(slot)) {
      return true;
    }
    return !wasListed(slot) && (slotsInDoubt().isPresent() || newer().isPresent());
  }

  /** Whether any entry that can be read lists a slot. */
  public boolean wasListed(Bytes16 slot) {
    return entries.values().stream().anyMatch(entry -> slotsOf(entry).contains(slot));
  }

  /**
   * Refuses a history of which an entry is missing, damaged or out of place.
   *
   * @param until what is not done before it is whole again, for the reader of the message
   */
  public void requireWhole(String until)
      throws CorruptRepositoryException, UnsupportedFormatException {
    requireKnown();
    if (!problems.isEmpty()) {
      if (problems.firstEntry().getValue().kind() == Problem.Kind.UNREADABLE) {
        throw new UnreadableEntry(
                EntryFile.name(problems.firstKey()),
                problems.firstEntry().getValue().detail())
            .corrupt("the history is not whole without it, and " + until);
      }
      throw new CorruptRepositoryException(
          EntryFile.name(problems.firstKey()),
          "the history is not whole: " + problems.firstEntry().getValue().detail(),
          "heal the repository from a copy: dr heal COPY; " + until);
    }
    requireGoesOn();
  }

  /** What is known of each snapshot, by its id. Verified does not outdo suspect; a person does. */
  public Map<Bytes16, SnapshotMarks> standings() {
    Map<Bytes16, SnapshotMarks> standings = new HashMap<>();
    for (CatalogEntry entry : entries.values()) {
      if (entry.prune() != null) {
        standings.clear();
        for (PruneRecord.SnapshotMarks kept : entry.prune().standings()) {
          standings.put(
              kept.snapshot(),
              new SnapshotMarks(
                  kept.trust(), kept.held(), kept.heldUntil(), kept.accepted(), kept.removal()));
        }
      }
      if (entry.mark() != null) {
        for (MarkRecord.SnapshotMark mark : entry.mark().snapshots()) {
          SnapshotMarks now = standings.getOrDefault(mark.snapshot(), SnapshotMarks.NEW);
          standings.put(mark.snapshot(), after(now, mark, entry));
        }
      }
    }
    return standings;
  }

  private static SnapshotMarks after(
      SnapshotMarks now, MarkRecord.SnapshotMark mark, CatalogEntry entry) {
    return switch (mark.change()) {
      case MarkRecord.HOLD -> now.withHold(true, mark.until());
      case MarkRecord.RELEASE -> now.withHold(false, 0);
      case MarkRecord.SUSPECT -> now.withTrust(MarkRecord.SUSPECT);
      case MarkRecord.VERIFIED ->
        now.trust == MarkRecord.UNVERIFIED ? now.withTrust(MarkRecord.VERIFIED) : now;
      case MarkRecord.REMOVED ->
        now.isRemoved()
            ? now
            : now.withRemoval(new PruneRecord.Removal(
                mark.until() == 0 ? entry.mark().time() : PruneRecord.Removal.NOT_BEGUN,
                entry.position(),
                mark.reasons()));
      case MarkRecord.UNREMOVED -> now.withRemoval(null);
      case MarkRecord.ACCEPTED ->
        new SnapshotMarks(now.trust, now.held, now.heldUntil, true, now.removal);
      case MarkRecord.MENDED -> now;
      default ->
        now.trust == MarkRecord.SUSPECT && entry.mark().method() != MarkRecord.BY_PERSON
            ? now
            : now.withTrust(mark.change());
    };
  }

  /** Packs that were found damaged and are not condemned. */
  public Set<String> damagedPacks() {
    Set<String> packs = new HashSet<>();
    for (CatalogEntry entry : entries.values()) {
      if (entry.prune() != null) {
        packs.clear();
        packs.addAll(entry.prune().damagedPacks());
      }
      if (entry.mark() != null) {
        packs.addAll(entry.mark().damagedPacks());
      }
    }
    return packs;
  }

  /** Blobs of which no undamaged place was left when somebody last looked. */
  public Set<KeyedId> damagedBlobs() {
    Set<KeyedId> blobs = new HashSet<>();
    for (CatalogEntry entry : entries.values()) {
      if (entry.prune() != null) {
        blobs.clear();
        blobs.addAll(entry.prune().damagedBlobs());
      }
      if (entry.mark() != null) {
        blobs.addAll(entry.mark().damagedBlobs());
      }
    }
    return blobs;
  }

  /** Packs that no longer count, whether they are deleted already or not. */
  public Set<String> condemnedPacks() {
    Set<String> packs = new HashSet<>();
    entries.values().stream()
        .filter(e -> e.prune() != null)
        .forEach(e -> packs.addAll(e.prune().condemned()));
    return packs;
  }

  /** Packs that must not be relied on when something is stored: condemned or damaged. */
  public Set<String> unreliablePacks() {
    Set<String> packs = damagedPacks();
    packs.addAll(condemnedPacks());
    return packs;
  }
}
