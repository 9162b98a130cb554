package com.personalaichatbot.dr.core.internal.engine.backup;

import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.engine.Workers;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.Capture;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.scan.Listing;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Captures one component: one thread walks its directories and reads its large files, tasks read
 * the small ones and store what was cut from the large.
 *
 * <p>The walk goes depth first and compares each directory with the same one in the snapshot
 * before, both in the order of their names. A file that is unchanged by its attributes keeps the
 * content that it has there; the others go to tasks in small batches. A directory is written by
 * whoever settles its last entry, so nothing waits for anything but room in the queue, and the walk
 * holds no more than the directories that it is in and those whose files are still being read.
 */
final class TreeCapture {
  /**
   * Files whose last change is younger than this before the last capture may have changed unseen.
   */
  private static final int GRANULARITY_SECONDS = 2;

  private static final int BATCH_FILES = 128;
  private static final int HASTY_FILES = 16;
  private static final long BATCH_BYTES = 4 << 20;
  private static final int WAITING_BATCHES = 8;

  private final Workers workers;
  private final SourceScan scan;
  private final BackupCounts.OfComponent counts;
  private final PackOutput output;
  private final Dictionary dictionary;
  private final Parents.Parent parent;
  private final BlobIndex lossy;
  private final Deadline deadline;
  private final List<Postponed> postponed = new ArrayList<>();
  private final AtomicReference<TreeEntry> result = new AtomicReference<>();

  private List<FileCapture.Changed> files = new ArrayList<>();
  private List<Slot> slots = new ArrayList<>();
  private long batchBytes;

  /**
   * @param dictionary for small files, or null
   * @param lossy where to look whether the content of unchanged files is still stored; null if all
   *     is
   */
  TreeCapture(
      Workers workers,
      SourceScan scan,
      BackupCounts.OfComponent counts,
      PackOutput output,
      Dictionary dictionary,
      Parents.Parent parent,
      BlobIndex lossy,
      Deadline deadline) {
    this.workers = workers;
    this.scan = scan;
    this.counts = counts;
    this.output = output;
    this.dictionary = dictionary;
    this.parent = parent;
    this.lossy = lossy;
    this.deadline = deadline;
  }

  /**
   * A place where an entry is to go, and what stood there before.
   *
   * @param directory null for the component itself
   */
  private record Slot(Directory directory, int number, TreeEntry before) {
    void settle(TreeEntry entry, AtomicReference<TreeEntry> component) throws IOException {
      boolean same = entry != null && before != null && entry.isWrittenAs(before);
      if (directory == null) {
        component.set(entry);
      } else {
        directory.settle(number, same ? before : entry, before);
      }
    }
  }

  /** A file that waits until all are known, because there may not be time for all. */
  private record Postponed(ScannedEntry file, Slot slot) {}

  /**
   * A directory of which some entries are not settled yet. One that holds what it held before is
   * not written: the walk has read its old nodes, so they are stored.
   */
  private final class Directory {
    private final Slot slot;
    private final byte[] name;
    private final Attributes attributes;
    private final TreeEntry[] entries;
    private final AtomicInteger open;
    private final Map<Integer, FileCapture.Changed> databases = new ConcurrentHashMap<>();
    private volatile boolean changed;

    Directory(Slot slot, ScannedEntry scanned, int size) {
      this.slot = slot;
      this.name = scanned.name();
      this.attributes = scanned.attributes();
      this.entries = new TreeEntry[size];
      this.open = new AtomicInteger(size + 1);
      this.changed = slot.before == null || slot.before.type() != EntryType.DIRECTORY;
    }

    /** Notes that it does not hold all that it held before. */
    void change() {
      changed = true;
    }

    /**
     * Settles one entry, null if there is none, and writes the directory if that was the last.
     *
     * @param before what stood there before; the very same object if nothing changed
     */
    void settle(int at, TreeEntry entry, TreeEntry before) throws IOException {
      entries[at] = entry;
      if (entry != before) {
        changed = true;
      }
      close();
    }

