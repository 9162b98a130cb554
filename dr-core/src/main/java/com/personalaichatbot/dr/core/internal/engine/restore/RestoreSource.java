package com.personalaichatbot.dr.core.internal.engine.restore;

import com.personalaichatbot.dr.core.component.Component;
import com.personalaichatbot.dr.core.component.Kind;
import com.personalaichatbot.dr.core.internal.catalog.CatalogEntry;
import com.personalaichatbot.dr.core.internal.catalog.History;
import com.personalaichatbot.dr.core.internal.catalog.TreeReader;
import com.personalaichatbot.dr.core.internal.engine.BlobReaders;
import com.personalaichatbot.dr.core.internal.engine.ClientState;
import com.personalaichatbot.dr.core.internal.engine.Session;
import com.personalaichatbot.dr.core.internal.engine.Snapshots;
import com.personalaichatbot.dr.core.internal.format.ExcludesRecord;
import com.personalaichatbot.dr.core.internal.format.Extension;
import com.personalaichatbot.dr.core.internal.format.MalformedException;
import com.personalaichatbot.dr.core.internal.format.SnapshotRecord;
import com.personalaichatbot.dr.core.internal.format.TreeEntry;
import com.personalaichatbot.dr.core.internal.index.BlobReader;
import com.personalaichatbot.dr.core.internal.index.IndexLoader;
import com.personalaichatbot.dr.core.internal.scan.Glob;
import com.personalaichatbot.dr.core.internal.scan.InUse;
import com.personalaichatbot.dr.core.internal.scan.ScanRules;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.scan.SourceScan;
import com.personalaichatbot.dr.core.operation.CorruptRepositoryException;
import com.personalaichatbot.dr.core.operation.RestoreRefusedException;
import com.personalaichatbot.dr.core.operation.RestoreRequest;
import com.personalaichatbot.dr.core.operation.SnapshotNotFoundException;
import com.personalaichatbot.dr.core.snapshot.SnapshotId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One look at a repository for the sake of a restore: its history, and readers of its blobs. */
public final class RestoreSource implements Closeable {
  private final Session session;
  private final BlobReaders readers;
  private final SnapshotChoice choice;

  private RestoreSource(Session session, History history, BlobReaders readers) {
    this.session = session;
    this.readers = readers;
    this.choice = new SnapshotChoice(session, history);
  }

  public static RestoreSource open(Session session) throws IOException {
    return open(session, session.state().read(session.catalog()));
  }

  /** Refuses a history that was rolled back or forked, unless somebody named the snapshot. */
  public static RestoreSource open(
      Session session, RestoreRequest request, RestoreFindings findings) throws IOException {
    if (request.selector().id().isEmpty()) {
      History unchanged = session.state().readUnchanged(session.catalog());
      noteDamage(unchanged, findings);
      return open(session, unchanged);
    }
    ClientState.Memory remembered = session.state().remembered();
    History history = session.state().read(session.catalog());
    ClientState.Standing standing = session.state().standing(remembered, history);
    if (standing == ClientState.Standing.ROLLED_BACK || standing == ClientState.Standing.FORKED) {
      findings.note("the history of the repository is not the one that this client has seen ("
          + standing + "); look into it with dr verify");
    }
    noteDamage(history, findings);
    return open(session, history);
  }

  private static void noteDamage(History history, RestoreFindings findings) {
    history
        .damagedEntries()
        .forEach(entry -> findings.note("the history of the repository is not whole: " + entry
            + "; what is recorded there is not seen. Heal the repository from a copy: dr heal"
            + " COPY"));
  }

  private static RestoreSource open(Session session, History history) throws IOException {
    history.requireAny();
    // Also packs that are known to be damaged: what is whole in them is as good as ever.
    IndexLoader.Loaded loaded =
        new IndexLoader(session.storage(), session.seals()).loadReadable(history.condemnedPacks());
    return new RestoreSource(session, history, new BlobReaders(session, loaded.index()));
  }

  public SnapshotChoice choice() {
    return choice;
  }

  public BlobReaders readers() {
    return readers;
  }

  /** Where a component of a snapshot comes to stand. */
  RestoreTarget target(RestoreRequest request, String component, SnapshotId snapshot)
      throws IOException {
    CatalogEntry entry = choice.entry(snapshot);
    SnapshotRecord.ComponentRecord record = entry.snapshot().components().stream()
        .filter(c -> c.name().equals(component))
        .findFirst()
        .orElseThrow(() -> new RestoreRefusedException(
            "component " + component,
            "snapshot " + snapshot + " does not hold it",
            "plan the restore again"));
    byte[] name = component.getBytes(StandardCharsets.UTF_8);
    BlobReader reader = readers.take();
    try {
      Optional<TreeEntry> root = new TreeReader(reader).find(entry.snapshot().root(), name);
      return RestoreTarget.of(
          request,
          session.fileSystem(),
          entry.id(),
          record,
          root.orElseThrow(
              () -> new CorruptRepositoryException(
                  "snapshot " + snapshot,
                  "its tree does not hold the component " + component + " that it names",
                  "run dr verify to see what is hit; heal the repository with dr heal COPY, or restore another snapshot")));
    } finally {
      readers.giveBack(reader);
    }
  }

  /**
   * A scan of what stands where a component belongs, without what its live counterpart excludes. In
   * place also without what the snapshot was told to leave out: that is no extra there.
   */
  SourceScan scan(
      RestoreRequest request, RestoreTarget target, List<String> excludes, RestoreFindings findings)
      throws SnapshotNotFoundException {
    List<Glob> leftOut = new ArrayList<>();
    if (request.isInPlace()) {
      SnapshotRecord snapshot = choice.entry(Snapshots.id(target.snapshot())).snapshot();
      byte[] part = snapshot.extension().parts().get(Extension.EXCLUDES);
      try {
        if (part != null) {
          ExcludesRecord.decode(part)
              .patterns()
              .getOrDefault(target.component(), List.of())
              .forEach(pattern -> leftOut.add(Glob.of(pattern)));
        }
      } catch (MalformedException | IllegalArgumentException e) {
        findings.note("what the snapshot of " + target.component()
            + " was told to leave out cannot be read: " + e.getMessage());
      }
    }
    return new SourceScan(
        Component.at(target.component(), Kind.CUSTOM, target.path()).withExcludes(excludes),
        new ScanRules(leftOut, session.storage().localPath()),
        findings,
        InUse::whileRestoring);
  }

  /** What stands where a component belongs, null if nothing does. */
  static ScannedEntry there(SourceScan scan) throws IOException {
    try {
      return scan.root();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Closes the readers. */
  @Override
  public void close() {
    readers.close();
  }
}
