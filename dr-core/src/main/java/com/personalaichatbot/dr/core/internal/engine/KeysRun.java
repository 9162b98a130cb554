package com.personalaichatbot.dr.core.internal.engine;

import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryKind;
import com.personalaichatbot.dr.core.internal.format.SlotsRecord;
import com.personalaichatbot.dr.core.operation.LastKeyException;
import com.personalaichatbot.dr.core.operation.ListedKey;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.WrongKeyException;
import com.personalaichatbot.dr.crypto.KdfParameters;
import com.personalaichatbot.dr.crypto.KeySlot;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Adds, removes and replaces key slots.
 *
 * <p>A new slot is written, made durable, read back and opened before a KEYS entry makes it live;
 * an old one is deleted only after a KEYS entry without it is durable. A KEYS entry is created
 * right behind the newest entry or not at all, so two removals at the same time see each other, and
 * the last slot is never removed (invariant 23). Whatever interrupts this, at least one live slot
 * opens the repository.
 */
public final class KeysRun {
  private static final int ATTEMPTS = 100;

  private final Session session;
  private final Opening opening;

  /** Changes the slots of this session's repository. */
  public KeysRun(Session session, Opening opening) {
    this.session = session;
    this.opening = opening;
  }

  /** The live slots whose files can be read, oldest first. */
  public List<ListedKey> list() throws IOException {
    Set<Bytes16> live = session.catalog().read().liveSlots();
    List<ListedKey> keys = new ArrayList<>();
    for (KeySlot slot : opening.readableSlots()) {
      Bytes16 id = Bytes16.of(slot.slotId());
      if (live.contains(id)) {
        keys.add(new ListedKey(
            id.toString(), ListedKey.Kind.PASSPHRASE, Instant.ofEpochMilli(slot.createdMillis())));
      }
    }
    keys.sort((a, b) -> a.created().compareTo(b.created()));
    return keys;
  }

  /** Adds a slot that {@code next} opens, and gives its id. */
  public String add(Secret current, Secret next, KdfParameters kdf) throws IOException {
    session.requireWritable();
    Bytes16 added = opening.writeSlot(current, next, kdf).added();
    commit(live -> with(live, added));
    return added.toString();
  }

  /**
   * Replaces the slot that {@code current} opens by one that {@code next} opens, and gives its id.
   */
  public String change(Secret current, Secret next, KdfParameters kdf) throws IOException {
    session.requireWritable();
    Opening.SlotWritten written = opening.writeSlot(current, next, kdf);
    commit(live -> without(with(live, written.added()), written.opened()));
    delete(written.opened());
    return written.added().toString();
  }

  /** Removes a slot; what only it opened is locked out from then on. */
  public void remove(String id) throws IOException {
    session.requireWritable();
    Bytes16 slot = opening.readableSlots().stream()
        .map(s -> Bytes16.of(s.slotId()))
        .filter(s -> s.toString().equals(id))
        .findFirst()
        .orElse(null);
    Set<Bytes16> live = session.catalog().read().liveSlots();
    Bytes16 gone =
        live.stream().filter(s -> s.toString().equals(id)).findFirst().orElse(slot);
    if (gone == null) {
      throw new WrongKeyException(
          id, "there is no such key slot", "list the key slots to see their ids");
    }
    if (live.contains(gone)) {
      commit(slots -> without(slots, gone));
    }
    delete(gone);
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

  private void commit(UnaryOperator<Set<Bytes16>> change) throws IOException {
    for (int attempt = 1; ; attempt++) {
      History history = session.state().readUnchanged(session.catalog());
      Set<Bytes16> slots = change.apply(history.liveSlots());
      requireOneThatOpens(slots);
      SlotsRecord record =
          new SlotsRecord(EntryKind.KEYS, session.clock().instant(), List.copyOf(slots));
      try {
        session
            .catalog()
            .commitNext(history, session.seals().newBytes16(), record.encode(), new byte[0]);
        session.state().remember(session.catalog().read());
        return;
      } catch (RepositoryLockedException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void requireOneThatOpens(Set<Bytes16> slots) throws IOException {
    boolean one =
        opening.readableSlots().stream().anyMatch(s -> slots.contains(Bytes16.of(s.slotId())));
    if (!one) {
      throw new LastKeyException(
          Opening.KEYS,
          "no key slot that can be read would be left",
          "add another key first; the last one is never removed");
    }
  }

  private void delete(Bytes16 slot) throws IOException {
    for (String name : List.of(slot.toString(), slot + Opening.COPY)) {
      try {
        session.storage().delete(Opening.KEYS + "/" + name);
      } catch (NoSuchFileException e) {
        continue;
      }
    }
    session.storage().sync(Opening.KEYS);
  }
}
