package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.journal.Change;
import com.personalaichatbot.dr.core.internal.journal.Journal;
import com.personalaichatbot.dr.core.internal.journal.JournalState;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.scan.FileStat;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.internal.session.Workers;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.internal.store.FileSystemSync;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Why an exchange survives a crash at any point.
 *
 * The journal says, before the first live entry is touched, all that is going to be done; what it needs is staged and forced.
 * Every change is then done in steps of which each can be told from the disk alone, so that doing all of it again from the
 * beginning does nothing twice:
 *
 *   - A staged file exists exactly as long as it has not reached its place. It gets there by one rename, so its place holds
 *     the old entry whole or the new one whole.
 *   - A directory that is new is staged with all that is in it, and gets to its place by one rename too. Where that cannot
 *     be, it is made in its place, and what is in it comes one by one.
 *   - What stood there gets a second name in undo/ before that rename, and so is never gone. Where there are no hard links
 *     it is renamed to undo/ instead, and the place is empty for a moment; where undo/ is on another volume it is copied,
 *     under a temporary name until the copy is forced.
 *   - A file that cannot be renamed over, because it is a mount point, is rewritten in place. A marker says so beforehand,
 *     for what it holds during that time is neither old nor new. The staged file goes last.
 *
 * Once the journal has reached SWAPPING the only way is forward: a later start does it all again, and only then writes DONE.
 * The undo is the same in the other direction, from the last change to the first. There a kept entry exists exactly as long
 * as it has not been put back.
 *
 * What was changed by somebody else in between is never overwritten. Before an exchange everything that is there goes to
 * undo/, whatever it is by then. Before something is put back, what is there is compared with what the exchange had put; if
 * it is anything else it gets a name of its own beside.
 */

/** Exchanges the live entries of one component for staged ones, and back. Not thread-safe. */
public final class Exchange {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  private final Path home;
  private final RestoreArea.Run run;
  private final Journal journal;
  private final FileMetadata metadata;
  private final RestoreFindings findings;
  private final EntryMoves moves;
  private final WritableDirectories writable;
  private final boolean keepsUndo;
  private final boolean isHome;
  private final Path top;
  private final Set<Integer> failed = ConcurrentHashMap.newKeySet();
  private final BitSet arrivedWhole = new BitSet();
  private Path checkedParent;

  public Exchange(Path home, RestoreArea.Run run, Journal journal, RestoreFindings findings) {
    this.home = home;
    this.run = run;
    this.journal = journal;
    this.metadata = new FileMetadata(home.getFileSystem(), findings);
    this.findings = findings;
    this.keepsUndo = journal.opening().keepsUndo();
    this.writable = new WritableDirectories(run.target()::access);
    this.moves = new EntryMoves(run, metadata, findings, keepsUndo);
    this.isHome = journal.opening().top().length == 0;
    this.top = isHome ? home : NativeNames.resolve(home, journal.opening().top());
  }

  @FunctionalInterface
  private interface Step {
    void run(Change change) throws IOException;
  }

  /** Makes room for what is replaced, and forces all that the exchange needs. */
  void prepare() throws IOException {
    if (keepsUndo) {
      Files.createDirectories(run.undoDirectory(), TargetFiles.permissions(home, "rwx------"));
      TargetFiles.force(run.stageDirectory());
      TargetFiles.force(run.access());
      Path made = madeHome() ? home.getRoot() : home;
      Path directory = run.directory();
      do {
        directory = directory.getParent();
        forceIfOurs(run.target().access(directory));
      } while (!directory.equals(made));
    }
  }

  /** What this user may not open was not made by this restore either. */
  private static void forceIfOurs(Path directory) throws IOException {
    try {
      TargetFiles.force(directory);
    } catch (AccessDeniedException e) {
      log.debug("{} was not forced: {}", directory, e.getMessage());
    }
  }

  /** Makes all changes of the journal; those that were made before are left alone. */
  public void swap() throws IOException {
    try (writable) {
      swapAll();
    }
  }

