package com.personalaichatbot.dr.core.repository;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.engine.archive.ExportRun;
import com.personalaichatbot.dr.core.internal.engine.archive.ImportRun;
import com.personalaichatbot.dr.core.internal.engine.backup.BackupRun;
import com.personalaichatbot.dr.core.internal.engine.backup.ChangeWatch;
import com.personalaichatbot.dr.core.internal.engine.backup.DeadlineRunner;
import com.personalaichatbot.dr.core.internal.engine.prune.HistoryStateRun;
import com.personalaichatbot.dr.core.internal.engine.prune.MarkRun;
import com.personalaichatbot.dr.core.internal.engine.prune.ProofRun;
import com.personalaichatbot.dr.core.internal.engine.prune.PruneRun;
import com.personalaichatbot.dr.core.internal.engine.prune.RetentionRun;
import com.personalaichatbot.dr.core.internal.engine.restore.RestoreRun;
import com.personalaichatbot.dr.core.internal.engine.restore.UndoRun;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreRecovery;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.RestorePlanner;
import com.personalaichatbot.dr.core.internal.engine.verify.VerifyRun;
import com.personalaichatbot.dr.core.internal.format.MarkRecord;
import com.personalaichatbot.dr.core.internal.opening.StorageProbe;
import com.personalaichatbot.dr.core.internal.read.CatRun;
import com.personalaichatbot.dr.core.internal.read.DiffRun;
import com.personalaichatbot.dr.core.internal.read.FiguresRun;
import com.personalaichatbot.dr.core.internal.read.ListRun;
import com.personalaichatbot.dr.core.internal.session.DirectoryGuard;
import com.personalaichatbot.dr.core.internal.session.Operations;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.SessionParts;
import com.personalaichatbot.dr.core.internal.session.Snapshots;
import com.personalaichatbot.dr.core.internal.session.Throttle;
import com.personalaichatbot.dr.core.internal.store.ProtectedPaths;
import com.personalaichatbot.dr.core.internal.write.Sweep;
import com.personalaichatbot.dr.core.operation.BackupOptions;
import com.personalaichatbot.dr.core.operation.BackupReport;
import com.personalaichatbot.dr.core.operation.DiffReport;
import com.personalaichatbot.dr.core.operation.ExchangeReport;
import com.personalaichatbot.dr.core.operation.HistoryState;
import com.personalaichatbot.dr.core.operation.ImportOptions;
import com.personalaichatbot.dr.core.operation.ListedEntry;
import com.personalaichatbot.dr.core.operation.ProgressListener;
import com.personalaichatbot.dr.core.operation.PruneOptions;
import com.personalaichatbot.dr.core.operation.PrunePlan;
import com.personalaichatbot.dr.core.operation.PruneReport;
import com.personalaichatbot.dr.core.operation.RestorePlan;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreReport;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.Selector;
import com.personalaichatbot.dr.core.operation.StorageState;
import com.personalaichatbot.dr.core.operation.VerifyOptions;
import com.personalaichatbot.dr.core.operation.VerifyReport;
import com.personalaichatbot.dr.core.snapshot.Figures;
import com.personalaichatbot.dr.core.snapshot.Proofs;
import com.personalaichatbot.dr.core.snapshot.Purpose;
import com.personalaichatbot.dr.core.snapshot.RemovedSnapshot;
import com.personalaichatbot.dr.core.snapshot.RetentionPolicy;
import com.personalaichatbot.dr.core.snapshot.Snapshot;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import com.personalaichatbot.dr.core.storage.Storage;
import com.personalaichatbot.dr.crypto.KdfParameters;
import com.personalaichatbot.dr.crypto.RootKey;
import com.personalaichatbot.dr.crypto.Secret;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open repository: snapshots of an application's data, sealed, in a {@link Storage}.
 *
 * <p>Thread-safe: backups, restores and verifies may run at the same time, in one process and in
 * several. Each call blocks until its work is done and durable (of a restore to a directory: done),
 * or fails with an {@link IOException}; those of this library say which object it is about and what
 * to do ({@link com.personalaichatbot.dr.core.operation.RepositoryException}). {@link #close} waits
 * for calls that are under way; calls after it fail with {@link IllegalStateException}.
 *
 * <p>An interrupt of the calling thread cancels the call: it ends within a tenth of a second. A
 * force of the disk that is under way delays it, and so does what a restore has staged, which it
 * deletes first. It ends with an
 * {@link com.personalaichatbot.dr.core.operation.OperationCancelledException}, the thread still
 * interrupted. What was not committed by then does not exist; what was stored for it is used by the
 * next backup.
 */
public final class BackupRepository implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(BackupRepository.class);

  private final Operations operations;
  private final Session session;
  private final SessionParts parts;
  private final ProtectedPaths protectedPlaces;
  private final Duration removalGrace;

  private BackupRepository(Operations operations, SessionParts parts, Duration removalGrace) {
    this.operations = operations;
    this.session = operations.session();
    this.parts = parts;
    this.protectedPlaces = parts.protectedPlaces();
    this.removalGrace = removalGrace;
  }

  /**
   * Begins to make or open a repository.
   *
   * @param storage where it lies; the repository closes it
   */
  public static Builder builder(Storage storage) {
    return new Builder(Objects.requireNonNull(storage, "storage"));
  }

  /** The id of the repository, 32 hexadecimal digits. */
  public String id() {
    return session.format().repositoryId().toString();
  }

  /** The name under which this client takes snapshots. */
  public String host() {
    return session.host();
  }

  /**
   * Returns the directory in which this client keeps what it remembers of its repositories.
   *
   * @return absolute; empty if the builder was given none
   */
  public Optional<Path> state() {
    return parts.state();
  }

  /** Returns the clock from which the times in snapshots come. */
  public Clock clock() {
    return session.clock();
  }

  /**
   * Returns the key slots: the passphrases that open this repository.
   *
   * @return a handle that works for as long as this repository is open
   */
  public Keys keys() {
    return new Keys(operations, parts);
  }

  /**
   * Returns the copies of this repository in other storages.
   *
   * @return a handle that works for as long as this repository is open
   */
  public Copies copies() {
    return new Copies(operations, protectedPlaces, parts.patience());
  }

  /**
   * Takes a snapshot of some components.
   *
   * @param components at least one, their names all different
   * @return what was done; if its status is not FAILED, the snapshot is durable
   * @throws IllegalArgumentException if there are no components, or two have one name; nothing was
   *     done
   * @throws com.personalaichatbot.dr.core.operation.BackupRefusedException if a component and the
   *     repository lie inside each other, or the state directory in a component; nothing was done
   * @throws com.personalaichatbot.dr.core.operation.RepositoryLockedException if a prune has the
   *     repository, or came in between; no snapshot was made
   * @throws com.personalaichatbot.dr.core.operation.HeadChangedException if the repository was
   *     rolled back or forked; nothing was done
   * @throws com.personalaichatbot.dr.core.operation.UnfinishedCommitException if the storage failed
   *     at the very end; it names the snapshot that was written, or may have been
   * @throws IOException if the storage fails otherwise; no snapshot was made
   */
  public BackupReport backUp(List<Component> components, BackupOptions options) throws IOException {
    if (components.isEmpty()) {
      throw new IllegalArgumentException("a backup needs at least one component");
    }
    Objects.requireNonNull(options, "options");
    BackupRun run = new BackupRun(session.begin(), components, options);
    return operations.run(
        "backUp",
        () -> options.deadline().isEmpty()
            ? backUp(run, components)
            : new DeadlineRunner(options.deadline().get(), operations.lastUse())
                .backUp(run, () -> backUp(run, components)));
  }

  private BackupReport backUp(BackupRun run, List<Component> components) throws IOException {
    Sweep.tryTemporaries(session.storage());
    return operations.shared(() -> {
      run.requirePossible();
      run.leaveOut(blocked(components));
      protectedPlaces.remember(components.stream().map(c -> c.source().path()).toList());
      BackupReport report = run.run();
      log.info(
          "Backup {} is {}: {} new, {} changed, {} failed; {} bytes stored in {}",
          report.snapshot().map(s -> s.id().abbreviated()).orElse("(none)"),
          report.status(),
          report.files().created(),
          report.files().changed(),
          report.files().failed(),
          report.bytesStored(),
          report.duration());
      return report;
    });
  }

  /**
   * Starts to watch components for changes of their files. A file counts as changed once two calls
   * in a row found it the same, so that nothing is reported half written. Meant for small
   * components: every call reads the attributes of all files.
   *
   * @return returns, each time that it is called, the components that changed since it last
   *     returned them. Not thread-safe
   * @throws IllegalStateException if the repository is closed
   */
  public Supplier<List<Component>> changes(List<Component> components) {
    operations.requireOpen();
    return new ChangeWatch(components)::changed;
  }

  /** Returns components that a restore left half exchanged, and why they stay so. */
  private Map<String, String> blocked(List<Component> components) throws IOException {
    Map<String, RestoreRefusedException> blocked = RestoreRecovery.finish(session, components);
    if (blocked.size() == components.size()) {
      throw blocked.values().iterator().next();
    }
    Map<String, String> reasons = new HashMap<>();
    blocked.forEach((name, refused) ->
        reasons.put(name, "is not stored: " + refused.getMessage() + "; " + refused.action()));
    return reasons;
  }

  /**
   * The snapshots of the repository, oldest first. A snapshot whose entry of the history is missing
   * or damaged is not among them; {@link #history} names such entries, and a warning is logged.
   *
   * @throws com.personalaichatbot.dr.core.operation.HeadChangedException if the history ends before
   *     what this client has seen, or is another one: then the list would not show what is missing
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if no entry of the
   *     history is left
   * @throws IOException if the catalog cannot be read
   */
  public List<Snapshot> snapshots() throws IOException {
    return operations.run(
        "snapshots", () -> Snapshots.of(session.state().readUnchanged(session.catalog())));
  }

  /**
   * Returns the snapshots that were removed and whose data is still there, oldest first. Each can
   * be restored by its id, and taken back with {@link #unforget}. {@link #history} names the
   * entries of the history that are missing or damaged, and hide some.
   *
   * @throws IOException if the catalog cannot be read
   */
  public List<RemovedSnapshot> removedSnapshots() throws IOException {
    return operations.run("removedSnapshots", () -> PruneRun.removed(session, removalGrace));
  }

  /**
   * What the history records of verifies and drills.
   *
   * @throws IOException if the catalog cannot be read
   */
  public Proofs proofs() throws IOException {
    return operations.run("proofs", () -> ProofRun.of(session));
  }

  /**
   * Asks the storage whether it is there, still holds this repository and takes what is written.
   * Cheap, whatever the size of the repository; leaves nothing behind.
   *
   * @throws com.personalaichatbot.dr.core.operation.RepositoryNotFoundException if it holds no
   *     repository any more
   * @throws IOException if the storage does not answer
   */
  public StorageState probe() throws IOException {
    return operations.run("probe", () -> StorageProbe.of(session.storage()));
  }

  /**
   * What backups noticed about the data, oldest first: also of snapshots that were pruned since.
   *
   * @throws IOException if the catalog cannot be read
   */
  public List<Figures> figures() throws IOException {
    return operations.run("figures", () -> FiguresRun.of(session.state().read(session.catalog())));
  }

  /**
   * Checks what is stored. Damage is in the report, not an exception. Where the repository can be
   * written, snapshots of which every byte was read back become VERIFIED. What is damaged is
   * recorded, so that the next backup stores it again from the source.
   *
   * @throws com.personalaichatbot.dr.core.operation.RepositoryLockedException if a prune has the
   *     repository
   * @throws IOException if the storage fails otherwise than by missing or wrong data
   */
  public VerifyReport verify(VerifyOptions options) throws IOException {
    Objects.requireNonNull(options, "options");
    return operations.shared("verify", () -> {
      VerifyReport report = new VerifyRun(session.begin(), options).run();
      log.info(
          "Verify is {}: {} damages, {} blobs, {} bytes in {}",
          report.status(),
          report.damages().size(),
          report.blobs(),
          report.bytes(),
          report.duration());
      return report;
    });
  }

  /**
   * Finds out what a restore would do, and changes nothing. The plan can be looked at, and then be
   * carried out by {@link #restore}.
   *
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if no snapshot fits
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if the latest
   *     snapshot is damaged or missing, as far as can be told; it names the newest intact one
   * @throws com.personalaichatbot.dr.core.operation.HeadChangedException if the repository was
   *     rolled back or forked and the snapshot is not named by its id
   * @throws com.personalaichatbot.dr.core.operation.RestoreRefusedException if the target is not
   *     fit, or nothing matches
   * @throws IOException if reading fails
   */
  public RestorePlan planRestore(RestoreRequest request) throws IOException {
    Objects.requireNonNull(request, "request");
    return operations.shared(
        "planRestore", () -> new RestorePlanner(session.begin()).plan(request));
  }

  /**
   * Restores as planned. What could not be restored, for instance because stored data is damaged,
   * is in the report, not an exception; everything else is restored then. No file ever is under its
   * name in part.
   *
   * <p>A restore in place first stages and checks all that is to be replaced, takes a snapshot of
   * what is there (QUARANTINE), and then exchanges entry by entry. What was replaced is kept beside
   * for {@link #undo}. All components of the call are one unit. A crash in the midst leaves each
   * file whole, old or new; the next backup, restore, undo or {@link #finishRestores} of this
   * client completes or takes back all of them. A component that is not mounted then is named, and
   * blocks only this restore. A later restore of one component ends the undo of all; its report
   * says so.
   *
   * @param plan what to do
   * @param live components of the application in which this runs: their hooks bring it to rest
   *     meanwhile. Empty if the application does not run
   * @throws com.personalaichatbot.dr.core.operation.RestoreRefusedException if the target is not
   *     fit, too small or not to be written, or the application cannot be brought to rest; nothing
   *     was changed
   * @throws com.personalaichatbot.dr.core.operation.RepositoryLockedException if a prune has the
   *     repository, another restore works on the same target, or a file that would be replaced is
   *     in use; nothing was changed
   * @throws IOException if reading or writing fails; nothing was changed unless the exchange had
   *     begun, which is then completed later
   */
  public RestoreReport restore(RestorePlan plan, List<Component> live) throws IOException {
    Objects.requireNonNull(plan, "plan");
    List<Component> components = List.copyOf(live);
    return operations.shared("restore", () -> {
      RestoreReport report =
          new RestoreRun(session.begin(), plan, components, this::takeSafetySnapshot).run();
      log.info(
          "Restore is {}: {} created, {} replaced, {} unchanged, {} removed, {} failed; {} bytes"
              + " written in {}",
          report.status(),
          report.files().create(),
          report.files().replace(),
          report.files().unchanged(),
          report.files().remove(),
          report.files().failed(),
          report.bytesWritten(),
          report.duration());
      return report;
    });
  }

  private BackupReport takeSafetySnapshot(List<Component> components) throws IOException {
    return new BackupRun(session.begin(), components, BackupOptions.of(Purpose.QUARANTINE)).run();
  }

  /**
   * Puts back what the last restore in place replaced. What changed since is moved aside and listed
   * in the notes, never overwritten.
   *
   * @param live components of the application in which this runs, as for {@link #restore}
   * @return what was put back; if its status is INCOMPLETE, undo may be called again for the rest
   * @throws com.personalaichatbot.dr.core.operation.RestoreRefusedException if there is nothing to
   *     undo
   * @throws IOException if it fails; the next call goes on where it ended
   */
  public RestoreReport undo(List<Component> live) throws IOException {
    List<Component> components = List.copyOf(live);
    return operations.run("undo", () -> new UndoRun(session).undo(components));
  }

  /**
   * Finishes every restore in place, and every undo, that was broken off: all components of one
   * call become what they were, or what they were to become. An application calls this when it
   * starts, before it reads its data. The next backup, restore or undo does the same.
   *
   * @throws com.personalaichatbot.dr.core.operation.RestoreRefusedException if one cannot be
   *     finished, for instance because a component is not mounted; all others are finished then
   * @throws IOException if it fails; the next call goes on where it ended
   */
  public void finishRestores() throws IOException {
    operations.run("finishRestores", () -> {
      RestoreRecovery.finish(session);
      return null;
    });
  }

  /**
   * Confirms, at the word of a person, that what restores in place left in a directory was not put
   * there by somebody else. It is needed where a restore was refused because the directory has
   * another path, device or inode than recorded, as after its volume was mounted again. It is
   * needed too where it was refused because this client lost the memory of that restore. Journals
   * that are not authentic stay refused.
   *
   * @param directory the component's directory, or the one that holds a component's single file
   * @throws com.personalaichatbot.dr.core.operation.RestoreRefusedException if there is nothing to
   *     confirm, or it is not authentic
   * @throws IOException if it cannot be read or written
   */
  public void confirmRestore(Path directory) throws IOException {
    Objects.requireNonNull(directory, "directory");
    operations.run("confirmRestore", () -> {
      new UndoRun(session).confirm(directory);
      return null;
    });
  }

  /**
   * Gives up what was kept for {@link #undo}. What was broken off is completed first, as far as its
   * components are there.
   *
   * @throws com.personalaichatbot.dr.core.operation.RestoreRefusedException if there is nothing
   * @throws IOException if it cannot be removed
   */
  public void discardUndo() throws IOException {
    operations.run("discardUndo", () -> {
      new UndoRun(session).discard();
      return null;
    });
  }

  /**
   * Finds the snapshots that a selector means: the latest ones are chosen for each component by
   * itself.
   *
   * @param components their names; empty for all that there are
   * @return by component, the snapshot to look into or to restore
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if none fits
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if the latest
   *     snapshot is damaged or missing, as far as can be told; it names the newest intact one
   * @throws IOException if the catalog cannot be read
   */
  public Map<String, SnapshotId> choose(Selector selector, List<String> components)
      throws IOException {
    // Where it would be restored to makes no difference to what is chosen.
    RestoreRequest request = RestoreRequest.inPlace(selector).withComponents(components);
    return operations.run("choose", () -> new RestorePlanner(session).resolve(request));
  }

  /**
   * Lists what a snapshot holds: an entry and all that is below it, a directory before its own.
   *
   * @param path component and path in it, as listings show it; empty for everything
   * @param entries takes the entries in order, in the caller's thread
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if there is no such
   *     snapshot, or nothing at the path
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if a listing is
   *     damaged; what comes before was listed
   * @throws IOException if reading fails
   */
  public void list(SnapshotId snapshot, String path, Consumer<ListedEntry> entries)
      throws IOException {
    operations.shared("list", () -> {
      new ListRun(session.begin()).list(snapshot, path, entries);
      return null;
    });
  }

  /**
   * Writes the content of a file of a snapshot to a stream. No byte is written that was not
   * checked.
   *
   * @param path component and path in it, as listings show it
   * @param out stays the caller's
   * @return how many bytes were written
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if there is no such
   *     snapshot, or no file at the path
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if stored data is
   *     missing or wrong; what was written before is right
   * @throws IOException if reading or writing fails
   */
  public long read(SnapshotId snapshot, String path, OutputStream out) throws IOException {
    return operations.shared("read", () -> new CatRun(session.begin()).read(snapshot, path, out));
  }

  /**
   * Writes components of a snapshot to an archive that any tar opens, each under its name. It is
   * not sealed: whoever has the file has the data.
   *
   * @param selector which snapshot, chosen for each component as a restore would
   * @param components their names; empty for all that the snapshot holds
   * @param file ends in {@code .tar.gz} or {@code .tar.zst}; readable by its owner only, and there
   *     only when it is whole
   * @return what was written; its notes say where the archive holds secrets
   * @throws IllegalArgumentException if the file's name ends otherwise
   * @throws com.personalaichatbot.dr.core.operation.ExchangeRefusedException if the file exists, or
   *     would lie in the repository
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if no snapshot fits
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if stored data is
   *     missing or wrong; there is no file
   * @throws IOException if reading or writing fails; there is no file
   */
  public ExchangeReport exportTo(Selector selector, List<String> components, Path file)
      throws IOException {
    Objects.requireNonNull(selector, "selector");
    List<String> names = List.copyOf(components);
    Objects.requireNonNull(file, "file");
    return operations.shared(
        "export", () -> new ExportRun(session.begin()).run(selector, names, file));
  }

  /**
   * Makes a snapshot of what an archive holds: one that {@link #exportTo} wrote, any other tar
   * archive compressed by gzip or zstd, or one of the original application. What is at the top of
   * the archive becomes components. The snapshot is MANUAL, is tagged {@code imported}, and keeps
   * the time of the archive where that is known. It is of a host of its own, so that it is never
   * this host's latest.
   *
   * @return what was imported; its notes say what the archive lacks
   * @throws com.personalaichatbot.dr.core.operation.ExchangeRefusedException if it is no archive,
   *     is damaged, goes beyond the limits, or holds what must not be imported: names that lead out
   *     of it or through a link, two entries of one name, devices; there is no snapshot
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws com.personalaichatbot.dr.core.operation.RepositoryLockedException if a prune has the
   *     repository, or came in between; there is no snapshot
   * @throws com.personalaichatbot.dr.core.operation.UnfinishedCommitException if the storage failed
   *     at the very end; it names the snapshot that was written, or may have been
   * @throws IOException if reading or the storage fails otherwise; there is no snapshot
   */
  public ExchangeReport importFrom(Path archive, ImportOptions options) throws IOException {
    Objects.requireNonNull(archive, "archive");
    Objects.requireNonNull(options, "options");
    return operations.shared(
        "import", () -> new ImportRun(session.begin(), archive, options).run());
  }

  /**
   * Compares two snapshots, component by component: the latest ones are chosen for each by itself.
   *
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if there is no such
   *     snapshot
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if a listing is
   *     damaged
   * @throws IOException if reading fails
   */
  public DiffReport diff(Selector first, Selector second) throws IOException {
    return operations.shared("diff", () -> new DiffRun(session.begin()).run(first, second));
  }

  /**
   * The fingerprint of the repository's history: it names the newest entry and all before it.
   *
   * @return 64 hexadecimal digits
   * @throws IOException if the catalog cannot be read
   */
  public String head() throws IOException {
    return operations.run(
        "head", () -> session.state().read(session.catalog()).headHash().toString());
  }

  /**
   * Compares the history with what this client remembers of it, and names the entries that are
   * missing or damaged.
   *
   * @throws IOException if the catalog cannot be read
   */
  public HistoryState history() throws IOException {
    return operations.run("history", () -> HistoryStateRun.of(session));
  }

  /**
   * The snapshots that are there, oldest first, even if the history ends before what this client
   * has seen: to find one to restore by its id. {@link #history} names the entries that are missing
   * or damaged.
   *
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if no entry of the
   *     history is left
   * @throws IOException if the catalog cannot be read
   */
  public List<Snapshot> snapshotsAsFound() throws IOException {
    return operations.run("snapshotsAsFound", () -> {
      History history = session.state().read(session.catalog());
      history.requireAny();
      return Snapshots.of(history);
    });
  }

  /**
   * Acknowledges a rollback or fork after somebody has looked: this client takes the history as it
   * is from here on.
   *
   * @param fingerprint of the head to accept, as {@link #head} gives it
   * @throws IllegalArgumentException if the head has another fingerprint; nothing was changed
   * @throws IOException if the catalog cannot be read or the state cannot be written
   */
  public void acceptHead(String fingerprint) throws IOException {
    operations.run("acceptHead", () -> {
      History history = session.state().read(session.catalog());
      history.requireAny();
      if (!history.headHash().toString().equalsIgnoreCase(fingerprint)) {
        throw new IllegalArgumentException("the head of the history is " + history.headHash()
            + ", not '" + fingerprint + "'; nothing was acknowledged");
      }
      session.state().accept(history);
      return null;
    });
  }

  /**
   * Works out what it would take to remove some snapshots and free what only they needed. Their
   * data stays until their grace is over, unless the options waive it.
   *
   * @param ids the snapshots to remove, also such that were removed before; may be empty, to free
   *     what is dead already
   * @return the plan; nothing was changed
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if one of them does
   *     not exist
   * @throws IOException if the repository cannot be read, or its history is not whole
   */
  public PrunePlan planForget(Set<SnapshotId> ids, PruneOptions options) throws IOException {
    PruneRun.Retention retention = RetentionRun.without(session, Set.copyOf(ids));
    return operations.run("planForget", () -> newPrune(session, options).planNamed(retention));
  }

  private PruneRun newPrune(Session of, PruneOptions options) {
    return new PruneRun(of, options, removalGrace);
  }

  /**
   * Works out what it would take to keep what a policy keeps, and remove the rest. What was removed
   * is freed once its grace is over, see {@link PruneOptions#grace}.
   *
   * @param policy what stays; {@link RetentionPolicy#recommended} is a good start
   * @param acceptClock whether a person has looked at the clock and says that it is right; a clock
   *     that is doubtful otherwise removes nothing by age
   * @return the plan; nothing was changed
   * @throws IllegalArgumentException if the policy would keep nothing
   * @throws IOException if the repository cannot be read, or its history is not whole
   */
  public PrunePlan planPrune(RetentionPolicy policy, boolean acceptClock, PruneOptions options)
      throws IOException {
    PruneRun.Retention retention =
        RetentionRun.by(session, policy, acceptClock, () -> new UndoRun(session).isPossible());
    return operations.run("planPrune", () -> newPrune(session, options).plan(retention));
  }

  /**
   * Executes a plan. Interrupted, it leaves the repository whole; the next prune goes on.
   *
   * @return what was done
   * @throws com.personalaichatbot.dr.core.operation.RepositoryLockedException if others use the
   *     repository, or it changed since the plan was made; nothing was removed
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if damage forbids to
   *     delete anything ({@link PrunePlan#blockage}); the snapshots are removed from the list, no
   *     data was deleted
   * @throws com.personalaichatbot.dr.core.operation.UnfinishedCommitException if the storage failed
   *     when snapshots had left the list, or may have; what the plan keeps is whole
   * @throws IOException if the storage fails otherwise; what the plan keeps is whole
   */
  public PruneReport prune(PrunePlan plan) throws IOException {
    Objects.requireNonNull(plan, "plan");
    return operations.exclusive("prune", () -> {
      PruneReport report = newPrune(session.begin(), plan.options()).run(plan);
      log.info(
          "Prune removed {} snapshots, deleted the data of {} and {} packs, freed {} bytes in {}",
          report.removed().size(),
          report.swept().size(),
          report.packsDeleted(),
          report.bytesFreed(),
          report.duration());
      return report;
    });
  }

  /**
   * Takes the removal of a snapshot back: it is in the list again, and held, since the next prune
   * would remove it again otherwise.
   *
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if there is no such
   *     snapshot any more, or it was not removed
   * @throws com.personalaichatbot.dr.core.operation.RepositoryLockedException if a prune came in
   *     between; nothing was changed
   * @throws IOException as {@link #hold}
   */
  public void unforget(SnapshotId id) throws IOException {
    Objects.requireNonNull(id, "id");
    operations.shared("unforget", () -> {
      new MarkRun(session).unremove(id);
      return null;
    });
  }

  /**
   * Pins a snapshot, so that no retention removes it.
   *
   * @param until when the pin ends; empty for never
   * @throws IllegalArgumentException if that is in the past by this repository's clock
   * @throws com.personalaichatbot.dr.core.operation.SnapshotNotFoundException if there is no such
   *     snapshot
   * @throws com.personalaichatbot.dr.core.operation.UnfinishedCommitException if the storage failed
   *     at the very end, and it is not known whether that counts
   * @throws IOException if the repository cannot be read or written; nothing was changed
   */
  public void hold(SnapshotId id, Optional<Instant> until) throws IOException {
    if (until.isPresent() && !until.get().isAfter(session.clock().instant())) {
      throw new IllegalArgumentException("a hold cannot end in the past: " + until.get());
    }
    mark(id, MarkRecord.HOLD, until.map(Instant::getEpochSecond).orElse(0L));
  }

  /**
   * Takes the pin off a snapshot.
   *
   * @throws IOException as {@link #hold}
   */
  public void release(SnapshotId id) throws IOException {
    mark(id, MarkRecord.RELEASE, 0);
  }

  /**
   * Says that a snapshot is not to be relied on: it is never the latest good one, whatever a verify
   * finds.
   *
   * @throws IOException as {@link #hold}
   */
  public void markSuspect(SnapshotId id) throws IOException {
    mark(id, MarkRecord.SUSPECT, 0);
  }

  /**
   * Takes back what {@link #markSuspect} said. The snapshot is UNVERIFIED until the next verify.
   *
   * @throws IOException as {@link #hold}
   */
  public void markClean(SnapshotId id) throws IOException {
    mark(id, MarkRecord.UNVERIFIED, 0);
  }

  /**
   * Says that what the SHRUNK components of a snapshot lost is meant to be gone: from now on they
   * are COMPLETE (INCOMPLETE if the snapshot is), can be the latest good ones, and are what the
   * next backups compare with. Changes nothing of a snapshot without a SHRUNK component.
   *
   * @throws IOException as {@link #hold}
   */
  public void markAccepted(SnapshotId id) throws IOException {
    mark(id, MarkRecord.ACCEPTED, 0);
  }

  /**
   * Records how a drill ended: a snapshot that was restored and validated is PROVEN, one that did
   * not pass is UNVERIFIED, and neither changes one that is SUSPECT.
   *
   * @throws IOException as {@link #hold}
   */
  public void recordDrill(SnapshotId id, boolean passed) throws IOException {
    Objects.requireNonNull(id, "id");
    operations.shared("mark", () -> {
      new MarkRun(session).drill(id, passed);
      return null;
    });
  }

  private void mark(SnapshotId id, int change, long until) throws IOException {
    Objects.requireNonNull(id, "id");
    operations.shared("mark", () -> {
      new MarkRun(session).run(id, change, until);
      return null;
    });
  }

  /**
   * Seals bytes that a client keeps outside of the repository, so that only who can open the
   * repository can read or make them. Any number of times; the same bytes are sealed differently
   * each time.
   *
   * @param bytes up to 16 MiB; stay the caller's
   * @return somewhat longer
   */
  public byte[] sealState(byte[] bytes) {
    return operations.sealState(bytes);
  }

  /**
   * Opens what {@link #sealState} of this repository sealed.
   *
   * @param sealed stay the caller's
   * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if they are not what
   *     was sealed, or another repository sealed them
   */
  public byte[] openState(byte[] sealed) throws IOException {
    return operations.openState(sealed);
  }

  /**
   * Waits for the calls under way, and then releases the storage, the threads and the keys. A
   * backup that was given up at its deadline, and still waits for the storage, is not waited for:
   * what it uses is released when it ends. A second call does nothing.
   *
   * @throws IllegalStateException if it is called from within a call that is under way: by a hook,
   *     a listener or a live file, in the caller's thread or a worker's; nothing was closed
   * @throws IOException if the storage cannot be closed; everything else was released
   */
  @Override
  public void close() throws IOException {
    operations.close();
  }

  /**
   * The builder of a repository, to make or to open one. Not thread-safe; each terminal call may be
   * used once.
   */
  public static final class Builder {
    private final Storage storage;
    private Clock clock;
    private SecureRandom random = new SecureRandom();
    private Executor executor;
    private int parallelism;
    private int threads = Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors()));
    private Path state;
    private FileSystem fileSystem = FileSystems.getDefault();
    private String host;
    private String expectedHead;
    private Duration patience = Duration.ZERO;
    private Duration removalGrace = Duration.ofDays(7);
    private Optional<Throttle> throttle = Optional.empty();
    private ProgressListener progress = p -> {};
    private KdfParameters kdf = KdfParameters.recommended();
    private String slot;

    private Builder(Storage storage) {
      this.storage = DirectoryGuard.of(storage);
    }

    /**
     * Opens the repository only if its history is at or after the entry with this fingerprint. A
     * client without memory of the repository cannot tell otherwise whether it is shown an older
     * state; reports print the fingerprint.
     *
     * @param fingerprint 64 hexadecimal digits
     * @throws IllegalArgumentException if it is not one
     */
    public Builder expectHead(String fingerprint) {
      if (!fingerprint.matches("[0-9a-fA-F]{64}")) {
        throw new IllegalArgumentException(
            "a fingerprint has 64 hexadecimal digits, unlike '" + fingerprint + "'");
      }
      expectedHead = fingerprint;
      return this;
    }

    /**
     * Sets the clock from which the times in snapshots come; the system's in UTC unless given.
     *
     * @throws IllegalArgumentException if another one was given before
     */
    public Builder clock(Clock newClock) {
      Objects.requireNonNull(newClock, "clock");
      if (clock != null && !clock.equals(newClock)) {
        throw new IllegalArgumentException("the clock was given twice, as " + clock + " and as "
            + newClock + ": write .clock(CLOCK) once and leave out the other");
      }
      clock = newClock;
      return this;
    }

    /** Where keys, salts and ids come from; must be fit for cryptography. */
    public Builder random(SecureRandom newRandom) {
      random = Objects.requireNonNull(newRandom, "random");
      return this;
    }

    /**
     * Whose threads do the work; own ones unless given. {@code Runnable::run} does everything in
     * the caller.
     *
     * @param newParallelism tasks of one operation at a time, at least 1
     */
    public Builder executor(Executor newExecutor, int newParallelism) {
      if (newParallelism < 1) {
        throw new IllegalArgumentException("parallelism must be at least 1: " + newParallelism);
      }
      executor = Objects.requireNonNull(newExecutor, "executor");
      parallelism = newParallelism;
      return this;
    }

    /**
     * How many threads of its own the repository has for its work; as many as there are processors
     * unless given, at most 8. The thread that calls an operation works beside them, for the most
     * part waiting: {@code executor(Runnable::run, 1)} keeps to that one alone. Where an executor
     * is given, this says nothing.
     *
     * @param newThreads at least 1
     * @throws IllegalArgumentException if it is less
     */
    public Builder threads(int newThreads) {
      if (newThreads < 1) {
        throw new IllegalArgumentException("threads must be at least 1: " + newThreads);
      }
      threads = newThreads;
      return this;
    }

    /**
     * How many bytes all operations together may move in a second: what they read from components,
     * and what they read from the storage and write to it. Not limited unless given. Looks at file
     * attributes do not count, nor does what a restore writes to its target, which follows what it
     * reads.
     *
     * @param newBytesPerSecond at least 1
     * @throws IllegalArgumentException if it is less
     */
    public Builder bytesPerSecond(long newBytesPerSecond) {
      throttle = Optional.of(new Throttle(newBytesPerSecond, System::nanoTime));
      return this;
    }

    /**
     * The directory in which this client keeps what it remembers of its repositories: the newest
     * point of the history that it saw, and where restores can be undone. Without one it remembers
     * for as long as the object lives. It must not lie in protected data: what a backup or a
     * restore of such data would be is refused.
     *
     * @throws IllegalArgumentException if another one was given before
     */
    public Builder state(Path newState) {
      Path given = newState.toAbsolutePath().normalize();
      if (state != null && !state.equals(given)) {
        throw new IllegalArgumentException("the state directory was given twice, as " + state
            + " and as " + given + ": write .state(PATH) once and leave out the other");
      }
      state = given;
      return this;
    }

    /**
     * The file system in which the paths of components lie, and to which restores in place bring
     * them back; the default one unless given. A component of another one can be backed up, but its
     * path is not recorded, and it is restored to a directory only.
     *
     * @param newFileSystem stays the caller's, and open for as long as the repository is
     */
    public Builder fileSystem(FileSystem newFileSystem) {
      fileSystem = Objects.requireNonNull(newFileSystem, "fileSystem");
      return this;
    }

    /**
     * The name of this machine or installation in snapshots; kept in the state directory. Without
     * one, the name kept there, else that of the machine.
     */
    public Builder host(String newHost) {
      if (newHost.isBlank() || newHost.length() > 255) {
        throw new IllegalArgumentException("a host name has 1 to 255 characters, not all blank");
      }
      host = newHost;
      return this;
    }

    /** How long to wait when another operation holds the repository; not at all unless given. */
    public Builder patience(Duration newPatience) {
      if (newPatience.isNegative()) {
        throw new IllegalArgumentException("patience cannot be negative: " + newPatience);
      }
      patience = newPatience;
      return this;
    }

    /**
     * Sets how long the data of a removed snapshot stays, so that the removal can be taken back;
     * seven days unless given. Zero deletes it with the prune that removes the snapshot.
     *
     * @throws IllegalArgumentException if it is negative or above 1,000 years
     */
    public Builder removalGrace(Duration newGrace) {
      removalGrace = PruneOptions.requireGrace(newGrace);
      return this;
    }

    /** Listener that receives the progress of every operation. */
    public Builder progress(ProgressListener newProgress) {
      progress = Objects.requireNonNull(newProgress, "progress");
      return this;
    }

    /**
     * Names the one key slot that a passphrase is to open, and no other. It is needed for a slot
     * with a cost of its own, and where the file FORMAT is lost and strange slots lie about.
     *
     * @param newSlot its id, 32 hexadecimal digits
     * @return this
     */
    public Builder slot(String newSlot) {
      slot = Objects.requireNonNull(newSlot, "slot");
      return this;
    }

    /**
     * What deriving a passphrase costs in a new repository, in all its ordinary key slots;
     * {@link KdfParameters#recommended} unless given.
     */
    public Builder kdf(KdfParameters newKdf) {
      kdf = Objects.requireNonNull(newKdf, "kdf");
      return this;
    }

    /**
     * Makes a repository.
     *
     * @param passphrase opens it from now on; stays the caller's
     * @throws com.personalaichatbot.dr.core.operation.RepositoryExistsException if there is one, or
     *     the place is not empty, or it is known to lie in protected data
     * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if there is one
     *     that lost FORMAT and its copy; nothing was changed
     * @throws com.personalaichatbot.dr.core.operation.OperationCancelledException if the calling
     *     thread is interrupted when it begins, or is seen to be later; calling
     *     {@link #openOrCreate} again finishes what was begun
     * @throws IOException if the storage fails; calling it again finishes what was begun
     */
    public BackupRepository create(Secret passphrase) throws IOException {
      Objects.requireNonNull(passphrase, "passphrase");
      return build("create", opening -> {
        parts().protectedPlaces().requireOutside(storage.localPath());
        return opening.create(passphrase, kdf);
      });
    }

    /**
     * Opens a repository.
     *
     * @param passphrase stays the caller's
     * @throws com.personalaichatbot.dr.core.operation.RepositoryNotFoundException if none exists
     * @throws com.personalaichatbot.dr.core.operation.CorruptRepositoryException if FORMAT and its
     *     copy, or all key slots, are lost or damaged
     * @throws com.personalaichatbot.dr.core.operation.WrongKeyException if the passphrase opens no
     *     slot
     * @throws com.personalaichatbot.dr.core.operation.UnsupportedFormatException if it needs a
     *     newer version of this library
     * @throws com.personalaichatbot.dr.core.operation.OperationCancelledException if the calling
     *     thread is interrupted when it begins, or is seen to be later
     * @throws IOException if the storage fails
     */
    public BackupRepository open(Secret passphrase) throws IOException {
      Objects.requireNonNull(passphrase, "passphrase");
      return build("open", opening -> opening.open(passphrase));
    }

    /**
     * Opens a repository, or makes it if none exists.
     *
     * @param passphrase stays the caller's
     * @throws IOException as {@link #open} and {@link #create}
     */
    public BackupRepository openOrCreate(Secret passphrase) throws IOException {
      Objects.requireNonNull(passphrase, "passphrase");
      return build("openOrCreate", opening -> {
        if (opening.exists()) {
          return opening.open(passphrase);
        }
        parts().protectedPlaces().requireOutside(storage.localPath());
        return opening.create(passphrase, kdf);
      });
    }

    /**
     * Makes a repository without a key slot: only this root key opens it. For tests, which should
     * not spend their time deriving keys, and for applications that keep the key themselves.
     *
     * @param root stays the caller's
     * @throws IOException as {@link #create(Secret)}
     */
    public BackupRepository create(RootKey root) throws IOException {
      Objects.requireNonNull(root, "root");
      return build("create", opening -> {
        parts().protectedPlaces().requireOutside(storage.localPath());
        return opening.create(root);
      });
    }

    /**
     * Opens a repository with its root key, or makes it, without a key slot, if none exists.
     *
     * @param root stays the caller's
     * @throws IOException as {@link #open} and {@link #create}
     */
    public BackupRepository openOrCreate(RootKey root) throws IOException {
      Objects.requireNonNull(root, "root");
      return build("openOrCreate", opening -> {
        if (opening.exists()) {
          return opening.open(root);
        }
        parts().protectedPlaces().requireOutside(storage.localPath());
        return opening.create(root);
      });
    }

    /**
     * Opens a repository with its root key.
     *
     * @param root stays the caller's
     * @throws IOException as {@link #open(Secret)}
     */
    public BackupRepository open(RootKey root) throws IOException {
      Objects.requireNonNull(root, "root");
      return build("open", opening -> opening.open(root));
    }

    /**
     * Puts back what the last restore in place replaced, without opening the repository: the state
     * directory holds the key. For a repository that is lost.
     *
     * @param live components of the application in which this runs, as for
     *     {@link BackupRepository#undo}
     * @return what was put back
     * @throws com.personalaichatbot.dr.core.operation.RestoreRefusedException if there is nothing
     *     to undo, or a component is not there
     * @throws IOException if it fails; the next call goes on where it ended
     */
    public RestoreReport undoWithoutRepository(List<Component> live) throws IOException {
      List<Component> components = List.copyOf(live);
      return Operations.cancellable(
          "undo",
          () -> new UndoRun(parts().restores(), fileSystem, parts().clock()).undo(components));
    }

    private SessionParts parts() {
      return new SessionParts(
          storage,
          clock == null ? Clock.systemUTC() : clock,
          random,
          Optional.ofNullable(executor),
          executor == null ? threads : parallelism,
          Optional.ofNullable(state),
          fileSystem,
          Optional.ofNullable(slot),
          Optional.ofNullable(host),
          Optional.ofNullable(expectedHead),
          patience,
          throttle,
          progress);
    }

    private BackupRepository build(String name, SessionParts.How how) throws IOException {
      SessionParts parts = parts();
      return new BackupRepository(
          Operations.cancellable(name, () -> parts.open(how)), parts, removalGrace);
    }
  }
}
