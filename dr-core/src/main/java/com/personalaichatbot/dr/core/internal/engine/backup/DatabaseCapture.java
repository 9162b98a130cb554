package com.personalaichatbot.dr.core.internal.engine.backup;

import com.personalaichatbot.dr.core.internal.format.Capture;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.internal.write.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;

/**
 * Makes sure that a database and its journals are in a snapshot as they were at one moment; one
 * without the other, or an older one of them, is a damaged database.
 *
 * <p>Each was captured on its own, so afterwards all are looked at again, the journals first: if no
 * journal came, went or changed, and the database is still as it was captured, then the capture is
 * what was there when the first journal was looked at. Else they are captured again, together. Not
 * thread-safe.
 */
final class DatabaseCapture {
  private static final String SHARED_MEMORY = "-shm";
  private static final int ATTEMPTS_WITH_SMALL = 10;
  private static final int ATTEMPTS_WITH_LARGE = 3;
  private static final long LARGE = 4 << 20;

  private final SourceScan scan;
  private final BackupCounts.OfComponent counts;
  private final FileCapture capture;
  private final Deadline deadline;

  DatabaseCapture(
      SourceScan scan, BackupCounts.OfComponent counts, FileCapture capture, Deadline deadline) {
    this.scan = scan;
    this.counts = counts;
    this.capture = capture;
    this.deadline = deadline;
  }

  /** The name of the database whose journal has this name; null if it is no journal's name. */
  static byte[] databaseOf(byte[] name) {
    for (String journal : SourceScan.JOURNALS) {
      byte[] database = without(name, journal);
      if (database != null) {
        return database;
      }
    }
    return null;
  }

  /**
   * The name of the database whose shared memory has this name, which is rebuilt whenever the
   * database is opened and is in no snapshot; null if it is no such name.
   */
  static byte[] databaseOfSharedMemory(byte[] name) {
    return without(name, SHARED_MEMORY);
  }

  private static byte[] with(byte[] name, String suffix) {
    byte[] end = suffix.getBytes(StandardCharsets.US_ASCII);
    byte[] longer = Arrays.copyOf(name, name.length + end.length);
    System.arraycopy(end, 0, longer, name.length, end.length);
    return longer;
  }

  private static byte[] without(byte[] name, String suffix) {
    int rest = name.length - suffix.length();
    byte[] end = suffix.getBytes(StandardCharsets.US_ASCII);
    return rest > 0 && Arrays.equals(name, rest, name.length, end, 0, end.length)
        ? Arrays.copyOf(name, rest)
        : null;
  }

  /**
   * Looks at a file that is a component by itself: if it is a database, no journal can be captured
   * with it.
   */
  void requireAlone(ScannedEntry file) throws IOException {
    for (ScannedEntry journal : journals(file)) {
      if (journal.attributes().size() > 0) {
        counts.failed(
            file.display(),
            "without the journal beside it, it is not whole, and that is not in this component;"
                + " let the component be the directory that holds both, or close the database"
                + " during backups");
        return;
      }
    }
  }

  /**
   * Looks whether what was captured is of one moment, and captures again what is not.
   *
   * @param database the database, and what it was in the snapshot before
   * @param doubtful names of files of which attributes do not prove that they did not change since
   * @param present the entries of its directory, by name; what is captured again is changed there
   */
  void settle(
      FileCapture.Changed database,
      Set<ByteBuffer> doubtful,
      NavigableMap<byte[], TreeEntry> present)
      throws IOException {
    ScannedEntry file = database.file();
    if (!present.containsKey(file.name())) {
      return;
    }
    if (lacksJournal(file, present)) {
      markInconsistent(file, present);
      return;
    }
    if (present.get(file.name()).capture() == Capture.STALE) {
      // It is listed as that.
      return;
    }
    Set<ByteBuffer> open = new HashSet<>(doubtful);
    int attempts = file.attributes().size() < LARGE ? ATTEMPTS_WITH_SMALL : ATTEMPTS_WITH_LARGE;
    for (int attempt = 0; ; attempt++) {
      List<ScannedEntry> now;
      try {
        now = journals(file);
        scan.refresh(file).ifPresent(now::add);
      } catch (IOException e) {
        markInconsistent(file, present);
        counts.failed(file.display(), Failures.describe(e));
        return;
      }
      if (now.stream().noneMatch(one -> Arrays.equals(one.name(), file.name()))) {
        markInconsistent(file, present);
        counts.failed(file.display(), "vanished while it and its journal were read");
        return;
      }
      List<ScannedEntry> moved = now.stream()
          .filter(one -> open.contains(ByteBuffer.wrap(one.name()))
              || !isCaptured(one, present.get(one.name())))
          .toList();
      if (!removeJournalsButFor(now, file, present) && moved.isEmpty()) {
        return;
      }
      if (attempt == attempts
          || deadline.hasPassed()
          || !captureAgain(moved, database, open, present)) {
        markInconsistent(file, present);
        counts.failed(file.display(), "it and its journal were never at rest while they were read");
        return;
      }
    }
  }

