package com.personalaichatbot.dr.core.internal.engine.prune;

import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.session.ClientState;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.operation.HistoryState;
import java.io.IOException;

/** Compares the history of a repository with what its client remembers. */
public final class HistoryStateRun {
  private HistoryStateRun() {}

  /** The state of this session's repository. */
  public static HistoryState of(Session session) throws IOException {
    ClientState.RememberedHead remembered = session.state().remembered();
    History history = session.state().read(session.catalog());
    HistoryState.Standing standing = switch (session.state().standing(remembered, history)) {
      case ROLLED_BACK -> HistoryState.Standing.ROLLED_BACK;
      case FORKED -> HistoryState.Standing.FORKED;
      default ->
        session.state().isAnchored()
            ? HistoryState.Standing.CONTINUED
            : HistoryState.Standing.UNANCHORED;
    };
    return new HistoryState(
        standing,
        history.headHash().toString(),
        RetentionRun.headTime(history),
        session.state().lag(history),
        history.damagedEntries());
  }
}