    void close() throws IOException {
      if (open.decrementAndGet() > 0) {
        return;
      }
      boolean written = changed || !databases.isEmpty();
      KeyedId node = written ? write() : slot.before.directory();
      slot.settle(TreeEntry.directory(name, attributes, node), result);
    }

    private KeyedId write() throws IOException {
      List<TreeEntry> present = new ArrayList<>(entries.length);
      for (TreeEntry entry : entries) {
        if (entry != null) {
          present.add(entry);
        }
      }
      return output.writeDirectory(databases.isEmpty() ? present : settleDatabases(present));
    }

    private List<TreeEntry> settleDatabases(List<TreeEntry> present) throws IOException {
      NavigableMap<byte[], TreeEntry> byName = new TreeMap<>(TreeEntry::compareNames);
      present.forEach(entry -> byName.put(entry.name(), entry));
      for (FileCapture.Changed database : databases.values()) {
        databaseCapture().settle(database, byName);
      }
      return List.copyOf(byName.values());
    }
  }

  private DatabaseCapture databaseCapture() {
    return new DatabaseCapture(scan, counts, fileCapture(), deadline);
  }

  private FileCapture fileCapture() {
    return new FileCapture(scan, counts, dictionary, deadline, output);
  }

  /** A directory that the walk is in. */
  private static final class Level {
    private final ScannedEntry scanned;
    private final Directory directory;
    private final List<ScannedEntry> entries;
    private final ListingAhead below;
    private final boolean complete;
    private final TreeReader.Cursor before;
    private TreeEntry nextBefore;
    private int next;

    Level(
        ScannedEntry scanned,
        Directory directory,
        Listing listing,
        ListingAhead below,
        TreeReader.Cursor before,
        TreeEntry nextBefore) {
      this.scanned = scanned;
      this.directory = directory;
      this.entries = listing.entries();
      this.below = below;
      this.complete = listing.complete();
      this.before = before;
      this.nextBefore = nextBefore;
    }

    boolean isSharedMemory(ScannedEntry file) {
      return file(DatabaseCapture.databaseOfSharedMemory(file.name())) >= 0;
    }

    /** Has the database to which a journal belongs looked at with it. */
    void noteDatabaseOf(ScannedEntry file) {
      int database = file(DatabaseCapture.databaseOf(file.name()));
      if (database >= 0) {
        directory.databases.putIfAbsent(
            database, new FileCapture.Changed(entries.get(database), null));
      }
    }

    /** The number of the file of this name, negative if there is none. */
    private int file(byte[] name) {
      int low = name == null ? entries.size() : 0;
      int high = entries.size() - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int order = TreeEntry.compareNames(entries.get(middle).name(), name);
        if (order == 0) {
          return entries.get(middle).type() == EntryType.FILE ? middle : -1;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle - 1;
      }
      return -1;
    }
  }

  /** Captures the component whose root entry this is. */
  TreeEntry capture(ScannedEntry root) throws IOException {
    Workers.Batch batch = workers.newBatch(WAITING_BATCHES);
    try {
      if (root.type() == EntryType.FILE) {
        captureFile(root, batch);
      } else {
        walk(root, batch);
      }
      batch.finish();
    } catch (IOException | RuntimeException | Error e) {
      output.abandon();
      output.pace().stop();
      batch.abandon();
      throw e;
    }
    return result.get();
  }

  private void captureFile(ScannedEntry root, Workers.Batch batch) throws IOException {
    databaseCapture().requireAlone(root);
    visitFile(root, new Slot(null, 0, parent.entry()), batch);
    readPostponed(batch);
    submit(batch);
  }

