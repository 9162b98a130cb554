package com.personalaichatbot.dr.core.internal.read;

import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.session.ClientState;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * The history of a repository as one restore, export or listing sees it, and readers of its blobs.
 */
public final class SnapshotSource implements Closeable {
  private final Session session;
  private final BlobReaders readers;
  private final SnapshotChoice choice;

  private SnapshotSource(Session session, History history, BlobReaders readers) {
    this.session = session;
    this.readers = readers;
    this.choice = new SnapshotChoice(session, history);
  }

  public static SnapshotSource open(Session session) throws IOException {
    return open(session, session.state().read(session.catalog()));
  }

  /** Refuses a history that was rolled back or forked, unless somebody named the snapshot. */
  public static SnapshotSource open(Session session, RestoreRequest request, Consumer<String> notes)
      throws IOException {
    if (request.selector().id().isEmpty()) {
      History unchanged = session.state().readUnchanged(session.catalog());
      noteDamage(unchanged, notes);
      return open(session, unchanged);
    }
    ClientState.RememberedHead remembered = session.state().remembered();
    History history = session.state().read(session.catalog());
    ClientState.HeadState standing = session.state().standing(remembered, history);
    if (standing == ClientState.HeadState.ROLLED_BACK || standing == ClientState.HeadState.FORKED) {
      notes.accept("the history of the repository is not the one that this client has seen ("
          + standing + "); look into it with dr verify");
    }
    noteDamage(history, notes);
    return open(session, history);
  }

  private static void noteDamage(History history, Consumer<String> notes) {
    history
        .damagedEntries()
        .forEach(entry -> notes.accept("the history of the repository is not whole: " + entry
            + "; what is recorded there is not seen. Heal the repository from a copy: dr heal"
            + " COPY"));
  }

  private static SnapshotSource open(Session session, History history) throws IOException {
    history.requireAny();
    // Also packs that are known to be damaged: what is whole in them is as good as ever.
    IndexLoader.Loaded loaded =
        new IndexLoader(session.storage(), session.seals()).loadReadable(history.condemnedPacks());
    return new SnapshotSource(session, history, new BlobReaders(session, loaded.index()));
  }

  public SnapshotChoice choice() {
    return choice;
  }

  public BlobReaders readers() {
    return readers;
  }

  /** Closes the readers. */
  @Override
  public void close() {
    readers.close();
  }
}
