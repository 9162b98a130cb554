package com.personalaichatbot.dr.core.internal.engine.restore;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.JournalKeys;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreFindings;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreMember;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreRecovery;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreRegister;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreSet;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.RestoreTarget;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.internal.store.StateDirectory;
import com.personalaichatbot.dr.core.operation.RestoreCounts;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts back what the last restore in place replaced, or gives that up. All components of a restore
 * are undone together.
 */
public final class UndoRun {
  private static final Logger log = LoggerFactory.getLogger(UndoRun.class);

  private final JournalKeys keys;
  private final Clock clock;
  private final RestoreFindings findings = new RestoreFindings();

  /** Undoes restores from this repository. */
  public UndoRun(Session session) {
    this.keys = new JournalKeys(session);
    this.clock = session.clock();
  }

  /** Undoes restores that are registered, from whatever repository. */
  public UndoRun(StateDirectory restores, FileSystem fileSystem, Clock clock) {
    this.keys = new JournalKeys(new RestoreRegister(restores, fileSystem));
    this.clock = clock;
  }

  /**
   * Puts back what was replaced.
   *
   * @param live components of the running application, whose hooks are called around it; a client
   *     without memory looks for restores where they lie
   * @throws RestoreRefusedException if there is nothing to undo, or a component is not there
   */
  public RestoreReport undo(List<Component> live) throws IOException {
    Instant started = clock.instant();
    Map<String, SnapshotId> snapshots = new HashMap<>();
    List<Component> quiesced = new ArrayList<>();
    long freeSpace = Long.MAX_VALUE;
    RestoreRecovery recovery = new RestoreRecovery(keys);
    RestoreRefusedException strange = null;
    for (Component component : live) {
      try {
        recovery.lookAt(RestoreRecovery.placeOf(component));
      } catch (RestoreRefusedException e) {
        findings.note(e.getMessage() + "; " + e.action());
        strange = e;
      }
    }
    recovery.finishAll(List.of(), false);
    if (strange != null && !isPossible()) {
      throw strange;
    }
    try (RestoreSet set = RestoreSet.open(keys, last())) {
      set.requireAll();
      for (RestoreMember member : set.members()) {
        snapshots.put(
            member.component(), Snapshots.id(member.journal().opening().snapshot()));
        freeSpace = Math.min(freeSpace, RestoreTarget.freeSpace(member.place().home()));
        for (Component component : live) {
          if (component.name().equals(member.component())) {
            RestoreRun.quiesce(component);
            quiesced.add(component);
          }
        }
      }
      set.decideUndo();
      set.undoAll(findings);
    } finally {
      RestoreRun.resume(quiesced, findings);
    }
    RestoreCounts counts = findings.counts();
    if (counts.create() + counts.replace() + counts.remove() + counts.failed() == 0) {
      findings.note("that restore had replaced nothing, so there was nothing to put back");
    }
    return new RestoreReport(
        snapshots,
        findings.status(),
        findings.counts(),
        findings.failures(),
        findings.notes(),
        0,
        0,
        RestoreTarget.told(freeSpace),
        true,
        false,
        Optional.empty(),
        Duration.between(started, clock.instant()));
  }

  /**
   * Removes what was kept of the last restore; it cannot be undone any more. What was broken off is
   * completed first, as far as it is there.
   *
   * @throws RestoreRefusedException if there is nothing to discard
   */
  public void discard() throws IOException {
    new RestoreRecovery(keys).finishAll(List.of(), true);
    try (RestoreSet set = RestoreSet.open(keys, last())) {
      set.giveUp(findings);
    }
    findings.failures().forEach(f -> log.warn("Discarding an undo: {}: {}", f.path(), f.reason()));
  }

  /**
   * Takes a person's word that the restores in a directory are this client's own.
   *
   * @param home the component's directory, or the one that holds a single file
   * @throws RestoreRefusedException if none exists, or a journal is not authentic
   */
  public void confirm(Path home) throws IOException {
    if (new RestoreRecovery(keys).confirm(home.toRealPath()) == 0) {
      throw new RestoreRefusedException(
          home.toString(),
          "no restore in place left anything there",
          "name the directory that holds .dr-restore");
    }
  }

  /**
   * Whether there is something to undo, as far as this client knows: also where a place is not
   * mounted now, and where the state of a restore cannot be read.
   */
  public boolean isPossible() throws IOException {
    try {
      keys.register().requireReadable();
    } catch (RestoreRefusedException e) {
      return true;
    }
    return find().isPresent();
  }

  private RestoreRegister.Entry last() throws IOException {
    keys.register().requireReadable(); // The one that cannot be read may be the last.
    return find().orElseThrow(this::nothingToUndo);
  }

  private RestoreRefusedException nothingToUndo() {
    RestoreRegister register = keys.register();
    Optional<Path> place = register.place();
    if (place.isEmpty()) {
      return new RestoreRefusedException(
          "undo",
          "no restore in place is known: no state directory is given, which would remember it",
          "name the state directory of that restore: dr undo --state DIR");
    }
    if (!register.exists()) {
      return new RestoreRefusedException(
          "undo",
          "no restore in place is known: " + place.get() + " is missing, where restores are"
              + " remembered",
          "name the state directory of that restore, which may be the application's or another"
              + " user's: dr undo --state DIR. If it was lost: dr undo --confirm DIRECTORY of the"
              + " data, then dr undo");
    }
    return new RestoreRefusedException(
        "undo",
        "no restore in place is there to undo in " + place.get() + ": the last one replaced"
            + " nothing, or it was undone or given up",
        "restore a snapshot; a QUARANTINE snapshot may hold what was replaced. If the restore was done"
            + " with another state directory: dr undo --state DIR. If that was lost: dr undo"
            + " --confirm DIRECTORY, then dr undo");
  }

  private Optional<RestoreRegister.Entry> find() throws IOException {
    RestoreRegister.Entry last = null;
    for (RestoreRegister.Entry entry : keys.register().list()) {
      boolean open = entry.phase() != RestoreRegister.Phase.ENDED
          && entry.phase() != RestoreRegister.Phase.STAGING;
      if (open && keys.isOf(entry.repository())) {
        last = entry;
      }
    }
    return Optional.ofNullable(last);
  }
}
