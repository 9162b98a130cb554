package com.personalaichatbot.dr.core.internal.engine.restore.plan;

import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.FileMetadata;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreArea;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreFindings;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.Extent;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.read.BlobReaders;
import com.personalaichatbot.dr.core.internal.read.ContentCheck;
import com.personalaichatbot.dr.core.internal.read.SnapshotTree;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.scan.Glob;
import com.personalaichatbot.dr.core.internal.scan.Listing;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.internal.scan.Outcome;
import com.personalaichatbot.dr.core.internal.scan.ReadBatch;
import com.personalaichatbot.dr.core.internal.scan.Reading;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.session.ProgressMeter;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Workers;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Walks one component of a snapshot beside what is in its place, and decides what has to be done so
 * that the one becomes the other. Planning a restore and carrying it out are the same walk with
 * different takers of its decisions.
 *
 * <p>Nothing is kept but the directories above the current one, one batch of files, and the first
 * names of hard links whose other names are still to come. A directory whose stored listing cannot
 * be read to its end, or that cannot be listed where it is, loses nothing: extras are removed only
 * where both sides are known in full.
 */
public final class RestoreWalk {
  private static final int BATCH = 256;
  private static final int TASK = 16;
  private static final String BLOCKED =
      "a symbolic link is in the place of a directory, and is not followed";
  private static final List<String> DATABASE_SIBLINGS = List.of("-wal", "-shm", "-journal");

  private final Session session;
  private final BlobReaders readers;
  private final RestoreRequest request;
  private final List<Glob> includes;
  private final Set<ByteBuffer> literals = new HashSet<>();
  private final NameFolding folding;
  private final FileMetadata metadata;
  private final RestoreFindings findings;
  private final RestoreDecisions decisions;
  private final ProgressMeter progress;

  private SourceScan scan;
  private Path home;
  private TreeReader tree;
  private final List<RestoreItem> batch = new ArrayList<>();
  private final Map<LinkGroup, First> groups = new HashMap<>();
  private final Set<String> replaceAnyway = new HashSet<>();
  private final Set<Path> siblingsGone = new HashSet<>();
  private boolean matched;

  /** The directories from the component down to where the walk is; how deep is not ours to say. */
  private final Deque<Level> open = new ArrayDeque<>();

  public RestoreWalk(
      Session session,
      BlobReaders readers,
      RestoreRequest request,
      NameFolding folding,
      FileMetadata metadata,
      RestoreFindings findings,
      RestoreDecisions decisions,
      ProgressMeter progress) {
    this.session = session;
    this.readers = readers;
    this.request = request;
    List<Glob> wild = new ArrayList<>();
    for (Glob glob : request.includes().stream().map(Glob::of).toList()) {
      // A recovery names each damaged file, which may be thousands: one look-up for all of them.
      if (glob.isLiteral()) {
        literals.add(ByteBuffer.wrap(glob.literal()));
      } else {
        wild.add(glob);
      }
    }
    this.includes = List.copyOf(wild);
    this.folding = folding;
    this.metadata = metadata;
    this.findings = findings;
    this.decisions = decisions;
    this.progress = progress;
  }

  private record LinkGroup(long device, long inode) {}

  private record First(RestoreItem item, boolean isThere, int namesLeft) {}

  /** A directory that is being walked. */
  private static final class Level {
    private final RestoreDirectory here;
    private final boolean isThere;
    private final Set<String> stored = new HashSet<>();
    private TreeReader.Cursor cursor;
    private boolean complete = true;

    Level(RestoreDirectory here, boolean isThere) {
      this.here = here;
      this.isThere = isThere;
    }
  }

  /**
   * Walks a component.
   *
   * @param root its entry in the snapshot
   * @param there what is in its place, null if nothing; an entry of the scan
   * @return whether anything was selected
   */
  public boolean run(TreeEntry root, SourceScan liveScan, ScannedEntry there) throws IOException {
    scan = liveScan;
    home = there == null ? null : there.path();
    matched = false;
    BlobReader reader = readers.take();
    try {
      tree = new TreeReader(reader);
      entry(new RestoreItem(root.name(), root, there, null));
      while (!open.isEmpty()) {
        Level level = open.peek();
        if (!next(level)) {
          open.pop();
          leave(level);
        }
      }
      flush();
    } finally {
      readers.giveBack(reader);
    }
    return matched;
  }

  private boolean selectsAll() {
    return includes.isEmpty() && literals.isEmpty();
  }