  private void swapAll() throws IOException {
    if (journal.state() != JournalState.SWAPPING) {
      journal.enter(JournalState.SWAPPING);
    }
    for (int i = 0; i < journal.size(); i++) {
      Change change = journal.get(i);
      if (arrivedWhole.get(change.tree())) {
        continue;
      }
      switch (change.kind()) {
        case PUT_FILE -> attempt(change, this::put);
        case MAKE_DIRECTORY -> attempt(change, this::makeDirectory);
        case REMOVE -> attempt(change, this::remove);
        case REMOVE_DIRECTORY -> attempt(change, this::removeDirectory);
        default -> {
          continue;
        }
      }
    }
    each(Change.Kind.PUT_LINK, this::put);
    each(Change.Kind.SET_METADATA, c -> setMetadata(c, c.after()));
    if (keepsUndo) {
      TargetFiles.force(run.undoDirectory());
      forceParents();
    }
    journal.enter(JournalState.DONE);
    if (failed.isEmpty()) {
      TargetFiles.removeTree(run.stageDirectory());
    }
  }

  private void each(Change.Kind kind, Step step) throws IOException {
    for (int i = 0; i < journal.size(); i++) {
      Change change = journal.get(i);
      if (change.kind() == kind) {
        attempt(change, step);
      }
    }
  }

  private void attempt(Change change, Step step) {
    try {
      step.run(change);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      failed.add(change.number());
      findings.failed(display(change), Failures.describe(e));
    }
  }

  private static String display(Change change) {
    return RawName.display(change.place());
  }

  /** Where a change takes place; nothing above it is a link, nor becomes one. */
  private Path live(Change change) throws IOException {
    Path path = TargetFiles.resolve(top, change.place(), 1);
    Path parent = path.getParent();
    if (parent == null) {
      return path;
    }
    Path access = run.target().access(parent);
    if (!path.equals(home)
        && !parent.equals(checkedParent)
        && change.kind() != Change.Kind.SET_METADATA) {
      writable.open(parent);
      checkedParent = parent;
    }
    return access.resolve(path.getFileName());
  }