  private void walk(ScannedEntry root, Workers.Batch batch) throws IOException {
    Deque<Level> path = new ArrayDeque<>();
    path.push(
        enter(new Slot(null, 0, parent.entry()), root, scan.list(root, batch::spread), batch));
    while (!path.isEmpty()) {
      output.pace().check();
      Level level = path.peek();
      if (level.next == level.entries.size()) {
        removeBefore(level, null);
        path.pop();
        level.directory.close();
        continue;
      }
      int number = level.next++;
      ScannedEntry entry = level.entries.get(number);
      TreeEntry before = removeBefore(level, entry.name());
      if (deadline.hasPassed()) {
        carryOver(entry, new Slot(level.directory, number, before));
        continue;
      }
      switch (entry.type()) {
        case DIRECTORY -> {
          Slot slot = new Slot(level.directory, number, before);
          path.push(enter(slot, entry, level.below.list(number), batch));
        }
        case SYMLINK -> {
          TreeEntry link = TreeEntry.symlink(entry.name(), entry.attributes(), entry.linkTarget());
          counts.kept(entry, link, before);
          new Slot(level.directory, number, before).settle(link, result);
        }
        default -> {
          if (level.isSharedMemory(entry)) {
            counts.skipped(entry.display(), "is made anew when its database is opened");
            level.directory.settle(number, null, before);
          } else {
            level.noteDatabaseOf(entry);
            visitFile(entry, new Slot(level.directory, number, before), batch);
          }
        }
      }
    }
    readPostponed(batch);
    submit(batch);
  }

  private void visitFile(ScannedEntry file, Slot slot, Workers.Batch batch) throws IOException {
    TreeEntry unchanged = unchanged(file, slot.before);
    if (unchanged != null) {
      counts.kept(file, unchanged, slot.before);
      slot.settle(unchanged, result);
    } else if (deadline.isSet()) {
      postponed.add(new Postponed(file, slot));
    } else {
      read(file, slot, batch);
    }
  }

  /** With little time the small files come first, and among those of a size the newest. */
  private void readPostponed(Workers.Batch batch) throws IOException {
    postponed.sort(Comparator.comparingLong((Postponed p) -> p.file.attributes().size())
        .thenComparing(p -> p.file.attributes().mtimeSeconds(), Comparator.reverseOrder()));
    for (Postponed one : postponed) {
      if (deadline.hasPassed()) {
        carryOver(one.file, one.slot);
      } else {
        read(one.file, one.slot, batch);
      }
    }
    postponed.clear();
  }

  /** Settles what the deadline did not let be read by what it was in the snapshot before. */
  private void carryOver(ScannedEntry entry, Slot slot) throws IOException {
    TreeEntry before = slot.before;
    TreeEntry carried = null;
    if (before != null && before.type() == EntryType.FILE) {
      carried = TreeEntry.file(entry.name(), before.attributes(), Capture.STALE, before.content());
      counts.carried(carried);
    } else if (before != null && before.type() == entry.type()) {
      carried = before;
    }
    counts.failed(
        entry.display(),
        "not reached before the deadline; "
            + (carried == null
                ? "it is not in this snapshot"
                : "as it was in the snapshot before"));
    slot.settle(carried, result);
  }

  private Level enter(Slot slot, ScannedEntry entry, Listing listing, Workers.Batch batch)
      throws IOException {
    Directory directory = new Directory(slot, entry, listing.entries().size());
    ListingAhead below = new ListingAhead(scan, batch, workers.parallelism(), listing.entries());
    KeyedId node = slot.before == null ? null : slot.before.directory();
    try {
      TreeReader.Cursor cursor = parent.reader().open(node);
      return new Level(entry, directory, listing, below, cursor, cursor.next());
    } catch (CorruptRepositoryException e) {
      directory.change();
      return new Level(entry, directory, listing, below, parent.reader().open(null), null);
    }
  }

  /**
   * Passes what stood before {@code name} in the snapshot before, which is gone now, and gives what
   * stood there under that name, or null.
   */
  private TreeEntry removeBefore(Level level, byte[] name) throws IOException {
    try {
      while (level.nextBefore != null) {
        TreeEntry before = level.nextBefore;
        int order = name == null ? -1 : TreeEntry.compareNames(before.name(), name);
        if (order > 0) {
          return null;
        }
        level.nextBefore = level.before.next();
        if (order == 0) {
          return before;
        }
        level.directory.change();
        if (level.complete) {
          countRemoved(
              before,
              level.scanned.display() + "/" + RawName.display(before.name()),
              scan.isExcluded(level.scanned, before.name()));
        }
      }
    } catch (CorruptRepositoryException e) {
      // The old listing cannot be read to its end: what is left of it counts as new.
      level.nextBefore = null;
      level.directory.change();
    }
    return null;
  }

