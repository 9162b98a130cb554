package com.personalaichatbot.dr.core.internal.engine.restore.plan;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreArea;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreFindings;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreRegister;
import com.personalaichatbot.dr.core.internal.format.Bytes16;
import com.personalaichatbot.dr.core.internal.format.EntryType;
import com.personalaichatbot.dr.core.internal.format.ExcludesRecord;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.read.SnapshotSource;
import com.personalaichatbot.dr.core.internal.scan.FileStat;
import com.personalaichatbot.dr.core.internal.scan.Glob;
import com.personalaichatbot.dr.core.internal.scan.InUse;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.internal.scan.Nesting;
import com.personalaichatbot.dr.core.internal.scan.ScanRules;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.internal.scan.TargetDirectories;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The place in which one component of a snapshot will be.
 *
 * @param snapshot names the snapshot
 * @param root the component's entry in it
 * @param path where the component itself belongs; no link on the way to it
 * @param home the directory that holds the place of the restore: the component's own in place, for
 *     a single file the one it lies in, else the directory that is restored to
 * @param top what the component is called in it; empty if it is the component itself
 */
public record RestoreTarget(
    String component, Bytes16 snapshot, TreeEntry root, Path path, Path home, byte[] top) {

  private static final byte[] ITSELF = {};

  /** Some file systems of user space say that they have no room at all. */
  private static final long UNKNOWN = Long.MAX_VALUE;

  /** Finds out where a component of a snapshot belongs; nothing is made. */
  public static RestoreTarget of(
      Session session,
      SnapshotSource source,
      RestoreRequest request,
      String component,
      SnapshotId snapshot)
      throws IOException {
    CatalogEntry entry = source.choice().entry(snapshot);
    SnapshotRecord.ComponentRecord record = entry.snapshot().components().stream()
        .filter(c -> c.name().equals(component))
        .findFirst()
        .orElseThrow(() -> new RestoreRefusedException(
            "component " + component,
            "snapshot " + snapshot + " does not hold it",
            "plan the restore again"));
    byte[] name = component.getBytes(StandardCharsets.UTF_8);
    BlobReader reader = source.readers().take();
    try {
      Optional<TreeEntry> root = new TreeReader(reader).find(entry.snapshot().root(), name);
      return of(
          request,
          session.fileSystem(),
          entry.id(),
          record,
          root.orElseThrow(
              () -> new CorruptRepositoryException(
                  "snapshot " + snapshot,
                  "its tree does not hold the component " + component + " that it names",
                  "run dr verify to see what is damaged; heal the repository with dr heal COPY, or restore another snapshot")));
    } finally {
      source.readers().giveBack(reader);
    }
  }

  /**
   * Finds out where a component belongs; nothing is made.
   *
   * @param fileSystem in which recorded paths lie, and all places of restores in place
   */
  static RestoreTarget of(
      RestoreRequest request,
      FileSystem fileSystem,
      Bytes16 snapshot,
      SnapshotRecord.ComponentRecord component,
      TreeEntry root)
      throws IOException {
    byte[] name = component.name().getBytes(StandardCharsets.UTF_8);
    if (Arrays.equals(name, RestoreArea.RESERVED)) {
      throw new RestoreRefusedException(
          "component " + component.name(), "its name is kept for restores", "restore the others");
    }
    if (!request.isInPlace()) {
      Path home = real(request.directory().orElseThrow());
      requireDirectoryOrNothing(home);
      return new RestoreTarget(
          component.name(), snapshot, root, NativeNames.resolve(home, name), home, name);
    }
    Path given = request.places().get(component.name());
    if (given == null && component.path().length == 0) {
      throw new RestoreRefusedException(
          "component " + component.name(),
          "it was imported, or is of another file system, and nobody knows where it belongs",
          "restore it to a directory: --to DIRECTORY");
    }
    if (given != null && given.getFileSystem() != fileSystem) {
      throw new RestoreRefusedException(
          given.toString(),
          "it is of another file system than the repository was opened for",
          "name its file system when the repository is opened, or restore to a directory");
    }
    Path path = real(given != null ? given : RestoreRegister.path(fileSystem, component.path()));
    if (root.type() == EntryType.DIRECTORY) {
      requireDirectoryOrNothing(path);
      return new RestoreTarget(component.name(), snapshot, root, path, path, ITSELF);
    }
    Path home = path.getParent();
    if (home == null) {
      throw new RestoreRefusedException(
          path.toString(), "no file can be restored there", "name another place");
    }
    return new RestoreTarget(component.name(), snapshot, root, path, home, NativeNames.name(path));
  }

  /** The real path, of what is there and of what is not there yet. */
  private static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    requireNoForeignLink(absolute);
    Path above = absolute;
    while (above.getParent() != null && !isThere(above)) {
      if (Files.isSymbolicLink(above)) {
        throw new RestoreRefusedException(
            above.toString(), "it is a symbolic link to nothing", "remove it or make its target");
      }
      above = above.getParent();
    }
    return above.toRealPath().resolve(above.relativize(absolute)).normalize();
  }

  /** Whether there is something, a link to nothing or round in a circle not counted. */
  private static boolean isThere(Path path) throws IOException {
    return Files.isSymbolicLink(path)
        ? Files.exists(path)
        : Directories.look(path).isPresent();
  }

  private static void requireNoForeignLink(Path path) throws IOException {
    Optional<Path> link = TargetDirectories.foreignLink(path);
    if (link.isPresent()) {
      throw new RestoreRefusedException(
          link.get().toString(),
          "it is a symbolic link that another user made, and is not followed",
          "name the place that it leads to, if that is where the data belongs");
    }
  }

  private static void requireDirectoryOrNothing(Path path) throws IOException {
    if (Directories.look(path).filter(a -> !a.isDirectory()).isPresent()) {
      throw new RestoreRefusedException(
          path.toString(), "a file is where a directory belongs", "move it away");
    }
  }

  /** Refuses what must not be restored to. */
  public void check(RestoreRequest request, Session session) throws IOException {
    Optional<Path> repository = session.storage().localPath();
    if (repository.isPresent()
        && (Nesting.contains(repository.get(), path) || Nesting.contains(path, repository.get()))) {
      throw new RestoreRefusedException(
          path.toString(),
          "it lies inside the repository at " + repository.get() + ", or the repository inside it",
          "restore to another place");
    }
    Optional<Path> state = session.state().path();
    if (state.isPresent() && Nesting.contains(path, state.get())) {
      throw new RestoreRefusedException(
          path.toString(),
          "the state directory " + state.get() + " lies in it",
          "open the repository with a state directory elsewhere");
    }
    if (Files.isSymbolicLink(path)) {
      throw new RestoreRefusedException(
          path.toString(), "it is a symbolic link, which is not followed", "move it away");
    }
    boolean brokenOff = Files.exists(RestoreArea.in(home, component));
    if (!request.overwrite() && !brokenOff && !isFree()) {
      throw new RestoreRefusedException(
          path.toString(),
          "it is not empty",
          "name an empty directory. To merge into this one: --overwrite. To make it equal to the"
              + " snapshot: --delete-extra");
    }
  }

  /**
   * A scan of what is in its place, without what its live counterpart excludes. In place also
   * without what the snapshot was told to leave out: that is no extra there.
   */
  public SourceScan scan(
      Session session,
      SnapshotSource source,
      RestoreRequest request,
      List<String> excludes,
      RestoreFindings findings)
      throws SnapshotNotFoundException {
    List<Glob> leftOut = new ArrayList<>();
    if (request.isInPlace()) {
      SnapshotRecord record = source.choice().entry(Snapshots.id(snapshot)).snapshot();
      byte[] part = record.extension().parts().get(Extension.EXCLUDES);
      try {
        if (part != null) {
          ExcludesRecord.decode(part)
              .patterns()
              .getOrDefault(component, List.of())
              .forEach(pattern -> leftOut.add(Glob.of(pattern)));
        }
      } catch (MalformedException | IllegalArgumentException e) {
        findings.note("what the snapshot of " + component
            + " was told to leave out cannot be read: " + e.getMessage());
      }
    }
    return new SourceScan(
        Component.at(component, Kind.CUSTOM, path).withExcludes(excludes),
        new ScanRules(leftOut, session.storage().localPath()),
        findings,
        InUse::whileRestoring);
  }

  /** What is where a component belongs, null if nothing does. */
  public static ScannedEntry there(SourceScan scan) throws IOException {
    try {
      return scan.root();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private boolean isFree() throws IOException {
    FileStat stat;
    try {
      stat = FileStat.read(path);
    } catch (NoSuchFileException e) {
      return true;
    }
    if (stat.kind() != FileStat.Kind.DIRECTORY || root.type() != EntryType.DIRECTORY) {
      return false;
    }
    return Directories.list(path).isEmpty();
  }

  /** Bytes that are free where it is, or will be. */
  public long freeSpace() throws IOException {
    return freeSpace(home);
  }

  /** Bytes that are free where a path is, or will be; many where the file system does not say. */
  public static long freeSpace(Path path) throws IOException {
    FileStore store = Files.getFileStore(existing(path));
    return store.getTotalSpace() == 0 ? UNKNOWN : store.getUsableSpace();
  }

  /** The same as it is told to people. */
  public static OptionalLong told(long freeSpace) {
    return freeSpace == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(freeSpace);
  }

  private static Path existing(Path path) {
    Path above = path;
    while (above.getParent() != null && !Files.exists(above)) {
      above = above.getParent();
    }
    return above;
  }

  /** A name for the volume that it is on. */
  public String volume() throws IOException {
    Path existing = existing(home);
    return FileStat.read(existing).attributes().device() + ":" + Files.getFileStore(existing);
  }
}
