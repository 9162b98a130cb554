package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.journal.JournalState;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Why several components are one unit.
 *
 * Each component has a journal of its own, perhaps on a volume of its own, and no write reaches two of them at the same time. So one
 * record decides: SWAPPING in the journal of the first component. Before it is written, all components are staged and forced,
 * and all other journals say PREPARED and name the set. After it, all of them are exchanged, whatever happens in between.
 * Whoever finds a PREPARED journal asks the first one: decided, it goes on; not decided, it is taken back. The undo is the
 * same with UNDO_PREPARED and UNDOING.
 *
 * A set is dealt with only when all its places are there. A place that is not mounted could hold the decision, or would be
 * left behind. The one exception is a set whose first journal says that nothing was decided: then nothing was changed
 * anywhere, and what is staged in a missing place can wait.
 */

/** All components of one restore in place, opened together. Not thread-safe. */
public final class RestoreSet implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(RestoreSet.class);

  private final RestoreRegister register;
  private final List<RestoreMember> members;
  private final List<Path> missing;
  private RestoreRegister.Entry entry;
  private boolean deciding;

  private RestoreSet(
      RestoreRegister register,
      RestoreRegister.Entry entry,
      List<RestoreMember> members,
      List<Path> missing) {
    this.register = register;
    this.entry = entry;
    this.members = members;
    this.missing = missing;
  }

  /** Unites members that were staged, the deciding one first; they stay open with the set. */
  public static RestoreSet of(
      RestoreRegister register, RestoreRegister.Entry entry, List<RestoreMember> members) {
    return new RestoreSet(register, entry, members, List.of());
  }

  /**
   * Opens all members that are there.
   *
   * @throws com.personalaichatbot.dr.core.operation.RepositoryLockedException if one is in use
   * @throws RestoreRefusedException if a journal is not authentic
   */
  public static RestoreSet open(JournalKeys keys, RestoreRegister.Entry entry) throws IOException {
    List<RestoreMember> members = new ArrayList<>();
    List<Path> missing = new ArrayList<>();
    RestoreSet set = new RestoreSet(keys.register(), entry, members, missing);
    try {
      for (Path directory : entry.places()) {
        RestoreMember member = openMember(keys, entry, directory);
        if (member == null) {
          missing.add(directory);
        } else {
          members.add(member);
        }
      }
      return set;
    } catch (IOException | RuntimeException | Error e) {
      set.close();
      throw e;
    }
  }

  private static RestoreMember openMember(
      JournalKeys keys, RestoreRegister.Entry entry, Path directory) throws IOException {
    RestoreArea place;
    try {
      place = RestoreArea.open(directory);
    } catch (NoSuchFileException e) {
      RestoreArea.removeParent(directory);
      return null;
    }
    RestoreMember found = null;
    RestoreRefusedException refused = null;
    try {
      List<RestoreArea.Run> runs = place.runs();
      for (int i = runs.size() - 1; i >= 0 && found == null; i--) {
        RestoreMember member;
        try {
          member = RestoreMember.open(place, runs.get(i), keys, false);
        } catch (NoSuchFileException e) {
          RestoreRecovery.removeUnbegun(runs.get(i));
          continue;
        } catch (RestoreRefusedException e) {
          refused = e;
          continue;
        }
        if (member.restore().equals(entry.restore())) {
          found = member;
        } else {
          member.journal().close();
        }
      }
      if (found == null && refused != null) {
        throw refused;
      } else if (found == null) {
        place.removeIfEmpty();
      }
      return found;
    } finally {
      if (found == null) {
        place.close();
      }
    }
  }

  public List<RestoreMember> members() {
    return members;
  }

  private RestoreMember first() {
    return members.get(0);
  }

  private List<RestoreMember> others() {
    return members.subList(1, members.size());
  }

  /**
   * Decides that all members are exchanged. On return that is durable.
   *
   * @throws IOException if it cannot be written; then {@link #mayBeTakenBack} tells what is left
   */
  public void decide(RestoreFindings findings) throws IOException {
    List<byte[]> places =
        entry.places().stream().map(Snapshots::rawPath).collect(Collectors.toList());
    for (RestoreMember member : members) {
      member.exchange(findings).prepare();
    }
    enter(RestoreRegister.Phase.OPEN); // From here on a place that is not there is waited for.
    for (RestoreMember member : others()) {
      member.journal().unite(places);
      member.journal().enter(JournalState.PREPARED);
    }
    first().journal().unite(places);
    deciding = true;
    try {
      first().journal().enter(JournalState.SWAPPING);
    } catch (IOException e) {
      withdraw(e);
      throw e;
    }
  }

  /** The record that decides may have reached the disk although writing it failed. */
  private void withdraw(IOException failure) {
    try {
      first().journal().enter(JournalState.WITHDRAWN);
      deciding = false;
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Whether nothing says that the set was decided, or could say so after a crash. */
  public boolean mayBeTakenBack() {
    return !deciding;
  }

  /** Removes all that was staged. */
  public void takeBack(RestoreFindings findings) throws IOException {
    end(findings);
  }

  /** Marks the set as complete, and ends the undo of older sets that lie in the same places. */
  public void complete(RestoreFindings findings) throws IOException {
    for (RestoreRegister.Entry other : register.list()) {
      if (!other.restore().equals(entry.restore())
          && other.phase() != RestoreRegister.Phase.ENDED
          && other.number() < entry.number()
          && other.sharesPlaceWith(entry)) {
        if (other.phase() != RestoreRegister.Phase.STAGING) {
          findings.note(endedUndo(other.places(), entry.places()));
        }
        register.write(other.in(RestoreRegister.Phase.ENDED));
      }
    }
    enter(RestoreRegister.Phase.COMPLETE);
    for (RestoreMember member : members) {
      for (RestoreArea.Run run : member.place().runs()) {
        if (run.number() < member.run().number()) {
          RestoreArea.remove(run);
        }
      }
    }
  }

  /**
   * Says that a restore can no longer be undone.
   *
   * @param before the places of that restore
   * @param since those of a later one
   */
  public static String endedUndo(List<Path> before, List<Path> since) {
    List<Path> shared = before.stream().filter(since::contains).toList();
    return "the earlier restore of " + names(before) + " can no longer be undone: "
        + names(shared) + (shared.size() == 1 ? " is" : " are")
        + " restored again, and an undo goes back to the state before that";
  }

  private static String names(List<Path> places) {
    return places.stream()
        .map(place -> place.getFileName().toString())
        .collect(Collectors.joining(", "));
  }

  private void enter(RestoreRegister.Phase phase) throws IOException {
    if (entry.phase() != phase) {
      RestoreRegister.Entry next = entry.in(phase);
      register.write(next);
      entry = next;
    }
  }

  /**
   * Finishes what was broken off: takes back what was not decided, completes what was.
   *
   * @param undoToo whether an undo that was broken off is completed as well
   * @throws RestoreRefusedException if a member that is needed is not there, or the journals
   *     contradict each other
   */
  void finish(RestoreFindings findings, boolean undoToo) throws IOException {
    if (entry.phase() == RestoreRegister.Phase.ENDED || !isDecided() && hasFirst()) {
      end(findings);
      return;
    }
    if (entry.phase() == RestoreRegister.Phase.STAGING) {
      end(findings); // The first one's journal was not even begun.
      return;
    }
    requireAll();
    if (!isUndoDecided()) {
      swapAll(findings);
    } else if (undoToo) {
      log.info("Completing the undo of the restore of {}, which was interrupted", this);
      undoAll(findings);
    }
  }

  private boolean hasFirst() {
    return !members.isEmpty()
        && first().place().directory().equals(entry.places().get(0));
  }

  private boolean isDecided() {
    return members.stream().anyMatch(m -> m.state().isExchanged());
  }

  boolean isUndoDecided() {
    return members.stream().anyMatch(m -> m.state().isUndone());
  }

  /** Refuses to go on while a place is not there. */
  public void requireAll() throws RestoreRefusedException {
    if (!missing.isEmpty()) {
      throw new RestoreRefusedException(
          RestoreArea.homeOf(missing.get(0)).toString(),
          "the restore of " + names(entry.places()) + " is one unit, and its files in "
              + missing.get(0) + " are not there",
          "mount what belongs to "
              + missing.stream()
                  .map(place -> RestoreArea.homeOf(place).toString())
                  .collect(Collectors.joining(", "))
              + " and run this again; to give up what cannot come back: dr undo --discard");
    }
  }

  private void swapAll(RestoreFindings findings) throws IOException {
    for (RestoreMember member : members) {
      if (member.state() == JournalState.STAGING || member.state() == JournalState.WITHDRAWN) {
        throw member.contradicts("another component of the same restore was exchanged already");
      }
    }
    for (RestoreMember member : members) {
      if (member.state() == JournalState.UNDO_PREPARED) {
        member.journal().enter(JournalState.DONE);
      } else if (member.state() != JournalState.DONE) {
        log.warn(
            "Completing an interrupted restore in {}; an undo takes it back",
            member.place().home());
        member.exchange(findings).swap();
      }
    }
    complete(findings);
  }

  /** Decides that all members are undone. On return that is durable. */
  public void decideUndo() throws IOException {
    requireAll();
    enter(RestoreRegister.Phase.UNDOING);
    if (isUndoDecided()) {
      return;
    }
    for (RestoreMember member : others()) {
      if (member.state() == JournalState.DONE) {
        member.journal().enter(JournalState.UNDO_PREPARED);
      }
    }
    first().journal().enter(JournalState.UNDOING);
  }

  /** Puts back what was replaced, of all members; removes the set if all of it was put back. */
  public void undoAll(RestoreFindings findings) throws IOException {
    for (RestoreMember member : members) {
      if (!member.state().isUndone() && member.state() != JournalState.UNDO_PREPARED) {
        throw member.contradicts("another component of the same restore is being undone");
      }
    }
    // The last one first: where one lies in another, it was put over what the other had put there.
    for (int i = members.size() - 1; i >= 0; i--) {
      members.get(i).exchange(findings).undo();
    }
    if (members.stream().allMatch(m -> m.state() == JournalState.UNDONE)) {
      end(findings);
    }
  }

  /**
   * Gives the set up: completes what is there in the direction that was decided, and removes it.
   */
  public void giveUp(RestoreFindings findings) throws IOException {
    for (int i = members.size() - 1; isUndoDecided() && i >= 0; i--) {
      if (members.get(i).state().isExchanged()) {
        members.get(i).exchange(findings).undo();
      }
    }
    for (RestoreMember member : members) {
      if (isDecided() && !isUndoDecided() && member.state() == JournalState.SWAPPING
          || isDecided() && member.state() == JournalState.PREPARED) {
        member.exchange(findings).swap();
      }
    }
    end(findings);
  }

  /** Removes the files of all members, the first one's last, and forgets the restore. */
  private void end(RestoreFindings findings) throws IOException {
    if (!members.isEmpty()) {
      enter(RestoreRegister.Phase.ENDED);
    }
    for (int i = members.size() - 1; i >= 0; i--) {
      members.get(i).remove(findings);
    }
    List<Path> unmounted = new ArrayList<>();
    for (Path place : missing) {
      if (entry.phase() == RestoreRegister.Phase.ENDED && !isMounted(place)) {
        unmounted.add(place);
      }
    }
    // A journal whose key is forgotten must not come back after a power failure.
    for (Path place : entry.places()) {
      if (!unmounted.contains(place)) {
        RestoreArea.forceRemoval(place);
      }
    }
    if (unmounted.isEmpty()) {
      register.forget(entry);
    } else {
      register.write(entry.at(unmounted));
    }
  }

  private static boolean isMounted(Path place) {
    return Files.isDirectory(RestoreArea.homeOf(place));
  }

  @Override
  public String toString() {
    return names(entry.places());
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (RestoreMember member : members) {
      try {
        member.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