  private void entry(RestoreItem item) throws IOException {
    RestoreDirectory parent = item.parent();
    boolean selected = selectsAll()
        || (parent != null && parent.isSelected())
        || literals.contains(ByteBuffer.wrap(item.place()))
        || includes.stream().anyMatch(glob -> glob.matches(item.place()));
    matched |= selected;
    if (item.entry().type() == EntryType.DIRECTORY) {
      directory(item, selected);
    } else if (selected && parent != null && parent.isBlocked()) {
      findings.failed(item.display(), BLOCKED);
    } else if (selected && clear(item)) {
      if (parent != null) {
        parent.make(decisions);
      }
      batch.add(item);
      if (batch.size() >= BATCH) {
        flush();
      }
    }
  }

  private void directory(RestoreItem item, boolean selected) throws IOException {
    ScannedEntry there = item.there();
    boolean isThere = there != null && there.type() == EntryType.DIRECTORY;
    boolean blocked = there != null && !isThere && !mayReplaceByDirectory(there);
    if (blocked && selected) {
      findings.failed(item.display(), BLOCKED);
      return;
    }
    Map<String, ScannedEntry> live = new LinkedHashMap<>();
    if (isThere) {
      Listing listing = scan.list(there);
      if (!listing.complete()) {
        return; // The scan has listed it as failed.
      }
      for (ScannedEntry entry : listing.entries()) {
        live.put(folding.key(entry.name()), entry);
      }
    }
    RestoreDirectory here = new RestoreDirectory(item, selected, live, blocked);
    if (selected) {
      here.make(decisions);
    }
    open.push(new Level(here, isThere));
  }

  /** Goes on to the next entry of a directory, and says whether there was one that can be read. */
  private boolean next(Level level) throws IOException {
    RestoreDirectory here = level.here;
    byte[] prefix = here.item().place();
    try {
      if (level.cursor == null) {
        level.cursor = tree.open(here.item().entry().directory());
      }
      TreeEntry entry = level.cursor.next();
      if (entry == null) {
        return false;
      }
      byte[] place = SnapshotTree.join(prefix, entry.name());
      String key = folding.key(entry.name());
      if (key.equals(folding.key(RestoreArea.RESERVED))) {
        findings.failed(RawName.display(place), "its name is kept for restores");
      } else if (!NativeNames.isElement(entry.name())) {
        findings.damaged(RawName.display(place), "its name is not a single path element");
      } else if (!level.stored.add(key)) {
        findings.failed(RawName.display(place), NameFolding.CLASH);
      } else {
        entry(new RestoreItem(place, entry, here.live().get(key), here));
      }
      return true;
    } catch (CorruptRepositoryException e) {
      if (here.isSelected() || selectsAll()) {
        findings.damaged(
            RawName.display(prefix), "what it holds cannot be read in full: " + e.getMessage());
      }
      level.complete = false;
      return false;
    }
  }

  /** Ends with a directory, all of whose entries were walked unless some cannot be read. */
  private void leave(Level level) throws IOException {
    RestoreDirectory here = level.here;
    if (level.complete && here.isSelected() && request.deleteExtra()) {
      for (Map.Entry<String, ScannedEntry> extra : here.live().entrySet()) {
        if (!level.stored.contains(extra.getKey())) {
          removeAll(extra.getValue());
        }
      }
    }
    if (here.isMade() && (here.isSelected() || !level.isThere)) {
      decisions.setMetadata(here.item());
    }
  }

  private boolean mayReplaceByDirectory(ScannedEntry there) {
    return request.isInPlace()
        || request.deleteExtra()
        || (request.overwrite() && there.type() == EntryType.FILE);
  }

  /** Makes way for a file or link where a directory is. */
  private boolean clear(RestoreItem item) throws IOException {
    if (item.there() == null || item.there().type() != EntryType.DIRECTORY) {
      return true;
    }
    if (!request.deleteExtra()) {
      findings.failed(
          item.display(), "a directory is in its place; move it away, or delete extras");
      return false;
    }
    return removeAll(item.there());
  }

  private boolean removeAll(ScannedEntry extra) throws IOException {
    if (extra.type() != EntryType.DIRECTORY) {
      remove(extra);
      return true;
    }
    Listing listing = scan.list(extra);
    boolean all = listing.complete();
    if (all) {
      for (ScannedEntry entry : listing.entries()) {
        all &= removeAll(entry);
      }
    }
    if (all) {
      decisions.removeDirectory(extra);
    }
    return all;
  }

  private void remove(ScannedEntry extra) throws IOException {
    String name = RawName.display(extra.name());
    if (DATABASE_SIBLINGS.stream().anyMatch(name::endsWith) && !siblingsGone.add(extra.path())) {
      return;
    }
    findings.remove.incrementAndGet();
    decisions.remove(extra);
  }

