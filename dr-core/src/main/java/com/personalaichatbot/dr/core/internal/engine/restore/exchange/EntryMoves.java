package com.personalaichatbot.dr.core.internal.engine.restore.exchange;

import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.journal.Change;
import com.personalaichatbot.dr.core.internal.scan.FileStat;
import com.personalaichatbot.dr.core.internal.scan.HeldDirectory;
import com.personalaichatbot.dr.core.internal.scan.HeldFile;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.store.Directories;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Moves entries of one restore between the stage, their places and the undo, also where a plain
 * rename cannot do it: between volumes, and over a file that is a mount point. Not thread-safe.
 */
final class EntryMoves {
  private static final String ASIDE = ".after-restore";

  /** As a rename does on every disk; some other file systems want the second said. */
  private static final CopyOption[] REPLACING = {
    StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING
  };

  private final RestoreArea.Run run;
  private final FileMetadata metadata;
  private final RestoreFindings findings;
  private final boolean keepsUndo;

  EntryMoves(
      RestoreArea.Run run, FileMetadata metadata, RestoreFindings findings, boolean keepsUndo) {
    this.run = run;
    this.metadata = metadata;
    this.findings = findings;
    this.keepsUndo = keepsUndo;
  }

  /** Gives what is in a place a second name, under which it is kept. */
  void keep(Change change, Path live, FileStat now) throws IOException {
    Path kept = run.kept(change.number());
    if (exists(kept)) {
      if (!exists(run.rewriting(change.number())) && !isCopy(kept, now)) {
        aside(change, live);
      }
      return;
    }
    if (change.before() != null && !isSame(now.attributes(), change.before())) {
      findings.note(RawName.display(change.place())
          + " changed after it was compared; the undo keeps what it was at last");
    }
    if (now.kind() == FileStat.Kind.SYMLINK) {
      NativeNames.createSymlink(kept, NativeNames.linkTarget(live));
      metadata.applyToLink(kept, change.place(), now.attributes());
      return;
    }
    try {
      Files.createLink(kept, live);
    } catch (UnsupportedOperationException | FileSystemException e) {
      toUndo(change, live, now);
    }
  }

  private static boolean isSame(Attributes now, Attributes before) {
    return now.size() == before.size()
        && now.inode() == before.inode()
        && now.mtimeSeconds() == before.mtimeSeconds()
        && now.mtimeNanos() == before.mtimeNanos();
  }

  private static boolean isCopy(Path kept, FileStat now) throws IOException {
    FileStat stat = FileStat.read(kept);
    Attributes a = stat.attributes();
    Attributes b = now.attributes();
    boolean linked = a.inode() != 0 && a.inode() == b.inode() && a.device() == b.device();
    return linked
        || (stat.kind() == now.kind()
            && (stat.kind() == FileStat.Kind.SYMLINK
                || (a.size() == b.size()
                    && a.mtimeSeconds() == b.mtimeSeconds()
                    && a.mtimeNanos() == b.mtimeNanos())));
  }

