package com.personalaichatbot.dr.core.internal.engine.copy;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.IndexedPack;
import com.personalaichatbot.dr.core.internal.format.Limits;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.RepositoryFormat;
import com.personalaichatbot.dr.core.internal.format.UnknownVersionException;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.lock.AdvisoryLock;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.opening.SlotFiles;
import com.personalaichatbot.dr.core.internal.session.CopiedStorage;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.write.Sweep;
import com.personalaichatbot.dr.core.operation.CopyReport;
import com.personalaichatbot.dr.core.operation.Damage;
import com.personalaichatbot.dr.core.operation.HeadChangedException;
import com.personalaichatbot.dr.core.operation.ReadOnlyRepositoryException;
import com.personalaichatbot.dr.core.operation.RepositoryExistsException;
import com.personalaichatbot.dr.core.operation.RepositoryNotFoundException;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.core.storage.StorageLock;
import com.personalaichatbot.dr.crypto.KeySlot;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Puts back from a copy what its original lacks or has wrong.
 *
 * <p><b>Either may be ahead.</b> One of the two histories must be a beginning of the other. What
 * the original did since the copy was made remains: a snapshot that it removed, a pack that it
 * condemned and a slot that it closed do not come back. What it has lost at its end does.
 *
 * <p><b>Order.</b> Packs, index, entries, each durable before the next; then slots, as the healed
 * history knows them, and FORMAT. So what an entry needs is there before it. An interrupted run
 * leaves one file a thread missing that was damaged, and which the copy has; the next goes on.
 *
 * <p><b>The index is not copied but rebuilt</b> from the packs, as a backup does: a copy keeps the
 * indexes of before every prune.
 */
public final class HealRun {
  private final Session session;
  private final Storage target;
  private final Catalog catalog;
  private final CopiedFiles files;

  /**
   * A run from this session's repository, the copy.
   *
   * @param present how much of what the original has is read back
   */
  public HealRun(Session session, Storage target, VerifyOptions present) {
    this.session = session;
    this.target = target;
    this.catalog = new Catalog(target, session.seals(), session.seals().newBytes16());
    this.files = new CopiedFiles(session, target, present);
  }

  /** Runs it; the caller holds the courtesy lock of the copy. */
  public CopyReport run(Duration patience) throws IOException {
    Instant started = session.clock().instant();
    requireOriginal();
    History copied = session.state().readUnchanged(session.catalog());
    Sweep.tryTemporaries(target);
    try (StorageLock alone = AdvisoryLock.acquire(target, true, patience)) {
      Objects.requireNonNull(alone);
      target.sync("");
      History damaged = catalog.read(copied.headPosition());
      requireSame(copied, damaged);
      Set<String> condemned = new HashSet<>(copied.condemnedPacks());
      condemned.addAll(damaged.condemnedPacks());
      files.copyHashed(IndexedPack.DIRECTORY, files.packs(condemned));
      files.forgiveWhole();
      mendIndex(condemned);
      putBack(copied, damaged);
      History healed = files.afterEntries(() -> finish(copied));
      return files.report(
          healed.headHash().toString(),
          CopyReport.Lag.NONE,
          Duration.between(started, session.clock().instant()));
    }
  }

  /** Puts back slots and FORMAT, as the history that is there now knows them. */
  private History finish(History copied) throws IOException {
    History healed = catalog.read(copied.headPosition());
    files.damaged(healed);
    copySlots(healed);
    files.copyFormat();
    return healed;
  }

  /** Makes sure that the place is this repository, in whatever state, and can be written. */
  private void requireOriginal() throws IOException {
    boolean own = false;
    try {
      if (CopiedStorage.copyId(target, session.seals()).isPresent()) {
        throw new RepositoryExistsException(
            target.location(), "it is a copy", "copy to it from the original, which repairs it");
      }
      own = !catalog.read().entries().isEmpty() || isNamedByFormat();
    } catch (NoSuchFileException e) {
      // There is no such place.
    }
    if (!own) {
      throw new RepositoryNotFoundException(
          target.location(),
          "there is nothing of this repository there",
          "check the path. If the original is lost, delete the file " + CopiedStorage.MARK
              + " in the copy: then that is the repository");
    }
    if (!target.isWritable()) {
      throw new ReadOnlyRepositoryException(
          target.location(), "nothing can be written there", "give this user the right to");
    }
  }

