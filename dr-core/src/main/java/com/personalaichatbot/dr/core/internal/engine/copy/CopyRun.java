package com.personalaichatbot.dr.core.internal.engine.copy;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.engine.CopiedStorage;
import com.personalaichatbot.dr.core.internal.engine.Opening;
import com.personalaichatbot.dr.core.internal.engine.ProgressMeter;
import com.personalaichatbot.dr.core.internal.engine.Session;
import com.personalaichatbot.dr.core.internal.engine.SlotFiles;
import com.personalaichatbot.dr.core.internal.engine.Workers;
import com.personalaichatbot.dr.core.internal.engine.prune.Sweep;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryFile;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.lock.CourtesyLock;
import com.personalaichatbot.dr.core.operation.CopyReport;
import com.personalaichatbot.dr.core.operation.CopyState;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.HeadChangedException;
import com.personalaichatbot.dr.core.operation.Progress;
import com.personalaichatbot.dr.core.operation.ReadOnlyRepositoryException;
import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StoredFile;
import com.personalaichatbot.dr.crypto.DamagedSlotException;
import com.personalaichatbot.dr.crypto.KeySlot;
import com.personalaichatbot.dr.crypto.UnsupportedSlotException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Brings a copy of the repository in another storage up to date.
 *
 * <p><b>Order.</b> Key slots, packs, indexes, entries of the history one by one from the oldest,
 * and in a new copy FORMAT last; each durable before the next. So what an entry of the copy needs
 * is there before it, a copy that was interrupted holds older snapshots whole, and one that never
 * was whole is no repository. The next run goes on where one ended, because it copies what is not
 * there.
 *
 * <p><b>Nothing wrong is copied.</b> Packs and indexes must hash to their names, entries to what
 * the history says, slots to their checksums; what does not is named and left out. What was written
 * is read back.
 *
 * <p><b>Nothing is lost.</b> The copy's history must be a beginning of this one, or it is refused.
 * Packs and entries that a prune removed from the original stay in the copy, where they count as
 * little as they would there. Only a key slot that is no longer live is deleted: whoever changes a
 * passphrase means every place.
 */
public final class CopyRun {
  private final Session session;
  private final Storage target;
  private final VerifyOptions present;
  private final CopiedFiles files;
  private final Bytes16 repository;

  /**
   * A run from this session's repository.
   *
   * @param present how much of what the copy has already is read back
   */
  public CopyRun(Session session, Storage target, VerifyOptions present) {
    this.session = session;
    this.target = target;
    this.present = present;
    this.files = new CopiedFiles(session, target);
    this.repository = session.format().repositoryId();
  }

  /** Runs it; the caller holds the courtesy lock of the original. */
  public CopyReport run(Duration patience) throws IOException {
    Instant started = session.clock().instant();
    if (!target.isWritable()) {
      throw new ReadOnlyRepositoryException(
          target.location(), "nothing can be written there", "give this user the right to");
    }
    History history = session.state().readUnchanged(session.catalog());
    boolean isNew = begin();
    Sweep.tryTemporaries(target);
    try (StorageLock alone = CourtesyLock.acquire(target, true, patience)) {
      Objects.requireNonNull(alone);
      History copied = requireSame(history, isNew);
      Set<Bytes16> slots = history.mayHaveOtherSlots() ? Set.of() : history.liveSlots();
      copySlots(slots);
      // In this order: whatever an index lists that is there now, is among the packs that are then.
      Map<String, Long> indexes = indexes();
      Map<String, Long> packs = packs(history.condemnedPacks());
      copyHashed(IndexedPack.DIRECTORY, packs);
      copyHashed(IndexLoader.DIRECTORY, indexes);
      copyEntries(history, copied, isNew);
      copyFormat();
      dropSlots(slots);
      return files.report(
          history.headHash().toString(),
          Duration.between(started, session.clock().instant()));
    }
  }