  /** Without hard links: one rename, or where undo is on another volume a copy; live may stay. */
  void toUndo(Change change, Path live, FileStat now) throws IOException {
    Path kept = run.kept(change.number());
    try {
      Files.move(live, kept, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      copy(change, live, kept, now);
    } catch (FileSystemException e) {
      if (!MountPoints.contains(live)) {
        throw e;
      }
      copy(change, live, kept, now);
    }
  }

  /** A forced copy with the same attributes, which appears under its name when it is whole. */
  private void copy(Change change, Path from, Path to, FileStat what) throws IOException {
    Path part = to.resolveSibling(to.getFileName() + ".part");
    Files.deleteIfExists(part);
    if (what.kind() == FileStat.Kind.SYMLINK) {
      NativeNames.createSymlink(part, NativeNames.linkTarget(from));
      metadata.applyToLink(part, change.place(), what.attributes());
    } else if (what.kind() == FileStat.Kind.FILE) {
      StillFile.use(run, run.target(), change.number(), from, still -> {
        transfer(still.path(), part, StandardOpenOption.CREATE_NEW);
        metadata.apply(part, change.place(), still.stat().attributes());
        return still;
      });
      TargetFiles.forceFile(part);
    } else {
      throw new FileSystemException(
          from.toString(), null, "is " + what.kind() + " and cannot be kept on another volume");
    }
    Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Copies content; {@code how} is CREATE_NEW, or WRITE over what is there. */
  private static void transfer(Path from, Path to, StandardOpenOption how) throws IOException {
    Set<OpenOption> options = new HashSet<>(List.of(how, StandardOpenOption.WRITE));
    options.addAll(List.of(HeldFile.links(to)));
    Set<OpenOption> reading = new HashSet<>(List.of(StandardOpenOption.READ));
    reading.addAll(List.of(HeldFile.links(from)));
    try (FileChannel in = FileChannel.open(from, reading);
        FileChannel out = FileChannel.open(to, options, TargetFiles.permissions(to, "rw-------"))) {
      long size = in.size();
      for (long at = 0; at < size; ) {
        long count = in.transferTo(at, Math.min(size - at, 1 << 20), out.position(at));
        if (count <= 0) {
          throw new FileSystemException(from.toString(), null, "became shorter while it was read");
        }
        at += count;
      }
      out.truncate(size);
      out.force(true);
    } catch (IOException e) {
      throw HeldDirectory.naming(to, e);
    }
  }

  /** Moves a staged or kept entry to its place, over what is there. */
  void over(Change change, Path from, Path live, Attributes attributes) throws IOException {
    try {
      Files.move(from, live, REPLACING);
    } catch (AtomicMoveNotSupportedException e) {
      if (MountPoints.contains(live)) {
        rewrite(change, from, live, attributes);
      } else {
        overAcross(change, from, live);
      }
    } catch (FileSystemException e) {
      if (!MountPoints.contains(live)) {
        throw e;
      }
      rewrite(change, from, live, attributes);
    }
  }

  /** To another volume, by way of a directory beside that nobody else may look into. */
  private void overAcross(Change change, Path from, Path live) throws IOException {
    Path beside = live.resolveSibling(".dr-restore-" + change.number());
    try {
      Files.createDirectory(beside, TargetFiles.permissions(beside, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      // Left by an exchange that was broken off, if it is ours.
    }
    FileStat stat = FileStat.read(beside);
    if (stat.kind() != FileStat.Kind.DIRECTORY || !TargetDirectories.isOurs(stat)) {
      throw new FileSystemException(beside.toString(), null, "is not what this restore made");
    }
    try (HeldDirectory held =
        HeldDirectory.isOffered(beside) ? HeldDirectory.open(beside, stat) : null) {
      Path copy = (held == null ? beside : held.path()).resolve("copy");
      Files.deleteIfExists(copy);
      copy(change, from, copy, FileStat.read(from));
      Files.move(copy, live, REPLACING);
    }
    Files.deleteIfExists(beside);
    Files.delete(from);
  }

  /** The last resort, for a file that is a mount point and cannot be renamed over. */
  private void rewrite(Change change, Path from, Path live, Attributes attributes)
      throws IOException {
    FileStat now = FileStat.read(live);
    if (now.kind() != FileStat.Kind.FILE || FileStat.read(from).kind() != FileStat.Kind.FILE) {
      throw new FileSystemException(live.toString(), null, "is a mount point and not exchanged");
    }
    if (now.attributes().links() > 1) {
      throw new FileSystemException(
          live.toString(), null, "is a mount point and has other names, which it would change too");
    }
    if (keepsUndo && !exists(run.rewriting(change.number()))) {
      Files.createFile(run.rewriting(change.number()));
      TargetFiles.force(run.undoDirectory());
    }
    StillFile.use(run, run.target(), change.number(), live, still -> {
      still.requireOneName(live);
      transfer(from, still.path(), StandardOpenOption.WRITE);
      metadata.apply(still.path(), change.place(), attributes);
      TargetFiles.forceFile(still.path());
      return still;
    });
    Files.delete(from);
    findings.note(RawName.display(change.place())
        + " is a mount point and was rewritten in place, which is not atomic");
  }

  /**
   * Whether an entry is in its place already although it is where it came from too, as a power
   * failure leaves it where a rename is not atomic; it is in its place alone then.
   */
  static boolean hasArrived(Path from, Path live) throws IOException {
    Attributes a = FileStat.read(from).attributes();
    Attributes b = FileStat.read(live).attributes();
    if (a.inode() == 0 || a.inode() != b.inode() || a.device() != b.device()) {
      return false;
    }
    Files.delete(from);
    return true;
  }

  /** Gives what somebody put there since a name of its own beside. */
  void aside(Change change, Path live) throws IOException {
    String name = RawName.display(NativeNames.name(live));
    Path aside = live.resolveSibling(name + ASIDE);
    for (int i = 2; exists(aside); i++) {
      aside = live.resolveSibling(name + ASIDE + "-" + i);
    }
    if (MountPoints.contains(live)) {
      Path free = aside;
      StillFile.use(run, run.target(), change.number(), live, still -> {
        transfer(still.path(), free, StandardOpenOption.CREATE_NEW);
        return still;
      });
    } else {
      Files.move(live, aside, StandardCopyOption.ATOMIC_MOVE);
    }
    findings.note(RawName.display(change.place()) + " changed since; that is now " + aside);
  }

  private static boolean exists(Path path) throws IOException {
    return Directories.holds(path);
  }
}
