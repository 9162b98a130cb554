package com.personalaichatbot.dr.core.internal.engine.backup;

import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.compress.Dictionary;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.Capture;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobIndex;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.scan.Listing;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.internal.session.Workers;
import com.personalaichatbot.dr.core.internal.write.Deadline;
import com.personalaichatbot.dr.core.internal.write.PackOutput;
import com.personalaichatbot.dr.core.internal.write.Parents;
import com.personalaichatbot.dr.core.internal.write.Youth;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.crypto.KeyedId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Captures one component: one thread walks its directories and reads its large files, tasks read
 * the small ones and store what was cut from the large.
 *
 * <p>The walk goes depth first and compares each directory with the same one in the snapshot
 * before, both in the order of their names. A file that is unchanged by its attributes keeps the
 * content that it has there; the others go to tasks in small batches. A directory is written by
 * whoever settles its last entry, so nothing waits for anything but room in the queue. The walk
 * holds no more than the directories that it is in and those whose files are still being read.
 */
final class TreeCapture {
  private static final int BATCH_FILES = 128;
  private static final int HASTY_FILES = 16;
  private static final long BATCH_BYTES = 4 << 20;
  private static final int WAITING_BATCHES = 8;

  /** So often a file is read again at the end, a large one less often. */
  private static final int READINGS = 5;

  private static final int READINGS_OF_LARGE = 2;