  /** Compares the files that were gathered and decides what becomes of each. */
  private void flush() throws IOException {
    List<RestoreItem> live = batch.stream()
        .filter(i -> i.there() != null && i.there().type() == EntryType.FILE)
        .toList();
    Set<RestoreItem> barred = ConcurrentHashMap.newKeySet();
    Set<RestoreItem> same = live.isEmpty() ? Set.of() : compare(live, barred);
    Set<RestoreItem> differ = new HashSet<>();
    for (RestoreItem item : batch) {
      if (barred.contains(item)) {
        continue;
      }
      boolean link = item.entry().type() == EntryType.SYMLINK;
      if (link ? !isSameLink(item) : !same.contains(item)) {
        differ.add(item);
      }
    }
    for (RestoreItem item : batch) {
      if (differ.contains(item) && item.entry().type() == EntryType.FILE) {
        moveSiblings(item, differ, same);
      }
    }
    decide(barred, differ);
    batch.clear();
  }

  /** Whether it is on its way out already, as what belongs to a database. */
  private boolean isGone(ScannedEntry there) {
    return there != null && !siblingsGone.isEmpty() && siblingsGone.contains(there.path());
  }

  private static boolean isSameLink(RestoreItem item) {
    return item.there() != null
        && item.there().type() == EntryType.SYMLINK
        && Arrays.equals(item.there().linkTarget(), item.entry().linkTarget());
  }

  private void decide(Set<RestoreItem> barred, Set<RestoreItem> differ) throws IOException {
    List<RestoreItem> files = new ArrayList<>();
    List<RestoreDecisions.Linked> linked = new ArrayList<>();
    List<RestoreItem> links = new ArrayList<>();
    for (RestoreItem compared : batch) {
      if (barred.contains(compared)) {
        continue;
      }
      RestoreItem item = isGone(compared.there()) ? compared.withNothingThere() : compared;
      if (item != compared) {
        differ.add(item);
      }
      if (item.entry().type() == EntryType.SYMLINK) {
        count(item, differ.contains(item));
        if (differ.contains(item)) {
          links.add(item);
        }
        continue;
      }
      boolean right = !differ.contains(item)
          && (replaceAnyway.isEmpty() || !replaceAnyway.remove(item.display()))
          && !isBrokenOff(item);
      First first = first(item, right);
      if (first != null && first.isThere && sameFile(first.item, item)) {
        right = true;
      } else if (first != null) {
        count(item, true);
        linked.add(new RestoreDecisions.Linked(item, first.item, first.isThere));
        continue;
      }
      count(item, !right);
      if (!right) {
        files.add(item);
        findings.bytesToWrite.addAndGet(bytes(item.entry()));
        noteBrokenLink(item);
      } else if (metadata.differs(item.before(), metadata.wanted(item.entry(), findings))) {
        decisions.setMetadata(item);
      }
    }
    if (!files.isEmpty() || !linked.isEmpty()) {
      decisions.putFiles(files, linked);
    }
    for (RestoreItem link : links) {
      decisions.putLink(link);
    }
  }

  private void count(RestoreItem item, boolean changes) {
    boolean stands = item.there() != null && item.there().type() != EntryType.DIRECTORY;
    (!changes ? findings.unchanged : stands ? findings.replace : findings.create).incrementAndGet();
  }

  /**
   * Whether a file with the right content has another name, through which a change of its mode
   * would be seen. Then it gets a file of its own.
   */
  private boolean isBrokenOff(RestoreItem item) {
    return item.there().attributes().links() > 1
        && metadata.differs(item.before(), metadata.wanted(item.entry(), findings));
  }

  private void noteBrokenLink(RestoreItem item) {
    Attributes before = item.before();
    if (before != null && before.links() > Math.max(1, item.entry().attributes().links())) {
      findings.note(item.display()
          + " had another name outside of what is restored; that keeps the old file");
    }
  }

  /** The name of its group that was decided before, null if this is the first or none exists. */
  private First first(RestoreItem item, boolean right) {
    Attributes recorded = item.entry().attributes();
    if (recorded.links() < 2 || recorded.inode() == 0) {
      return null;
    }
    LinkGroup group = new LinkGroup(recorded.device(), recorded.inode());
    First first = groups.get(group);
    if (first == null) {
      groups.put(group, new First(item, right, recorded.links() - 1));
      return null;
    }
    if (!first.item.entry().content().equals(item.entry().content())) {
      return null;
    }
    if (first.namesLeft == 1) {
      groups.remove(group);
    } else {
      groups.put(group, new First(first.item, first.isThere, first.namesLeft - 1));
    }
    return first;
  }

  private static boolean sameFile(RestoreItem a, RestoreItem b) {
    return a.there() != null
        && b.there() != null
        && b.there().type() == EntryType.FILE
        && a.before().inode() != 0
        && a.before().inode() == b.before().inode()
        && a.before().device() == b.before().device();
  }

