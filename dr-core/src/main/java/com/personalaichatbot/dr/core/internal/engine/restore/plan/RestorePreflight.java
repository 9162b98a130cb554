package com.personalaichatbot.dr.core.internal.engine.restore.plan;

import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreArea;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreFindings;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.TargetFiles;
import com.personalaichatbot.dr.core.internal.format.RawName;
import com.personalaichatbot.dr.core.internal.journal.Change;
import com.personalaichatbot.dr.core.internal.journal.Journal;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.operation.RepositoryLockedException;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The last check before a restore in place touches anything. */
public final class RestorePreflight {
  private RestorePreflight() {}

  /**
   * Refuses a restore of which it can be told that it would fail half-way.
   *
   * @throws RepositoryLockedException if a file that would be replaced is in use
   * @throws RestoreRefusedException if a directory cannot be changed
   */
  public static void check(
      Path home, RestoreArea.Run run, Journal journal, RestoreFindings findings)
      throws IOException {
    Path probe = Files.createFile(run.probe(), TargetFiles.permissions(home, "rw-------"));
    try {
      Map<FilesInUse.Id, Integer> replaced = new HashMap<>();
      Path probed = null;
      for (int i = 0; i < journal.size(); i++) {
        Change change = journal.get(i);
        boolean replaces = switch (change.kind()) {
          case PUT_FILE, PUT_LINK, REMOVE -> true;
          default -> false; // A directory may be open, and is held by this restore itself.
        };
        if (replaces && change.before() != null && change.before().inode() != 0) {
          replaced.put(
              new FilesInUse.Id(change.before().device(), change.before().inode()), i);
        }
        if (change.tree() != change.number()) {
          continue; // In a directory that comes whole.
        }
        Path parent = parent(home, journal, change);
        if (change.kind() == Change.Kind.SET_METADATA || parent.equals(probed)) {
          continue;
        }
        Optional<Path> access = access(run, parent);
        if (access.isPresent()) {
          TargetFiles.inDirectory(access.get(), () -> probe(parent, access.get(), probe, findings));
          probed = parent;
        }
      }
      Optional<FilesInUse.Use> use = FilesInUse.find(replaced.keySet());
      if (use.isPresent()) {
        byte[] place = journal.get(replaced.get(use.get().file())).place();
        throw new RepositoryLockedException(
            RawName.display(place),
            "it is open in " + use.get().process(),
            "stop what uses it and run the restore again; nothing was changed");
      }
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** Where a change takes place; as it may look before the changes above it were made. */
  private static Path parent(Path home, Journal journal, Change change) {
    byte[] top = journal.opening().top();
    Path path = top.length == 0 ? home : NativeNames.resolve(home, top);
    return TargetFiles.resolve(path, change.place(), 1).getParent();
  }

  /** How a directory is reached, if it is there and not to be made. */
  private static Optional<Path> access(RestoreArea.Run run, Path directory) throws IOException {
    try {
      return Optional.of(run.target().access(directory));
    } catch (FileSystemException e) {
      return Optional.empty();
    }
  }

  /** Links and renames a file of ours in a directory, as the exchange will. */
  private static void probe(Path directory, Path access, Path probe, RestoreFindings findings)
      throws IOException {
    // A name that nobody has given to a file of his own: what bears it is made here, and deleted.
    Path linked = access.resolve(SourceScan.PROBE + UUID.randomUUID());
    Path renamed = access.resolve(SourceScan.PROBE + UUID.randomUUID());
    try {
      try {
        Files.createLink(linked, probe);
      } catch (UnsupportedOperationException | FileSystemException e) {
        Files.createFile(linked, TargetFiles.permissions(directory, "rw-------"));
        findings.note(directory + " is on another volume or has no hard links; what is replaced"
            + " there is renamed or copied to the undo");
      }
      try {
        Files.move(linked, renamed, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(linked);
        Files.deleteIfExists(renamed);
      }
    } catch (AtomicMoveNotSupportedException e) {
      throw refused(directory, e);
    } catch (FileSystemException e) {
      throw refused(directory, e);
    }
  }

  private static RestoreRefusedException refused(Path directory, IOException cause) {
    return new RestoreRefusedException(
        directory.toString(),
        "files cannot be exchanged there: " + Failures.describe(cause),
        "make it writable; nothing was changed",
        cause);
  }
}
