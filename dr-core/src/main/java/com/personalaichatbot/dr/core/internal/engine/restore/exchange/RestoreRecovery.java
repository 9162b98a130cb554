package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.journal.JournalState;
import com.personalaichatbot.dr.core.internal.scan.FileStat;
import com.personalaichatbot.dr.core.internal.scan.HeldDirectory;
import com.personalaichatbot.dr.core.internal.scan.Nesting;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes restores that were broken off: a set that was not decided is taken back, one that was is
 * completed, and so is an undo. Called before anything else is done with the data: a backup must
 * not read it half exchanged.
 */
public final class RestoreRecovery {
  private static final Logger log = LoggerFactory.getLogger(RestoreRecovery.class);

  private final JournalKeys keys;
  private final RestoreRegister register;
  private final boolean known;

  public RestoreRecovery(JournalKeys keys) {
    this.keys = keys;
    this.register = keys.register();
    this.known = register.exists();
  }

  /**
   * Finishes what this client began, before a backup of these components. A place where a restore
   * is under way now is left to that.
   *
   * @return components that are part of a restore that cannot be finished, and why; what concerns
   *     none of them is only logged
   */
  public static Map<String, RestoreRefusedException> finish(
      Session session, List<Component> concerned) throws IOException {
    RestoreRecovery recovery = new RestoreRecovery(new JournalKeys(session));
    for (Component component : concerned) {
      recovery.lookForBackup(component);
    }
    Map<RestoreRegister.Entry, RestoreRefusedException> refused = recovery.finishEach(true);
    Map<String, RestoreRefusedException> blocked = new LinkedHashMap<>();
    for (Component component : concerned) {
      for (RestoreRegister.Entry entry : refused.keySet()) {
        if (isConcerned(entry, component.source().path())) {
          blocked.putIfAbsent(component.name(), refused.get(entry));
        }
      }
    }
    return blocked;
  }

  /**
   * Finishes all that this client began.
   *
   * @throws RestoreRefusedException if a restore cannot be finished; all others are finished then
   */
  public static void finish(Session session) throws IOException {
    RestoreRecovery recovery = new RestoreRecovery(new JournalKeys(session));
    for (RestoreRefusedException refused : recovery.finishEach(true).values()) {
      throw refused;
    }
    recovery.register.requireReadable();
  }

  /** A journal that is not ours is no reason to leave data without a backup. */
  private void lookForBackup(Component component) throws IOException {
    Path directory = placeOf(component);
    try {
      lookAt(directory);
    } catch (RestoreRefusedException e) {
      log.warn(
          "Files in {} are left in place, because they cannot be told from those of others: {}",
          directory,
          e.getMessage());
    }
  }

  /** Returns where the place of a component is, if it was restored under the same name. */
  public static Path placeOf(Component component) throws IOException {
    Path path = component.source().path();
    Path home = path;
    try {
      if (FileStat.read(path).kind() != FileStat.Kind.DIRECTORY && path.getParent() != null) {
        home = path.getParent();
      }
    } catch (NoSuchFileException e) {
      home = path;
    }
    return RestoreArea.in(home, component.name());
  }

  /** Registers what lies in a place, if this client has no memory; see {@link #lookAt}. */
  public void lookAt(Path directory) throws IOException {
    if (!Directories.holds(directory)) {
      return;
    }
    try (RestoreArea place = RestoreArea.open(directory)) {
      lookAt(place);
      place.removeIfEmpty();
    } catch (NoSuchFileException e) {
      log.debug("{} is gone", directory);
    } catch (RepositoryLockedException e) {
      log.debug("A restore is under way in {}", directory);
    }
  }

  /**
   * Looks at what earlier restores left in a place. What never touched live data is removed. What
   * this client does not remember is trusted only if it remembers no restore at all.
   *
   * @throws RestoreRefusedException if a journal is not authentic, or was put there
   */
  public void lookAt(RestoreArea place) throws IOException {
    for (RestoreArea.Run run : place.runs()) {
      RestoreMember member;
      try {
        member = RestoreMember.open(place, run, keys, false);
      } catch (NoSuchFileException e) {
        removeUnbegun(run);
        continue;
      }
      try (var journal = member.journal()) {
        Objects.requireNonNull(journal);
        look(member);
      }
    }
  }

  private void look(RestoreMember member) throws IOException {
    Path directory = member.place().directory();
    Optional<RestoreRegister.Entry> entry = register.find(member.restore());
    if (entry.isPresent() && !entry.get().places().contains(directory)) {
      throw RestoreMember.mustBeConfirmed(
          member.run().journal(),
          "it is of a restore into other places",
          member.place().home());
    }
    if (entry.isPresent()) {
      return;
    }
    boolean begun = member.state().isExchanged();
    if (!member.journal().opening().keepsUndo() || known && !begun) {
      RestoreArea.remove(member.run());
    } else if (!known) {
      adopt(member);
    } else if (member.state() == JournalState.SWAPPING || member.state() == JournalState.UNDOING) {
      throw RestoreMember.mustBeConfirmed(
          member.run().journal(),
          "this client does not remember that restore, which was broken off",
          member.place().home());
    }
  }