  /** What a file takes on the disk without its holes. */
  private long bytes(TreeEntry file) throws IOException {
    try {
      return tree.extents(file).stream()
          .filter(extent -> !extent.isHole())
          .mapToLong(Extent::length)
          .sum();
    } catch (CorruptRepositoryException e) {
      return 0; // It cannot be written, and will be listed.
    }
  }

  /**
   * What belongs to a database that is about to be replaced goes first: its log, read beside
   * another state of it, would be taken for that state's.
   */
  private void moveSiblings(RestoreItem item, Set<RestoreItem> differ, Set<RestoreItem> same)
      throws IOException {
    RestoreDirectory parent = item.parent();
    if (parent == null || parent.live().isEmpty()) {
      return;
    }
    for (String sibling : DATABASE_SIBLINGS) {
      byte[] suffix = sibling.getBytes(StandardCharsets.US_ASCII);
      byte[] name = item.entry().name();
      byte[] siblingName = Arrays.copyOf(name, name.length + suffix.length);
      System.arraycopy(suffix, 0, siblingName, name.length, suffix.length);
      ScannedEntry found = parent.live().get(folding.key(siblingName));
      if (found == null || found.type() != EntryType.FILE) {
        continue;
      }
      RestoreItem inBatch = batch.stream()
          .filter(i -> i.there() != null && i.there().path().equals(found.path()))
          .findFirst()
          .orElse(null);
      if (inBatch != null && same.contains(inBatch)) {
        continue;
      }
      boolean stored = inBatch != null
          || tree.find(parent.item().entry().directory(), siblingName).isPresent();
      if (inBatch != null) {
        differ.add(inBatch);
      } else if (stored) {
        replaceAnyway.add(RawName.display(SnapshotTree.join(parent.item().place(), siblingName)));
      }
      // To a directory nothing is kept, so a sibling that is new is simply replaced.
      if (request.isInPlace() || !stored) {
        remove(found);
      }
    }
  }

  /** The items whose files hold what they should. */
  private Set<RestoreItem> compare(List<RestoreItem> items, Set<RestoreItem> barred)
      throws IOException {
    Set<RestoreItem> same = ConcurrentHashMap.newKeySet();
    Map<ScannedEntry, RestoreItem> byFile = new HashMap<>();
    items.forEach(item -> byFile.put(item.there(), item));
    List<ScannedEntry> files = items.stream().map(RestoreItem::there).toList();
    boolean mayBeClosed = decisions.isBeforeQuiesce();
    ReadBatch reading = mayBeClosed ? scan.tryToBegin(files) : scan.begin(files);
    try {
      barred.addAll(items);
      reading.files().forEach(file -> barred.remove(byFile.get(file)));
      List<RestoreItem> candidates = items.stream()
          .filter(i -> !barred.contains(i) && i.entry().type() == EntryType.FILE)
          .filter(i -> i.there().attributes().size() == i.entry().attributes().size())
          .toList();
      Workers.Batch tasks = session.workers().newBatch(session.workers().parallelism());
      try {
        for (int i = 0; i < candidates.size(); i += TASK) {
          List<RestoreItem> some = candidates.subList(i, Math.min(i + TASK, candidates.size()));
          tasks.submit(() -> compare(reading, some, same));
        }
        tasks.finish();
      } catch (IOException | RuntimeException | Error e) {
        tasks.abandon();
        throw e;
      }
      for (ScannedEntry file : reading.end()) {
        barred.add(byFile.get(file));
        same.remove(byFile.get(file));
      }
    } finally {
      reading.close();
    }
    if (mayBeClosed) {
      barred.forEach(item -> findings.openNow(item.display()));
      barred.clear(); // Not compared, they count as files to be replaced.
    }
    return same;
  }

  private void compare(ReadBatch reading, List<RestoreItem> items, Set<RestoreItem> same)
      throws IOException {
    BlobReader reader = readers.take();
    try (TargetDirectories way = new TargetDirectories(home)) {
      ContentCheck check = new ContentCheck(session.seals().newIdHasher(), readers.index(), reader);
      for (RestoreItem item : items) {
        try {
          Reading bytes = reading.open(item.there(), way);
          if (check.holds(bytes::read, item.entry()) && bytes.finish() == Outcome.CLEAN) {
            same.add(item);
          }
          progress.add(1, item.entry().attributes().size());
        } catch (CorruptRepositoryException e) {
          continue; // Said again, as a failure, when it is to be written.
        } catch (IOException e) {
          // What cannot be read, or not be compared, is replaced.
          findings.note(item.display() + " could not be compared: " + Failures.describe(e));
        }
      }
    } finally {
      readers.giveBack(reader);
    }
  }
}
