package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.journal.Journal;
import com.personalaichatbot.dr.core.internal.journal.JournalState;
import com.personalaichatbot.dr.core.internal.journal.RunPlace;
import com.personalaichatbot.dr.core.internal.scan.HeldDirectory;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** One component of a restore, with its files. Its place is held while it is open. */
public final class RestoreMember implements Closeable {
  private final RestoreArea place;
  private final RestoreArea.Run run;
  private final Journal journal;

  public RestoreMember(RestoreArea place, RestoreArea.Run run, Journal journal) {
    this.place = place;
    this.run = run;
    this.journal = journal;
  }

  /**
   * Opens the journal of a run.
   *
   * @param moved whether a person said that the directory is the right one, whatever its numbers
   * @throws NoSuchFileException if there is no journal
   * @throws RestoreRefusedException if it is not authentic, or belongs into another directory
   */
  static RestoreMember open(RestoreArea place, RestoreArea.Run run, JournalKeys keys, boolean moved)
      throws IOException {
    RestoreMember member = new RestoreMember(place, run, openJournal(run, keys));
    try {
      member.requireInPlace(moved);
      return member;
    } catch (IOException | RuntimeException | Error e) {
      member.journal.close();
      throw e;
    }
  }

  private static Journal openJournal(RestoreArea.Run run, JournalKeys keys) throws IOException {
    PrivateFiles.requireDirectory(run.access(), false);
    FileChannel channel = PrivateFiles.open(run.journal(), false, false);
    try {
      return Journal.open(run.journal(), channel, component(run), keys);
    } catch (MalformedException e) {
      throw new RestoreRefusedException(
          HeldDirectory.name(run.journal()),
          "it is not the journal of a restore that this client made, or it is damaged: "
              + e.getMessage(),
          "what a restore replaced lies in undo/ beside it: put that back by hand if you need it;"
              + " then move " + run.directory() + " away");
    }
  }

  private static String component(RestoreArea.Run run) {
    return new String(NativeNames.name(run.directory().getParent()), StandardCharsets.UTF_8);
  }

  private void requireInPlace(boolean moved) throws IOException {
    RunPlace here = run.location();
    if (journal.place().isSame(here)) {
      return;
    }
    if (!moved) {
      throw mustBeConfirmed(
          run.journal(),
          "it was written for another directory than the one that it is in now (path, device or"
              + " inode differ, as after its volume was mounted again)",
          place.home());
    }
    journal.move(here);
  }

  /** What only a person can know. */
  static RestoreRefusedException mustBeConfirmed(Path object, String problem, Path home) {
    return new RestoreRefusedException(
        HeldDirectory.name(object),
        problem,
        "if you are sure that nobody put it there, confirm it: dr undo --confirm " + home
            + "; else move " + home.resolve(object.getFileSystem().getPath(".dr-restore"))
            + " away");
  }

  public RestoreArea place() {
    return place;
  }

  RestoreArea.Run run() {
    return run;
  }

  public Journal journal() {
    return journal;
  }

  JournalState state() {
    return journal.state();
  }

  public String component() {
    return journal.opening().component();
  }

  Bytes16 restore() {
    return journal.opening().restore();
  }

  public Exchange exchange(RestoreFindings findings) {
    return new Exchange(place.home(), run, journal, findings);
  }

  /** Damage that lets the members of a set contradict each other. */
  RestoreRefusedException contradicts(String problem) {
    return new RestoreRefusedException(
        HeldDirectory.name(run.journal()),
        "the journal of a restore is damaged: " + problem,
        "what was replaced lies in undo/ beside it; put it back by hand, then: dr undo --discard");
  }

  /** Removes the files of the restore, and with an undone one the directory that it had made. */
  void remove(RestoreFindings findings) throws IOException {
    boolean madeHome = state() == JournalState.UNDONE && exchange(findings).madeHome();
    journal.close();
    RestoreArea.remove(run);
    boolean empty = place.removeIfEmpty();
    if (!madeHome || !empty) {
      return;
    }
    if (!RestoreArea.removeHome(place.home())) {
      findings.note(place.home() + " was left, for it holds what came there since");
    }
  }

  @Override
  public void close() throws IOException {
    try (place) {
      journal.close();
    }
  }
}