  /** Registers a restore that is read by the client key of the repository alone. */
  private void adopt(RestoreMember member) throws IOException {
    List<Path> places = new ArrayList<>();
    for (byte[] raw : member.journal().set()) {
      places.add(RestoreRegister.path(member.place().home().getFileSystem(), raw));
    }
    Path directory = member.place().directory();
    if (!places.contains(directory)) {
      // A set of one, or one that was moved here: its own place is what is known of it.
      places.replaceAll(p -> p.getFileName().equals(directory.getFileName()) ? directory : p);
      if (places.isEmpty()) {
        places.add(directory);
      }
    }
    Bytes16 restore = member.restore();
    byte[] key = member.journal().key();
    try {
      register.write(new RestoreRegister.Entry(
          restore,
          member.journal().opening().repository(),
          register.nextNumber(),
          key,
          RestoreRegister.Phase.OPEN,
          List.copyOf(places)));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
    log.warn(
        "The restore in {} is taken up again although this client does not remember it",
        member.place().home());
  }

  /**
   * Takes a person's word that the journals in a directory were not put there by somebody else.
   *
   * @return how many there are
   * @throws RestoreRefusedException if one cannot be confirmed; all others are then
   */
  public int confirm(Path home) throws IOException {
    int confirmed = 0;
    RestoreRefusedException refused = null;
    for (Path directory : RestoreArea.all(home)) {
      try (RestoreArea place = RestoreArea.open(directory)) {
        for (RestoreArea.Run run : place.runs()) {
          try {
            confirm(RestoreMember.open(place, run, keys, true));
            confirmed++;
          } catch (NoSuchFileException e) {
            removeUnbegun(run);
          } catch (RestoreRefusedException e) {
            refused = e;
          }
        }
      } catch (RestoreRefusedException e) {
        refused = e;
      }
    }
    if (refused != null) {
      throw refused;
    }
    return confirmed;
  }

  private void confirm(RestoreMember member) throws IOException {
    try (var journal = member.journal()) {
      Objects.requireNonNull(journal);
      Path directory = member.place().directory();
      Optional<RestoreRegister.Entry> entry = register.find(member.restore());
      if (entry.isEmpty()) {
        adopt(member);
      } else if (!entry.get().places().contains(directory)) {
        List<Path> places = new ArrayList<>(entry.get().places());
        places.replaceAll(p -> p.getFileName().equals(directory.getFileName()) ? directory : p);
        register.write(entry.get().at(places));
      }
    }
  }

  /**
   * Finishes all that was broken off.
   *
   * @throws RestoreRefusedException if a restore that concerns one of these paths cannot be
   *     finished
   */
  public void finishAll(List<Path> concerned, boolean undoToo) throws IOException {
    for (var refused : finishEach(undoToo).entrySet()) {
      for (Path path : concerned) {
        if (isConcerned(refused.getKey(), path)) {
          throw refused.getValue();
        }
      }
    }
  }

  private static boolean isConcerned(RestoreRegister.Entry entry, Path path) throws IOException {
    for (Path place : entry.places()) {
      Path home = RestoreArea.homeOf(place);
      if (path.getFileSystem() == home.getFileSystem()
          && (Nesting.contains(path, home) || Nesting.contains(home, path))) {
        return true;
      }
    }
    return false;
  }

  /** Returns the restores that cannot be finished, and why. */
  private Map<RestoreRegister.Entry, RestoreRefusedException> finishEach(boolean undoToo)
      throws IOException {
    Map<RestoreRegister.Entry, RestoreRefusedException> refused = new LinkedHashMap<>();
    for (RestoreRegister.Entry entry : register.list()) {
      if (entry.phase() == RestoreRegister.Phase.COMPLETE) {
        continue;
      }
      RestoreFindings findings = new RestoreFindings();
      try (RestoreSet set = RestoreSet.open(keys, entry)) {
        set.finish(findings, undoToo);
      } catch (RepositoryLockedException e) {
        log.debug("A restore is under way: {}", e.getMessage());
      } catch (RestoreRefusedException e) {
        if (entry.phase() == RestoreRegister.Phase.STAGING) {
          log.warn("Staged files of a restore are left in place: {}", e.getMessage());
          register.forget(entry);
        } else {
          log.warn("Cannot complete an interrupted restore: {}", e.getMessage());
          refused.put(entry, e);
        }
      }
      findings.notes().forEach(note -> log.warn("Completing a restore: {}", note));
      findings
          .failures()
          .forEach(
              f -> log.warn("Completing an interrupted restore: {}: {}", f.path(), f.reason()));
    }
    return refused;
  }

  /** Removes what is left of restores that a newer one ended; it can be done later as well. */
  public void sweepEnded(RestoreFindings findings) {
    try {
      for (RestoreRegister.Entry entry : register.list()) {
        if (entry.phase() == RestoreRegister.Phase.ENDED) {
          try (RestoreSet set = RestoreSet.open(keys, entry)) {
            set.finish(findings, true);
          }
        }
      }
    } catch (IOException e) {
      log.info("Files of an ended restore will be removed later: {}", e.getMessage());
    }
  }

  /** Removes the runs whose journals never got their names. */
  public static void removeUnbegun(RestoreArea place) throws IOException {
    for (RestoreArea.Run run : place.runs()) {
      if (Files.notExists(run.journal(), LinkOption.NOFOLLOW_LINKS)) {
        removeUnbegun(run);
      }
    }
  }

  /** Removes a run whose journal never got its name, so that nothing was done by it. */
  static void removeUnbegun(RestoreArea.Run run) throws IOException {
    PrivateFiles.requireDirectory(run.access(), false);
    if (!run.keepsNothing()) {
      throw new RestoreRefusedException(
          HeldDirectory.name(run.journal()),
          "the journal of a restore is missing",
          "what was replaced lies in undo/ beside it; put it back by hand, then remove "
              + run.directory());
    }
    RestoreArea.remove(run);
  }
}
