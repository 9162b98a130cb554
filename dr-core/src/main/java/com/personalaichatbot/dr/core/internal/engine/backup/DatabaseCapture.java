package com.personalaichatbot.dr.core.internal.engine.backup;

import com.personalaichatbot.dr.core.internal.engine.Pace;
import com.personalaichatbot.dr.core.internal.format.Capture;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.scan.ScanProblems;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;

/**
 * Makes sure that a database and its journals are in a snapshot as they were at one moment; one
 * without the other, or an older one of them, is a damaged database.
 *
 * <p>Each was captured on its own, so afterwards all are looked at again, the journals first: if no
 * journal came, went or changed, and the database is still as it was captured, then what was
 * captured is what was there when the first journal was looked at. Else they are captured again,
 * together. Not thread-safe.
 */
final class DatabaseCapture {
  private static final String SHARED_MEMORY = "-shm";
  private static final int ATTEMPTS = 3;

  private final Pace pace;
  private final SourceScan scan;
  private final BackupCounts.OfComponent counts;
  private final FileCapture files;
  private final Deadline deadline;
  private boolean isInDoubt;

  DatabaseCapture(
      Pace pace,
      SourceScan scan,
      BackupCounts.OfComponent counts,
      FileCapture files,
      Deadline deadline) {
    this.pace = pace;
    this.scan = scan;
    this.counts = counts;
    this.files = files;
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
   * The name of the database whose shared memory has this name, which is made anew whenever the
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
   * Looks whether what was captured is of one moment, and captures it again if not.
   *
   * @param database the database, and what it was in the snapshot before
   * @param present the entries of its directory, by name; what is captured again is changed there
   */
  void settle(FileCapture.Changed database, NavigableMap<byte[], TreeEntry> present)
      throws IOException {
    ScannedEntry file = database.file();
    if (present.containsKey(file.name()) && lacksJournal(file, present)) {
      markInconsistent(file, present);
      return;
    }
    for (int attempt = 1; present.containsKey(file.name()); attempt++) {
      List<ScannedEntry> now;
      try {
        now = journals(file);
        scan.refresh(file).ifPresent(now::add);
      } catch (IOException e) {
        counts.failed(file.display(), ScanProblems.reason(e));
        return;
      }
      if (!isInDoubt && isCaptured(now, file, present)) {
        return;
      }
      TreeEntry last = present.get(file.name());
      if (last.capture() == Capture.STALE || last.capture() == Capture.INCONSISTENT) {
        // It is listed as that.
        return;
      }
      if (attempt > ATTEMPTS || deadline.hasPassed() || !captureAgain(now, database, present)) {
        present.putIfAbsent(file.name(), last);
        markInconsistent(file, present);
        counts.failed(file.display(), "it and its journal were never at rest while they were read");
        return;
      }
    }
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

  /** Whether what is there now is what was captured, and there is nothing else. */
  private static boolean isCaptured(
      List<ScannedEntry> now, ScannedEntry database, NavigableMap<byte[], TreeEntry> present) {
    int captured = 1;
    for (String journal : SourceScan.JOURNALS) {
      captured += present.containsKey(with(database.name(), journal)) ? 1 : 0;
    }
    return now.size() == captured
        && now.stream().allMatch(file -> isCaptured(file, present.get(file.name())));
  }

  private static boolean isCaptured(ScannedEntry now, TreeEntry captured) {
    return captured != null
        && captured.type() == now.type()
        && now.attributes().sameVersion(captured.attributes());
  }

  /** Reads all of them again; whether all could be read. */
  private boolean captureAgain(
      List<ScannedEntry> now, FileCapture.Changed database, NavigableMap<byte[], TreeEntry> present)
      throws IOException {
    byte[] name = database.file().name();
    List<FileCapture.Changed> unit = new ArrayList<>();
    for (ScannedEntry file : now) {
      boolean isDatabase = Arrays.equals(file.name(), name);
      TreeEntry before = present.get(file.name());
      unit.add(new FileCapture.Changed(
          file, isDatabase && database.before() != null ? database.before() : before));
      if (file.type() != EntryType.FILE) {
        return false;
      }
    }
    FileCapture.Result[] results = files.capture(unit);
    SourceScan.JOURNALS.forEach(journal -> present.remove(with(name, journal)));
    boolean all = true;
    boolean isYoung = false;
    isInDoubt = false;
    for (FileCapture.Result result : results) {
      isYoung |= result.state() != FileCapture.State.SETTLED;
      isInDoubt |= result.state() == FileCapture.State.UNPROVEN
          || result.state() == FileCapture.State.MOVING;
      if (result.entry() == null) {
        all = false;
      } else {
        present.put(result.entry().name(), result.entry());
      }
    }
    if (isYoung && all) {
      pace.pause(Math.max(0, Math.min(Youth.LOOK_AFTER, deadline.remaining())));
    }
    return all;
  }
}
