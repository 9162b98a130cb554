package com.personalaichatbot.dr.core.internal.engine.restore.stage;

import com.personalaichatbot.dr.core.internal.engine.restore.exchange.FileMetadata;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreArea;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.RestoreFindings;
import com.personalaichatbot.dr.core.internal.engine.restore.exchange.TargetFiles;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.NameFolding;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.RestoreDecisions;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.RestoreItem;
import com.personalaichatbot.dr.core.internal.engine.restore.plan.StagedTree;
import com.personalaichatbot.dr.core.internal.format.Attributes;
import com.personalaichatbot.dr.core.internal.journal.Change;
import com.personalaichatbot.dr.core.internal.journal.Journal;
import com.personalaichatbot.dr.core.internal.read.BlobReaders;
import com.personalaichatbot.dr.core.internal.report.Failures;
import com.personalaichatbot.dr.core.internal.scan.NativeNames;
import com.personalaichatbot.dr.core.internal.scan.ScannedEntry;
import com.personalaichatbot.dr.core.internal.session.ProgressMeter;
import com.personalaichatbot.dr.core.internal.session.Session;
import com.personalaichatbot.dr.core.internal.session.Workers;
import com.personalaichatbot.dr.core.internal.store.Directories;
import com.personalaichatbot.dr.core.internal.store.FileSystemSync;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes new content to the stage of a restore, reads it back, and takes note of every change in
 * the journal. Nothing that lives is touched.
 *
 * <p>Files are written by tasks, in the order in which their content lies in packs, while the walk
 * goes on; a change is noted when its file is staged whole. A directory that is new is made in the
 * stage, and what belongs into it is staged there.
 */
public final class RestoreStage implements RestoreDecisions, Closeable {
  private final Workers workers;
  private final RestoreArea.Run run;
  private final Journal journal;
  private final FileMetadata metadata;
  private final RestoreFindings findings;
  private final StagedFiles files;
  private final Map<RestoreItem, StagedFile> firstNames = new HashMap<>();
  private int numbers;
  private boolean changes;

  public RestoreStage(
      Session session,
      BlobReaders readers,
      RestoreArea.Run run,
      Journal journal,
      FileMetadata metadata,
      RestoreFindings findings,
      ProgressMeter progress) {
    this.workers = session.workers();
    this.run = run;
    this.journal = journal;
    this.metadata = metadata;
    this.findings = findings;
    this.files = new StagedFiles(
        session,
        readers,
        metadata,
        findings,
        progress,
        journal.opening().keepsUndo(),
        file -> add(file.change()));
  }

  /**
   * Waits until everything is staged, and durable if what it replaces is kept.
   *
   * @return whether anything has to be changed
   */
  public boolean finish() throws IOException {
    files.finish();
    synchronized (this) {
      if (changes && journal.opening().keepsUndo()) {
        force();
      }
      return changes;
    }
  }

  private void force() throws IOException {
    if (journal.size() > FileSystemSync.FEW && FileSystemSync.sync(run.stageDirectory())) {
      return;
    }
    Workers.Batch tasks = workers.newBatch(0);
    try {
      for (int i = 0; i < journal.size(); i++) {
        Change change = journal.get(i);
        Path staged = run.staged(change);
        if (change.kind() == Change.Kind.PUT_FILE && FileMetadata.isReadable(change.after())) {
          tasks.submit(() -> TargetFiles.forceFile(staged));
        } else if (change.kind() == Change.Kind.MAKE_DIRECTORY && Directories.isDirectory(staged)) {
          tasks.submit(() -> TargetFiles.force(staged));
        }
      }
      tasks.finish();
    } catch (IOException | RuntimeException | Error e) {
      tasks.abandon();
      throw e;
    }
  }

  private synchronized void add(Change change) throws IOException {
    changes = true;
    journal.add(change);
  }

  @Override
  public StagedTree makeDirectory(RestoreItem directory) throws IOException {
    int number = numbers++;
    StagedTree tree = stageDirectory(directory, number);
    Change change = Change.of(
        Change.Kind.MAKE_DIRECTORY,
        number,
        directory.place(),
        directory.before(),
        directory.entry().attributes());
    add(tree == null ? change : tree.stage(change));
    return tree;
  }