  private void countRemoved(TreeEntry entry, String path, boolean excluded) throws IOException {
    if (entry.type() != EntryType.DIRECTORY) {
      counts.removed(entry, path, excluded);
      return;
    }
    Deque<TreeReader.Cursor> levels = new ArrayDeque<>();
    levels.push(parent.reader().open(entry.directory()));
    while (!levels.isEmpty()) {
      TreeEntry next = levels.peek().next();
      if (next == null) {
        levels.pop();
      } else if (next.type() == EntryType.DIRECTORY) {
        levels.push(parent.reader().open(next.directory()));
      } else {
        counts.removed(next, path, excluded);
      }
    }
  }

  /** The entry of a file that need not be read, because nothing says that it changed; else null. */
  private TreeEntry unchanged(ScannedEntry file, TreeEntry before) throws IOException {
    if (before == null
        || before.type() != EntryType.FILE
        || file.isLive()
        || before.capture() == Capture.INCONSISTENT
        || before.capture() == Capture.STALE
        || !file.attributes().sameVersion(before.attributes())
        || !isOld(file.attributes())
        || (lossy != null && !isStored(before))) {
      return null;
    }
    return TreeEntry.file(file.name(), file.attributes(), before.capture(), before.content());
  }

  /**
   * Whether the file's last change is so old that the last capture cannot have missed a later one.
   */
  private boolean isOld(Attributes attributes) {
    long changed =
        attributes.ctimeSeconds() != 0 ? attributes.ctimeSeconds() : attributes.mtimeSeconds();
    return Instant.ofEpochSecond(changed)
        .plusSeconds(GRANULARITY_SECONDS)
        .isBefore(parent.started());
  }

  private boolean isStored(TreeEntry file) throws IOException {
    if (!file.content().maps().stream().allMatch(lossy::contains)) {
      return false;
    }
    try {
      for (Extent extent : parent.reader().extents(file)) {
        if (!extent.isHole() && !lossy.contains(extent.blob())) {
          return false;
        }
      }
      return true;
    } catch (CorruptRepositoryException e) {
      return false;
    }
  }

  private void read(ScannedEntry file, Slot slot, Workers.Batch batch) throws IOException {
    FileCapture.Changed changed = new FileCapture.Changed(file, slot.before);
    // A live file is read by a task: an interrupt of this thread would close the channel that the
    // application lent, and nobody interrupts a task.
    if (file.attributes().size() >= BATCH_BYTES && !file.isLive()) {
      fileCapture().capture(changed, batch, captured -> settle(file, slot, captured));
      return;
    }
    files.add(changed);
    slots.add(slot);
    batchBytes += file.attributes().size();
    if (files.size() >= (deadline.isSet() ? HASTY_FILES : BATCH_FILES)
        || batchBytes >= BATCH_BYTES) {
      submit(batch);
    }
  }

  private void submit(Workers.Batch batch) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    List<FileCapture.Changed> batchFiles = files;
    List<Slot> batchSlots = slots;
    files = new ArrayList<>();
    slots = new ArrayList<>();
    batchBytes = 0;
    batch.submit(() -> {
      FileCapture.Result[] captured = fileCapture().capture(batchFiles);
      for (int i = 0; i < captured.length; i++) {
        settle(batchFiles.get(i).file(), batchSlots.get(i), captured[i]);
      }
    });
  }

  private void settle(ScannedEntry file, Slot slot, FileCapture.Result captured)
      throws IOException {
    if (!captured.reached()) {
      carryOver(file, slot);
      return;
    }
    if (captured.entry() != null) {
      counts.kept(file, captured.entry(), slot.before);
    }
    if (captured.isDatabase() && slot.directory != null) {
      slot.directory.databases.put(slot.number, new FileCapture.Changed(file, slot.before));
    }
    slot.settle(captured.entry(), result);
  }
}
