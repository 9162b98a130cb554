package com.personalaichatbot.dr.core.internal.engine.copy;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.lock.AdvisoryLock;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.opening.SlotFiles;
import com.personalaichatbot.dr.core.internal.session.CopiedStorage;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.write.Sweep;
import com.personalaichatbot.dr.core.operation.CopyReport;
import com.personalaichatbot.dr.core.operation.CopyState;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.HeadChangedException;
import com.personalaichatbot.dr.core.operation.ReadOnlyRepositoryException;
import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.core.storage.StoredFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * Before it takes over a PRUNE, what that keeps must be whole in the copy without what it condemns.
 * Packs and entries that a prune removed from the original stay in the copy, where they count as
 * little as they would there. Only a key slot that is no longer live is deleted: whoever changes a
 * passphrase means every place.
 */
public final class CopyRun {
  private static final Logger log = LoggerFactory.getLogger(CopyRun.class);

  private final Session session;
  private final Storage target;
  private final CopiedFiles files;

  /**
   * A run from this session's repository.
   *
   * @param present how much of what the copy has already is read back
   */
  public CopyRun(Session session, Storage target, VerifyOptions present) {
    this.session = session;
    this.target = target;
    this.files = new CopiedFiles(session, target, present);
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
    try (StorageLock alone = AdvisoryLock.acquire(target, true, patience)) {
      Objects.requireNonNull(alone);
      target.sync("");
      History copied = new Catalog(target, session.seals(), session.seals().newBytes16())
          .read(history.headPosition());
      if (copied.headPosition() > history.lastPosition()) {
        // The copy knows that its newest position was taken: what is there is damaged.
        history = session.catalog().read(copied.headPosition());
      }
      requireSame(history, copied);
      mendMark();
      Set<Bytes16> slots = history.slotsInDoubt().isPresent() ? Set.of() : history.liveSlots();
      files.copySlots(slots, new SlotFiles(session.storage()).readable(), history::mayBeLive);
      // In this order: whatever an index lists that is there now, is among the packs that are then.
      Map<String, Long> indexes = indexes();
      Map<String, Long> packs = files.packs(history.condemnedPacks());
      files.copyHashed(IndexedPack.DIRECTORY, packs);
      nameMissing(packs, history.condemnedPacks());
      boolean follows = isNew || mayTakeOver(history, copied);
      if (follows) { // Else an index might list a pack that is not there.
        files.copyHashed(IndexLoader.DIRECTORY, indexes);
        copyEntries(history, copied, isNew);
      }
      History now = history;
      files.afterEntries(() -> {
        files.copyFormat();
        if (follows) {
          dropSlots(slots);
        }
        return null;
      });
      remember(now);
      return files.report(
          follows ? history.headHash().toString() : copied.headHash().toString(),
          follows ? CopyReport.Lag.NONE : lag(history, copied.headPosition()),
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
      Bytes16 copyId = session.seals().newBytes16();
      files.put(CopiedStorage.MARK, session.seals().sealCopyMark(copyId));
      target.sync("");
      return true;
    }
    CopiedStorage.Mark mark = CopiedStorage.mark(target, session.seals());
    if (mark.copyId().isEmpty() && !(mark.isThere() && isOfThisRepository())) {
      throw new RepositoryExistsException(
          target.location(),
          "it holds something that is no copy of this repository",
          "name an empty directory, or one that does not exist yet");
    }
    for (String name : RepositoryOpener.FORMAT_FILES) {
      if (files.lengthAt(name) >= 0) {
        return false;
      }
    }
    return true;
  }

  private boolean isOfThisRepository() throws IOException {
    Catalog catalog = new Catalog(target, session.seals(), session.seals().newBytes16());
    return !catalog.read().entries().isEmpty();
  }

  /** Replaces the damaged mark of what is a copy by its history. */
  private void mendMark() throws IOException {
    if (CopiedStorage.mark(target, session.seals()).isUnproven()) {
      byte[] mark = session.seals().sealCopyMark(session.seals().newBytes16());
      files.replace(CopiedStorage.MARK, mark);
      target.sync("");
    }
  }

  /** Makes sure that the copy's history is a beginning of the original's. */
  private void requireSame(History history, History copied) throws HeadChangedException {
    if (!history.continues(copied)) {
      long head = copied.headPosition();
      throw new HeadChangedException(
          target.location(),
          head > history.lastPosition()
              ? "the copy has entry " + head + " of the history, the original ends at "
                  + history.lastPosition()
              : "the copy's history is not that of the original",
          "find out which of the two is right before anything is copied; the copy was not changed");
    }
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

  /** Names the packs that an index of the original lists and that are not there. */
  private void nameMissing(Map<String, Long> packs, Set<String> condemned) throws IOException {
    IndexLoader loader = new IndexLoader(session.storage(), session.seals());
    loader
        .forEach(name -> !condemned.contains(name), pack -> {
          if (packs.containsKey(pack.file())) {
            return; // If its length is wrong, so is its hash.
          }
          try {
            session.storage().length(pack.file()); // It may be younger than the list.
          } catch (NoSuchFileException e) {
            files.damaged(pack.file(), Damage.Kind.MISSING, "the pack is not there");
          }
        })
        .forEach((name, flaw) -> files.damaged(name, flaw.kind(), flaw.detail()));
  }

  /**
   * Whether the copy may follow the history. If it would lose something by a PRUNE entry that it
   * lacks, it stays as whole as it is: what is missing is named, and it lags behind.
   */
  private boolean mayTakeOver(History history, History copied) throws IOException {
    Optional<CatalogEntry> prune = history.lastPrune();
    if (prune.isEmpty() || copied.entries().containsKey(prune.get().position())) {
      return true;
    }
    try {
      new TakeOver(session, target, history).requireHarmless(prune.get(), copied);
      return true;
    } catch (CorruptRepositoryException e) {
      String problem = e.getMessage().substring(e.object().length() + 2);
      files.damaged(
          e.object(),
          e.getCause() == null ? Damage.Kind.CORRUPT : Damage.Kind.UNREADABLE,
          "prune " + prune.get().position() + " of the original needs it, and the copy has it not ("
              + problem + "); so the history of the copy stays as it was");
      return false;
    }
  }

  private static CopyReport.Lag lag(History history, long position) {
    List<CatalogEntry> behind =
        List.copyOf(history.entries().tailMap(position, false).values());
    int snapshots =
        (int) behind.stream().filter(entry -> entry.snapshot() != null).count();
    return new CopyReport.Lag(behind.size(), snapshots);
  }

  /**
   * Copies the entries that the copy lacks. In a copy that is in use, each is durable before the
   * next, so that no crash leaves a newer one without an older one.
   */
  private void copyEntries(History history, History copied, boolean isNew) throws IOException {
    files.damaged(history);
    for (CatalogEntry entry : history.entries().values()) {
      CatalogEntry there = copied.entries().get(entry.position());
      if (there == null || !there.hash().equals(entry.hash())) {
        files.copyEntry(entry, !isNew);
      }
    }
    files.forceEntries();
  }

  /**
   * Remembers what this copy holds now, so that an older state of it is noticed. The copy is up to
   * date, so that a failure is a warning.
   */
  private void remember(History history) {
    try {
      rememberCopy(history);
    } catch (IOException e) {
      log.warn(
          "The head of the copy {} could not be remembered ({}); the next run does so",
          target.location(),
          e.toString());
    }
  }

  private void rememberCopy(History history) throws IOException {
    Bytes16 copyId = CopiedStorage.copyId(target, session.seals())
        .orElseThrow(() -> new IOException(CopiedStorage.MARK + " cannot be read"));
    String place = target
        .localPath()
        .map(path -> path.toAbsolutePath().normalize().toString())
        .orElseGet(target::location);
    Catalog catalog = new Catalog(target, session.seals(), session.seals().newBytes16());
    session.state().ofCopy(copyId, place).remember(catalog.read(history.headPosition()));
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
    Catalog catalog = new Catalog(target, session.seals(), session.seals().newBytes16());
    // Names prove nothing: anybody may add a file with a high number.
    long last = CopiedStorage.copyId(target, session.seals()).isPresent()
        ? catalog.read().headPosition()
        : -1;
    if (last < 0) {
      throw new RepositoryNotFoundException(
          target.location(),
          "there is no copy of this repository",
          "mount its volume, or make one");
    }
    List<CatalogEntry> behind = List.copyOf(
        session.state().read(session.catalog()).entries().tailMap(last, false).values());
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