  private static Optional<FileStat> stat(Path path) throws IOException {
    try {
      return Optional.of(FileStat.read(path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static boolean exists(Path path) throws IOException {
    return Directories.holds(path);
  }

  private void put(Change change) throws IOException {
    Path staged = run.staged(change);
    if (!exists(staged)) {
      return;
    }
    Path live = live(change);
    Optional<FileStat> now = stat(live);
    if (now.isPresent() && now.get().kind() == FileStat.Kind.DIRECTORY) {
      throw new FileSystemException(live.toString(), null, "a directory is in its place");
    }
    if (now.isPresent() && EntryMoves.hasArrived(staged, live)) {
      return;
    }
    if (now.isPresent() && keepsUndo) {
      moves.keep(change, live, now.get());
    }
    moves.over(change, staged, live, change.after());
  }

  private void makeDirectory(Change change) throws IOException {
    Path live = live(change);
    Optional<FileStat> now = stat(live);
    if (now.isPresent() && now.get().kind() == FileStat.Kind.DIRECTORY) {
      return;
    }
    if (now.isPresent()) {
      takeAway(change, live, now.get());
    }
    if (!moveWhole(change, live)) {
      Files.createDirectory(live, TargetFiles.permissions(live, "rwx------"));
    }
  }

  /** Moves a staged tree to its place, if it can be moved; else what is in it comes one by one. */
  private boolean moveWhole(Change change, Path live) throws IOException {
    Path staged = run.staged(change);
    if (change.tree() != change.number() || !exists(staged)) {
      return false;
    }
    try {
      Files.move(staged, live, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      return false;
    }
    arrivedWhole.set(change.tree());
    return true;
  }

  private void remove(Change change) throws IOException {
    Path live = live(change);
    Optional<FileStat> now = stat(live);
    if (now.isPresent() && now.get().kind() == FileStat.Kind.DIRECTORY) {
      throw new FileSystemException(live.toString(), null, "has become a directory");
    }
    if (now.isPresent() && exists(run.kept(change.number()))) {
      findings.note(display(change) + " appeared again meanwhile, and was left");
    } else if (now.isPresent()) {
      takeAway(change, live, now.get());
    }
  }

  private void takeAway(Change change, Path live, FileStat now) throws IOException {
    if (keepsUndo) {
      moves.toUndo(change, live, now);
    }
    Files.deleteIfExists(live);
  }

  private void removeDirectory(Change change) throws IOException {
    Path live = live(change);
    try {
      if (stat(live).filter(s -> s.kind() == FileStat.Kind.DIRECTORY).isPresent()) {
        Files.delete(live);
      }
    } catch (DirectoryNotEmptyException e) {
      throw new FileSystemException(
          live.toString(), null, "is not empty: it holds what no snapshot holds, or what appeared");
    }
  }

  private void setMetadata(Change change, Attributes attributes) throws IOException {
    Path live = live(change);
    FileStat now = FileStat.read(live);
    if (now.kind() == FileStat.Kind.DIRECTORY) {
      boolean exposed = run.target().isExposed(now);
      Path directory = TargetFiles.resolve(top, change.place(), 1);
      Path itself = run.target().access(directory);
      if (exposed && !isSame(change, FileStat.read(itself))) {
        return;
      }
      metadata.apply(itself, change.place(), attributes);
      writable.isSet(directory);
    } else if (now.kind() == FileStat.Kind.FILE) {
      StillFile.use(run, run.target(), change.number(), live, file -> {
        file.requireOneName(live);
        if (!file.exposed() || isSame(change, file.stat())) {
          metadata.apply(file.path(), change.place(), attributes);
        }
        return file;
      });
    }
  }

  /** Where somebody else may exchange an entry, only the one that was compared gets an owner. */
  private boolean isSame(Change change, FileStat now) throws IOException {
    boolean stayed = change.kind() == Change.Kind.SET_METADATA && change.before() != null;
    if (!stayed || change.before().inode() == now.attributes().inode()) {
      return true;
    }
    if (journal.state() == JournalState.UNDOING) {
      findings.note(display(change) + " was exchanged since; its metadata was left");
      return false;
    }
    throw new FileSystemException(
        display(change), null, "somebody replaced it after it was compared; it was left as is");
  }

  /** Whether a file is in the place of a directory, or of one above it. */
  private static boolean hasGivenWay(Path directory) {
    Path at = directory;
    while (at != null && !Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS)) {
      at = at.getParent();
    }
    return at != null;
  }

  /** Makes durable what was renamed: each directory in which something changed. */
  private void forceParents() throws IOException {
    boolean synced = journal.size() > FileSystemSync.FEW && FileSystemSync.sync(home);
    long device = FileStat.read(run.access()).attributes().device();
    Path last = null;
    for (int i = 0; i < journal.size(); i++) {
      Change change = journal.get(i);
      if (change.kind() == Change.Kind.SET_METADATA || synced && arrivedWhole.get(change.tree())) {
        continue;
      }
      Path parent = null;
      try {
        parent = TargetFiles.resolve(top, change.place(), 1).getParent();
        if (parent.equals(last)) {
          continue;
        }
        Path access = run.target().access(parent);
        if (!synced || FileStat.read(access).attributes().device() != device) {
          TargetFiles.force(access);
        }
        last = parent;
      } catch (FileSystemException e) {
        // A directory that has gone, or gave way to a file, is made durable with its parent.
        if (parent != null && !(e instanceof NoSuchFileException) && !hasGivenWay(parent)) {
          findings.note(parent + " may not be durable: " + Failures.describe(e));
        }
      }
    }
  }

  /** Compares what now is in the places of files and links with what was put there. */
  public void verify(Workers workers) throws IOException {
    new ReadBack(home, top, run, journal, findings).run(workers, failed);
  }

  /** Takes back from the counts what was to be done and failed. */
  public void uncountFailed() throws IOException {
    for (int i = 0; i < journal.size() && !failed.isEmpty(); i++) {
      Change change = journal.get(i);
      if (failed.contains(change.number())) {
        findings.takeBack(change);
      }
    }
  }

  /** Puts back what was replaced; what was put back before is left alone. */
  void undo() throws IOException {
    if (journal.state() == JournalState.UNDONE) {
      return;
    }
    try (writable) {
      undoAll();
    }
  }

  private void undoAll() throws IOException {
    if (journal.state() != JournalState.UNDOING) {
      journal.enter(JournalState.UNDOING);
    }
    for (int i = journal.size() - 1; i >= 0; i--) {
      Change change = journal.get(i);
      switch (change.kind()) {
        case PUT_FILE, PUT_LINK -> attempt(change, this::takeBack);
        case REMOVE -> attempt(change, this::bringBack);
        case MAKE_DIRECTORY -> attempt(change, this::unmakeDirectory);
        case REMOVE_DIRECTORY -> attempt(change, this::remakeDirectory);
        default -> {
          continue;
        }
      }
    }
    for (int i = 0; i < journal.size(); i++) {
      Change change = journal.get(i);
      boolean had = change.kind() == Change.Kind.SET_METADATA
          || change.kind() == Change.Kind.REMOVE_DIRECTORY;
      if (had && change.before() != null) {
        attempt(change, c -> setMetadata(c, c.before()));
      }
    }
    forceParents();
    if (failed.isEmpty()) {
      journal.enter(JournalState.UNDONE);
    }
  }

  /** Whether the restore had to make the component's own directory. */
  boolean madeHome() throws IOException {
    if (!isHome || journal.size() == 0) {
      return false;
    }
    Change first = journal.get(0);
    return first.kind() == Change.Kind.MAKE_DIRECTORY
        && first.before() == null
        && TargetFiles.elements(first.place()) == 1;
  }

  /** Whether the directory that a change was made in has been undone, and the change with it. */
  private boolean isUndoneAbove(Change change) throws IOException {
    if (exists(run.kept(change.number()))) {
      return false;
    }
    try {
      live(change);
      return false;
    } catch (IOException e) {
      // Undone only if no directory is there: one that cannot be reached just now is a failure.
      Path parent = TargetFiles.resolve(top, change.place(), 1).getParent();
      if (Directories.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      return true;
    }
  }

  private void takeBack(Change change) throws IOException {
    if (isUndoneAbove(change)) {
      return;
    }
    Path live = live(change);
    Path kept = run.kept(change.number());
    Optional<FileStat> now = stat(live);
    if (exists(run.staged(change))) {
      // It never got to its place.
      if (exists(kept) && now.isPresent()) {
        Files.delete(kept);
      } else if (exists(kept)) {
        moves.over(change, kept, live, FileStat.read(kept).attributes());
      }
      return;
    }
    if (!exists(kept)) {
      if (change.before() == null && now.isPresent()) {
        if (ReadBack.isAsPut(run, run.target(), change, live, now.get())) {
          Files.delete(live);
          findings.remove.incrementAndGet();
        } else {
          moves.aside(change, live);
        }
      }
      return;
    }
    if (now.isPresent() && EntryMoves.hasArrived(kept, live)) {
      return;
    }
    FileStat old = FileStat.read(kept);
    if (now.isPresent() && !ReadBack.isAsPut(run, run.target(), change, live, now.get())) {
      moves.aside(change, live);
    }
    moves.over(change, kept, live, old.attributes());
    findings.replace.incrementAndGet();
  }

  private void bringBack(Change change) throws IOException {
    Path kept = run.kept(change.number());
    if (!exists(kept)) {
      return;
    }
    Path live = live(change);
    if (exists(live) && EntryMoves.hasArrived(kept, live)) {
      return;
    }
    FileStat old = FileStat.read(kept);
    if (exists(live)) {
      moves.aside(change, live);
    }
    moves.over(change, kept, live, old.attributes());
    findings.create.incrementAndGet();
  }

  private void unmakeDirectory(Change change) throws IOException {
    if (isUndoneAbove(change)) {
      return;
    }
    Path live = live(change);
    Path kept = run.kept(change.number());
    Optional<FileStat> now = stat(live);
    boolean directory = now.isPresent()
        && now.get().kind() == FileStat.Kind.DIRECTORY
        && !TargetFiles.resolve(top, change.place(), 1).equals(home);
    if (directory && (change.before() == null || exists(kept))) {
      try {
        Files.delete(live);
        now = Optional.empty();
      } catch (DirectoryNotEmptyException e) {
        if (!exists(kept)) {
          findings.note(display(change) + " was left, for it holds what came there since");
        }
      }
    }
    if (exists(kept)) {
      if (now.isPresent()) {
        moves.aside(change, live);
      }
      moves.over(change, kept, live, FileStat.read(kept).attributes());
      findings.replace.incrementAndGet();
    }
  }

  private void remakeDirectory(Change change) throws IOException {
    Path live = live(change);
    Optional<FileStat> now = stat(live);
    if (now.isPresent() && now.get().kind() == FileStat.Kind.DIRECTORY) {
      return;
    }
    if (now.isPresent()) {
      moves.aside(change, live);
    }
    Files.createDirectory(live, TargetFiles.permissions(live, "rwx------"));
  }
}