  private boolean isNamedByFormat() throws IOException {
    Bytes16 repository = session.format().repositoryId();
    for (String name : RepositoryOpener.FORMAT_FILES) {
      try {
        byte[] bytes = RepositoryOpener.read(target, name, Limits.MAX_FORMAT + 1);
        if (RepositoryFormat.parse(bytes).repositoryId().equals(repository)) {
          return true;
        }
      } catch (NoSuchFileException | MalformedException | UnknownVersionException e) {
        continue;
      }
    }
    return false;
  }

  private void requireSame(History copied, History damaged) throws HeadChangedException {
    if (!copied.continues(damaged) && !damaged.continues(copied)) {
      throw new HeadChangedException(
          target.location(),
          "its history is not that of the copy",
          "find out which of the two is right before anything is put back; nothing was changed");
    }
  }

  /**
   * Lists the packs that no index lists any more, and removes the indexes that are damaged, if all
   * that they may list is listed again.
   */
  private void mendIndex(Set<String> condemned) throws IOException {
    IndexLoader loader = new IndexLoader(target, session.seals());
    IndexLoader.Loaded loaded = loader.loadReadable(condemned);
    for (IndexedPack pack : loaded.missing()) {
      boolean there = files.lengthAt(pack.file()) >= 0;
      files.damaged(
          pack.file(),
          there ? Damage.Kind.CORRUPT : Damage.Kind.MISSING,
          (there ? "it does not have its length" : "it is not there")
              + ", and the copy does not have it whole");
    }
    loaded
        .unreadable()
        .forEach((name, flaw) -> files.damaged(IndexedPack.file(name), flaw.kind(), flaw.detail()));
    Set<String> wrong = loaded.damagedIndexes().keySet();
    if (!loaded.adopted().isEmpty()) {
      files.count(!wrong.isEmpty(), loader.write(loaded.adopted()));
      target.sync(IndexLoader.DIRECTORY);
    }
    // A pack whose contents cannot be read may be known to one of them alone.
    for (String name : loaded.unreadable().isEmpty() ? wrong : Set.<String>of()) {
      target.delete(name);
    }
    target.sync(IndexLoader.DIRECTORY);
  }

  /** Puts back the entries that the original lacks and did not remove, oldest first. */
  private void putBack(History copied, History damaged) throws IOException {
    for (CatalogEntry entry : copied.entries().values()) {
      if (isLacking(damaged, entry)) {
        files.copyEntry(entry, true);
      }
    }
  }

  private static boolean isLacking(History damaged, CatalogEntry entry) {
    long at = entry.position();
    if (damaged.entries().containsKey(at)) {
      return false;
    }
    boolean removed = damaged
        .lastPrune()
        .filter(prune -> at < prune.position())
        .filter(prune -> prune.prune().live().stream().noneMatch(kept -> kept.position() == at))
        .isPresent();
    Map.Entry<Long, CatalogEntry> above = damaged.entries().higherEntry(at);
    return !removed
        && (above == null
            || above.getValue().passes(at)
            || above.getKey() > at + 1
            || above.getValue().previous().equals(entry.hash()));
  }

  /** Writes both files of the slots that the healed history calls live, from wherever one is. */
  private void copySlots(History healed) throws IOException {
    List<KeySlot> readable = new ArrayList<>(new SlotFiles(session.storage()).readable());
    readable.addAll(new SlotFiles(target).readable());
    files.copySlots(
        healed.slotsInDoubt().isPresent() ? Set.of() : healed.liveSlots(),
        readable,
        healed::mayBeLive);
  }
}
