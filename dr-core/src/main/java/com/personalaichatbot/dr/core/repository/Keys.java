package com.personalaichatbot.dr.core.repository;

import com.personalaichatbot.dr.core.internal.engine.keys.KeysRun;
import com.personalaichatbot.dr.core.internal.opening.RepositoryOpener;
import com.personalaichatbot.dr.core.internal.session.Operations;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.SessionParts;
import com.personalaichatbot.dr.core.operation.ListedKey;
import com.personalaichatbot.dr.crypto.KdfParameters;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Key slots of a repository, as {@link BackupRepository#keys} gives them: each holds the root key,
 * sealed under one passphrase.
 *
 * <p>Thread-safe, cancellable and blocking as the repository. Once the repository is closed, every
 * method throws {@link IllegalStateException}.
 */
public final class Keys {
  private final Operations operations;
  private final Session session;
  private final SessionParts parts;

  Keys(Operations operations, SessionParts parts) {
    this.operations = operations;
    this.session = operations.session();
    this.parts = parts;
  }

  /**
   * Returns the live key slots, oldest first, with those whose files cannot be read.
   *
   * @throws IOException if the repository cannot be read
   */
  public List<ListedKey> list() throws IOException {
    return operations.run("keys", () -> keysRun().list());
  }

  /**
   * Adds a key slot, so that another passphrase opens the repository as well.
   *
   * @param current a passphrase that opens it; stays the caller's
   * @param next the new one; stays the caller's
   * @return the id of the new slot
   * @throws com.personalaichatbot.dr.core.operation.WrongKeyException if {@code current} does not
   *     open it; nothing was changed
   * @throws com.personalaichatbot.dr.core.operation.UnfinishedCommitException if the storage failed
   *     at the very end: the new list of slots was written, or may have been
   * @throws IOException if the storage fails otherwise; the slots are as before
   */
  public String add(Secret current, Secret next) throws IOException {
    return operations.exclusive("changeKeys", () -> keysRun().add(current, next, Optional.empty()));
  }

  /**
   * Adds a key slot with a cost of its own, so that a passphrase opens the repository that is
   * dearer to guess than the others. It is opened only by who names it
   * ({@link BackupRepository.Builder#slot}): a slot that somebody else wrote could otherwise make
   * everybody pay what it says.
   *
   * @param current a passphrase that opens it; stays the caller's
   * @param next the new one; stays the caller's
   * @param cost of deriving, not below what the repository allows
   * @return the id of the new slot, which is needed to open it
   * @throws IOException as {@link #add(Secret, Secret)}
   */
  public String add(Secret current, Secret next, KdfParameters cost) throws IOException {
    operations.requireOpen();
    Objects.requireNonNull(cost, "cost");
    return operations.exclusive(
        "changeKeys", () -> keysRun().add(current, next, Optional.of(cost)));
  }

  /**
   * Changes a passphrase: the slot that {@code current} opens goes, one that {@code next} opens
   * comes. Data is not sealed again; whoever copied the root key still has it.
   *
   * @return the id of the new slot
   * @throws IOException as {@link #add}
   */
  public String changePassphrase(Secret current, Secret next) throws IOException {
    return operations.exclusive("changeKeys", () -> keysRun().change(current, next));
  }

  /**
   * Removes a key slot. The last one is never removed.
   *
   * @param id of the slot
   * @throws com.personalaichatbot.dr.core.operation.LastKeyException if no slot that can be read
   *     would be left; nothing was changed
   * @throws IllegalArgumentException if there is no such slot; nothing was changed
   * @throws IOException if the storage fails; at least one slot opens the repository
   */
  public void remove(String id) throws IOException {
    operations.requireOpen();
    Objects.requireNonNull(id, "id");
    operations.exclusive("changeKeys", () -> {
      keysRun().remove(id);
      return null;
    });
  }

  /**
   * Checks that a passphrase opens the repository, as it would on another machine. Derives a key,
   * which deliberately takes about a second and much memory.
   *
   * @param passphrase stays the caller's
   * @throws com.personalaichatbot.dr.core.operation.WrongKeyException if it opens no live slot
   * @throws IOException as {@link BackupRepository.Builder#open(Secret)}
   */
  public void authenticate(Secret passphrase) throws IOException {
    operations.requireOpen();
    Objects.requireNonNull(passphrase, "passphrase");
    operations.run("authenticate", () -> {
      newOpening().open(passphrase).keys().close();
      return null;
    });
  }

  private KeysRun keysRun() {
    return new KeysRun(session, newOpening());
  }

  private RepositoryOpener newOpening() {
    return new RepositoryOpener(session.storage(), parts.random(), session.clock(), parts.slot());
  }
}
