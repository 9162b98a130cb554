package com.personalaichatbot.dr.core.internal.engine.keys;

import com.personalaichatbot.dr.core.internal.catalog.Catalog;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryKind;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.SlotsRecord;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.opening.SlotFiles;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.operation.LastKeyException;
import com.personalaichatbot.dr.core.operation.ListedKey;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.crypto.KdfParameters;
import com.personalaichatbot.dr.crypto.KeySlot;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Adds, removes and replaces key slots.
 *
 * <p>A new slot is written, made durable, read back and opened before a KEYS entry makes it live;
 * an old one is deleted only after a KEYS entry without it is durable. A KEYS entry is created
 * right behind the newest entry or not at all, so two removals at the same time see each other. The
 * last slot is never removed (invariant 23). Whatever interrupts this, at least one live slot opens
 * the repository.
 *
 * <p>Slots that are not live, which interruptions leave, go with the next change. The lock does not
 * make that safe: another process may have written one of them just now and be about to make it
 * live. What does is that a new slot is only ever made live by an entry right behind the one that
 * was the newest before the slot was written. Whoever deletes has seen the slot before the own
 * entry was created; then the other's entry comes too late, and it begins again with another slot.
 */
public final class KeysRun {
  private static final int ATTEMPTS = 100;

  private final Session session;
  private final RepositoryOpener opening;
  private final SlotFiles files;

  /** Changes the slots of this session's repository. */
  public KeysRun(Session session, RepositoryOpener opening) {
    this.session = session;
    this.opening = opening;
    this.files = new SlotFiles(session.storage());
  }

  /** The live slots, oldest first; before them those whose files cannot be read. */
  public List<ListedKey> list() throws IOException {
    Set<Bytes16> live = session.state().read(session.catalog()).liveSlots();
    List<ListedKey> keys = new ArrayList<>();
    for (KeySlot slot : files.readable()) {
      Bytes16 id = Bytes16.of(slot.slotId());
      if (live.contains(id)) {
        keys.add(
            new ListedKey(id.toString(), kind(slot), Instant.ofEpochMilli(slot.createdMillis())));
      }
    }
    live.stream()
        .map(Bytes16::toString)
        .filter(id -> keys.stream().noneMatch(key -> key.id().equals(id)))
        .map(id -> new ListedKey(id, ListedKey.Kind.UNREADABLE, Instant.EPOCH))
        .toList()
        .forEach(keys::add);
    keys.sort((a, b) -> a.created().compareTo(b.created()));
    return keys;
  }

  private static ListedKey.Kind kind(KeySlot slot) {
    return switch (slot.kind()) {
      case 1 -> ListedKey.Kind.PASSPHRASE;
      case 2 -> ListedKey.Kind.RECOVERY_CODE;
      case 3 -> ListedKey.Kind.RECIPIENT;
      default -> ListedKey.Kind.OTHER;
    };
  }

  /**
   * Adds a slot that {@code next} opens, and gives its id.
   *
   * @param own its own cost, if it is to have one
   */
  public String add(Secret current, Secret next, Optional<KdfParameters> own) throws IOException {
    return change((live, written) -> with(live, written.added()), current, next, own);
  }

  /**
   * Replaces the slot that {@code current} opens by one that {@code next} opens, and gives its id.
   */
  public String change(Secret current, Secret next) throws IOException {
    return change(
        (live, written) -> without(with(live, written.added()), written.opened()),
        current,
        next,
        Optional.empty());
  }

  private String change(
      BiFunction<Set<Bytes16>, RepositoryOpener.SlotWritten, Set<Bytes16>> change,
      Secret current,
      Secret next,
      Optional<KdfParameters> own)
      throws IOException {
    session.requireWritable();
    for (int attempt = 1; ; attempt++) {
      History history = history();
      Set<Bytes16> seen = files.ids();
      RepositoryOpener.SlotWritten written = opening.writeSlot(current, next, own);
      try {
        commit(history, seen, change.apply(history.liveSlots(), written));
        return written.added().toString();
      } catch (RepositoryLockedException e) {
        // The entry may be there all the same, if others came and went behind it.
        if (history().liveSlots().contains(written.added())) {
          return written.added().toString();
        }
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Removes a slot; what only it opened is locked out from then on.
   *
   * @throws IllegalArgumentException if there is no such slot
   */
  public void remove(String id) throws IOException {
    session.requireWritable();
    for (int attempt = 1; ; attempt++) {
      History history = history();
      Set<Bytes16> seen = files.ids();
      Bytes16 gone = Stream.concat(history.liveSlots().stream(), seen.stream())
          .filter(slot -> slot.toString().equals(id))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("there is no key slot " + id));
      try {
        commit(history, seen, without(history.liveSlots(), gone));
        return;
      } catch (RepositoryLockedException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static Set<Bytes16> with(Set<Bytes16> slots, Bytes16 more) {
    Set<Bytes16> result = new LinkedHashSet<>(slots);
    result.add(more);
    return result;
  }

  private static Set<Bytes16> without(Set<Bytes16> slots, Bytes16 gone) {
    Set<Bytes16> result = new LinkedHashSet<>(slots);
    result.remove(gone);
    return result;
  }

  /** The history; one that is not whole does not tell which slots are live. */
  private History history() throws IOException {
    History history = session.state().readUnchanged(session.catalog());
    history.requireWhole("until then no key slot is changed");
    return history;
  }

  /** Makes exactly these slots live, and deletes those of the seen ones that are not. */
  private void commit(History history, Set<Bytes16> seen, Set<Bytes16> slots) throws IOException {
    boolean one = files.readable().stream()
        .filter(KeySlot::isOfPassphrase)
        .anyMatch(s -> slots.contains(Bytes16.of(s.slotId())));
    if (!one) {
      throw new LastKeyException(
          SlotFiles.DIRECTORY,
          "no key slot that can be read would be left",
          "add another key first; the last one is never removed");
    }
    SlotsRecord record = new SlotsRecord(
        EntryKind.KEYS, session.clock().instant(), List.copyOf(slots), Extension.NONE);
    Catalog.Committed committed = session
        .catalog()
        .commitNext(history, session.seals().newBytes16(), record.encode(), new byte[0]);
    session.state().rememberCommit(history, committed, session.catalog());
    Set<Bytes16> dead = new LinkedHashSet<>(seen);
    dead.addAll(history.liveSlots());
    dead.removeAll(slots);
    committed
        .entry()
        .then(
            "not every file of a slot that is no longer live was deleted",
            "look at the storage; such a slot opens nothing, and the next change of keys deletes its"
                + " files",
            () -> {
              files.delete(dead);
              return null;
            });
  }
}