  private final Workers workers;
  private final SourceScan scan;
  private final BackupCounts.OfComponent counts;
  private final PackOutput output;
  private final Dictionary dictionary;
  private final Parents.Parent parent;
  private final BlobIndex lossy;
  private final Deadline deadline;
  private final Youth youth;
  private final List<Postponed> postponed = new ArrayList<>();
  private final Queue<Restless> restless = new ConcurrentLinkedQueue<>();
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
    this.youth = output.youth();
  }

  /**
   * A place where an entry is to go, and what stood there before.
   *
   * @param directory null for the component itself
   * @param number among the entries that the directory listed, or {@link #UNLISTED}
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

  /** The number of an entry that the listing of its directory does not hold. */
  private static final int UNLISTED = -1;

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
    private final Queue<TreeEntry> unlisted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open;
    private final Map<ByteBuffer, FileCapture.Changed> databases = new ConcurrentHashMap<>();
    private final Set<ByteBuffer> doubtful = ConcurrentHashMap.newKeySet();
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

    /** Makes room for an entry that was not listed. */
    Slot newSlot(TreeEntry before) {
      open.incrementAndGet();
      return new Slot(this, UNLISTED, before);
    }

    /**
     * Settles one entry, null if none exists, and writes the directory if that was the last.
     *
     * @param before what stood there before; the very same object if nothing changed
     */
    void settle(int at, TreeEntry entry, TreeEntry before) throws IOException {
      if (at != UNLISTED) {
        entries[at] = entry;
      } else if (entry != null) {
        unlisted.add(entry);
      }
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
      if (!unlisted.isEmpty()) {
        present.addAll(unlisted);
        present.sort((a, b) -> TreeEntry.compareNames(a.name(), b.name()));
      }
      return output.writeDirectory(databases.isEmpty() ? present : settleDatabases(present));
    }

    private List<TreeEntry> settleDatabases(List<TreeEntry> present) throws IOException {
      NavigableMap<byte[], TreeEntry> byName = new TreeMap<>(TreeEntry::compareNames);
      present.forEach(entry -> byName.put(entry.name(), entry));
      for (FileCapture.Changed database : databases.values()) {
        databaseCapture().settle(database, doubtful, byName);
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
    private Boolean young;
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
    void noteDatabaseOf(byte[] journal) {
      byte[] name = DatabaseCapture.databaseOf(journal);
      int database = file(name);
      if (database >= 0) {
        directory.databases.putIfAbsent(
            ByteBuffer.wrap(name), new FileCapture.Changed(entries.get(database), null));
      }
    }

    /** The number of the file of this name, negative if none exists. */
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
    settleRestless(batch);
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
            counts.skipped(entry.display(), "is rebuilt when its database is opened");
            level.directory.settle(number, null, before);
          } else {
            level.noteDatabaseOf(entry.name());
            visitFile(entry, new Slot(level.directory, number, before), batch);
          }
        }
      }
    }
    readPostponed(batch);
    submit(batch);
    settleRestless(batch);
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
    boolean isCarried = before != null && before.type() == entry.type();
    counts.failed(
        entry.display(),
        "not reached before the deadline; "
            + (isCarried ? "as it was in the snapshot before" : "it is not in this snapshot"));
    settleAsBefore(slot, entry.type());
  }

  /**
   * Settles what could not be read, which has been listed, by what it was in the snapshot before.
   *
   * @param type what it is now
   */
  private void settleAsBefore(Slot slot, EntryType type) throws IOException {
    TreeEntry before = slot.before;
    if (before == null || before.type() != type) {
      slot.settle(null, result);
    } else if (type != EntryType.FILE) {
      slot.settle(before, result);
    } else {
      TreeEntry carried =
          TreeEntry.file(before.name(), before.attributes(), Capture.STALE, before.content());
      counts.carried(carried);
      slot.settle(carried, result);
    }
  }

  private Level enter(Slot slot, ScannedEntry entry, Listing listing, Workers.Batch batch)
      throws IOException {
    Directory directory = new Directory(slot, entry, listing.entries().size());
    Level level = enter(directory, entry, listing, batch);
    listing.excludedJournals().forEach(level::noteDatabaseOf);
    return level;
  }

  private Level enter(Directory directory, ScannedEntry entry, Listing listing, Workers.Batch batch)
      throws IOException {
    ListingAhead below = new ListingAhead(scan, batch, workers.parallelism(), listing.entries());
    TreeEntry stored = directory.slot.before;
    KeyedId node = stored == null ? null : stored.directory();
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
        settleMissing(level, before);
      }
    } catch (CorruptRepositoryException e) {
      // The old listing cannot be read to its end: what is left of it counts as new.
      level.nextBefore = null;
      level.directory.change();
    }
    return null;
  }

  /**
   * Settles an entry of the snapshot before that the listing of its directory does not hold. If the
   * directory could not be listed whole, it is carried over. If the directory has changed just now,
   * the entry may have been renamed away for a moment, and is looked for again at the end.
   */
  private void settleMissing(Level level, TreeEntry before) throws IOException {
    boolean isExcluded = scan.isExcluded(level.scanned, before.name());
    if (!level.complete && !isExcluded) {
      settleAsBefore(level.directory.newSlot(before), before.type());
    } else if (!isExcluded && before.type() == EntryType.FILE && isYoung(level)) {
      restless.add(new Restless(level.scanned, level.directory.newSlot(before)));
    } else {
      level.directory.change();
      if (level.complete) {
        countRemoved(before, pathOf(level.scanned, before), isExcluded);
      }
    }
  }

  private static String pathOf(ScannedEntry directory, TreeEntry entry) {
    return directory.display() + "/" + RawName.display(entry.name());
  }

  /** Whether a directory has changed just now, as far as can be told. */
  private boolean isYoung(Level level) {
    if (level.young == null) {
      try {
        level.young = scan.refresh(level.scanned)
            .map(now -> youth.doubt(now.attributes(), youth.now()) != Youth.Doubt.NONE)
            .orElse(true);
      } catch (IOException e) {
        level.young = true;
      }
    }
    return level.young;
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
        || !before.capture().isProof()
        || scan.isMapped(file)
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
    return attributes.lastChange().isBefore(parent.started().minus(Youth.GRANULARITY));
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
    switch (captured.state()) {
      case SETTLED -> accept(file, slot, captured);
      case FAILED -> settleAsBefore(slot, EntryType.FILE);
      case NOT_REACHED -> carryOver(file, slot);
      default -> {
        if (isLookedAtWithItsDatabase(file, slot, captured)) {
          if (captured.state() != FileCapture.State.YOUNG) {
            slot.directory.doubtful.add(ByteBuffer.wrap(file.name()));
          }
          accept(file, slot, captured);
        } else {
          settleLater(new Restless(file, slot, captured));
        }
      }
    }
  }

  /**
   * Whether a file is part of a database, which is looked at as a whole when all of its directory
   * is captured: every moment at which nothing changed is good. Live files are only read in tasks,
   * which is not sure there.
   */
  private static boolean isLookedAtWithItsDatabase(
      ScannedEntry file, Slot slot, FileCapture.Result captured) {
    if (slot.directory == null || file.isLive()) {
      return false;
    }
    Map<ByteBuffer, FileCapture.Changed> databases = slot.directory.databases;
    byte[] database = DatabaseCapture.databaseOf(file.name());
    return database != null && databases.containsKey(ByteBuffer.wrap(database))
        || captured.entry() != null
            && (captured.isDatabase() || databases.containsKey(ByteBuffer.wrap(file.name())));
  }

  private void accept(ScannedEntry file, Slot slot, FileCapture.Result captured)
      throws IOException {
    TreeEntry entry = captured.entry();
    if (entry != null) {
      counts.kept(file, entry, slot.before);
      counts.looked(file, captured.look());
    }
    if (captured.isDatabase() && slot.directory != null) {
      slot.directory.databases.put(
          ByteBuffer.wrap(entry.name()), new FileCapture.Changed(file, slot.before));
    }
    slot.settle(entry, result);
  }

  // ------------------------------------------------------------ what is looked at again at the end

  /**
   * A file of which it is not known yet whether what was read of it is whole. Used by one thread at
   * a time.
   */
  private static final class Restless {
    private final ScannedEntry directory;
    private final Slot slot;
    private final ScannedEntry listed;
    private ScannedEntry file;
    private FileCapture.Result last;
    private long since = System.nanoTime();
    private int quietLooks;
    private int readings;
    private boolean isReplaced;
    private boolean isRenamed;

    /** A file that was read, or was gone when it was to be read. */
    Restless(ScannedEntry file, Slot slot, FileCapture.Result last) {
      this.directory = null;
      this.slot = slot;
      this.listed = file;
      this.file = file;
      this.last = last;
    }

    /** A file that was in the snapshot before and is not in the listing of its directory. */
    Restless(ScannedEntry directory, Slot slot) {
      this.directory = directory;
      this.slot = slot;
      this.listed = null;
    }

    /** Returns to the name that it was listed under, when what was followed from there is gone. */
    void followNoMore() {
      file = listed;
      last = null;
      quietLooks = 0;
      isRenamed = false;
    }

    /** When to look at it again; each time four times as long after it was read. */
    long due() {
      return since + (Youth.LOOK_AFTER << 2 * quietLooks);
    }

    boolean isGone() {
      return last == null || last.state() == FileCapture.State.GONE;
    }

    /**
     * In how many looks it has to be as it was read. One that is empty, or became shorter, may be
     * half written by a writer who does not get on; one that was there before may come back.
     */
    int neededLooks() {
      TreeEntry before = slot.before;
      boolean wasFile = before != null && before.type() == EntryType.FILE;
      if (isGone()) {
        return wasFile ? 2 : 1;
      }
      if (last.isUnmeasured()) {
        return 1;
      }
      long size = last.seen().size();
      boolean isExpected =
          wasFile ? before.capture().isProof() && size >= before.attributes().size() : size > 0;
      return isExpected ? 1 : 3;
    }

    String display() {
      return file != null ? file.display() : pathOf(directory, slot.before);
    }
  }

  private void settleLater(Restless one) throws IOException {
    int most = one.file.attributes().size() < BATCH_BYTES ? READINGS : READINGS_OF_LARGE;
    boolean isLarge = most == READINGS_OF_LARGE;
    boolean isMoving = one.last.state() == FileCapture.State.MOVING;
    if (one.readings >= most || isLarge && isMoving && one.readings == 0) {
      giveUp(one, "was changed each time it was read");
    } else {
      restless.add(one);
    }
  }

  /**
   * Looks again at the files that may have been read in the midst of a change, each a while after
   * it was read, and reads again those that have changed. In tasks, because live files are read
   * there, and so are databases when the last entry of their directory is settled.
   */
  private void settleRestless(Workers.Batch batch) throws IOException {
    batch.finish();
    while (!restless.isEmpty()) {
      List<Restless> due = awaitDue();
      for (int from = 0; from < due.size(); from += HASTY_FILES) {
        List<Restless> some = due.subList(from, Math.min(from + HASTY_FILES, due.size()));
        batch.submit(() -> lookAgain(some));
      }
      batch.finish();
    }
  }

  private List<Restless> awaitDue() throws IOException {
    long first = restless.stream().mapToLong(Restless::due).min().orElseThrow();
    long nanos = Math.min(first - System.nanoTime(), deadline.remaining());
    if (nanos > 0) {
      output.pace().pause(nanos);
    }
    output.pace().check();
    long now = System.nanoTime();
    List<Restless> due = new ArrayList<>();
    for (Iterator<Restless> all = restless.iterator(); all.hasNext(); ) {
      Restless one = all.next();
      if (one.due() <= now || deadline.hasPassed()) {
        due.add(one);
        all.remove();
      }
    }
    return due;
  }

  private void lookAgain(List<Restless> due) throws IOException {
    List<Restless> moved = new ArrayList<>();
    for (Restless one : due) {
      output.pace().check();
      if (deadline.hasPassed()) {
        giveUp(one, "was being changed, and the deadline left no time to read it again");
      } else if (!settleIfAtRest(one)) {
        moved.add(one);
      }
    }
    for (boolean isReplaced : new boolean[] {false, true}) {
      List<Restless> some =
          moved.stream().filter(one -> one.isReplaced == isReplaced).toList();
      FileCapture capture = fileCapture().once();
      FileCapture.Result[] results = (isReplaced ? capture.lingering() : capture)
          .capture(some.stream()
              .map(one -> new FileCapture.Changed(one.file, one.slot.before, one.last))
              .toList());
      for (int i = 0; i < results.length; i++) {
        compare(some.get(i), results[i]);
      }
    }
  }

  /** Looks at a file; gives false if it has to be read again. */
  private boolean settleIfAtRest(Restless one) throws IOException {
    Optional<ScannedEntry> now;
    try {
      now = one.file != null
          ? scan.refresh(one.file)
          : scan.find(one.directory, one.slot.before.name());
    } catch (IOException e) {
      counts.failed(one.display(), Failures.describe(e));
      settleAsBefore(one.slot, EntryType.FILE);
      return true;
    }
    if (now.isEmpty() && one.isRenamed) {
      one.followNoMore();
      return settleIfAtRest(one);
    }
    if (now.isEmpty() && one.isGone()) {
      if (++one.quietLooks < one.neededLooks()) {
        restless.add(one);
      } else {
        settleGone(one);
      }
      return true;
    }
    if (now.isEmpty()) {
      one.last = null;
      one.quietLooks = 0;
      one.since = System.nanoTime();
      restless.add(one);
      return true;
    }
    one.file = now.get();
    if (one.file.type() != EntryType.FILE) {
      settleAsOther(one);
      return true;
    }
    followIfRenamed(one);
    if (one.last == null || one.last.state() != FileCapture.State.YOUNG || !isStill(one)) {
      return false;
    }
    if (++one.quietLooks < one.neededLooks()) {
      restless.add(one);
    } else {
      accept(one.file, one.slot, one.last);
    }
    return true;
  }

  /**
   * If another file has the name of one that was read, looks for that one under another name: it is
   * whole, and is kept under the name that it had when its directory was listed. The other file is
   * read where its own name is met.
   */
  private void followIfRenamed(Restless one) throws IOException {
    Attributes read = one.last == null ? null : one.last.seen();
    if (read == null || FileCapture.isSameFile(one.file.attributes(), read)) {
      return;
    }
    one.isReplaced = true;
    try {
      Optional<ScannedEntry> renamed =
          scan.follow(one.file, read).filter(other -> isTheSame(one, other.attributes()));
      if (renamed.isPresent()) {
        one.file = renamed.get();
        one.isRenamed = true;
        one.isReplaced = false;
      }
    } catch (IOException e) {
      // The file that has the name now is read.
      return;
    }
  }

  /**
   * Whether a file with the inode of one that was read is that one: the inode of a file that is
   * gone is given to the next that is made. What is not appended to has kept its size and time.
   */
  private boolean isTheSame(Restless one, Attributes now) {
    Attributes read = one.last.seen();
    boolean grows = scan.isAppendOnly(one.file) || one.last.mayBeOfLines();
    return hasMovedOnly(now, read) || grows && now.size() >= read.size();
  }

  /** A rename moves the change time only. */
  private static boolean hasMovedOnly(Attributes now, Attributes read) {
    return now.size() == read.size()
        && now.mtimeSeconds() == read.mtimeSeconds()
        && now.mtimeNanos() == read.mtimeNanos();
  }

  private boolean isStill(Restless one) {
    Attributes now = one.file.attributes();
    Attributes read = one.last.seen();
    boolean isSameFile = FileCapture.isSameFile(now, read);
    boolean hasGrown = scan.isAppendOnly(one.file) && now.size() >= read.size();
    return isSameFile
        && (hasGrown || one.isRenamed && hasMovedOnly(now, read) || now.sameVersion(read));
  }

  private void settleGone(Restless one) throws IOException {
    if (one.slot.directory == null) {
      counts.failed(one.display(), "vanished before it was read");
      settleAsBefore(one.slot, EntryType.FILE);
      return;
    }
    if (one.file == null) {
      countRemoved(one.slot.before, one.display(), false);
    } else {
      counts.skipped(one.display(), "vanished before it was read");
    }
    one.slot.settle(null, result);
  }

  private void settleAsOther(Restless one) throws IOException {
    ScannedEntry now = one.file;
    if (now.type() == EntryType.SYMLINK) {
      TreeEntry link = TreeEntry.symlink(now.name(), now.attributes(), now.linkTarget());
      counts.kept(now, link, one.slot.before);
      one.slot.settle(link, result);
    } else {
      counts.failed(one.display(), "became a directory while it was read");
      settleAsBefore(one.slot, EntryType.FILE);
    }
  }

  /** Takes what another reading came to. */
  private void compare(Restless one, FileCapture.Result now) throws IOException {
    FileCapture.Result last = one.last;
    one.last = now;
    one.readings++;
    one.quietLooks = 0;
    one.since = System.nanoTime();
    switch (now.state()) {
      case SETTLED -> accept(one.file, one.slot, now);
      case FAILED -> settleAsBefore(one.slot, EntryType.FILE);
      case NOT_REACHED ->
        giveUp(one, "was being changed, and the deadline left no time to read it");
      case UNPROVEN, YOUNG -> {
        if (last != null
            && last.state() == FileCapture.State.UNPROVEN
            && now.holdsTheSameAs(last)) {
          one.last = now.confirming(last).asYoung();
          one.quietLooks = 1;
          if (one.quietLooks < one.neededLooks()) {
            restless.add(one);
          } else {
            accept(one.file, one.slot, now.confirming(last));
          }
        } else {
          settleLater(one);
        }
      }
      default -> settleLater(one);
    }
  }

  /** Settles a file that never was at rest by what was read of it, and lists it. */
  private void giveUp(Restless one, String reason) throws IOException {
    counts.failed(one.display(), reason);
    TreeEntry read = one.last == null ? null : one.last.entry();
    if (read == null) {
      settleAsBefore(one.slot, EntryType.FILE);
      return;
    }
    TreeEntry entry =
        TreeEntry.file(read.name(), read.attributes(), Capture.INCONSISTENT, read.content());
    counts.kept(one.file, entry, one.slot.before);
    one.slot.settle(entry, result);
  }
}