  /** Makes sure that the place is a copy of this repository, or free; gives whether it is new. */
  private boolean begin() throws IOException {
    boolean any = false;
    try {
      for (StoredFile file : target.list("")) {
        any |= !file.name().equals("lock") && !file.name().startsWith("tmp/");
      }
    } catch (NoSuchFileException e) {
      // The place is made with the first file.
    }
    if (!any) {
      files.put(CopiedStorage.MARK, CopiedStorage.mark(repository));
      target.sync("");
      return true;
    }
    boolean own = CopiedStorage.isCopy(target) && CopiedStorage.isCopyOf(target, repository);
    if (!own) {
      throw new RepositoryExistsException(
          target.location(),
          "it holds something that is no copy of this repository",
          "name an empty directory, or one that does not exist yet");
    }
    for (String name : Opening.FORMAT_FILES) {
      if (files.lengthAt(name) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** The copy's history, which must be a beginning of the original's. */
  private History requireSame(History history, boolean isNew) throws IOException {
    target.sync("");
    History copied = new Catalog(target, session.seals(), session.seals().newBytes16()).read();
    long head = copied.headPosition();
    boolean same = head < 0
        || history.hashAt(head).equals(Optional.of(copied.headHash()))
        || history.problems().containsKey(head) && head <= history.lastPosition();
    if (!same) {
      throw new HeadChangedException(
          target.location(),
          head > history.lastPosition()
              ? "the copy has entry " + head + " of the history, the original ends at "
                  + history.lastPosition()
              : "the copy's history is not that of the original",
          "find out which of the two is right before anything is copied; the copy was not changed");
    }
    return copied;
  }

  private void copySlots(Set<Bytes16> live) throws IOException {
    Map<String, KeySlot> wanted = new TreeMap<>();
    List<KeySlot> readable = new SlotFiles(session.storage()).readable();
    for (KeySlot slot : readable) {
      Bytes16 id = Bytes16.of(slot.slotId());
      if (live.isEmpty() || live.contains(id)) {
        SlotFiles.names(id).forEach(name -> wanted.put(name, slot));
      }
    }
    for (Bytes16 id : live) {
      if (!wanted.containsKey(SlotFiles.names(id).get(0))) {
        files.damaged(
            SlotFiles.names(id).get(0), Damage.Kind.CORRUPT, "no copy of the key slot can be read");
      }
    }
    for (Map.Entry<String, KeySlot> slot : wanted.entrySet()) {
      if (!isSlot(slot.getKey())) {
        files.replace(slot.getKey(), slot.getValue().bytes());
      }
    }
    target.sync(SlotFiles.DIRECTORY);
  }

  /** Whether the copy has this slot, whole. Slots of one id are the same. */
  private boolean isSlot(String name) throws IOException {
    try {
      KeySlot slot = KeySlot.parse(Opening.read(target, name, KeySlot.MAX_BYTES + 1));
      return Bytes16.of(slot.slotId()).toString().equals(SlotFiles.id(name));
    } catch (NoSuchFileException | DamagedSlotException | UnsupportedSlotException e) {
      return false;
    }
  }

  private Map<String, Long> packs(Set<String> condemned) throws IOException {
    Map<String, Long> packs = new TreeMap<>();
    IndexLoader.listPacks(session.storage()).forEach((name, length) -> {
      if (!condemned.contains(name)) {
        packs.put(IndexedPack.file(name), length);
      }
    });
    return packs;
  }

  private Map<String, Long> indexes() throws IOException {
    Map<String, Long> indexes = new TreeMap<>();
    for (StoredFile file : session.storage().list(IndexLoader.DIRECTORY)) {
      if (IndexLoader.isHash(file.name().substring(IndexLoader.DIRECTORY.length() + 1))) {
        indexes.put(file.name(), file.length());
      }
    }
    return indexes;
  }

  /** Copies files that are named by the hash of their bytes, as far as they are not there. */
  private void copyHashed(String directory, Map<String, Long> wanted) throws IOException {
    Map<String, Long> there = new LinkedHashMap<>();
    target.list(directory).forEach(file -> there.put(file.name(), file.length()));
    List<String> missing = new ArrayList<>();
    List<String> same = new ArrayList<>();
    wanted.forEach((name, length) -> (length.equals(there.get(name)) ? same : missing).add(name));
    List<String> looked = sample(same);
    long bytes = 0;
    for (String name : missing) {
      bytes += wanted.get(name);
    }
    for (String name : looked) {
      bytes += wanted.get(name);
    }
    ProgressMeter meter = new ProgressMeter(Progress.Phase.COPYING, bytes, session.progress());
    Workers.Batch batch = session.workers().newBatch(0);
    try {
      for (String name : missing) {
        batch.submit(() -> {
          files.copyHashed(name, wanted.get(name), there.containsKey(name));
          meter.add(1, wanted.get(name));
        });
      }
      for (String name : looked) {
        batch.submit(() -> {
          files.mendHashed(name, wanted.get(name));
          meter.add(1, wanted.get(name));
        });
      }
      batch.finish();
    } catch (IOException | RuntimeException | Error e) {
      batch.abandon();
      throw e;
    }
    target.sync(directory);
  }

  private List<String> sample(List<String> same) {
    return switch (present.depth()) {
      case STRUCTURE -> List.of();
      case READ_ALL -> same;
      case SAMPLE -> {
        List<String> shuffled = new ArrayList<>(same);
        Collections.shuffle(shuffled);
        yield shuffled.subList(
            0, (int) ((same.size() * (long) present.samplePercent() + 99) / 100));
      }
    };
  }

  /**
   * Copies the entries that the copy lacks. In a copy that is in use, each is durable before the
   * next, so that no crash leaves a newer one without an older one.
   */
  private void copyEntries(History history, History copied, boolean isNew) throws IOException {
    history
        .problems()
        .forEach((position, problem) -> files.damaged(
            EntryFile.name(position),
            problem.kind() == History.Problem.Kind.MISSING
                ? Damage.Kind.MISSING
                : Damage.Kind.CORRUPT,
            problem.detail()));
    for (CatalogEntry entry : history.entries().values()) {
      CatalogEntry there = copied.entries().get(entry.position());
      if (there == null || !there.hash().equals(entry.hash())) {
        copyEntry(entry);
        if (!isNew) {
          target.sync(EntryFile.DIRECTORY);
        }
      }
    }
    target.sync(EntryFile.DIRECTORY);
  }

  private void copyEntry(CatalogEntry entry) throws IOException {
    String name = EntryFile.name(entry.position());
    byte[] bytes = Opening.read(session.storage(), name, Limits.MAX_ENTRY);
    try {
      if (EntryFile.parse(bytes, repository).hash().equals(entry.hash())) {
        files.replace(name, bytes);
        return;
      }
    } catch (MalformedException e) {
      // It was whole a moment ago.
    }
    files.damaged(name, Damage.Kind.CORRUPT, "it does not read twice alike");
  }

  private void copyFormat() throws IOException {
    byte[] text = session.format().unauthenticated();
    byte[] format = session.format().encode(session.keys().formatMac(text, 0, text.length));
    for (String name : Opening.FORMAT_FILES) {
      if (!files.holds(name, format)) {
        files.replace(name, format);
      }
    }
    target.sync("");
  }

  /** Deletes the slots that are no longer live, now that the entry which says so is there. */
  private void dropSlots(Set<Bytes16> live) throws IOException {
    SlotFiles slots = new SlotFiles(target);
    boolean one = slots.readable().stream().anyMatch(s -> live.contains(Bytes16.of(s.slotId())));
    if (one) {
      Set<Bytes16> dead = slots.ids();
      dead.removeAll(live);
      if (!dead.isEmpty()) {
        slots.delete(dead);
      }
    }
  }

  /** How far a copy is behind. */
  public static CopyState state(Session session, Storage target) throws IOException {
    boolean own = CopiedStorage.isCopy(target)
        && CopiedStorage.isCopyOf(target, session.format().repositoryId());
    long last = -1;
    for (StoredFile file : own ? target.list(EntryFile.DIRECTORY) : List.<StoredFile>of()) {
      last = Math.max(last, EntryFile.positionOf(file.name()));
    }
    if (last < 0) {
      throw new RepositoryNotFoundException(
          target.location(),
          "there is no copy of this repository",
          "mount its volume, or make one");
    }
    List<CatalogEntry> behind =
        List.copyOf(session.catalog().read().entries().tailMap(last, false).values());
    List<Instant> snapshots = behind.stream()
        .filter(entry -> entry.snapshot() != null)
        .map(entry -> entry.snapshot().started())
        .toList();
    return new CopyState(
        target.location(),
        behind.size(),
        snapshots.size(),
        snapshots.stream().min(Instant::compareTo));
  }
}
