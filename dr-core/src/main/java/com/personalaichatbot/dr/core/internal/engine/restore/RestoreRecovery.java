package com.personalaichatbot.dr.core.internal.engine.restore;

import com.personalaichatbot.dr.core.internal.engine.Session;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.journal.Journal;
import com.personalaichatbot.dr.core.internal.journal.JournalState;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes restores that were broken off: one that had not begun to exchange is taken back, one
 * that had is completed, and so is an undo. Called before anything else is done with the data: a
 * backup must not read it half exchanged.
 */
public final class RestoreRecovery {
  private static final Logger log = LoggerFactory.getLogger(RestoreRecovery.class);

  private RestoreRecovery() {}

  /**
   * Finishes what this client remembers to have begun. A place where a restore is under way now is
   * left to that; one that is gone is forgotten.
   *
   * @throws RestoreRefusedException if one cannot be finished
   */
  public static void finish(Session session) throws IOException {
    RestorePlaces places = new RestorePlaces(session);
    for (Path directory : places.list()) {
      RestoreFindings findings = new RestoreFindings();
      try (RestorePlace place = RestorePlace.open(directory)) {
        finish(place, findings);
        if (place.runs().isEmpty()) {
          place.removeIfEmpty();
          places.forget(directory);
        }
      } catch (NoSuchFileException e) {
        RestorePlace.removeParent(directory);
        places.forget(directory);
      } catch (RepositoryLockedException e) {
        log.debug("A restore is under way in {}", directory);
      }
      findings
          .failures()
          .forEach(f ->
              log.warn("Completing a restore that was broken off: {}: {}", f.path(), f.reason()));
    }
  }

  /** Finishes what was begun in one place. */
  static void finish(RestorePlace place, RestoreFindings findings) throws IOException {
    for (RestorePlace.Run run : place.runs()) {
      finish(place, run, findings, true);
    }
    keepNewest(place);
  }

  /** The same, but leaves an undo that was broken off to the one that goes on with it. */
  static void finishForUndo(RestorePlace place, RestoreFindings findings) throws IOException {
    for (RestorePlace.Run run : place.runs()) {
      finish(place, run, findings, false);
    }
  }

  private static void finish(
      RestorePlace place, RestorePlace.Run run, RestoreFindings findings, boolean undoToo)
      throws IOException {
    try (Journal journal = Journal.open(run.journal())) {
      boolean undoing =
          journal.state() == JournalState.UNDOING || journal.state() == JournalState.UNDONE;
      if (undoing && !undoToo) {
        return;
      }
      if (journal.state() == JournalState.STAGING) {
        requireNoUndo(run, "it does not say that the exchange began");
        RestorePlace.remove(run);
        return;
      }
      Exchange exchange = new Exchange(place.home(), run, journal, findings);
      if (journal.state() == JournalState.SWAPPING) {
        log.info("Completing a restore that was broken off, in {}", place.home());
        exchange.swap();
      } else if (journal.state() == JournalState.UNDOING) {
        log.info("Completing an undo that was broken off, in {}", place.home());
        exchange.undo();
      }
      if (journal.state() == JournalState.UNDONE) {
        removeUndone(place, run, exchange, findings);
      } else if (!journal.opening().keepsUndo()) {
        RestorePlace.remove(run);
      }
    } catch (NoSuchFileException e) {
      requireNoUndo(run, "it is missing");
      RestorePlace.remove(run);
    } catch (MalformedException e) {
      requireNoUndo(run, e.getMessage());
      RestorePlace.remove(run);
    }
  }

  /** What was replaced must not be lost because the journal is. */
  private static void requireNoUndo(RestorePlace.Run run, String problem) throws IOException {
    if (!run.keepsNothing()) {
      throw new RestoreRefusedException(
          run.journal().toString(),
          "the journal of a restore is damaged: " + problem,
          "what was replaced lies in undo/ beside it; put it back by hand, then remove "
              + run.directory());
    }
  }

  /** Removes a restore that was undone, with the component's directory if it had made that. */
  static void removeUndone(
      RestorePlace place, RestorePlace.Run run, Exchange exchange, RestoreFindings findings)
      throws IOException {
    boolean madeHome = exchange.madeHome();
    RestorePlace.remove(run);
    if (!madeHome) {
      return;
    }
    place.removeIfEmpty();
    try {
      Files.deleteIfExists(place.home());
    } catch (DirectoryNotEmptyException e) {
      findings.note(place.home() + " was left, for it holds what came there since");
    }
  }

  /** An undo reaches back one restore: older ones go. */
  static void keepNewest(RestorePlace place) throws IOException {
    List<RestorePlace.Run> runs = place.runs();
    for (int i = 0; i + 1 < runs.size(); i++) {
      RestorePlace.remove(runs.get(i));
    }
  }
}