  /** Makes a new directory in the stage; the one that holds the stage itself is there already. */
  private StagedTree stageDirectory(RestoreItem directory, int number) throws IOException {
    if (directory.parent() == null && journal.opening().top().length == 0) {
      return null;
    }
    StagedTree above = directory.tree();
    if (above != null) {
      try {
        return above.below(
            make(NativeNames.resolve(above.path(), directory.entry().name())));
      } catch (FileAlreadyExistsException e) {
        findings.failed(directory.display(), NameFolding.CLASH + "; both are one directory now");
      } catch (FileSystemException | IllegalArgumentException e) {
        // Not a name for this file system, or the path in the stage is too long: staged by its
        // number. If it cannot come to its place either, that is listed then.
      }
    }
    return new StagedTree(
        number, TargetFiles.elements(directory.place()), make(run.staged(number)));
  }

  private static Path make(Path directory) throws IOException {
    return Files.createDirectory(directory, TargetFiles.permissions(directory, "rwx------"));
  }

  /** A directory's is set whenever something in it changes, for that changes its time. */
  @Override
  public void setMetadata(RestoreItem item) throws IOException {
    Attributes wanted = metadata.wanted(item.entry(), findings);
    boolean stays = item.there() != null && item.there().type() == item.entry().type();
    Change change = Change.of(
        Change.Kind.SET_METADATA, numbers++, item.place(), stays ? item.before() : null, wanted);
    synchronized (this) {
      changes |= item.there() == null || metadata.differs(item.before(), wanted);
      journal.add(change);
    }
  }

  @Override
  public void remove(ScannedEntry extra) throws IOException {
    add(Change.of(Change.Kind.REMOVE, numbers++, extra.place(), extra.attributes(), null));
  }

  @Override
  public void removeDirectory(ScannedEntry extra) throws IOException {
    add(Change.of(
        Change.Kind.REMOVE_DIRECTORY, numbers++, extra.place(), extra.attributes(), null));
  }

  @Override
  public void putLink(RestoreItem item) throws IOException {
    int number = numbers++;
    byte[] target = item.entry().linkTarget();
    try {
      NativeNames.createSymlink(run.staged(number), target);
    } catch (FileSystemException | InvalidPathException | UnsupportedOperationException e) {
      item.failed(findings, "the target cannot hold such a link: " + Failures.describe(e));
      return;
    }
    Attributes wanted = metadata.wanted(item.entry(), new RestoreFindings());
    metadata.applyToLink(run.staged(number), item.place(), wanted);
    add(Change.putLink(number, item.place(), item.beforePut(), wanted, target));
  }

  @Override
  public void putFiles(List<RestoreItem> items, List<Linked> linked) throws IOException {
    write(items);
    if (linked.isEmpty()) {
      return;
    }
    files.finish();
    List<RestoreItem> alone = new ArrayList<>();
    for (Linked one : linked) {
      if (!link(one)) {
        alone.add(one.item());
      }
    }
    // Their first name failed, or cannot be linked to: each gets its own content.
    write(alone);
  }

  private void write(List<RestoreItem> items) throws IOException {
    List<StagedFile> staged = new ArrayList<>(items.size());
    for (RestoreItem item : items) {
      StagedFile file = newFile(item, metadata.wanted(item.entry(), findings));
      staged.add(file);
      if (item.entry().attributes().links() > 1) {
        firstNames.put(item, file);
      }
    }
    files.write(staged);
  }

  private StagedFile newFile(RestoreItem item, Attributes wanted) {
    int number = numbers++;
    return new StagedFile(item, number, wanted, run.staged(number));
  }

  /** Gives a staged or live file another name, if the file system has such names. */
  private boolean link(Linked one) throws IOException {
    StagedFile first = firstNames.get(one.first());
    boolean staged = first != null && first.isStaged();
    if (!staged && !one.firstIsThere()) {
      return false;
    }
    Path source = one.firstIsThere() ? one.first().there().path() : first.path();
    StagedFile file =
        newFile(one.item(), metadata.wanted(one.item().entry(), new RestoreFindings()));
    try {
      file.make(path -> Files.createLink(path, source));
    } catch (UnsupportedOperationException | IOException e) {
      findings.note(one.item().display() + " could not be linked to "
          + one.first().display() + " and is a file of its own");
      return false;
    }
    file.isStaged(staged ? first.sha256() : TargetFiles.digest(file.path()));
    add(file.change());
    return true;
  }

  /** Gives up what is not staged yet. */
  @Override
  public void close() throws IOException {
    files.close();
  }
}