  /** Takes out journals that are not there any more; says whether there were any. */
  private static boolean removeJournalsButFor(
      List<ScannedEntry> now, ScannedEntry database, NavigableMap<byte[], TreeEntry> present) {
    boolean removed = false;
    for (String suffix : SourceScan.JOURNALS) {
      byte[] name = with(database.name(), suffix);
      boolean isThere = now.stream().anyMatch(one -> Arrays.equals(one.name(), name));
      removed |= !isThere && present.remove(name) != null;
    }
    return removed;
  }

  private static void markInconsistent(ScannedEntry file, NavigableMap<byte[], TreeEntry> present) {
    TreeEntry last = present.get(file.name());
    present.put(
        file.name(),
        TreeEntry.file(file.name(), last.attributes(), Capture.INCONSISTENT, last.content()));
  }

  /**
   * Looks for a journal that cannot be in the snapshot as it is: one that is excluded, or that
   * could not be read. The database is listed then, and no older journal is kept beside it.
   */
  private boolean lacksJournal(ScannedEntry file, NavigableMap<byte[], TreeEntry> present)
      throws IOException {
    boolean isStale = present.get(file.name()).capture() == Capture.STALE;
    boolean lacks = false;
    for (String suffix : SourceScan.JOURNALS) {
      byte[] name = with(file.name(), suffix);
      if (hasContent(scan, file, suffix)) {
        counts.failed(
            file.display(),
            "its journal " + RawName.display(name)
                + " is excluded and not empty, and without it the database is not whole;"
                + " take the journal out of the excludes");
        lacks = true;
      }
      TreeEntry journal = present.get(name);
      if (journal != null && (journal.capture() == Capture.STALE) != isStale) {
        present.remove(name);
        counts.failed(
            file.display(), "it and its journal " + RawName.display(name) + " were not both read");
        lacks = true;
      }
    }
    return lacks && !isStale;
  }

  private static boolean hasContent(SourceScan scan, ScannedEntry file, String suffix) {
    try {
      return scan.excludedSibling(file, suffix)
          .filter(journal -> journal.attributes().size() > 0)
          .isPresent();
    } catch (IOException e) {
      return true;
    }
  }

  private List<ScannedEntry> journals(ScannedEntry database) throws IOException {
    List<ScannedEntry> found = new ArrayList<>();
    for (String journal : SourceScan.JOURNALS) {
      scan.sibling(database, journal).ifPresent(found::add);
    }
    return found;
  }

  private static boolean isCaptured(ScannedEntry now, TreeEntry captured) {
    return captured != null
        && captured.type() == now.type()
        && now.attributes().sameVersion(captured.attributes());
  }

  /** Reads some of them again; whether all could be read. */
  private boolean captureAgain(
      List<ScannedEntry> moved,
      FileCapture.Changed database,
      Set<ByteBuffer> open,
      NavigableMap<byte[], TreeEntry> present)
      throws IOException {
    List<FileCapture.Changed> files = new ArrayList<>();
    for (ScannedEntry file : moved) {
      boolean isDatabase = Arrays.equals(file.name(), database.file().name());
      TreeEntry before = present.get(file.name());
      boolean isRead =
          before != null && before.type() == EntryType.FILE && before.capture() != Capture.STALE;
      files.add(new FileCapture.Changed(
          file,
          isDatabase && database.before() != null ? database.before() : before,
          isRead ? FileCapture.Result.ofDatabase(before) : null));
      if (file.type() != EntryType.FILE) {
        return false;
      }
    }
    FileCapture.Result[] results = capture.capture(files);
    List<FileCapture.Changed> unproven = new ArrayList<>();
    List<FileCapture.Result> first = new ArrayList<>();
    boolean all = true;
    for (int i = 0; i < results.length; i++) {
      all &= take(files.get(i), results[i], open, present);
      if (results[i].state() == FileCapture.State.UNPROVEN) {
        unproven.add(
            new FileCapture.Changed(files.get(i).file(), files.get(i).before(), results[i]));
        first.add(results[i]);
      }
    }
    FileCapture.Result[] second = capture.capture(unproven);
    for (int i = 0; i < second.length; i++) {
      all &= take(unproven.get(i), second[i], open, present);
      if (second[i].holdsTheSameAs(first.get(i)) && second[i].state() != FileCapture.State.MOVING) {
        open.remove(ByteBuffer.wrap(unproven.get(i).file().name()));
      }
    }
    return all;
  }

  /** Takes what a reading came to; false if the file is there and could not be read. */
  private static boolean take(
      FileCapture.Changed file,
      FileCapture.Result result,
      Set<ByteBuffer> open,
      NavigableMap<byte[], TreeEntry> present) {
    ByteBuffer name = ByteBuffer.wrap(file.file().name());
    if (result.state() == FileCapture.State.UNPROVEN
        || result.state() == FileCapture.State.MOVING) {
      open.add(name);
    } else {
      open.remove(name);
    }
    if (result.entry() != null) {
      present.put(file.file().name(), result.entry());
      return true;
    }
    return result.state() == FileCapture.State.GONE || result.state() == FileCapture.State.MOVING;
  }
}
