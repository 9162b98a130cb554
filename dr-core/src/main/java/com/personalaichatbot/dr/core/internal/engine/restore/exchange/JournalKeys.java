package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.journal.Journal;
import com.personalaichatbot.dr.core.internal.journal.RestoreKey;
import com.personalaichatbot.dr.core.internal.seal.Seals;
import com.personalaichatbot.dr.core.internal.session.Session;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Keys of restores in place: from the register of this client, else unwrapped by the client key of
 * the repository, if one is open. Thread-safe.
 */
public final class JournalKeys implements Journal.Keys {
  private final RestoreRegister register;
  private final Optional<Seals> seals;

  /** Without a repository only what is registered can be read. */
  public JournalKeys(RestoreRegister register) {
    this.register = register;
    this.seals = Optional.empty();
  }

  public JournalKeys(Session session) {
    this.register = new RestoreRegister(session);
    this.seals = Optional.of(session.seals());
  }

  public RestoreRegister register() {
    return register;
  }

  /** Whether restores of this repository are dealt with; all are if none is open. */
  public boolean isOf(Bytes16 repository) {
    return seals.isEmpty() || seals.get().repositoryId().equals(repository);
  }

  @Override
  public byte[] find(Bytes16 repository, Bytes16 restore, byte[] wrapped)
      throws IOException, MalformedException {
    Optional<RestoreRegister.Entry> entry = register.find(restore);
    if (entry.isPresent()) {
      if (!entry.get().repository().equals(repository)) {
        throw new MalformedException("it is of another repository than the restore that it names");
      }
      return entry.get().key().clone();
    }
    if (seals.isEmpty() || !seals.get().repositoryId().equals(repository)) {
      throw new MalformedException(
          "it is of repository " + repository + ", and this client knows nothing of that restore");
    }
    byte[] open = seals.get().openClient(wrapped);
    if (open.length != Bytes16.BYTES + RestoreRegister.KEY
        || !Bytes16.of(Arrays.copyOf(open, Bytes16.BYTES)).equals(restore)) {
      throw new MalformedException("the key in its header is of another restore");
    }
    return Arrays.copyOfRange(open, Bytes16.BYTES, open.length);
  }

  /** Returns a registered key in the forms that a new journal needs. */
  public static RestoreKey forNewJournal(Seals seals, Bytes16 restore, byte[] key) {
    return new RestoreKey() {
      @Override
      public byte[] bytes() {
        return key.clone();
      }

      @Override
      public byte[] wrapped() {
        return seals.sealClient(join(restore, key));
      }

      @Override
      public byte[] newSalt() {
        return newKey(seals);
      }
    };
  }

  /** Returns 32 fresh random bytes. */
  public static byte[] newKey(Seals seals) {
    return join(seals.newBytes16(), seals.newBytes16().toBytes());
  }

  private static byte[] join(Bytes16 first, byte[] second) {
    byte[] both = Arrays.copyOf(first.toBytes(), Bytes16.BYTES + second.length);
    System.arraycopy(second, 0, both, Bytes16.BYTES, second.length);
    return both;
  }
}
