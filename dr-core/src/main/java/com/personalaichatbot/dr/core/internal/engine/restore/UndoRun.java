package com.personalaichatbot.dr.core.internal.engine.restore;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.internal.engine.Session;
import com.personalaichatbot.dr.core.internal.engine.Snapshots;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.journal.Journal;
import com.personalaichatbot.dr.core.internal.journal.JournalState;
import com.personalaichatbot.dr.core.internal.journal.Opening;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts back what the last restore in place replaced, or gives that up. The last restore is the one
 * whose places the client remembered last; all its components are undone together.
 */
public final class UndoRun {
  private final Session session;
  private final RestorePlaces places;
  private final RestoreFindings findings = new RestoreFindings();
  private long freeSpace = Long.MAX_VALUE;

  /** Undoes restores that this client made. */
  public UndoRun(Session session) {
    this.session = session;
    this.places = new RestorePlaces(session);
  }

  @FunctionalInterface
  private interface Step {
    void run(RestorePlace place, RestorePlace.Run run, Journal journal) throws IOException;
  }

  /**
   * Puts back what was replaced.
   *
   * @param live components of the running application, whose hooks are called around it
   * @throws RestoreRefusedException if there is nothing to undo
   */
  public RestoreReport undo(List<Component> live) throws IOException {
    Instant started = session.clock().instant();
    Map<String, SnapshotId> snapshots = new HashMap<>();
    List<Component> quiesced = new ArrayList<>();
    try {
      forLastRestore((place, run, journal) -> {
        Opening opening = journal.opening();
        for (Component component : live) {
          if (component.name().equals(opening.component())) {
            RestoreRun.quiesce(component);
            quiesced.add(component);
          }
        }
        snapshots.put(opening.component(), Snapshots.id(opening.snapshot()));
        Exchange exchange = new Exchange(place.home(), run, journal, findings);
        exchange.undo();
        freeSpace = Math.min(freeSpace, RestoreTarget.freeSpace(place.home()));
        if (journal.state() == JournalState.UNDONE) {
          RestoreRecovery.removeUndone(place, run, exchange, findings);
        }
      });
    } finally {
      RestoreRun.resume(quiesced, findings);
    }
    return new RestoreReport(
        snapshots,
        findings.status(),
        findings.counts(),
        findings.failures(),
        findings.notes(),
        0,
        0,
        freeSpace,
        true,
        false,
        Optional.empty(),
        Duration.between(started, session.clock().instant()));
  }

  /**
   * Removes what was kept of the last restore; it cannot be undone any more.
   *
   * @throws RestoreRefusedException if there is nothing to discard
   */
  public void discard() throws IOException {
    forLastRestore((place, run, journal) -> RestorePlace.remove(run));
  }

  /** Whether there is something to undo. */
  public boolean isPossible() throws IOException {
    for (Path directory : places.list()) {
      try (RestorePlace place = RestorePlace.open(directory)) {
        if (!place.runs().isEmpty()) {
          return true;
        }
      } catch (NoSuchFileException e) {
        continue;
      } catch (RepositoryLockedException e) {
        return true; // A restore is under way there.
      }
    }
    return false;
  }

  private void forLastRestore(Step step) throws IOException {
    Bytes16 restore = null;
    List<Path> all = places.list();
    for (int i = all.size() - 1; i >= 0; i--) {
      Path directory = all.get(i);
      try (RestorePlace place = RestorePlace.open(directory)) {
        RestoreRecovery.finishForUndo(place, findings);
        List<RestorePlace.Run> runs = place.runs();
        if (runs.isEmpty()) {
          place.removeIfEmpty();
          places.forget(directory);
          continue;
        }
        RestorePlace.Run run = runs.get(runs.size() - 1);
        try (Journal journal = Journal.open(run.journal())) {
          if (restore == null) {
            restore = journal.opening().restore();
          }
          if (!journal.opening().restore().equals(restore)) {
            continue;
          }
          step.run(place, run, journal);
        } catch (MalformedException e) {
          throw new RestoreRefusedException(
              run.journal().toString(),
              "the journal of the restore is damaged: " + e.getMessage(),
              "what was replaced lies in undo/ beside it; put it back by hand");
        }
        if (place.runs().isEmpty()) {
          place.removeIfEmpty();
          places.forget(directory);
        }
      } catch (NoSuchFileException e) {
        places.forget(directory);
      }
    }
    if (restore == null) {
      throw new RestoreRefusedException(
          "undo",
          "no restore in place is there to undo",
          "restore a snapshot; a safety snapshot may hold what was replaced");
    }
  }
}
